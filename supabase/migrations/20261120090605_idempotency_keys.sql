-- Idempotency keys: a client may send a request under a key of its own and repeat it when no reply came; it is carried out once.
-- Another request under the same key is rejected.

create table private.idempotency_keys (
    user_id uuid not null,
    key uuid not null,
    request_hash bytea not null,
    place jsonb not null,
    session_id uuid,
    message_id uuid,
    primary key (user_id, key),
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete cascade,
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade,
    constraint idempotency_keys_one_result check (num_nonnulls(session_id, message_id) = 1)
);
comment on table private.idempotency_keys is 'The request under each key, and the session or message that it made.';
comment on column private.idempotency_keys.request_hash is 'SHA-256 of the request without its place.';
comment on column private.idempotency_keys.place is
'Session, website and helper that a question named, if any: a client that repeats it may know its session by then.';
comment on column private.idempotency_keys.message_id is 'The question, the other answer, or the message that was added.';

create index idempotency_keys_of_session on private.idempotency_keys (user_id, session_id) where session_id is not null;
create index idempotency_keys_of_message on private.idempotency_keys (user_id, message_id) where message_id is not null;

-- jsonb texts are equal if the values are, except for trailing zeros of fractions: 1 and 1.0 are equal.
create function private.without_end_zeros(given jsonb) returns text
language sql immutable set search_path = ''
return regexp_replace(given::text, '("(?:[^"\\]|\\.)*")|(\.\d*[1-9])0+(?!\d)|\.0+(?!\d)', '\1\2', 'g');

-- Return the row of an earlier, equal request, or nulls for a new key. Of two requests at the same time, the second waits here for
-- the first.
create function private.find_key(owner uuid, key uuid, request jsonb, place jsonb default '{}')
returns private.idempotency_keys
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _first private.idempotency_keys;
    _is_same boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended(owner::text || find_key.key::text, 0));
    select * into _first from private.idempotency_keys as first where first.user_id = owner and first.key = find_key.key;
    if found then
        _is_same := _first.request_hash = private.hash_of(request::text)
            and (_first.place = find_key.place or private.is_where(owner, _first.message_id, find_key.place));
    else
        -- A row with that id was made without a key.
        _is_same := not exists (
            select 1 from public.chat_messages as message where message.user_id = owner and message.id = find_key.key
        ) and not exists (
            select 1 from public.chat_sessions as session where session.user_id = owner and session.id = find_key.key
        );
    end if;
    if not _is_same then
        raise sqlstate 'PT422' using message = 'key_reused';
    end if;
    return _first;
end
$$;

create function private.is_where(owner uuid, message uuid, place jsonb) returns boolean
language sql stable set search_path = ''
return place ? 'session_id' and exists (
    select 1 from public.chat_messages as placed
    join public.chat_sessions as session on session.user_id = placed.user_id and session.id = placed.session_id
    where placed.user_id = owner and placed.id = message and jsonb_build_object(
        'session_id', session.id, 'website_id', session.website_id, 'helper', session.helper
    ) @> place
);
comment on function private.is_where(uuid, uuid, jsonb) is 'Whether a message is in the session that a place names, with that website and helper.';

create function private.remember_key(
    owner uuid, key uuid, request jsonb, session uuid default null, message uuid default null, place jsonb default '{}'
) returns void
language sql set search_path = ''
as $$
    insert into private.idempotency_keys (user_id, key, request_hash, place, session_id, message_id)
    values (owner, remember_key.key, private.hash_of(request::text), remember_key.place, session, message)
$$;

-- Definer: keys are out of clients' reach. Every statement names auth.uid().
create function public.add_message(
    session_id uuid,
    role text,
    content text,
    kind text default 'chat',
    tool_calls jsonb default null,
    sources jsonb default null,
    model text default null,
    prompt_tokens integer default null,
    completion_tokens integer default null,
    message_id uuid default null -- a key, and the id of the message
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _request jsonb;
    _key private.idempotency_keys;
    _message public.chat_messages;
begin
    perform private.hold_account(_me);
    if add_message.message_id is not null then
        _request := jsonb_build_array(
            'message', session_id, role, content, kind, private.without_end_zeros(tool_calls),
            private.without_end_zeros(sources), model, prompt_tokens, completion_tokens
        );
        _key := private.find_key(_me, add_message.message_id, _request);
        select * into _message from public.chat_messages as message
        where message.user_id = _me and message.id = _key.message_id;
        if found then
            return private.message_json(_message);
        end if;
    end if;
    insert into public.chat_messages as message (
        user_id, id, session_id, role, kind, content, tool_calls, sources, model, prompt_tokens, completion_tokens
    )
    values (
        _me, coalesce(add_message.message_id, gen_random_uuid()), session_id, role, kind, content, tool_calls, sources, model,
        prompt_tokens, completion_tokens
    )
    returning message.* into _message;
    if add_message.message_id is not null then
        perform private.remember_key(_me, _message.id, _request, message => _message.id);
    end if;
    return private.message_json(_message);
end
$$;
comment on function public.add_message(uuid, text, text, text, jsonb, jsonb, text, integer, integer, uuid) is
'Add a finished message to a chat and return it. The same message_id and request again return the first one. Raises PT404
not_found, PT422 key_reused (another request).';

grant execute on function public.add_message(uuid, text, text, text, jsonb, jsonb, text, integer, integer, uuid) to authenticated;
