-- A question may point at a part of a page. It is kept with the question, so that every answer to it is kept within that part, and found
-- again in the page that an answer starts from.

alter table public.chat_messages add column target jsonb;
comment on column public.chat_messages.target is
'The part of a page that a question is about: {"version_id", "path", "start", "end"}, [start, end) in code points of that version''s file.';

-- What is given, in one form: idempotency compares it. What isn't of that form is refused by the types.
create function private.read_target(given jsonb) returns jsonb
language sql immutable set search_path = ''
return (
    select jsonb_build_object('version_id', target.version_id, 'path', target.path, 'start', target.start, 'end', target."end")
    from jsonb_to_record(nullif(given, 'null')) as target (version_id uuid, path text, start integer, "end" integer)
    where given <> 'null'
);

create function private.text_in_version(owner uuid, website uuid, version_id uuid, path text) returns text
language sql stable set search_path = ''
return (
    select version.files ->> text_in_version.path from public.site_versions as version
    where version.user_id = owner and version.website_id = website and version.id = text_in_version.version_id
);
comment on function private.text_in_version(uuid, uuid, uuid, text) is 'A file of a version of a website; null when there is none.';

-- Looking for all of a long part takes time that grows with the product of both lengths, so its beginning is looked for.
create function private.only_place_of(part text, file text) returns integer
language plpgsql immutable set search_path = ''
as $$
declare
    _beginning text := left(part, 200);
    _read integer := 0;
    _next integer;
    _found integer;
begin
    for _try in 1..50 loop
        _next := strpos(substr(file, _read + 1), _beginning);
        if _next = 0 then
            return _found;
        end if;
        _read := _read + _next;
        if substr(file, _read, char_length(part)) = part then
            if _found is not null then
                return null;
            end if;
            _found := _read - 1;
        end if;
    end loop;
    return null;
end
$$;
comment on function private.only_place_of(text, text) is
'How many characters are before a text in a file; null unless it is there once, and what begins like it fewer than 50 times.';

create function private.target_of(question public.chat_messages, page_version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _target record;
    _website uuid;
    _was text;
    _now text;
    _start integer;
begin
    if question.target is null then
        return '{}';
    end if;
    select * into _target
    from jsonb_to_record(question.target) as target (version_id uuid, path text, start integer, "end" integer);
    select session.website_id into _website from public.chat_sessions as session
    where session.user_id = question.user_id and session.id = question.session_id;
    _was := private.text_in_version(question.user_id, _website, _target.version_id, _target.path);
    if _was is null then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if octet_length(_was) > private.max_page_for_model()
        or (0 <= _target.start and _target.start < _target."end" and _target."end" <= char_length(_was)) is not true
    then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "target"}';
    end if;
    _now := private.text_in_version(question.user_id, _website, page_version_id, _target.path);
    _start := case
        when _now = _was then _target.start
        else private.only_place_of(substr(_was, _target.start + 1, _target."end" - _target.start), _now)
    end;
    if _start is null then
        raise sqlstate 'PT409' using message = 'target_stale';
    end if;
    return jsonb_build_object('target', jsonb_build_object(
        'path', _target.path, 'start', _start, 'end', _start + _target."end" - _target.start
    ));
end
$$;
comment on function private.target_of(public.chat_messages, uuid) is
'{"target": {"path", "start", "end"}} where what a question is about stands in the version that its answer starts from, or {}. Raises
PT404 not_found (no such file), PT422 invalid_field (no part of it, or of one that is too long for the model), PT409 target_stale.';

-- The result of an earlier call, to whoever holds the lease with what the model should see.
create function private.turn_again(
    question public.chat_messages, answer public.chat_messages, lease text, budget integer
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _is_theirs boolean := private.holds_lease(answer.user_id, answer.id, turn_again.lease);
    _turn jsonb := private.started_turn(question, answer, _is_theirs, budget);
begin
    if not _is_theirs then
        return _turn;
    end if;
    return _turn || private.target_of(question, (
        select held.page_version_id from private.answer_leases as held
        where held.user_id = answer.user_id and held.message_id = answer.id
    ));
end
$$;

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
    _turn := private.started_turn(question, _answer, true, budget, _page_version_id)
        || private.target_of(question, _page_version_id);
    -- About four bytes make a token. The rows in it stand for the instructions, which the database doesn't know.
    _reading := pg_column_size(_turn) / 4;
    perform private.spend(question.user_id, 'model_tokens', _reading + private.expected_answer());
    perform private.grant_lease(_answer, begin_answer.lease, begin_answer.begun_by, _reading, _page_version_id);
    return _turn;
end
$$;

drop function public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer);
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
    history_characters integer default 200000,
    target jsonb default null -- what it is about: {"version_id", "path", "start", "end"}
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session_id uuid := start_turn.session_id;
    _target jsonb := private.read_target(target);
    _request jsonb := jsonb_build_array('question', message, kind, edits, after)
        || case when _target is null then '[]' else jsonb_build_array(_target) end;
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
        return private.turn_again(_question, _answer, start_turn.lease, history_characters);
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

    insert into public.chat_messages as asked (user_id, id, session_id, role, kind, content, edit_of, follows_id, target)
    values (
        _me, start_turn.message_id, _session.id, 'user', coalesce(start_turn.kind, 'chat'), start_turn.message,
        start_turn.edits, start_turn.after, _target
    )
    returning asked.* into _question;
    perform private.remember_key(_me, start_turn.message_id, _request, message => _question.id, place => _place);
    return private.begin_answer(
        _question, start_turn.answer_id, coalesce(start_turn.kind, private.kind_of(_session.helper)), start_turn.lease,
        history_characters, 'start_turn'
    );
end
$$;
comment on function public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer, jsonb) is
'Store a question and an empty answer under a lease, before any model is called. The same message_id and request again
return the first result with "replayed": true. Raises PT404 not_found, PT409 answer_running, PT409 target_stale, PT422 key_reused
(another request), PT422 invalid_field (the chat has another website or helper, or the target is no part of the file), PT429 quota_exceeded.';
grant execute on function
    public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer, jsonb)
to authenticated;

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
        return private.turn_again(_question, _answer, retry_answer.lease, history_characters);
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
        return private.turn_again(_question, _answer, continue_answer.lease, history_characters);
    end if;
    return private.begin_answer(
        _question, _answer.id, null, continue_answer.lease, history_characters, 'continue_answer'
    );
end
$$;

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
        finish_reason, error_code, version_id, version_number, created_at, target, changes
    )
    select
        _me, branch_chat.session_id, copied.role, copied.kind, copied.content, copied.status, copied.tool_calls,
        copied.sources, copied.model, copied.prompt_tokens, copied.completion_tokens, copied.finish_reason,
        copied.error_code, copied.version_id, copied.version_number, copied.created_at, copied.target, copied.changes
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

-- Edits in an old answer are as stale as a page: the model gets the current one separately.
create or replace function private.without_page(content text, number integer) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _left text := '';
    _rest text := content;
    _start integer;
    _length integer;
begin
    if number is null then
        return content;
    end if;
    for _block in 1..20 loop
        _start := least(nullif(strpos(_rest, '```html'), 0), nullif(strpos(_rest, '```edit'), 0));
        exit when _start is null;
        _left := _left || left(_rest, _start - 1) || case when _block = 1 then format('[page: version %s]', number) else '' end;
        _rest := substr(_rest, _start + 7);
        _length := strpos(_rest, E'\n```');
        _rest := case when _length = 0 then '' else substr(_rest, _length + 4) end;
    end loop;
    return _left || _rest;
end
$$;
