-- Chats come and go as a whole: saved as one array, imported, branched, indexed, counted. Each to its owner alone.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select lives_ok($$ select ensure_chat(tests.id('sol')) $$, 'Alice opens a website');
select lives_ok($$ select ensure_chat(tests.id('sol')) $$, 'Twice');
select results_eq(
    $$ select user_id, title from chat_sessions where website_id = tests.id('sol') $$,
    $$ values (tests.id('alice'), 'New Chat') $$, 'It has one chat'
);
select is(
    save_chat(tests.id('luna'), '[{"role": "user", "content": "One"}]', new_id => tests.id('chat')) ->> 'result', 'created',
    'She saves a chat'
);
select is(
    save_chat(tests.id('luna'), '[{"role": "user", "content": "Other"}]', tests.id('chat')) ->> 'result', 'diverged',
    'What contradicts it is not written'
);
select is(
    read_saved_chats(tests.id('luna')) #> '{chats,0,messages}', '[{"role": "user", "content": "One"}]', 'She reads it as it was'
);
select is(
    import_chat('{"title": "Brought along"}', '[{"role": "user", "content": "From elsewhere", "created_at": "2020-01-01"}]') ->> 'title',
    'Brought along', 'She imports one'
);
select is(
    (select created_at from chat_messages where content = 'From elsewhere'), '2020-01-01', 'With the times it had'
);
select is(
    branch_chat((select id from chat_messages where content = 'One'), tests.id('branch')) ->> 'branched_from_session_id',
    tests.id('chat')::text, 'She branches one'
);
select is((select content from chat_messages where session_id = tests.id('branch')), 'One', 'The branch begins alike');
select lives_ok($$ select archive_chats(array[tests.id('chat'), tests.id('branch')], true) $$, 'She archives two');
select lives_ok($$ select index_chats() $$, 'She asks what she has');
select is(
    (select jsonb_object_agg(quota ->> 'name', quota -> 'used') from jsonb_array_elements(read_usage() -> 'quotas') as quota),
    '{"turns": 0, "sessions": 4, "running_answers": 0}', 'And what she has used'
);
select throws_ok(
    $$ select import_chat('{}', '[]', gen_random_uuid()) $$, 'PT404', 'not_found', 'She imports to a website that is there'
);

-- Charlie

select tests.act_as('charlie');
select throws_ok(format('select %s', call), 'PT404', 'not_found', format('Charlie gets nothing from %s', call)) from unnest(array[
    $$ensure_chat(tests.id('sol'))$$, $$save_chat(tests.id('luna'), '[]')$$, $$read_saved_chats(tests.id('luna'))$$,
    $$import_chat('{}', '[]', tests.id('luna'))$$, $$archive_chats(array[tests.id('chat')], true)$$
]) as call;
select is(read_usage() -> 'days', '[]', 'He has used nothing');
select is(position(tests.id('chat')::text in coalesce(to_jsonb(index)::text, '')), 0, 'He has nothing of hers') from index_chats() as index;

select * from finish();
rollback;
