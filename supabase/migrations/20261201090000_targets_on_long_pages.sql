-- A question may point at a part of a page that is too long for the model. The model gets the part alone; the app gets the page, to have
-- the answer's edits made in it.

create or replace function private.target_of(question public.chat_messages, page_version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _target record;
    _website uuid;
    _was text;
    _part text;
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
    if (0 <= _target.start and _target.start < _target."end" and _target."end" <= char_length(_was)) is true then
        _part := substr(_was, _target.start + 1, _target."end" - _target.start);
    end if;
    if _part is null or octet_length(_part) > private.max_page_for_model() then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "target"}';
    end if;
    _now := private.text_in_version(question.user_id, _website, page_version_id, _target.path);
    _start := case when _now = _was then _target.start else private.only_place_of(_part, _now) end;
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
PT404 not_found (no such file), PT422 invalid_field (no part of it, or one that is too long for the model), PT409 target_stale.';

create function private.unseen_of(turn jsonb, owner uuid, page_version_id uuid) returns jsonb
language sql stable set search_path = ''
return (
    select case
        when pointed.path is null or turn #> '{page,files}' ? pointed.path then '{}'
        else jsonb_build_object(pointed.path, private.text_of_file(owner, version.manifest ->> pointed.path))
    end
    from public.site_versions as version
    cross join lateral (select turn #>> '{target,path}') as pointed (path)
    where version.user_id = owner and version.id = page_version_id
);
comment on function private.unseen_of(jsonb, uuid, uuid) is
'The file that a turn points at, by its path, where the model does not get all of it; {} otherwise, null without a version.';

create function private.with_unseen(turn jsonb, unseen jsonb) returns jsonb
language sql immutable set search_path = ''
return case when unseen <> '{}' then jsonb_set(turn, '{page,unseen}', unseen) else turn end;
comment on function private.with_unseen(jsonb, jsonb) is 'A turn with "unseen" beside the files of its page, if there is any.';

create or replace function private.turn_again(
    question public.chat_messages, answer public.chat_messages, lease text, budget integer
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _is_theirs boolean := private.holds_lease(answer.user_id, answer.id, turn_again.lease);
    _turn jsonb := private.started_turn(question, answer, _is_theirs, budget);
    _page_version_id uuid;
begin
    if not _is_theirs then
        return _turn;
    end if;
    select held.page_version_id into _page_version_id from private.answer_leases as held
    where held.user_id = answer.user_id and held.message_id = answer.id;
    _turn := _turn || private.target_of(question, _page_version_id);
    return private.with_unseen(_turn, coalesce(private.unseen_of(_turn, answer.user_id, _page_version_id), '{}'));
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
    _unseen jsonb;
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
    _unseen := coalesce(private.unseen_of(_turn, question.user_id, _page_version_id), '{}');
    -- About four bytes make a token. The rows in it stand for the instructions, which the database doesn't know. Of a file that the model
    -- doesn't see it gets the part that is pointed at, and nothing of the library's files.
    _reading := (
        pg_column_size(_turn #- '{page,library}')
        + case when _unseen = '{}' then 0 else (_turn #>> '{target,end}')::integer - (_turn #>> '{target,start}')::integer end
    ) / 4;
    perform private.spend(question.user_id, 'model_tokens', _reading + private.expected_answer());
    perform private.grant_lease(_answer, begin_answer.lease, begin_answer.begun_by, _reading, _page_version_id);
    return private.with_unseen(_turn, _unseen);
end
$$;
