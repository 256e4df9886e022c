-- An answer starts before any model is called: the question and an empty answer under a lease are written in one
-- transaction, which returns what the model should see.

-- A page in an old answer is a stale copy: the model gets the current one separately.
create function private.without_page(content text, number integer) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _start integer := strpos(content, '```html');
    _length integer;
begin
    if number is null or _start = 0 then
        return content;
    end if;
    _length := strpos(substr(content, _start + 7), E'\n```');
    return left(content, _start - 1) || format('[page: version %s]', number)
        || case when _length = 0 then '' else substr(content, _start + 7 + _length + 3) end;
end
$$;

-- The messages from the first one to a given one, along follows_id.
create function private.path_to(owner uuid, message uuid, steps integer default 100000) returns table (message_id uuid, step integer)
language sql stable set search_path = ''
as $$
    with recursive path as (
        select last.id, last.session_id, last.seq, last.follows_id, 1 as step from public.chat_messages as last
        where last.user_id = owner and last.id = message
        union all
        select before.id, before.session_id, before.seq, before.follows_id, path.step + 1
        from path cross join lateral (
            select earlier.* from public.chat_messages as earlier
            where earlier.user_id = owner and earlier.session_id = path.session_id and earlier.seq < path.seq
                and (earlier.id = path.follows_id or not exists (
                    select 1 from public.chat_messages as there where there.user_id = owner and there.id = path.follows_id
                ))
            order by earlier.seq desc limit 1
        ) as before
        where path.follows_id is not null and path.step < steps
    )
    select path.id, path.step from path
$$;

-- What the model sees besides its instructions: the conversation that leads to a question, newest kept when it is over
-- the budget, and the website's current page.
create function private.model_context(session public.chat_sessions, question uuid, budget integer) returns jsonb
language sql stable set search_path = ''
return jsonb_build_object(
    'history', (
        with recent as (
            select path.step, message.role,
                private.without_page(message.content, message.version_number) as content
            from private.path_to(session.user_id, question, 200) as path
            join public.chat_messages as message on message.user_id = session.user_id and message.id = path.message_id
            where message.status <> 'streaming' and message.content <> ''
        ), counted as (
            select recent.*, sum(char_length(content)) over (order by step) as so_far from recent
        )
        select coalesce(jsonb_agg(jsonb_build_object('role', role, 'content', content) order by step desc), '[]')
        from counted where so_far <= budget or step = 1
    ),
    'website', (
        select jsonb_build_object('id', website.id, 'name', website.name) from public.websites as website
        where website.user_id = session.user_id and website.id = session.website_id
    ),
    'page', (
        select jsonb_build_object('number', version.number, 'files', version.files)
        from public.site_versions as version
        where version.user_id = session.user_id and version.website_id = session.website_id
        order by version.number desc limit 1
    )
);

-- The result of every function that starts an answer: the rows and, if the caller holds the lease, what the model should see.
create function private.started_turn(
    question public.chat_messages, answer public.chat_messages, lease text, budget integer
) returns jsonb
language sql stable set search_path = ''
return (
    select jsonb_build_object(
        'replayed', not held.is_theirs,
        'session', private.session_json(session),
        'user_message', private.message_json(question),
        'answer', private.message_json(answer),
        'sealed_thread', (
            select thread.sealed from private.provider_threads as thread
            where thread.user_id = session.user_id and thread.session_id = session.id
        )
    ) || case when held.is_theirs then private.model_context(session, question.id, budget) else '{}' end
    from public.chat_sessions as session
    cross join private.holds_lease(answer.user_id, answer.id, lease) as held (is_theirs)
    where session.user_id = answer.user_id and session.id = answer.session_id
);

-- Check that this user may start an answer in this session, and use up a turn. The caller holds the session's lock.
create function private.admit_answer(session public.chat_sessions) returns void
language plpgsql set search_path = ''
as $$
declare
    _running uuid;
begin
    -- Also serialises a user's turns, so that the count below can't be raced.
    perform private.spend(session.user_id, 'turns');
    perform private.reap_answers(session.user_id, session.id);
    select message.id into _running from public.chat_messages as message
    where message.user_id = session.user_id and message.session_id = session.id and message.status = 'streaming';
    if found then
        raise sqlstate 'PT409' using
            message = 'answer_running', detail = jsonb_build_object('answer_id', _running)::text;
    end if;
    if (
        select count(*) >= (select allowed from private.quotas where name = 'running_answers')
        from public.chat_messages as message
        join private.answer_leases as lease on lease.user_id = message.user_id and lease.message_id = message.id
        where message.user_id = session.user_id and message.status = 'streaming'
            and lease.ended_at is null and lease.expires_at > now()
    ) then
        raise sqlstate 'PT429' using
            message = 'quota_exceeded', detail = '{"quota": "running_answers", "retry_after": 10}';
    end if;
end
$$;

create function private.grant_lease(message public.chat_messages, lease text) returns void
language plpgsql set search_path = ''
as $$
begin
    delete from private.answer_leases as old
    where old.user_id = message.user_id and old.session_id = message.session_id
        and old.ended_at < now() - interval '1 hour';
    insert into private.answer_leases as held (user_id, message_id, session_id, lease_hash, written)
    values (message.user_id, message.id, message.session_id, private.hash_of(lease), char_length(message.content))
    on conflict (user_id, message_id) do update set
        lease_hash = excluded.lease_hash, written = excluded.written, expires_at = excluded.expires_at,
        stop_requested_at = null, ended_at = null;
end
$$;

create function private.kind_of(helper text) returns text
language sql stable set search_path = ''
return (select helpers.kind from private.helpers where helpers.name = kind_of.helper);

-- The common end of all functions that start an answer: insert the answer, or reopen it when new_kind is null, and grant the
-- lease. The caller holds the session's lock.
create function private.begin_answer(
    question public.chat_messages, answer_id uuid, new_kind text, lease text, budget integer
) returns jsonb
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _answer public.chat_messages;
begin
    if new_kind is null then
        update public.chat_messages as answer set status = 'streaming', error_code = null, finish_reason = null
        where answer.user_id = question.user_id and answer.id = begin_answer.answer_id
        returning answer.* into _answer;
    else
        insert into public.chat_messages as answer (user_id, id, session_id, role, kind, status, reply_to)
        values (
            question.user_id, begin_answer.answer_id, question.session_id, 'assistant', new_kind, 'streaming', question.id
        )
        returning answer.* into _answer;
    end if;
    perform private.grant_lease(_answer, begin_answer.lease);
    return private.started_turn(question, _answer, begin_answer.lease, budget);
end
$$;

-- Definer: it writes an answer's status and lease, which clients must not. Every statement names auth.uid().
create function public.start_turn(
    message text,
    message_id uuid,
    answer_id uuid,
    lease text,
    session_id uuid default null,
    website_id uuid default null,
    helper text default null,
    kind text default null,
    edits uuid default null, -- a question of this chat, to be asked in another way
    after uuid default null, -- the answer to go on from, when it isn't the latest
    history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session_id uuid := start_turn.session_id;
    _request jsonb := jsonb_build_array('question', message, kind, edits, after);
    _place jsonb := jsonb_strip_nulls(jsonb_build_object('session_id', session_id, 'website_id', website_id, 'helper', helper));
    _key private.idempotency_keys;
    _session public.chat_sessions;
    _question public.chat_messages;
    _answer public.chat_messages;
begin
    perform private.hold_account(_me);
    _key := private.find_key(_me, start_turn.message_id, _request, _place);
    select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _key.message_id;
    if found then
        select * into _answer from public.chat_messages as answer
        where answer.user_id = _me and answer.reply_to = _question.id order by answer.seq desc limit 1;
        if not found then
            raise sqlstate 'PT422' using message = 'key_reused';
        end if;
        return private.started_turn(_question, _answer, start_turn.lease, history_characters);
    end if;

    if start_turn.edits is not null or start_turn.after is not null then
        select message.session_id into _session_id from public.chat_messages as message
        where message.user_id = _me and message.id = coalesce(start_turn.edits, start_turn.after)
            and message.session_id = coalesce(start_turn.session_id, message.session_id)
            and message.role = case when start_turn.edits is null then 'assistant' else 'user' end;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    if _session_id is null then
        if start_turn.website_id is not null and not exists (
            select 1 from public.websites as website where website.user_id = _me and website.id = start_turn.website_id
        ) then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
        insert into public.chat_sessions as session (user_id, website_id, helper)
        values (_me, start_turn.website_id, coalesce(start_turn.helper, 'builder'))
        returning session.* into _session;
    else
        select * into _session from public.chat_sessions as session
        where session.user_id = _me and session.id = _session_id for update;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
        if _session.website_id <> start_turn.website_id or _session.helper <> start_turn.helper then
            raise sqlstate 'PT422' using message = 'invalid_field', detail = jsonb_build_object(
                'field', case when _session.helper <> start_turn.helper then 'helper' else 'website_id' end
            )::text;
        end if;
    end if;
    perform private.admit_answer(_session);

    insert into public.chat_messages as asked (user_id, id, session_id, role, kind, content, edit_of, follows_id)
    values (
        _me, start_turn.message_id, _session.id, 'user', coalesce(start_turn.kind, 'chat'), start_turn.message,
        start_turn.edits, start_turn.after
    )
    returning asked.* into _question;
    perform private.remember_key(_me, start_turn.message_id, _request, message => _question.id, place => _place);
    return private.begin_answer(
        _question, start_turn.answer_id, coalesce(start_turn.kind, private.kind_of(_session.helper)), start_turn.lease,
        history_characters
    );
end
$$;
comment on function public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer) is
'Store a question and an empty answer under a lease, before any model is called. The same message_id and request again
return the first result with "replayed": true. Raises PT404 not_found, PT409 answer_running, PT422 key_reused (another request),
PT422 invalid_field (the chat has another website or helper), PT429 quota_exceeded.';

-- Find an answer to retry or continue, and lock its session.
create function private.lock_answer(owner uuid, answer uuid) returns public.chat_messages
language plpgsql set search_path = ''
as $$
declare
    _answer public.chat_messages;
begin
    perform 1 from public.chat_sessions as session
    join public.chat_messages as message on message.user_id = session.user_id and message.session_id = session.id
    where message.user_id = owner and message.id = answer for update of session;
    select * into _answer from public.chat_messages as message
    where message.user_id = owner and message.id = answer and message.role = 'assistant';
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _answer;
end
$$;

-- Definer, as above.
create function public.retry_answer(
    answer_id uuid, new_answer_id uuid, lease text, history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _request jsonb := jsonb_build_array('retry', answer_id);
    _key private.idempotency_keys;
    _session public.chat_sessions;
    _question public.chat_messages;
    _old public.chat_messages;
    _answer public.chat_messages;
    _turn jsonb;
begin
    perform private.hold_account(_me);
    _key := private.find_key(_me, retry_answer.new_answer_id, _request);
    _old := private.lock_answer(_me, retry_answer.answer_id);
    select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _old.reply_to;
    if not found then
        raise sqlstate 'PT409' using message = 'no_question';
    end if;
    select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _key.message_id;
    if found then
        return private.started_turn(_question, _answer, retry_answer.lease, history_characters);
    end if;
    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _old.session_id;
    perform private.admit_answer(_session);
    _turn := private.begin_answer(
        _question, retry_answer.new_answer_id, _old.kind, retry_answer.lease, history_characters
    );
    perform private.remember_key(_me, retry_answer.new_answer_id, _request, message => retry_answer.new_answer_id);
    return _turn;
end
$$;
comment on function public.retry_answer(uuid, uuid, text, integer) is
'Start another answer to the same question; the old one is kept. Returns and raises what start_turn does, and PT409 no_question.';

-- Definer, as above.
create function public.continue_answer(
    answer_id uuid, lease text, history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session public.chat_sessions;
    _question public.chat_messages;
    _answer public.chat_messages;
begin
    perform private.hold_account(_me);
    _answer := private.lock_answer(_me, continue_answer.answer_id);
    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _answer.session_id;
    if not private.holds_lease(_me, _answer.id, continue_answer.lease) then
        perform private.admit_answer(_session);
        select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _answer.id;
        if _answer.status = 'complete' and _answer.finish_reason is distinct from 'length' then
            raise sqlstate 'PT409' using message = 'answer_complete';
        end if;
    end if;
    select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _answer.reply_to;
    if not found then
        raise sqlstate 'PT409' using message = 'no_question';
    end if;
    return private.begin_answer(_question, _answer.id, null, continue_answer.lease, history_characters);
end
$$;
comment on function public.continue_answer(uuid, text, integer) is
'Go on writing an answer that did not complete, from the text it kept. Returns and raises what start_turn does, and PT409
answer_complete, no_question.';

-- Clients may call these functions, not write the columns that they write.
grant execute on function
    public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer),
    public.retry_answer(uuid, uuid, text, integer),
    public.continue_answer(uuid, text, integer)
to authenticated;
