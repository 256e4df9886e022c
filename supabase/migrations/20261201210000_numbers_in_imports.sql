-- A number such as 1e131071 is 8 bytes as jsonb, and 131,072 where a row takes it for a text: 50,000 of them as marks of submissions, 450 kB, took
-- 7 GB. So what is imported is looked at before rows are made of it, all of it and not its attachments alone.

-- Definer, here and below: clients can't write times. Every statement names auth.uid().
create or replace function public.import_prompts(prompts jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _added integer;
begin
    perform private.refuse_unreadable(import_prompts.prompts);
    perform private.hold_account(_me);
    insert into public.prompts (user_id, id, name, text, created_at, updated_at)
    select
        _me, given.id, given.name, given.text, coalesce(given.created_at, now()),
        coalesce(given.updated_at, given.created_at, now())
    from jsonb_populate_recordset(null::public.prompts, import_prompts.prompts) as given
    order by given.id
    on conflict (user_id, id) do nothing;
    get diagnostics _added = row_count;
    return _added;
end
$$;

create or replace function public.import_session(session jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _given public.chat_sessions;
begin
    perform private.refuse_unreadable(import_session.session);
    _given := jsonb_populate_record(null::public.chat_sessions, import_session.session);
    perform private.hold_account(_me);
    if exists (select 1 from public.chat_sessions as there where there.user_id = _me and there.id = _given.id) then
        return false;
    end if;
    if _given.last_seq not between 0 and 1000000000 then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "last_seq"}';
    end if;
    if _given.website_id is not null then
        perform 1 from public.websites as website where website.user_id = _me and website.id = _given.website_id for key share;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    perform private.spend(_me, 'imported_rows');
    perform private.open_storage(_me);
    insert into public.chat_sessions (
        user_id, id, website_id, helper, title, tags, last_seq, last_read_seq, branched_from_session_id, branched_from_message_id,
        pinned_at, archived_at, created_at, updated_at
    )
    values (
        _me, _given.id, _given.website_id, coalesce(_given.helper, 'builder'), coalesce(_given.title, 'New chat'),
        -- One that has had no message counts as one of the day's new chats otherwise.
        coalesce(_given.tags, '{}'), greatest(_given.last_seq, 1), coalesce(_given.last_read_seq, 0),
        (
            select origin.id from public.chat_sessions as origin
            where origin.user_id = _me and origin.id = _given.branched_from_session_id
        ),
        _given.branched_from_message_id, _given.pinned_at, _given.archived_at, coalesce(_given.created_at, now()),
        coalesce(_given.updated_at, now())
    );
    -- Its trigger takes any title that comes with a new chat for a person's.
    update public.chat_sessions as made set
        last_seq = coalesce(_given.last_seq, 0), title_source = coalesce(_given.title_source, made.title_source)
    where made.user_id = _me and made.id = _given.id;
    return true;
end
$$;
