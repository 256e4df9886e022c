-- What models read and write is reserved for a person when an answer starts, and settled with what the model reports when the answer
-- ends. A worker that is lost, or a chat that is deleted, leaves what was reserved.

alter table private.answer_leases
add column begun_by text not null default 'start_turn',
add column reading bigint not null default 0,
add column tokens_window timestamptz not null default 'epoch';
comment on column private.answer_leases.reading is 'Tokens that the model was expected to read. It and expected_answer() are reserved.';
comment on column private.answer_leases.tokens_window is 'When the window of model_tokens began that they were counted in.';

create function private.expected_answer() returns bigint
language sql immutable set search_path = ''
return 4000;
comment on function private.expected_answer() is 'In tokens; of the length of a small page.';

drop function private.started_turn(public.chat_messages, public.chat_messages, text, integer);
create function private.started_turn(
    question public.chat_messages, answer public.chat_messages, is_theirs boolean, budget integer
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
            || jsonb_build_object('page', private.page_for_model(_session.user_id, _session.website_id));
    end if;
    return _turn;
end
$$;
comment on function private.started_turn(public.chat_messages, public.chat_messages, boolean, integer) is
'The result of every function that starts an answer: the rows and, if the caller holds the lease, what the model should see.';

drop function private.grant_lease(public.chat_messages, text);
create function private.grant_lease(message public.chat_messages, lease text, begun_by text, reading bigint) returns void
language plpgsql set search_path = ''
as $$
begin
    delete from private.answer_leases as old
    where old.user_id = message.user_id and old.session_id = message.session_id
        and old.ended_at < now() - interval '1 hour';
    insert into private.answer_leases as held (
        user_id, message_id, session_id, lease_hash, written, begun_by, reading, tokens_window
    )
    values (
        message.user_id, message.id, message.session_id, private.hash_of(lease), char_length(message.content), begun_by, reading,
        private.window_start((select quota.every from private.quotas as quota where quota.name = 'model_tokens'))
    )
    on conflict (user_id, message_id) do update set
        lease_hash = excluded.lease_hash, written = excluded.written, expires_at = excluded.expires_at,
        stop_requested_at = null, ended_at = null, begun_by = excluded.begun_by, reading = excluded.reading,
        tokens_window = excluded.tokens_window;
end
$$;

drop function private.begin_answer(public.chat_messages, uuid, text, text, integer);
-- The common end of all functions that start an answer: insert the answer, or reopen it, reserve tokens and grant the lease. The caller
-- holds the session's lock.
create function private.begin_answer(
    question public.chat_messages, answer_id uuid, kind text, lease text, budget integer, begun_by text
) returns jsonb
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _answer public.chat_messages;
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
    _turn := private.started_turn(question, _answer, true, budget);
    -- About four bytes make a token. The rows in it stand for the instructions, which the database doesn't know.
    _reading := pg_column_size(_turn) / 4;
    perform private.spend(question.user_id, 'model_tokens', _reading + private.expected_answer());
    perform private.grant_lease(_answer, begin_answer.lease, begin_answer.begun_by, _reading);
    return _turn;
end
$$;

-- Count what an answer really took, instead of what was reserved. The caller has locked the account and holds the lease's lock.
create function private.settle(lease private.answer_leases, read bigint, written bigint) returns void
language plpgsql set search_path = ''
as $$
begin
    update private.usage_counters as counter
    set used = greatest(counter.used + read + written - lease.reading - private.expected_answer(), 0)
    where counter.user_id = lease.user_id and counter.name = 'model_tokens' and counter.window_start = lease.tokens_window;
    insert into private.daily_usage as usage (user_id, day, questions, answers, prompt_tokens, completion_tokens)
    values (
        lease.user_id, (now() at time zone 'utc')::date, (lease.begun_by = 'start_turn')::integer,
        (lease.begun_by <> 'continue_answer')::integer, read, written
    )
    on conflict (user_id, day) do update set
        questions = usage.questions + excluded.questions, answers = usage.answers + excluded.answers,
        prompt_tokens = usage.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = usage.completion_tokens + excluded.completion_tokens;
end
$$;

-- Definer: it writes an answer's status and lease, which clients must not. Every statement names auth.uid().
create or replace function public.start_turn(
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
        return private.started_turn(
            _question, _answer, private.holds_lease(_me, _answer.id, start_turn.lease), history_characters
        );
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
        history_characters, 'start_turn'
    );
end
$$;

-- Definer, as above.
create or replace function public.retry_answer(
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
        return private.started_turn(
            _question, _answer, private.holds_lease(_me, _answer.id, retry_answer.lease), history_characters
        );
    end if;
    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _old.session_id;
    perform private.admit_answer(_session);
    _turn := private.begin_answer(
        _question, retry_answer.new_answer_id, _old.kind, retry_answer.lease, history_characters, 'retry_answer'
    );
    perform private.remember_key(_me, retry_answer.new_answer_id, _request, message => retry_answer.new_answer_id);
    return _turn;
end
$$;

-- Definer, as above.
create or replace function public.continue_answer(
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
    _is_theirs boolean;
begin
    perform private.hold_account(_me);
    _answer := private.lock_answer(_me, continue_answer.answer_id);
    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _answer.session_id;
    _is_theirs := private.holds_lease(_me, _answer.id, continue_answer.lease);
    if not _is_theirs then
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
    if _is_theirs then
        -- The reply of an earlier call was lost.
        return private.started_turn(_question, _answer, true, history_characters);
    end if;
    return private.begin_answer(
        _question, _answer.id, null, continue_answer.lease, history_characters, 'continue_answer'
    );
end
$$;
