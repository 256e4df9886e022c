-- An account is deleted by its owner, who has just signed in by password; what was downloaded of one comes back in another.
begin;
\ir people.psql
select no_plan();

create function tests.sign_in(person text, amr jsonb) returns void language sql as $$
    select set_config('request.jwt.claims', jsonb_build_object('sub', tests.id(person), 'role', 'authenticated', 'amr', amr)::text, true)
$$;
create function tests.seconds_ago(seconds integer) returns jsonb language sql return to_jsonb(floor(extract(epoch from now()))::integer - seconds);

-- Alice

select tests.act_as('alice');
select is(import_website(jsonb_build_object(
    'id', tests.id('luna'), 'name', 'Luna', 'latest_version_number', 7, 'created_at', '2020-01-01', 'updated_at', '2020-01-02'
)), true, 'Alice brings a website back');
select is(import_website(jsonb_build_object('id', tests.id('luna'), 'name', 'Other')), false, 'Once');
select results_eq(
    $$ select user_id, name, latest_version_number, created_at, updated_at from websites $$,
    $$ values (tests.id('alice'), 'Luna', 7, '2020-01-01'::timestamptz, '2020-01-02'::timestamptz) $$, 'As it was'
);
select throws_ok(format('select import_website(%L)', given), state, null, says) from (values
    ('{"name": "x"}', '23502', 'It has its id'),
    (jsonb_build_object('id', tests.id('x'), 'name', 'x', 'latest_version_number', -1)::text, 'PT422', 'It has versions or none'),
    (jsonb_build_object('id', tests.id('x'), 'name', 'x', 'latest_version_number', 2001)::text, 'PT429', 'Not too many')
) as website (given, state, says);
create function tests.chat(more jsonb) returns boolean language sql return import_session(jsonb_build_object(
    'id', tests.id('chat'), 'website_id', tests.id('luna'), 'helper', 'seo', 'title', 'A title', 'title_source', 'auto', 'tags', '["a"]'::jsonb,
    'last_seq', 5, 'last_read_seq', 4, 'pinned_at', '2020-01-03', 'archived_at', '2020-01-04', 'created_at', '2020-01-01',
    'updated_at', '2020-01-02', 'branched_from_message_id', tests.id('x'), 'branched_from_session_id', tests.id('x')
) || more);
select throws_ok(format('select tests.chat(%L)', given), state, null, says) from (values
    ('{"website_id": "00000000-0000-4000-8000-000000000000"}', 'PT404', 'A chat has its website'),
    ('{"last_seq": -1}', 'PT422', 'And a last message'), ('{"last_seq": 1000000001}', 'PT422', 'Not too late a one'),
    ('{"tags": [1e131071]}', 'PT422', 'And no tag that is endless as a text')
) as wrong (given, state, says);
select is(tests.chat('{}'), true, 'She brings a chat back');
select is(tests.chat('{"title": "Other"}'), false, 'Once');
select results_eq(
    $$ select helper, title, title_source, tags, last_seq, last_read_seq, pinned_at::date, archived_at::date, created_at::date,
        updated_at::date, branched_from_session_id, branched_from_message_id from chat_sessions $$,
    $$ values ('seo', 'A title', 'auto', array['a'], 5, 4, date '2020-01-03', date '2020-01-04', date '2020-01-01', date '2020-01-02',
        null::uuid, tests.id('x')) $$, 'As it was; the chat that it is a branch of is not there'
);
select is(tests.chat(jsonb_build_object('id', tests.id('branch'), 'branched_from_session_id', tests.id('chat'), 'last_seq', 0)), true, 'And a branch');
select is(
    (select row(last_seq, branched_from_session_id) from chat_sessions where id = tests.id('branch')), row(0, tests.id('chat')), 'Of the first'
);
create function tests.message(more jsonb) returns jsonb language sql return jsonb_build_object(
    'id', tests.id('asked'), 'seq', 1, 'role', 'user', 'content', 'Make it', 'created_at', '2020-01-01', 'updated_at', '2020-01-02'
) || more;
create temporary table messages as select jsonb_build_array(tests.message('{}'), tests.message(jsonb_build_object(
    'id', tests.id('said'), 'seq', 3, 'role', 'assistant', 'kind', 'seo', 'content', '', 'status', 'failed', 'reply_to', tests.id('asked'),
    'follows_id', tests.id('asked'), 'edit_of', tests.id('x'), 'tool_calls', '[{"name": "t"}]'::jsonb, 'sources', null, 'model', 'm',
    'prompt_tokens', 1, 'completion_tokens', 2, 'finish_reason', 'f', 'error_code', 'e', 'version_id', tests.id('version'), 'version_number', 2,
    'target', jsonb_build_object('version_id', tests.id('version'), 'path', 'p', 'start', 1, 'end', 2),
    'changes', '{"places": [], "left_out": [], "tokens_saved": 3}'::jsonb
))) as given;
select throws_ok(
    format('select import_messages(tests.id(%L), %L)', 'chat', jsonb_build_array(tests.message(more::jsonb))), 'PT422', 'invalid_field', says
) from (values
    ('{"seq": 0}', 'A message has its number'), ('{"seq": null}', 'Some number'), ('{"seq": 6}', 'Not one that the next has'),
    ('{"role": "assistant", "status": "streaming"}', 'Nobody writes it'), ('{"sources": [1e5000]}', 'All of it can be read')
) as wrong (more, says);
select is(import_messages(tests.id('chat'), (select given from messages)), 2, 'She brings its messages back');
select is(import_messages(tests.id('chat'), (select given from messages)), 0, 'Once');
select results_eq(
    $$ select seq, role, kind, content, status, reply_to, follows_id, edit_of, tool_calls, sources, model, prompt_tokens, completion_tokens,
        finish_reason, error_code, version_id, version_number, created_at::date, updated_at::date from chat_messages order by seq $$,
    $$ values
        (1, 'user', 'chat', 'Make it', 'complete', null::uuid, null::uuid, null::uuid, null::jsonb, null::jsonb, null::text, null::integer,
            null::integer, null::text, null::text, null::uuid, null::integer, date '2020-01-01', date '2020-01-02'),
        (3, 'assistant', 'seo', '', 'failed', tests.id('asked'), tests.id('asked'), tests.id('x'), '[{"name": "t"}]', null, 'm', 1, 2, 'f', 'e',
            tests.id('version'), 2, date '2020-01-01', date '2020-01-02') $$, 'As they were'
);
select is(
    (select array[target ->> 'path', changes ->> 'tokens_saved'] from chat_messages where seq = 3), array['p', '3'],
    'With what they pointed at, and what they changed'
);
select results_eq(
    $$ select message_count, last_seq, last_read_seq, last_message_preview, updated_at::date from chat_sessions where id = tests.id('chat') $$,
    $$ values (2, 5, 4, 'Make it', date '2020-01-02') $$, 'The chat tells of them'
);
select is(import_messages(tests.id('chat'), jsonb_build_array(tests.message(jsonb_build_object(
    'id', tests.id('later'), 'seq', 4, 'role', 'assistant', 'reply_to', tests.id('asked')
)), tests.message(jsonb_build_object('id', tests.id('last'), 'seq', 5, 'role', 'assistant', 'reply_to', tests.id('said'))))), 2, 'And later ones');
select is((select reply_to from chat_messages where seq = 4), tests.id('asked'), 'An answer to an earlier question');
select is((select reply_to from chat_messages where seq = 5), null, 'And one to no question');
insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'On');
select is((select seq from chat_messages where content = 'On'), 6, 'The chat goes on');
create function tests.version(more jsonb) returns boolean language sql return import_version(jsonb_build_object(
    'id', tests.id('version'), 'website_id', tests.id('luna'), 'number', 2, 'source', 'answer', 'summary', 's', 'files', '{"a": "b"}'::jsonb,
    'session_id', tests.id('chat'), 'message_id', tests.id('said'), 'restored_from', tests.id('x'), 'created_at', '2020-01-01'
) || more);
select throws_ok(format('select tests.version(%L)', given), state, null, says) from (values
    ('{"website_id": "00000000-0000-4000-8000-000000000000"}', 'PT404', 'A version has its website'),
    ('{"number": 0}', 'PT422', 'And its number'), ('{"number": 8}', 'PT422', 'Not one that the next has'),
    (jsonb_build_object('files', (select jsonb_object_agg(number, '') from generate_series(1, 101) as number))::text, 'PT422', 'Not too many files'),
    ('{"files": {"../x": ""}}', 'PT422', 'Of paths inside'), (jsonb_build_object('manifest', jsonb_build_object('x', repeat('0', 64)))::text, 'PT422', 'That are there')
) as wrong (given, state, says);
select is(tests.version('{}'), true, 'She brings a version back');
select is(tests.version('{}'), false, 'Once');
select is(tests.version(jsonb_build_object('id', tests.id('x'))), false, 'Its number is taken');
select is(tests.version(jsonb_build_object('id', tests.id('free'), 'number', 3, 'session_id', tests.id('x'), 'message_id', tests.id('x'))), true,
    'And one of a chat that is not there');
select results_eq(
    $$ select number, source, summary, read_version(id) -> 'files', size, session_id, message_id, restored_from, created_at::date
        from site_versions order by number $$,
    $$ values (2, 'answer', 's', '{"a": "b"}'::jsonb, 73, tests.id('chat'), tests.id('said'), tests.id('x'), date '2020-01-01'),
        (3, 'answer', 's', '{"a": "b"}', 73, null, null, tests.id('x'), date '2020-01-01') $$, 'As they were'
);
select is(
    (select quota -> 'used' from jsonb_array_elements(read_usage() -> 'quotas') as quota where quota ->> 'name' = 'imported_rows'), '8',
    'What came back is counted'
);

-- Quotas

select tests.act_as_owner();
update private.quotas set allowed = 8 where name = 'imported_rows';
select tests.act_as('alice');
select throws_ok(call, 'PT429', 'quota_exceeded', 'No more than a day''s rows: ' || call) from unnest(array[
    $$ select tests.chat('{"id": "00000000-0000-4000-8000-000000000000"}') $$, $$ select tests.version('{"id": "00000000-0000-4000-8000-000000000000", "number": 4}') $$,
    $$ select import_messages(tests.id('chat'), jsonb_build_array(tests.message('{"id": "00000000-0000-4000-8000-000000000000", "seq": 2}'))) $$
]) as call;
select is(import_messages(tests.id('chat'), (select given from messages)), 0, 'What is there already is free');
select tests.act_as_owner();
update private.quotas set allowed = 1000 where name = 'imported_rows';
update private.quotas set allowed = 30 where name = 'stored_bytes';
select tests.act_as('alice');
select throws_ok(call, 'PT429', 'quota_exceeded', 'Nor more than there is room for: ' || call) from unnest(array[
    $$ select tests.version('{"id": "00000000-0000-4000-8000-000000000000", "number": 4}') $$,
    $$ select import_messages(tests.id('chat'), jsonb_build_array(tests.message('{"id": "00000000-0000-4000-8000-000000000000", "seq": 2}'))) $$
]) as call;

-- Charlie

select tests.act_as('charlie');
select throws_ok(
    $$ select import_messages(tests.id('chat'), (select jsonb_build_array(tests.message('{}')))) $$, 'PT404', 'not_found', 'Charlie adds nothing to hers'
);
select throws_ok($$ select tests.version('{}') $$, 'PT404', 'not_found', 'Nor a version');
select throws_ok($$ select tests.chat('{}') $$, 'PT404', 'not_found', 'Nor a chat about her website');
select is(tests.chat('{"website_id": null}'), true, 'But one with the same id');
select is((select count(*) from chat_sessions), 1::bigint, 'Of his own');

-- Nobody

select tests.act_as_nobody();
select throws_ok(call, '42501', null, 'Nobody calls ' || call) from unnest(array[
    $$ select import_website('{}') $$, $$ select import_session('{}') $$, $$ select import_messages(tests.id('chat'), '[]') $$,
    $$ select import_version('{}') $$, $$ select delete_account() $$
]) as call;

-- Deleting the account

select tests.act_as('alice');
select throws_ok($$ select delete_account() $$, 'PT403', 'password_required', 'Alice can''t delete her account by any token: ' || why)
from (values
    ('without a proof', null::jsonb), ('an empty one', '[]'), ('of another form', '["password"]'), ('a text', '"password"'),
    ('an old one', jsonb_build_array(jsonb_build_object('method', 'password', 'timestamp', tests.seconds_ago(301)))),
    ('by mail', jsonb_build_array(jsonb_build_object('method', 'otp', 'timestamp', tests.seconds_ago(1))))
) as token (why, amr), lateral tests.sign_in('alice', amr);
select tests.sign_in('alice', jsonb_build_array(
    jsonb_build_object('method', 'otp', 'timestamp', tests.seconds_ago(1)),
    jsonb_build_object('method', 'password', 'timestamp', tests.seconds_ago(298))
));
select lives_ok($$ select delete_account() $$, 'She deletes it with her password');
select throws_ok($$ select delete_account() $$, 'PT401', 'auth_required', 'It is gone');
select tests.act_as_owner();
select results_eq(
    $$ select id from auth.users order by id $$, $$ select id from unnest(array[tests.id('bob'), tests.id('charlie')]) as id order by id $$,
    'The others stay'
);
select is_empty($$ select * from private.byte_changes where user_id = tests.id('alice') $$, 'Nothing is counted for her');
select is_empty($$ select * from websites $$, 'Her website is gone');
select is((select count(*) from chat_sessions), 1::bigint, 'Charlie''s chat stays');

select * from finish();
rollback;
