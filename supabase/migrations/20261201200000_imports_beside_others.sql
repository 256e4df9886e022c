-- The planner knows nothing of what was just staged: with nested loops it would compare each message with each. Without them, what
-- triggers do with a chat's messages would read everybody's, so only this goes without.
create function private.linked_messages(owner uuid, import_id uuid) returns table (
    seq integer, id uuid, message jsonb, reply_to uuid, follows_id uuid, edit_of uuid
)
language plpgsql stable set search_path = '' set enable_nestloop = off
as $$
#variable_conflict use_column
begin
    return query
    select
        staged.seq, staged.id, staged.message,
        case
            when staged.links ? 'reply_to' then asked.id
            when staged.links ->> 'role' = 'assistant' and before.links ->> 'role' = 'user' then before.id
        end,
        case when staged.links -> 'follows_id' = 'null' then null else coalesce(followed.id, before.id) end,
        edited.id
    from private.staged_messages as staged
    left join private.staged_messages as before
        on before.user_id = owner and before.import_id = staged.import_id and before.seq = staged.seq - 1
    left join private.staged_messages as asked
        on asked.user_id = owner and asked.import_id = staged.import_id and asked.name = staged.links ->> 'reply_to'
        and asked.seq < staged.seq and asked.links ->> 'role' = 'user'
    left join private.staged_messages as followed
        on followed.user_id = owner and followed.import_id = staged.import_id and followed.name = staged.links ->> 'follows_id'
        and followed.seq < staged.seq
    left join private.staged_messages as edited
        on edited.user_id = owner and edited.import_id = staged.import_id and edited.name = staged.links ->> 'edit_of'
        and edited.seq < staged.seq
    where staged.user_id = owner and staged.import_id = linked_messages.import_id;
end
$$;
comment on function private.linked_messages(uuid, uuid) is 'What is staged of an import, with the ids of the earlier messages that each refers to by name.';

-- Definer: what is staged is out of clients' reach, and a message brings times and a status, which clients can't write. Moving 64 MiB
-- takes some seconds.
create or replace function public.import_chat(
    import_id uuid,
    chat jsonb,
    website_id uuid default null,
    new_id uuid default gen_random_uuid(), -- a key, and the id of the chat
    file_hash text default null -- of all of the file, to tell it from another one under its key
) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
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
        coalesce(given.status, 'complete'), staged.reply_to, staged.follows_id, staged.edit_of, given.tool_calls, given.sources,
        given.model, given.prompt_tokens, given.completion_tokens, given.finish_reason, given.error_code,
        coalesce(given.created_at, now())
    from private.linked_messages(_me, import_chat.import_id) as staged
    cross join lateral jsonb_to_record(staged.message) as given (
        role text, kind text, content text, status text, tool_calls jsonb, sources jsonb, model text, prompt_tokens integer,
        completion_tokens integer, finish_reason text, error_code text, created_at timestamptz
    )
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
