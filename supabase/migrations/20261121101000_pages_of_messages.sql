-- A page of messages ends after 1 MB of text, however many messages were asked for: Postgres, PostgREST and whoever calls them hold
-- a whole response in memory, several times over. A text's octet_length is stored beside it: summing it up reads no text.

create function private.max_page_bytes() returns integer
language sql immutable set search_path = ''
return 1000000;
comment on function private.max_page_bytes() is 'Of the messages'' texts; a page has one message at least, however long.';

create function private.max_searched_bytes() returns integer
language sql immutable set search_path = ''
return 16000000;
comment on function private.max_searched_bytes() is 'Of the texts that one page of a search looks at.';

-- What a message weighs besides its content: tool calls, sources, and the chunks of an answer that is being written.
create function private.attached_bytes(owner uuid, message uuid, tool_calls jsonb, sources jsonb) returns bigint
language sql stable set search_path = ''
return coalesce(octet_length(tool_calls::text), 0) + coalesce(octet_length(sources::text), 0) + (
    select coalesce(sum(octet_length(chunk.text)), 0) from public.message_chunks as chunk
    where chunk.user_id = owner and chunk.message_id = attached_bytes.message
);

-- An answer that is being written has its text so far.
create function private.current_json(message public.chat_messages) returns json
language sql stable set search_path = ''
return case message.status
    when 'streaming' then (
        private.message_json(message) || jsonb_build_object('content', private.text_of(message))
    )::json
    else row_to_json(message)
end;

-- Definer: it looks at leases, and ends an answer whose lease has run out. Every statement names auth.uid().
create or replace function public.read_chat(
    session_id uuid,
    page integer default 1000,
    before integer default null,
    kind text default null,
    containing text default null
) returns json
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _page integer := least(read_chat.page, 1000);
    _most_bytes integer := private.max_page_bytes();
    _most_searched integer := private.max_searched_bytes();
    _session public.chat_sessions;
    _found record;
    _seqs integer[] := '{}';
    _bytes bigint := 0;
    _searched bigint := 0;
    _work bigint;
    _next integer;
    _messages json;
begin
    if char_length(read_chat.containing) > private.max_query_length() then
        raise sqlstate 'PT422' using message = 'query_too_long';
    end if;
    select * into _session from public.chat_sessions as session
    where session.user_id = _me and session.id = read_chat.session_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _session.running_answer_id is not null and exists (
        select 1 from private.answer_leases as held
        where held.user_id = _me and held.message_id = _session.running_answer_id
            and held.ended_at is null and held.expires_at < now()
    ) then
        perform 1 from public.chat_sessions as session
        where session.user_id = _me and session.id = _session.id for update;
        perform private.reap_answers(_me, _session.id);
        select * into _session from public.chat_sessions as session
        where session.user_id = _me and session.id = _session.id;
    end if;

    for _found in
        select message.id, message.seq, message.status, message.content, message.tool_calls, message.sources
        from public.chat_messages as message
        where message.user_id = _me and message.session_id = _session.id
            and (read_chat.before is null or message.seq < read_chat.before)
            and (read_chat.kind is null or message.kind = read_chat.kind)
        order by message.seq desc limit case when read_chat.containing is null then _page + 1 end
    loop
        if read_chat.containing is not null then
            -- A long text may be compared nearly whole at each place.
            _work := octet_length(_found.content) * (1 + char_length(read_chat.containing) / 20)::bigint;
            if _searched > 0 and _searched + _work > _most_searched then
                _next := _found.seq + 1;
                exit;
            end if;
            _searched := _searched + _work;
            continue when strpos(lower(_found.content), lower(read_chat.containing)) = 0;
        end if;
        _bytes := _bytes + octet_length(_found.content);
        if _found.status = 'streaming' or _found.tool_calls is not null or _found.sources is not null then
            _bytes := _bytes + private.attached_bytes(_me, _found.id, _found.tool_calls, _found.sources);
        end if;
        if cardinality(_seqs) = _page or (_bytes > _most_bytes and _seqs <> '{}') then
            _next := _seqs[cardinality(_seqs)];
            exit;
        end if;
        _seqs := _seqs || _found.seq;
    end loop;

    -- One statement, so one snapshot: a finish in between must not show an answer's text twice or not at all.
    select coalesce(json_agg(
        case message.status when 'streaming' then private.current_json(message) else row_to_json(message) end
        order by message.seq desc
    ), '[]')
    into _messages
    from public.chat_messages as message
    where message.user_id = _me and message.session_id = _session.id and message.seq = any(_seqs);
    return json_build_object('session', private.session_json(_session), 'messages', _messages, 'next', _next);
end
$$;
comment on function public.read_chat(uuid, integer, integer, text, text) is
'A chat and its latest messages: {"session", "messages": newest first, an answer being written with its text so far, "next"}. A page
ends after so many messages, or 1 MB of text; "next" is null, or what to give as `before` for older ones. `before` is a seq,
`containing` a part of the text in any case; a page of such a search may be empty, and there may be more. An answer whose lease
has run out is ended as interrupted first. Raises PT404 not_found, PT422 query_too_long.';

-- Definer, as above.
create function public.read_messages(
    session_id uuid, after integer default 0, until integer default 2147483647
) returns json
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _most_bytes integer := private.max_page_bytes();
    _found record;
    _seqs integer[] := '{}';
    _bytes bigint := 0;
    _next integer;
begin
    if not exists (
        select 1 from public.chat_sessions as session where session.user_id = _me and session.id = read_messages.session_id
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    for _found in
        select message.id, message.seq, message.status, message.content, message.tool_calls, message.sources
        from public.chat_messages as message
        where message.user_id = _me and message.session_id = read_messages.session_id
            and message.seq > read_messages.after and message.seq <= read_messages.until
        order by message.seq limit 1001
    loop
        _bytes := _bytes + octet_length(_found.content);
        if _found.status = 'streaming' or _found.tool_calls is not null or _found.sources is not null then
            _bytes := _bytes + private.attached_bytes(_me, _found.id, _found.tool_calls, _found.sources);
        end if;
        if cardinality(_seqs) = 1000 or (_bytes > _most_bytes and _seqs <> '{}') then
            _next := _seqs[cardinality(_seqs)];
            exit;
        end if;
        _seqs := _seqs || _found.seq;
    end loop;
    return (
        select json_build_object(
            'messages', coalesce(json_agg(private.current_json(message) order by message.seq), '[]'), 'next', _next
        )
        from public.chat_messages as message
        where message.user_id = _me and message.session_id = read_messages.session_id and message.seq = any(_seqs)
    );
end
$$;
comment on function public.read_messages(uuid, integer, integer) is
'A chat''s messages in the order of writing, those with a seq above `after` and up to `until`: {"messages", "next"}. A page ends after
1,000 messages or 1 MB of text; "next" is null, or what to give as `after` for more. Raises PT404 not_found.';
grant execute on function public.read_messages(uuid, integer, integer) to authenticated;

-- Definer, as above.
create or replace function public.read_saved_chats(
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
    _left bigint := private.max_page_bytes();
    _chat public.chat_sessions;
    _last public.chat_sessions;
    _path integer[];
    _bytes integer[];
    _fitting integer;
    _messages jsonb;
    _rest jsonb;
    _chats jsonb[] := '{}';
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
        if cardinality(_chats) = least(page, 100) or _left <= 0 then
            return jsonb_build_object('chats', to_jsonb(_chats), 'next', jsonb_build_array(_last.updated_at, _last.id));
        end if;
        select coalesce(array_agg(message.seq order by message.seq), '{}'),
            coalesce(array_agg(octet_length(message.content) order by message.seq), '{}')
        into _path, _bytes
        from (
            select latest.id from public.chat_messages as latest
            where latest.user_id = _me and latest.session_id = _chat.id order by latest.seq desc limit 1
        ) as latest
        cross join lateral private.path_to(_me, latest.id) as path
        join public.chat_messages as message on message.user_id = _me and message.id = path.message_id
        where message.status <> 'streaming' and message.content <> '';

        _fitting := 0;
        -- A chat with more text has a page of its own.
        while _fitting < cardinality(_path) and (_left >= _bytes[_fitting + 1] or (_fitting = 0 and _chats = '{}')) loop
            _fitting := _fitting + 1;
            _left := _left - _bytes[_fitting];
        end loop;
        if _fitting < cardinality(_path) and _chats <> '{}' then
            return jsonb_build_object('chats', to_jsonb(_chats), 'next', jsonb_build_array(_last.updated_at, _last.id));
        end if;
        select coalesce(
            jsonb_agg(jsonb_build_object('role', message.role, 'content', message.content) order by message.seq), '[]'
        )
        into _messages
        from public.chat_messages as message
        where message.user_id = _me and message.session_id = _chat.id and message.seq = any(_path[:_fitting]);
        _rest := null;
        if _fitting < cardinality(_path) then
            -- In runs of consecutive numbers.
            select jsonb_agg(jsonb_build_array(run.first - 1, run.last) order by run.first) into _rest
            from (
                select min(left_out.seq) as first, max(left_out.seq) as last
                from unnest(_path[_fitting + 1:]) with ordinality as left_out (seq, number)
                group by left_out.seq - left_out.number
            ) as run;
            _left := 0;
        end if;
        _chats := _chats || jsonb_build_object(
            'id', _chat.id, 'website_id', _chat.website_id, 'user_id', _chat.user_id, 'messages', _messages,
            'title', _chat.title, 'created_at', _chat.created_at, 'updated_at', _chat.updated_at, 'rest', _rest
        );
        _last := _chat;
    end loop;
    return jsonb_build_object('chats', to_jsonb(_chats), 'next', null);
end
$$;
comment on function public.read_saved_chats(uuid, uuid, integer, timestamptz, uuid) is
'A website''s chats, the last changed first, each with the messages on its latest path as one array: {"chats", "next"}. A page
ends after that many chats or 1 MB of text; "next" is null or the [updated_at, id] to give as before and before_id. A chat''s "rest"
is null, or what read_messages reads of it besides: [[after, until], …], of which only ended messages with a text belong to the
array. Raises PT404 not_found.';
