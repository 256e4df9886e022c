-- The page belongs to the conversation: a question starts from the page that stands on its path, with what was made since elsewhere,
-- and without what other paths of its chat made. The version that is chosen is kept with the lease, as the base of what the answer makes.

create index chat_messages_with_versions on public.chat_messages (user_id, session_id, seq) where version_id is not null;

create function private.last_version_on_path(question public.chat_messages) returns uuid
language plpgsql stable set search_path = ''
as $$
declare
    _first integer;
    _last record;
begin
    if question.follows_id is null then
        return null;
    end if;
    -- Nearly always it is the answer before the question.
    select message.version_id into _last from public.chat_messages as message
    where message.user_id = question.user_id and message.id = question.follows_id;
    if _last.version_id is not null then
        return _last.version_id;
    end if;
    select min(message.seq) into _first from public.chat_messages as message
    where message.user_id = question.user_id and message.session_id = question.session_id and message.version_id is not null;
    if _first is null then
        return null;
    end if;
    with recursive path as (
        select question.seq, question.follows_id, null::uuid as version_id, 1 as step
        union all
        select before.seq, before.follows_id, before.version_id, path.step + 1
        from path cross join lateral (
            select followed.seq, followed.follows_id, followed.version_id from public.chat_messages as followed
            where followed.user_id = question.user_id and followed.id = path.follows_id
            union all
            (
                select earlier.seq, earlier.follows_id, earlier.version_id from public.chat_messages as earlier
                where earlier.user_id = question.user_id and earlier.session_id = question.session_id and earlier.seq < path.seq
                order by earlier.seq desc limit 1
            )
            limit 1
        ) as before
        where path.version_id is null and path.follows_id is not null and path.seq > _first and path.step < 200
    )
    select path.* into _last from path order by path.step desc limit 1;
    if _last.version_id is null and _last.step = 200 then
        -- Messages of so long a talk without a page are taken for the only ones there are.
        select message.version_id into _last.version_id from public.chat_messages as message
        where message.user_id = question.user_id and message.session_id = question.session_id and message.seq < _last.seq
            and message.version_id is not null
        order by message.seq desc limit 1;
    end if;
    return _last.version_id;
end
$$;
comment on function private.last_version_on_path(public.chat_messages) is
'The version of the last answer with one on the path to a question; null when there is none.';

-- P is the last version on the path, C the website's newest. C, if it descends from P and nothing between them was made by another
-- path of this chat; else P. Where the path has no version yet, P is what stood before the chat made its first one.
create function private.version_to_start_from(question public.chat_messages) returns uuid
language plpgsql stable set search_path = ''
as $$
declare
    _chat record;
    _newest record;
    _last_id uuid;
    _last record;
    _chats uuid[];
    _between record;
begin
    select session.website_id, session.branched_from_session_id into _chat from public.chat_sessions as session
    where session.user_id = question.user_id and session.id = question.session_id;
    select version.id into _newest from public.site_versions as version
    where version.user_id = question.user_id and version.website_id = _chat.website_id
    order by version.number desc limit 1;
    if not found then
        return null;
    end if;
    _last_id := private.last_version_on_path(question);
    -- Nearly always, or nothing is off the path.
    if _last_id = _newest.id or (_last_id is null and _chat.branched_from_session_id is null and (
        select min(message.seq) from public.chat_messages as message
        where message.user_id = question.user_id and message.session_id = question.session_id and message.version_id is not null
    ) is null) then
        return _newest.id;
    end if;
    -- A version of another website stands for none: the chat was moved.
    select version.id, version.number, version.session_id into _last from public.site_versions as version
    where version.user_id = question.user_id and version.id = _last_id and version.website_id = _chat.website_id;
    -- A branch that has made nothing itself is one more path of the chat that it is a copy of.
    _chats := array[question.session_id, case
        when _chat.branched_from_session_id is not null then coalesce(_last.session_id, _chat.branched_from_session_id)
    end];

    -- Whatever these chats made after P is off the path, where P is the last. A website has at most 2,000 versions.
    with recursive line as (
        select version.id, version.number, version.base_version_id, version.session_id, version.message_id, 1 as step
        from public.site_versions as version where version.user_id = question.user_id and version.id = _newest.id
        union all
        select base.id, base.number, base.base_version_id, base.session_id, base.message_id, line.step + 1
        from line join public.site_versions as base on base.user_id = question.user_id and base.id = line.base_version_id
        where line.number > coalesce(_last.number, 0) and line.step < 2000
    ), judged as (
        -- What a deleted message made stays.
        select line.*, coalesce(
            line.number > coalesce(_last.number, 0) and line.session_id = any(_chats) and line.message_id is not null, false
        ) as is_off_path
        from line
    )
    select coalesce(bool_or(judged.id = _last.id), false) as has_last, bool_or(judged.is_off_path) as is_off_path,
        (array_agg(judged.base_version_id order by judged.number) filter (where judged.is_off_path))[1] as before
    into _between from judged;
    if _last.id is null then
        return case when _between.is_off_path then _between.before else _newest.id end;
    end if;
    return case when _between.has_last and not _between.is_off_path then _newest.id else _last.id end;
end
$$;
comment on function private.version_to_start_from(public.chat_messages) is
'The version whose page the answer to a question starts from; null when it starts from none.';

create function private.page_of_version(owner uuid, version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return (
        select case
            when octet_length(chosen.page) <= private.max_page_for_model()
                then jsonb_build_object('number', chosen.number, 'files', jsonb_build_object('index.html', chosen.page))
            else jsonb_strip_nulls(jsonb_build_object('number', chosen.number, 'files', '{}'::jsonb, 'too_long', octet_length(chosen.page)))
        end
        from (
            select version.number, version.files ->> 'index.html' as page
            from public.site_versions as version
            where version.user_id = owner and version.id = page_of_version.version_id
        ) as chosen
    );
end
$$;
comment on function private.page_of_version(uuid, uuid) is
'A version''s page: {"number", "files", "too_long": its bytes, when it is left out for that}; null when there is no such version.';

create function private.started_turn(
    question public.chat_messages, answer public.chat_messages, is_theirs boolean, budget integer, page_version_id uuid
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _session public.chat_sessions;
    _turn jsonb;
begin
    select * into _session from public.chat_sessions as session
    where session.user_id = answer.user_id and session.id = answer.session_id;
    _turn := jsonb_build_object(
        'replayed', not is_theirs,
        'session', private.session_json(_session),
        'user_message', private.message_json(question),
        'answer', private.message_json(answer),
        'sealed_thread', (
            select thread.sealed from private.provider_threads as thread
            where thread.user_id = _session.user_id and thread.session_id = _session.id
        )
    );
    if is_theirs then
        _turn := _turn || private.model_context(_session, question.id, budget)
            || jsonb_build_object('page', private.page_of_version(_session.user_id, page_version_id));
    end if;
    return _turn;
end
$$;
comment on function private.started_turn(public.chat_messages, public.chat_messages, boolean, integer, uuid) is
'The result of every function that starts an answer: the rows and, if the caller holds the lease, what the model should see.';

create or replace function private.started_turn(
    question public.chat_messages, answer public.chat_messages, is_theirs boolean, budget integer
) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return private.started_turn(question, answer, is_theirs, budget, (
        select held.page_version_id from private.answer_leases as held
        where held.user_id = answer.user_id and held.message_id = answer.id
    ));
end
$$;
comment on function private.started_turn(public.chat_messages, public.chat_messages, boolean, integer) is
'The result of an earlier call, with the page that was chosen then.';

drop function private.page_for_model(uuid, uuid);

drop function private.grant_lease(public.chat_messages, text, text, bigint);
create function private.grant_lease(
    message public.chat_messages, lease text, begun_by text, reading bigint, page_version_id uuid
) returns void
language plpgsql set search_path = ''
as $$
begin
    delete from private.answer_leases as old
    where old.user_id = message.user_id and old.session_id = message.session_id
        and old.ended_at < now() - interval '1 hour';
    insert into private.answer_leases as held (
        user_id, message_id, session_id, lease_hash, written, begun_with, begun_by, reading, tokens_window, page_version_id
    )
    values (
        message.user_id, message.id, message.session_id, private.hash_of(lease), char_length(message.content),
        char_length(message.content), begun_by, reading,
        private.window_start((select quota.every from private.quotas as quota where quota.name = 'model_tokens')), page_version_id
    )
    on conflict (user_id, message_id) do update set
        lease_hash = excluded.lease_hash, written = excluded.written, expires_at = excluded.expires_at,
        stop_requested_at = null, ended_at = null, begun_by = excluded.begun_by, reading = excluded.reading,
        tokens_window = excluded.tokens_window, begun_with = excluded.begun_with, added = 0,
        page_version_id = excluded.page_version_id;
end
$$;

-- The common end of all functions that start an answer: insert the answer, or reopen it, choose its page, reserve tokens and grant the
-- lease. The caller holds the session's lock.
create or replace function private.begin_answer(
    question public.chat_messages, answer_id uuid, kind text, lease text, budget integer, begun_by text
) returns jsonb
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _answer public.chat_messages;
    _page_version_id uuid;
    _turn jsonb;
    _reading bigint;
begin
    if begin_answer.begun_by = 'continue_answer' then
        update public.chat_messages as answer set status = 'streaming', error_code = null, finish_reason = null
        where answer.user_id = question.user_id and answer.id = begin_answer.answer_id
        returning answer.* into _answer;
    else
        insert into public.chat_messages as answer (user_id, id, session_id, role, kind, status, reply_to)
        values (
            question.user_id, begin_answer.answer_id, question.session_id, 'assistant', begin_answer.kind, 'streaming', question.id
        )
        returning answer.* into _answer;
    end if;
    _page_version_id := private.version_to_start_from(question);
    _turn := private.started_turn(question, _answer, true, budget, _page_version_id);
    -- About four bytes make a token. The rows in it stand for the instructions, which the database doesn't know.
    _reading := pg_column_size(_turn) / 4;
    perform private.spend(question.user_id, 'model_tokens', _reading + private.expected_answer());
    perform private.grant_lease(_answer, begin_answer.lease, begin_answer.begun_by, _reading, _page_version_id);
    return _turn;
end
$$;
