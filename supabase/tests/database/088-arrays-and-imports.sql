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
select lives_ok(format('select stage_import(tests.id(%L), %s, %L)', 'file', at, messages), 'She sends a file, part ' || at) from (values
    (0, '[{"id": "q", "role": "user", "content": "From elsewhere", "created_at": "2020-01-01"}]'),
    (1, '[{"id": "a", "role": "assistant", "content": "Indeed", "reply_to": "q"}]')
) as part (at, messages);
select is_empty($$ select 1 from chat_messages where content = 'From elsewhere' $$, 'Nothing of it is there yet');
select is(
    import_chat(tests.id('file'), '{"title": "Brought along"}', new_id => tests.id('brought')) ->> 'title', 'Brought along',
    'She imports it'
);
select is(
    import_chat(tests.id('file'), '{"title": "Brought along"}', new_id => tests.id('brought')) ->> 'id', tests.id('brought')::text,
    'Asked twice, it is made once'
);
select throws_ok(format('select %s', call), 'PT422', 'key_reused', format('It stays so after %s', call)) from unnest(array[
    $$import_chat(tests.id('file'), '{"title": "Else"}', new_id => tests.id('brought'))$$,
    $$import_chat(tests.id('file'), '{"title": "Brought along"}', new_id => tests.id('brought'), file_hash => 'x')$$,
    $$import_chat(tests.id('file'), '{"title": "Brought along"}', tests.id('luna'), tests.id('brought'))$$,
    $$save_chat(tests.id('luna'), '[]', new_id => tests.id('brought'))$$,
    $$save_chat(tests.id('luna'), '[{"role": "user", "content": "Other"}]', new_id => tests.id('chat'))$$
]) as call;
select is(
    save_chat(tests.id('luna'), '[{"role": "user", "content": "One"}]', new_id => tests.id('chat')),
    jsonb_build_object('result', 'saved', 'id', tests.id('chat')), 'Saved twice, it is there once'
);
select is(
    (select reply_to from chat_messages where content = 'Indeed'), (select id from chat_messages where content = 'From elsewhere'),
    'What it refers to came along'
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
    (select jsonb_object_agg(quota ->> 'name', quota -> 'used') from jsonb_array_elements(read_usage() -> 'quotas') as quota
        where quota -> 'used' <> '0'),
    '{"messages": 4, "sessions": 4, "websites": 2, "stored_bytes": 26}', 'And what she has used'
);
select throws_ok(
    $$ select import_chat(tests.id('file'), '{}', gen_random_uuid()) $$, 'PT404', 'not_found', 'She imports to a website that is there'
);
select throws_ok($$ select import_chat(tests.id('file'), '{}') $$, 'PT409', 'conflict', 'What has become a chat is no file any more');
select lives_ok($$ select stage_import(tests.id('next'), 0, '[{"id": "q"}]') $$, 'She sends another file');
select throws_ok(
    format('select stage_import(tests.id(%L), %s, %L)', 'next', at, messages), state, null, says
) from (values
    (0, '[]', '23505', 'A file begins once'), (2, '[]', 'PT409', 'And has no gaps'), (1, '[{"id": "q"}]', '23505', 'An id names one message')
) as part (at, messages, state, says);
select is(
    (select quota -> 'used' from jsonb_array_elements(read_usage() -> 'quotas') as quota where quota ->> 'name' = 'running_imports'),
    '1', 'She sees that one file is not a chat yet'
);
select lives_ok($$ select stage_import(tests.id('file ' || number), 0, '[]') from generate_series(2, 4) as number $$, 'Four at once');
select throws_ok($$ select stage_import(tests.id('fifth'), 0, '[]') $$, 'PT429', 'quota_exceeded', 'Not five');
select tests.act_as_owner();
update private.imports set touched_at = now() - interval '16 minutes' where id = tests.id('file 2');
select tests.act_as('alice');
select lives_ok($$ select stage_import(tests.id('fifth'), 0, '[]') $$, 'What nobody goes on with makes room');
select lives_ok($$ select discard_import(tests.id('file ' || number)) from generate_series(3, 4) as number $$, 'She gives two up');
select is(
    tests.owner_sees($$ select string_agg(messages::text, ',' order by messages) from private.imports $$), '0,1', 'Those are gone'
);
select throws_ok(
    format($$ select stage_import(tests.id('large'), 0, '[{"%s": "%s"}]') $$, field, repeat('x', 262144)), 'PT422', 'invalid_import',
    'A message''s ' || field || ' have their size'
) from unnest(array['tool_calls', 'sources']) as field;
select throws_ok(
    $$ select stage_import(tests.id('unseen'), 0, '[{"content": "Seen"}, {"content": "\u200b"}]') $$, 'PT422', 'invalid_import',
    'A complete message is seen'
);
select lives_ok(
    $$ select stage_import(tests.id('unseen'), 0, '[{"content": "", "status": "failed"}]') $$, 'Another one need not be'
);
select lives_ok($$ select discard_import(tests.id('unseen')) $$, 'She gives it up');

-- Charlie

select tests.act_as('charlie');
select throws_ok(format('select %s', call), 'PT404', 'not_found', format('Charlie gets nothing from %s', call)) from unnest(array[
    $$ensure_chat(tests.id('sol'))$$, $$save_chat(tests.id('luna'), '[]')$$, $$read_saved_chats(tests.id('luna'))$$,
    $$import_chat(tests.id('next'), '{}', tests.id('luna'))$$, $$archive_chats(array[tests.id('chat')], true)$$
]) as call;
select throws_ok(format('select %s', call), 'PT409', 'conflict', format('Nor from %s', call)) from unnest(array[
    $$stage_import(tests.id('next'), 1, '[]')$$, $$import_chat(tests.id('next'), '{}')$$
]) as call;
select lives_ok($$ select discard_import(tests.id('next')) $$, 'He gives up what is not his');
select is(tests.owner_sees($$ select count(*) from private.staged_messages $$), '1', 'It is still there');
select lives_ok($$ select stage_import(tests.id('next'), 0, '[]') $$, 'He may use the same id');
select is(read_usage() -> 'days', '[]', 'He has used nothing');
select is(position(tests.id('chat')::text in coalesce(to_jsonb(index)::text, '')), 0, 'He has nothing of hers') from index_chats() as index;

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(format('update private.imports set %s where id = tests.id(%L)', change, 'fifth')), state, says) from (values
    ('messages = 10000', '1', 'A file has ten thousand messages'), ('messages = 10001', '23514', 'Not one more'),
    ('bytes = 134217728', '1', 'And 128 MiB in the database'), ('bytes = 134217729', '23514', 'Not one byte more')
) as change (change, state, says);
select is(tests.outcome($$ insert into private.imports (user_id, id) values (gen_random_uuid(), gen_random_uuid()) $$), '23503', 'A file is somebody''s');
select is(tests.outcome(
    $$ insert into private.staged_messages (user_id, import_id, seq, links, message) values (tests.id('alice'), gen_random_uuid(), 1, '{}', '{}') $$
), '23503', 'A message is of a file');
select lives_ok($$ delete from chat_sessions where id = tests.id('brought') $$, 'A chat can go');
select is_empty($$ select * from private.idempotency_keys where key = tests.id('brought') $$, 'Its key is free again');
select is(tests.outcome($$ update private.staged_messages set seq = 1 $$), '1', 'And has a number');
select is(tests.outcome(
    $$ insert into private.staged_messages (user_id, import_id, seq, links, message) select user_id, import_id, seq, links, message from private.staged_messages $$
), '23505', 'Which no other has');
select lives_ok($$ delete from auth.users $$, 'Accounts can go');
select is_empty($$ select 1 from private.imports union all select 1 from private.staged_messages $$, 'What was to be imported goes along');

select * from finish();
rollback;
