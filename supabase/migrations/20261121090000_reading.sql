-- What clients read at once: PostgREST spends about 0.07 ms on every column that a request names, and twice that on those of an
-- embedded table, so reads ask for whole rows, or for a function's JSON.

create function public.read_versions(website_id uuid, page integer default 100, before integer default null) returns json
language plpgsql stable set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
begin
    if not exists (
        select 1 from public.websites as website where website.user_id = _me and website.id = read_versions.website_id
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return (
        select coalesce(json_agg(listed order by listed.number desc), '[]')
        from (
            select version.id, version.website_id, version.number, version.source, version.summary, version.message_id,
                version.session_id, version.restored_from, version.created_at
            from public.site_versions as version
            where version.user_id = _me and version.website_id = read_versions.website_id
                and (read_versions.before is null or version.number < read_versions.before)
            order by version.number desc limit least(read_versions.page, 1000)
        ) as listed
    );
end
$$;
comment on function public.read_versions(uuid, integer, integer) is
'A website''s versions without their files, newest first; `before` is a number. Raises PT404 not_found.';
grant execute on function public.read_versions(uuid, integer, integer) to authenticated;

-- Definer: it looks at leases, and ends an answer whose lease has run out. Every statement names auth.uid().
create function public.read_chat(
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
    _session public.chat_sessions;
    _messages json;
begin
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
    -- One statement, so one snapshot: a finish in between must not show an answer's text twice or not at all.
    select coalesce(json_agg(
        case (newest.message).status
            when 'streaming' then (
                private.message_json(newest.message) || jsonb_build_object('content', private.text_of(newest.message))
            )::json
            else row_to_json(newest.message)
        end order by (newest.message).seq desc
    ), '[]')
    into _messages
    from (
        select message from public.chat_messages as message
        where message.user_id = _me and message.session_id = _session.id
            and (read_chat.before is null or message.seq < read_chat.before)
            and (read_chat.kind is null or message.kind = read_chat.kind)
            and (
                read_chat.containing is null
                or strpos(lower(message.content), lower(read_chat.containing)) > 0
            )
        order by message.seq desc limit least(read_chat.page, 1000)
    ) as newest;
    return json_build_object('session', private.session_json(_session), 'messages', _messages);
end
$$;
comment on function public.read_chat(uuid, integer, integer, text, text) is
'A chat and its latest messages: {"session", "messages": newest first, an answer being written with its text so far}. `before` is a
seq, `containing` a part of the text in any case. An answer whose lease has run out is ended as interrupted first. Raises PT404
not_found.';
grant execute on function public.read_chat(uuid, integer, integer, text, text) to authenticated;
