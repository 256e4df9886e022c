-- An account comes back with what its questions pointed at, and with what its answers changed.

-- Definer, as it was: it writes what clients can't. Every statement names auth.uid().
create or replace function public.import_messages(session_id uuid, messages jsonb) returns integer
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
        prompt_tokens, completion_tokens, finish_reason, error_code, version_id, version_number, target, changes,
        created_at, updated_at
    )
    select
        _me, given.id, _chat.id, given.seq, given.role, coalesce(given.kind, 'chat'), given.content,
        coalesce(given.status, 'complete'),
        case when asked.role = 'user' or (earlier.role = 'user' and earlier.session_id = _chat.id) then given.reply_to end,
        given.follows_id, given.edit_of, nullif(given.tool_calls, 'null'), nullif(given.sources, 'null'), given.model,
        given.prompt_tokens, given.completion_tokens, given.finish_reason, given.error_code, given.version_id,
        given.version_number, private.read_target(given.target), nullif(given.changes, 'null'), coalesce(given.created_at, now()), coalesce(given.updated_at, given.created_at, now())
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
