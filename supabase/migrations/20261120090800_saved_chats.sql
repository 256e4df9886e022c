-- Some clients save a chat as one array of messages. It is stored as rows: messages that are stored already stay, new ones are
-- appended, and an array that contradicts the stored messages is rejected.

-- Append messages, each {"role", "content"}, to a chat in one statement, not one update of the session for each. The
-- caller holds the session's lock.
create function private.append_messages(chat public.chat_sessions, messages jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
    _latest public.chat_messages;
begin
    select * into _latest from public.chat_messages as message
    where message.user_id = chat.user_id and message.session_id = chat.id order by message.seq desc limit 1;
    with given as materialized (
        select gen_random_uuid() as id, entry.number::integer as number, entry.message
        from jsonb_array_elements(messages) with ordinality as entry (message, number)
    )
    insert into public.chat_messages (user_id, id, session_id, seq, role, content, reply_to, follows_id)
    select
        chat.user_id, linked.id, chat.id, chat.last_seq + linked.number, linked.message ->> 'role', linked.message ->> 'content',
        case when linked.message ->> 'role' = 'assistant' and linked.role_before = 'user' then linked.before end, linked.before
    from (
        select
            given.*, lag(given.id, 1, _latest.id) over in_order as before,
            lag(given.message ->> 'role', 1, _latest.role) over in_order as role_before
        from given window in_order as (order by given.number)
    ) as linked
    order by linked.number;
    -- The sender has read them.
    update public.chat_sessions as session set last_read_seq = chat.last_seq + jsonb_array_length(messages)
    where session.user_id = chat.user_id and session.id = chat.id;
    perform private.recount(chat.user_id, chat.id);
end
$$;

-- The messages on the way to a chat's latest one, as a client that knows no alternatives sees them.
create function private.saved_messages(owner uuid, session uuid) returns table (
    number bigint, id uuid, role text, content text
)
language sql stable set search_path = ''
as $$
    select row_number() over (order by path.step desc), message.id, message.role, message.content
    from (
        select latest.id from public.chat_messages as latest
        where latest.user_id = owner and latest.session_id = session order by latest.seq desc limit 1
    ) as latest
    cross join lateral private.path_to(owner, latest.id) as path
    join public.chat_messages as message on message.user_id = owner and message.id = path.message_id
    where message.status <> 'streaming' and message.content <> ''
$$;

-- Definer: it numbers messages, and moves replaced ones to the trash. Every statement names auth.uid().
create function public.save_chat(
    website_id uuid,
    messages jsonb,
    chat_id uuid default null,
    title text default null,
    "replace" boolean default false,
    new_id uuid default null -- a key, and the id of a new chat
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _request jsonb := jsonb_build_array('chat', website_id, messages, chat_id, title, "replace");
    _key private.idempotency_keys;
    _chat public.chat_sessions;
    _is_new boolean := save_chat.chat_id is null;
    _stored integer;
    _same integer;
begin
    perform private.hold_account(_me);
    if save_chat.new_id is not null then
        _key := private.find_key(_me, save_chat.new_id, _request);
        if _key.session_id is not null then
            return jsonb_build_object('result', 'saved', 'id', _key.session_id);
        end if;
    end if;
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = save_chat.website_id for key share;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _is_new then
        insert into public.chat_sessions as session (user_id, id, website_id, title)
        values (
            _me, coalesce(save_chat.new_id, gen_random_uuid()), save_chat.website_id,
            coalesce(save_chat.title, 'New chat')
        )
        returning session.* into _chat;
    else
        select * into _chat from public.chat_sessions as session
        where session.user_id = _me and session.id = save_chat.chat_id and session.website_id = save_chat.website_id
        for update;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;

    select count(stored.number), coalesce(min(number) filter (
        where (stored.role, stored.content) is distinct from (given.message ->> 'role', given.message ->> 'content')
    ), count(*) + 1) - 1
    into _stored, _same
    from private.saved_messages(_me, _chat.id) as stored
    full join jsonb_array_elements(save_chat.messages) with ordinality as given (message, number) using (number);

    if _same < jsonb_array_length(save_chat.messages) or (save_chat."replace" and _same < _stored) then
        if _chat.running_answer_id is not null then
            perform private.reap_answers(_me, _chat.id);
            select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
        end if;
        if _chat.running_answer_id is not null then
            raise sqlstate 'PT409' using
                message = 'answer_running', detail = jsonb_build_object('answer_id', _chat.running_answer_id)::text;
        end if;
        if _same < _stored and not save_chat."replace" then
            return jsonb_build_object('result', 'diverged', 'id', _chat.id);
        end if;
        if _same < _stored then
            perform private.put_in_trash(_chat, (
                select array_agg(stored.id) from private.saved_messages(_me, _chat.id) as stored where stored.number > _same
            ));
        end if;
        perform private.append_messages(_chat, (
            select coalesce(jsonb_agg(given.message order by given.number), '[]')
            from jsonb_array_elements(save_chat.messages) with ordinality as given (message, number)
            where given.number > _same
        ));
    end if;
    if save_chat.title is not null then
        update public.chat_sessions as session set title = save_chat.title
        where session.user_id = _me and session.id = _chat.id and session.title <> save_chat.title;
    end if;
    if save_chat.new_id is not null then
        perform private.remember_key(_me, save_chat.new_id, _request, session => _chat.id);
    end if;
    return jsonb_build_object('result', case when _is_new then 'created' else 'saved' end, 'id', _chat.id);
end
$$;
comment on function public.save_chat(uuid, jsonb, uuid, text, boolean, uuid) is
'Save a chat given as its whole array of {"role", "content"}: append what is new, leave what is older than what is stored.
Returns {"result", "id"}: created; saved; diverged (a message differs; nothing was written). With "replace" the stored
messages from the first difference on go to the trash. The same request again under its new_id changes nothing. Raises PT404
not_found, PT409 answer_running, PT422 key_reused, PT429 quota_exceeded.';

-- Definer: a message's path is found by functions out of clients' reach. Every statement names auth.uid().
create function public.read_saved_chats(
    website_id uuid,
    chat_id uuid default null,
    page integer default 100,
    before timestamptz default null,
    before_id uuid default null
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _last public.chat_sessions;
    _messages jsonb;
    _chats jsonb := '[]';
    _size bigint := 0;
begin
    perform 1 from public.websites as website where website.user_id = _me and website.id = read_saved_chats.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    for _chat in
        select session.* from public.chat_sessions as session
        where session.user_id = _me and session.website_id = read_saved_chats.website_id
            and session.id = coalesce(read_saved_chats.chat_id, session.id)
            and (before is null or (session.updated_at, session.id) < (before, before_id))
        order by session.updated_at desc, session.id desc
        limit least(page, 100) + 1
    loop
        if jsonb_array_length(_chats) = least(page, 100) or _size > 4194304 then
            return jsonb_build_object('chats', _chats, 'next', jsonb_build_array(_last.updated_at, _last.id));
        end if;
        select coalesce(jsonb_agg(jsonb_build_object('role', saved.role, 'content', saved.content) order by saved.number), '[]')
        into _messages from private.saved_messages(_me, _chat.id) as saved;
        _chats := _chats || jsonb_build_object(
            'id', _chat.id, 'website_id', _chat.website_id, 'user_id', _chat.user_id, 'messages', _messages,
            'title', _chat.title, 'created_at', _chat.created_at, 'updated_at', _chat.updated_at
        );
        _size := _size + octet_length(_messages::text);
        _last := _chat;
    end loop;
    return jsonb_build_object('chats', _chats, 'next', null);
end
$$;
comment on function public.read_saved_chats(uuid, uuid, integer, timestamptz, uuid) is
'A website''s chats, the last changed first, each with the messages on its latest path as one array: {"chats", "next"}. A page
ends after that many chats or 4 MiB; "next" is null or the [updated_at, id] to give as before and before_id. Raises PT404 not_found.';

-- Definer: a lock on the website keeps two tabs that open it at once from making two chats.
create function public.ensure_chat(website_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
begin
    perform private.hold_account(_me);
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = ensure_chat.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if not exists (
        select 1 from public.chat_sessions as session
        where session.user_id = _me and session.website_id = ensure_chat.website_id
    ) then
        insert into public.chat_sessions (user_id, website_id, title) values (_me, ensure_chat.website_id, 'New Chat');
    end if;
end
$$;
comment on function public.ensure_chat(uuid) is 'Give a website that has no chat its first, "New Chat". Raises PT404 not_found.';

grant execute on function
    public.save_chat(uuid, jsonb, uuid, text, boolean, uuid),
    public.read_saved_chats(uuid, uuid, integer, timestamptz, uuid),
    public.ensure_chat(uuid)
to authenticated;
