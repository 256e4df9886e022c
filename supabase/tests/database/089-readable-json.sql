-- Numbers that are short as jsonb and long as text, and what is nested deep, go nowhere.
begin;
\ir people.psql
select no_plan();

create function tests.nested(deep integer) returns jsonb language sql
return (repeat('[', deep) || repeat(']', deep))::jsonb;

-- The database's owner

select is(private.max_appends(), 500, 'A call appends to 500 answers');
select is(private.is_readable(given::jsonb), expected, format('Is it readable: %s', says)) from (values
    (null, true, 'nothing'), ('{"a": ["1", true, null, {"b": 1}]}', true, 'anything'),
    ('1.7976931348623157e308', true, 'the largest double'), ('1.7976931348623158e308', false, 'more'),
    ('[-1.7976931348623157e308]', true, 'the smallest double'), ('[{"a": [-1.7976931348623158e308]}]', false, 'less, deep inside'),
    ('1e-400', true, '400 decimals'), ('{"a": 1e-401}', false, '401'), ('1.' || repeat('0', 401), false, 'decimals that are all 0'),
    (tests.nested(128)::text, true, 'a list within 127'), (tests.nested(129)::text, false, 'within 128'),
    (tests.nested(5000)::text, false, 'within thousands')
) as number (given, expected, says);
select is(private.without_end_zeros('[1.50, "1.50"]'), '[1.5, "1.50"]', 'Numbers are compared without end zeros');
select is(private.without_end_zeros(given), '', 'What is never stored is not compared') from (values
    ('[1e309]'::jsonb), (jsonb_build_array(repeat('x', private.max_attachment_size())))
) as large (given);

select is_empty(
    $$ select function.oid::regprocedure from pg_proc as function where function.pronamespace = 'public'::regnamespace
        and has_function_privilege('anon', function.oid, 'execute') and 'jsonb'::regtype = any (function.proargtypes::oid[]) $$,
    'JSON of nobody stays a text: as jsonb, 10 MB may take 2 GB'
);

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
insert into chat_sessions (id) values (tests.id('chat'));
select throws_ok(
    format($$ insert into chat_messages (session_id, role, content, %I) values (tests.id('chat'), 'user', 'Hi', '[{"n": 1e309}]') $$, name),
    'PT422', 'invalid_field', 'Numbers in ' || name || ' have their size'
) from unnest(array['tool_calls', 'sources']) as name;
select throws_ok(
    $$ select add_message(tests.id('chat'), 'user', 'Hi', message_id => gen_random_uuid(), tool_calls => '[{"n": 1e309}]') $$,
    'PT422', 'invalid_field', 'Also by add_message'
);
select throws_ok(format('select %s', call), 'PT422', 'invalid_field', 'Nothing makes a text of a large number: ' || call) from unnest(array[
    $$save_chat(tests.id('luna'), '[{"role": "user", "content": 1e309}]')$$,
    $$save_chat(tests.id('luna'), '[{"role": "user", "content": "Hi", "n": 1e309}]', new_id => tests.id('saved'))$$,
    $$import_chat(tests.id('file'), '{"n": 1e309}')$$
]) as call;
select throws_ok(
    format($$ insert into site_versions (website_id, files) values (tests.id('luna'), '{"a": [%s]}') $$, repeat('1e131071,', 40) || '1'),
    'PT422', 'invalid_field', 'Nor of files'
);
select throws_ok(
    format($$ select stage_import(tests.id('file'), 0, '[{"content": "Seen"}, %s]') $$, message), 'PT422', 'invalid_import',
    'A file has no message like ' || message
) from unnest(array[
    '{"content": "x", "tool_calls": [{"n": 1e309}]}', '{"content": "x", "sources": [{"n": 1e309}]}', '{"content": 1e309}',
    '{"content": "x", "role": "assistant", "status": "streaming"}'
]) as message;

-- Nobody

select tests.act_as_nobody();
select throws_ok(
    format('select append_chunks(json_build_array(%L::jsonb || %L))', tests.entry, wrong), 'PT422', 'invalid_field', 'An entry has no ' || wrong
) from (values ('{"answer_id": "00000000-0000-4000-8000-000000000001", "lease": "x", "offset": 0, "text": "x"}')) as tests (entry), unnest(array[
    '{"answer_id": 1}', '{"lease": 1e131071}', '{"offset": "0"}', '{"text": 1e131071}', '{"lease": null}'
]) as wrong;
select is(tests.outcome(format('select append_chunks(%L)', appends)), state, says) from (
    select
        jsonb_agg(jsonb_build_object('answer_id', gen_random_uuid(), 'lease', 'x', 'offset', 0, 'text', '')) as entries
    from generate_series(1, 500)
) as many
cross join lateral (values
    (entries, '1', '500 entries are taken'), (entries || jsonb_set(entries -> 0, '{answer_id}', to_jsonb(gen_random_uuid())), 'PT422', 'Not 501'),
    (jsonb_build_array(entries -> 0, entries -> 0), 'PT422', 'Nor an answer twice')
) as given (appends, state, says);

select * from finish();
rollback;
