-- A branch that ends with a question, and a question that was written without a model, can be answered: by retry_answer, which takes
-- the question where there is no answer to repeat. Branches have titles of their own.

-- A question, with the lock of its chat; null columns when the message is none of theirs or not a question.
create function private.lock_question(owner uuid, question uuid) returns public.chat_messages
language plpgsql set search_path = ''
as $$
declare
    _question public.chat_messages;
begin
    perform 1 from public.chat_sessions as session
    join public.chat_messages as message on message.user_id = session.user_id and message.session_id = session.id
    where message.user_id = owner and message.id = question and message.role = 'user' for update of session;
    select * into _question from public.chat_messages as message
    where message.user_id = owner and message.id = question and message.role = 'user';
    return _question;
end
$$;

-- Definer, as the others that start answers: it writes an answer's status and lease. Every statement names auth.uid().
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
    _question := private.lock_question(_me, retry_answer.answer_id);
    if _question.id is null then
        _old := private.lock_answer(_me, retry_answer.answer_id);
        select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _old.reply_to;
        if not found then
            raise sqlstate 'PT409' using message = 'no_question';
        end if;
    end if;
    select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _key.message_id;
    if found then
        return private.started_turn(
            _question, _answer, private.holds_lease(_me, _answer.id, retry_answer.lease), history_characters
        );
    end if;
    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _question.session_id;
    perform private.admit_answer(_session);
    _turn := private.begin_answer(
        _question, retry_answer.new_answer_id, coalesce(_old.kind, private.kind_of(_session.helper)), retry_answer.lease,
        history_characters, 'retry_answer'
    );
    perform private.remember_key(_me, retry_answer.new_answer_id, _request, message => retry_answer.new_answer_id);
    return _turn;
end
$$;

comment on function public.retry_answer(uuid, uuid, text, integer) is
'Start another answer to the same question; the old one is kept. Given a question instead, answer it. Returns and raises what
start_turn does, and PT409 no_question.';

-- "Title (branch)", "Title (branch 2)" and so on, in a title's length. Named after what was branched first.
create function private.branch_title(owner uuid, title text) returns text
language sql stable set search_path = ''
return (
    select left(beginning.title, 200 - char_length(suffix.words)) || suffix.words
    from (select regexp_replace(title, ' \(branch( \d{1,6})?\)$', '') as title) as beginning
    cross join lateral (
        select coalesce(max(coalesce(substring(known.title from ' \(branch (\d{1,6})\)$')::integer, 1)), 0) as number
        from public.chat_sessions as known
        where known.user_id = owner and known.title ~ ' \(branch( \d{1,6})?\)$'
            and starts_with(known.title, left(beginning.title, 180))
    ) as last
    cross join lateral (
        select case last.number when 0 then ' (branch)' else format(' (branch %s)', last.number + 1) end as words
    ) as suffix
);

-- Definer: it copies what clients can't write (statuses, versions, times). Every statement names auth.uid().
create or replace function public.branch_chat(message_id uuid, session_id uuid default gen_random_uuid()) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _last public.chat_messages;
    _session public.chat_sessions;
begin
    select * into _last from public.chat_messages as message
    where message.user_id = _me and message.id = branch_chat.message_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _last.status = 'streaming' then
        raise sqlstate 'PT409' using
            message = 'answer_running', detail = jsonb_build_object('answer_id', _last.id)::text;
    end if;
    insert into public.chat_sessions as branch (
        user_id, id, website_id, helper, title, title_source, tags, branched_from_session_id, branched_from_message_id
    )
    select
        _me, branch_chat.session_id, origin.website_id, origin.helper, private.branch_title(_me, origin.title), 'user',
        origin.tags, origin.id, _last.id
    from public.chat_sessions as origin where origin.user_id = _me and origin.id = _last.session_id;

    insert into public.chat_messages (
        user_id, session_id, role, kind, content, status, tool_calls, sources, model, prompt_tokens, completion_tokens,
        finish_reason, error_code, version_id, version_number, created_at
    )
    select
        _me, branch_chat.session_id, copied.role, copied.kind, copied.content, copied.status, copied.tool_calls,
        copied.sources, copied.model, copied.prompt_tokens, copied.completion_tokens, copied.finish_reason,
        copied.error_code, copied.version_id, copied.version_number, copied.created_at
    from private.path_to(_me, _last.id) as path
    join public.chat_messages as copied on copied.user_id = _me and copied.id = path.message_id
    where copied.status <> 'streaming'
    order by path.step desc;

    -- An answer of the copy answers the question before it, as in the original.
    update public.chat_messages as answer set reply_to = answer.follows_id
    from public.chat_messages as asked
    where answer.user_id = _me and answer.session_id = branch_chat.session_id and answer.role = 'assistant'
        and asked.user_id = _me and asked.id = answer.follows_id and asked.role = 'user';

    select * into _session from public.chat_sessions as branch
    where branch.user_id = _me and branch.id = branch_chat.session_id;
    return private.session_json(_session);
end
$$;
