-- What the model sees of a long chat is bounded before it is read: 200 steps of the conversation may hold 200 MB. It is plpgsql for
-- its plans, which a connection keeps, and a chat's first question, which follows nothing, looks for no path.

create or replace function private.path_to(owner uuid, message uuid, steps integer default 100000) returns table (message_id uuid, step integer)
language plpgsql stable set search_path = ''
as $$
begin
    -- The message it follows or, where that was deleted, the one that was written before it.
    return query
    with recursive path as (
        select last.id, last.session_id, last.seq, last.follows_id, 1 as step from public.chat_messages as last
        where last.user_id = owner and last.id = message
        union all
        select before.id, before.session_id, before.seq, before.follows_id, path.step + 1
        from path cross join lateral (
            select followed.id, followed.session_id, followed.seq, followed.follows_id from public.chat_messages as followed
            where followed.user_id = owner and followed.id = path.follows_id
            union all
            (
                select earlier.id, earlier.session_id, earlier.seq, earlier.follows_id from public.chat_messages as earlier
                where earlier.user_id = owner and earlier.session_id = path.session_id and earlier.seq < path.seq
                order by earlier.seq desc limit 1
            )
            limit 1
        ) as before
        where path.follows_id is not null and path.step < steps
            and before.session_id = path.session_id and before.seq < path.seq
    )
    select path.id, path.step from path;
end
$$;
comment on function private.path_to(uuid, uuid, integer) is 'The messages from the first one to a given one, along follows_id; that one is step 1.';

create function private.max_history_bytes() returns integer
language sql immutable set search_path = ''
return 4000000;
comment on function private.max_history_bytes() is
'Of the texts that are read for the model, with the pages in them, which it does not see.';

create or replace function private.model_context(session public.chat_sessions, question uuid, budget integer) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _most_bytes integer := private.max_history_bytes();
    _asked public.chat_messages;
    _step record;
    _content text;
    _history jsonb;
    _older jsonb[] := '{}';
    _bytes bigint := 0;
    _characters bigint;
begin
    select * into _asked from public.chat_messages as message
    where message.user_id = session.user_id and message.id = model_context.question;
    _history := jsonb_build_object('role', _asked.role, 'content', _asked.content);
    _characters := char_length(_asked.content);
    if _asked.follows_id is not null then
        for _step in
            select message.role, message.content, message.version_number
            from private.path_to(session.user_id, model_context.question, 200) as path
            join public.chat_messages as message on message.user_id = session.user_id and message.id = path.message_id
            where path.step > 1 and message.status <> 'streaming' and message.content <> ''
            order by path.step
        loop
            -- The lengths are stored beside the texts. No character has more than four bytes.
            _bytes := _bytes + octet_length(_step.content);
            exit when _bytes > _most_bytes;
            exit when _step.version_number is null and octet_length(_step.content) > 4 * (budget - _characters);
            _content := private.without_page(_step.content, _step.version_number);
            _characters := _characters + char_length(_content);
            exit when _characters > budget;
            _older := jsonb_build_object('role', _step.role, 'content', _content) || _older;
        end loop;
    end if;
    return jsonb_build_object(
        'history', to_jsonb(_older || _history),
        'website', (
            select jsonb_build_object('id', website.id, 'name', website.name) from public.websites as website
            where website.user_id = session.user_id and website.id = session.website_id
        )
    );
end
$$;
comment on function private.model_context(public.chat_sessions, uuid, integer) is
'What the model sees besides its instructions: {"history": the conversation that leads to a question, its newest messages when
it has more than `budget` characters or 4 MB, and "website"}.';
