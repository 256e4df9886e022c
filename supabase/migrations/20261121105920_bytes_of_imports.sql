-- What is staged of imports counts as stored, field by field that is known; other fields aren't staged.

-- Definer: counters are out of clients' reach.
create function private.count_staged_bytes() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform case when staged.bytes > 0 then private.store(staged.user_id, staged.bytes)
        else private.list_bytes(staged.user_id, staged.bytes) end
    from (
        select each.user_id, sum(each.bytes)::bigint as bytes
        from (
            select after.user_id, after.bytes from after
            union all
            select before.user_id, -before.bytes from before
        ) as each
        group by each.user_id
    ) as staged
    where staged.bytes <> 0;
    return null;
end
$$;

create trigger count_staged_bytes after update on private.imports
referencing old table as before new table as after
for each statement execute function private.count_staged_bytes();
create trigger count_deleted_rows after delete on private.imports
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');

insert into private.byte_changes (user_id, bytes)
select import.user_id, sum(import.bytes) from private.imports as import group by import.user_id;

-- Definer: what is staged is out of clients' reach. Every statement names auth.uid(), but for the expired ones.
create or replace function public.stage_import(import_id uuid, at integer, messages jsonb) returns void
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _messages jsonb;
    _place integer;
    _field text;
begin
    perform private.hold_account(_me);
    select coalesce(jsonb_agg(known.message order by given.number), '[]') into _messages
    from jsonb_array_elements(stage_import.messages) with ordinality as given (message, number)
    cross join lateral (
        select coalesce(jsonb_object_agg(field.key, field.value), '{}') from jsonb_each(given.message) as field
        where field.key in (
            'id', 'reply_to', 'follows_id', 'edit_of', 'role', 'kind', 'content', 'status', 'tool_calls', 'sources', 'model',
            'prompt_tokens', 'completion_tokens', 'finish_reason', 'error_code', 'created_at'
        )
    ) as known (message);
    if at = 0 then
        delete from private.imports as expired where (expired.user_id, expired.id) in (
            select old.user_id, old.id from private.imports as old
            where old.touched_at < now() - interval '15 minutes' for update skip locked
        );
        -- Serialises a user's imports, so that the count can't be raced.
        perform pg_advisory_xact_lock(hashtextextended(_me::text || 'imports', 0));
        if (
            select count(*) >= (select allowed from private.quotas where name = 'running_imports')
            from private.imports as running where running.user_id = _me
        ) then
            raise sqlstate 'PT429' using
                message = 'quota_exceeded', detail = '{"quota": "running_imports", "retry_after": 30}';
        end if;
        perform private.open_storage(_me);
        insert into private.imports (user_id, id) values (_me, stage_import.import_id);
    end if;
    update private.imports as import set
        messages = import.messages + jsonb_array_length(_messages),
        bytes = import.bytes + pg_column_size(_messages),
        touched_at = case when _messages = '[]' then import.touched_at else now() end
    where import.user_id = _me and import.id = stage_import.import_id and import.messages = at;
    if not found then
        raise sqlstate 'PT409' using message = 'conflict';
    end if;
    select at + given.number - 1, wrong.field into _place, _field
    from jsonb_array_elements(_messages) with ordinality as given (message, number)
    cross join lateral (select case
        when pg_column_size(given.message -> 'tool_calls') > private.max_attachment_size() then 'tool_calls'
        when pg_column_size(given.message -> 'sources') > private.max_attachment_size() then 'sources'
        when not private.is_readable(given.message -> 'tool_calls') then 'tool_calls'
        when not private.is_readable(given.message -> 'sources') then 'sources'
        when not private.is_readable(given.message) then 'content'
        -- Nobody writes it: it would never end.
        when given.message ->> 'status' = 'streaming' then 'status'
        when coalesce(given.message ->> 'status', 'complete') = 'complete' and not private.is_visible(given.message ->> 'content')
            then 'content'
    end) as wrong (field)
    where wrong.field is not null
    order by given.number limit 1;
    if found then
        raise sqlstate 'PT422' using
            message = 'invalid_import',
            detail = jsonb_build_object('place', format('messages.%s', _place), 'field', _field)::text;
    end if;
    insert into private.staged_messages (user_id, import_id, seq, name, links, message)
    select
        _me, stage_import.import_id, at + given.number, given.message ->> 'id', (
            select coalesce(jsonb_object_agg(link.key, link.value), '{}') from jsonb_each(given.message) as link
            where link.key in ('role', 'reply_to', 'follows_id', 'edit_of')
        ), given.message - array['id', 'reply_to', 'follows_id', 'edit_of']
    from jsonb_array_elements(_messages) with ordinality as given (message, number);
end
$$;
comment on function public.stage_import(uuid, integer, jsonb) is
'Stage some messages of a file, after those that are staged: "at" says how many, and 0 begins an import. Ids are names within
the file: "reply_to", "follows_id" and "edit_of" refer to earlier messages by them. Fields that aren''t known are left out. Raises PT409
conflict (not after what is staged, or expired), PT422 invalid_import with the place and the field, PT429 quota_exceeded.';

-- Definer, as above, and a message brings times and a status, which clients can't write. Moving 64 MiB takes some seconds. The
-- planner knows nothing of what was just staged: with nested loops it would compare each message with each.
create or replace function public.import_chat(
    import_id uuid,
    chat jsonb,
    website_id uuid default null,
    new_id uuid default gen_random_uuid(), -- a key, and the id of the chat
    file_hash text default null -- of all of the file, to tell it from another one under its key
) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '60s' set enable_nestloop = off
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _request jsonb := jsonb_build_array('file', website_id, chat, file_hash);
    _key private.idempotency_keys;
    _chat public.chat_sessions;
    _messages integer;
begin
    perform private.hold_account(_me);
    _key := private.find_key(_me, new_id, _request);
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _key.session_id;
    if found then
        -- The reply of an earlier call was lost.
        delete from private.imports as import where import.user_id = _me and import.id = import_chat.import_id;
        return private.session_json(_chat);
    end if;
    if import_chat.website_id is not null then
        perform 1 from public.websites as website
        where website.user_id = _me and website.id = import_chat.website_id for key share;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    select import.messages into _messages from private.imports as import
    where import.user_id = _me and import.id = import_chat.import_id for update;
    if not found then
        raise sqlstate 'PT409' using message = 'conflict';
    end if;
    -- Its messages count from here on.
    update private.imports as import set bytes = 0 where import.user_id = _me and import.id = import_chat.import_id;
    insert into public.chat_sessions as session (user_id, id, website_id, helper, title, tags)
    values (
        _me, new_id, import_chat.website_id, coalesce(chat ->> 'helper', 'builder'), coalesce(chat ->> 'title', 'New chat'),
        array(select jsonb_array_elements_text(coalesce(nullif(chat -> 'tags', 'null'), '[]')))
    );
    insert into public.chat_messages (
        user_id, id, session_id, seq, role, kind, content, status, reply_to, follows_id, edit_of, tool_calls, sources,
        model, prompt_tokens, completion_tokens, finish_reason, error_code, created_at
    )
    select
        _me, staged.id, new_id, staged.seq, given.role, coalesce(given.kind, 'chat'), given.content,
        coalesce(given.status, 'complete'),
        case
            when staged.links ? 'reply_to' then asked.id
            when given.role = 'assistant' and before.links ->> 'role' = 'user' then before.id
        end,
        case when staged.links -> 'follows_id' = 'null' then null else coalesce(followed.id, before.id) end,
        edited.id, given.tool_calls, given.sources, given.model, given.prompt_tokens, given.completion_tokens,
        given.finish_reason, given.error_code, coalesce(given.created_at, now())
    from private.staged_messages as staged
    left join private.staged_messages as before
        on before.user_id = _me and before.import_id = staged.import_id and before.seq = staged.seq - 1
    left join private.staged_messages as asked
        on asked.user_id = _me and asked.import_id = staged.import_id and asked.name = staged.links ->> 'reply_to'
        and asked.seq < staged.seq and asked.links ->> 'role' = 'user'
    left join private.staged_messages as followed
        on followed.user_id = _me and followed.import_id = staged.import_id and followed.name = staged.links ->> 'follows_id'
        and followed.seq < staged.seq
    left join private.staged_messages as edited
        on edited.user_id = _me and edited.import_id = staged.import_id and edited.name = staged.links ->> 'edit_of'
        and edited.seq < staged.seq
    cross join lateral jsonb_to_record(staged.message) as given (
        role text, kind text, content text, status text, tool_calls jsonb, sources jsonb, model text, prompt_tokens integer,
        completion_tokens integer, finish_reason text, error_code text, created_at timestamptz
    )
    where staged.user_id = _me and staged.import_id = import_chat.import_id
    order by staged.seq;
    -- The sender has read them.
    update public.chat_sessions as session set last_read_seq = _messages where session.user_id = _me and session.id = new_id;
    perform private.recount(_me, new_id);
    perform private.remember_key(_me, new_id, _request, session => new_id);
    delete from private.imports as import where import.user_id = _me and import.id = import_chat.import_id;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = new_id;
    return private.session_json(_chat);
end
$$;
