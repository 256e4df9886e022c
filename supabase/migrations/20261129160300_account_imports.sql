-- What a person downloaded of their account comes back row by row, under the ids it had: keys begin with the owner, so that they are
-- free in every account. A row that is there already stays as it is; sending the same again adds nothing.

insert into private.quotas (name, allowed, every) values ('imported_rows', 100000, '1 day');

-- Definer, here and below: clients can't write times, numbers and statuses. Every statement names auth.uid().
create function public.import_website(website jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _given public.websites := jsonb_populate_record(null::public.websites, import_website.website);
begin
    perform private.hold_account(_me);
    if _given.latest_version_number < 0 then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "latest_version_number"}';
    end if;
    if private.has_all_versions(_given.latest_version_number - 1) then
        perform private.refuse('versions');
    end if;
    insert into public.websites (user_id, id, name, latest_version_number, created_at, updated_at)
    values (
        _me, _given.id, _given.name, coalesce(_given.latest_version_number, 0), coalesce(_given.created_at, now()),
        coalesce(_given.updated_at, now())
    )
    on conflict (user_id, id) do nothing;
    return found;
end
$$;
comment on function public.import_website(jsonb) is
'Add a website with its id, times and latest_version_number; false when it is there. Raises PT429 quota_exceeded (websites, versions).';

create function public.import_session(session jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _given public.chat_sessions := jsonb_populate_record(null::public.chat_sessions, import_session.session);
begin
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
comment on function public.import_session(jsonb) is
'Add a chat without its messages, with the columns it had; false when it is there. Raises PT404 not_found (its website), PT422
invalid_field, PT429 quota_exceeded (imported_rows).';

create function public.import_messages(session_id uuid, messages jsonb) returns integer
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _wrong text;
    _added integer;
begin
    perform private.hold_account(_me);
    select * into _chat from public.chat_sessions as session
    where session.user_id = _me and session.id = import_messages.session_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select wrong.field into _wrong
    from jsonb_array_elements(import_messages.messages) as given (message)
    cross join lateral (select case
        when not private.is_readable(given.message) then 'content'
        -- Nobody writes it: it would never end.
        when given.message ->> 'status' = 'streaming' then 'status'
        -- The next message's number is free.
        when coalesce((given.message ->> 'seq')::integer, 0) not between 1 and _chat.last_seq then 'seq'
    end) as wrong (field)
    where wrong.field is not null limit 1;
    if found then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = jsonb_build_object('field', _wrong)::text;
    end if;
    perform private.spend(_me, 'imported_rows', (
        select count(*) from jsonb_array_elements(import_messages.messages) as given (message)
        where not exists (
            select 1 from public.chat_messages as there where there.user_id = _me and there.id = (given.message ->> 'id')::uuid
        )
    ));
    with given as materialized (
        select * from jsonb_populate_recordset(null::public.chat_messages, import_messages.messages)
    )
    insert into public.chat_messages (
        user_id, id, session_id, seq, role, kind, content, status, reply_to, follows_id, edit_of, tool_calls, sources, model,
        prompt_tokens, completion_tokens, finish_reason, error_code, version_id, version_number, created_at, updated_at
    )
    select
        _me, given.id, _chat.id, given.seq, given.role, coalesce(given.kind, 'chat'), given.content,
        coalesce(given.status, 'complete'),
        case when asked.role = 'user' or (earlier.role = 'user' and earlier.session_id = _chat.id) then given.reply_to end,
        given.follows_id, given.edit_of, nullif(given.tool_calls, 'null'), nullif(given.sources, 'null'), given.model,
        given.prompt_tokens, given.completion_tokens, given.finish_reason, given.error_code, given.version_id,
        given.version_number, coalesce(given.created_at, now()), coalesce(given.updated_at, given.created_at, now())
    from given
    left join given as asked on asked.id = given.reply_to
    left join public.chat_messages as earlier on earlier.user_id = _me and earlier.id = given.reply_to
    order by given.seq
    on conflict do nothing;
    get diagnostics _added = row_count;
    if _added > 0 then
        perform private.recount(_me, _chat.id);
        update public.chat_sessions as session set updated_at = _chat.updated_at
        where session.user_id = _me and session.id = _chat.id;
        -- Old messages are put on the list of bytes: here they may be refused.
        perform private.store(_me, 0);
    end if;
    return _added;
end
$$;
comment on function public.import_messages(uuid, jsonb) is
'Add messages to a chat, with the columns they had; returns how many were not there. Their seq goes up to the chat''s last_seq. Raises
PT404 not_found, PT422 invalid_field, PT429 quota_exceeded (imported_rows, stored_bytes).';

create function public.import_version(version jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _given public.site_versions := jsonb_populate_record(null::public.site_versions, import_version.version);
    _latest integer;
begin
    perform private.hold_account(_me);
    select website.latest_version_number into _latest from public.websites as website
    where website.user_id = _me and website.id = _given.website_id for key share;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if exists (
        select 1 from public.site_versions as there
        where there.user_id = _me and (there.id = _given.id or (there.website_id, there.number) = (_given.website_id, _given.number))
    ) then
        return false;
    end if;
    -- The next version's number is free.
    if coalesce(_given.number, 0) not between 1 and _latest then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "number"}';
    end if;
    perform private.check_files(_given.files);
    perform private.spend(_me, 'imported_rows');
    insert into public.site_versions (
        user_id, id, website_id, number, source, summary, files, size, session_id, message_id, base_version_id, restored_from,
        created_at
    )
    values (
        _me, _given.id, _given.website_id, _given.number, coalesce(_given.source, 'edit'), _given.summary, _given.files,
        octet_length(_given.files::text),
        (
            select session.id from public.chat_sessions as session
            where session.user_id = _me and session.id = _given.session_id
        ),
        (
            select message.id from public.chat_messages as message
            where message.user_id = _me and message.id = _given.message_id
        ),
        _given.base_version_id, _given.restored_from, coalesce(_given.created_at, now())
    );
    -- Old versions are put on the list of bytes: here they may be refused.
    perform private.store(_me, 0);
    return true;
end
$$;
comment on function public.import_version(jsonb) is
'Add a version with the columns it had; false when it, or one of its number, is there. Raises PT404 not_found (its website), PT422
invalid_field, PT429 quota_exceeded (imported_rows, stored_bytes).';

grant execute on function
    public.import_website(jsonb), public.import_session(jsonb), public.import_messages(uuid, jsonb), public.import_version(jsonb)
to authenticated;
