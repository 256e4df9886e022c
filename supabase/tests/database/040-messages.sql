-- A message is written into a chat of one's own, gets the next number, and the chat's books follow it.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into chat_sessions (id) values (tests.id('chat')), (tests.id('other chat'));
select lives_ok(
    $$
    insert into chat_messages (id, session_id, role, content)
    values (tests.id('question'), tests.id('chat'), 'user', '**Make** a page')
    $$,
    'Alice writes a message'
);
insert into chat_messages (id, session_id, role, content, reply_to)
values (tests.id('answer'), tests.id('chat'), 'assistant', 'Here it is', tests.id('question'));
select results_eq(
    $$ select user_id, seq, role, kind, status, follows_id, created_at, updated_at from chat_messages order by seq $$,
    $$ values
        (tests.id('alice'), 1, 'user', 'chat', 'complete', null, now(), now()),
        (tests.id('alice'), 2, 'assistant', 'chat', 'complete', tests.id('question'), now(), now()) $$,
    'Messages are hers, numbered without gaps, complete and stamped'
);
select results_eq(
    $$ select title, title_source, message_count, last_seq, last_message_preview, last_message_at
       from chat_sessions where id = tests.id('chat') $$,
    $$ values ('**Make** a page', 'auto', 2, 2, 'Here it is', now()) $$,
    'The chat is named after her first message, counts both and previews the last'
);
select throws_ok(
    $$ insert into chat_messages (id, session_id, role, content) values (tests.id('question'), tests.id('chat'), 'user', 'x') $$,
    '23505', null, 'She uses an id once'
);
select throws_ok(
    $$ insert into chat_messages (session_id, role, content) values (gen_random_uuid(), 'user', 'x') $$,
    'PT404', 'not_found', 'A message is in a chat that is there'
);
select throws_ok(
    $$ insert into chat_messages (session_id, role, content, reply_to)
       values (tests.id('other chat'), 'assistant', 'x', tests.id('question')) $$,
    'PT404', 'not_found', 'A reply is in the same chat'
);

-- Tries a message in the other chat, and undoes it.
create function tests.writes(columns text, content text) returns text language sql return tests.outcome(format(
    'insert into chat_messages (session_id, %s) values (tests.id(''other chat''), %s)', columns, content
));
create function tests.json_of(bytes integer) returns jsonb language sql
return jsonb_build_array(jsonb_build_object('x', repeat('x', bytes - pg_column_size('[{"x": ""}]'::jsonb))));
select is(pg_column_size(tests.json_of(1000)), 1000, 'That many bytes are stored for such a value');

select is(tests.writes('role, content', $$'system', 'x'$$), '23514', 'There are two roles');
select is(tests.writes('role, content, kind', $$'user', 'x', repeat('x', 40)$$), '1', 'A kind has 40 letters');
select is(tests.writes('role, content, kind', $$'user', 'x', repeat('x', 41)$$), '23514', 'Not 41');
select is(tests.writes('role, content, kind', $$'user', 'x', 'Design'$$), '23514', 'All of them small');
select is(tests.writes('role, content', $$'user', repeat('日', 100000)$$), '1', 'A question has 100,000 characters');
select is(tests.writes('role, content', $$'user', repeat('x', 100001)$$), '23514', 'Not one more');
select is(tests.writes('role, content', $$'assistant', repeat('x', 1000000)$$), '1', 'An answer has a million');
select is(tests.writes('role, content', $$'assistant', repeat('x', 1000001)$$), '23514', 'Not one more');
select is(tests.writes('role, content', $$'user', E' \n\u200b\u2060\ufeff'$$), '23514', 'A message says something');
select is(tests.writes('role, content', $$'user', E'\u200b\u0301\U000e0041'$$), '23514', 'Marks alone say nothing');
select is(tests.writes('role, content', $$'user', E'\u200b\u0301a'$$), '1', 'On a letter they may');
select is(tests.writes('role', $$'user'$$), '23514', 'It has content at all');
select is(
    tests.writes('role, content, tool_calls, sources', $$'user', 'x', tests.json_of(262144), tests.json_of(262144)$$), '1',
    'Tool calls and sources have 256 KiB'
);
select is(tests.writes('role, content, tool_calls', $$'user', 'x', tests.json_of(262145)$$), '23514', 'Tool calls have no more');
select is(tests.writes('role, content, sources', $$'user', 'x', tests.json_of(262145)$$), '23514', 'Nor have sources');
select is(tests.writes('role, content, tool_calls, sources', format($$'user', 'x', %L, %L$$, right_one, source)), state, says)
from (values
    ('[{"name": "x", "function": {"name": "y"}, "id": 1}]', '[{"url": "x", "title": "y"}]', '1', 'They are objects with texts'),
    ('[{"name": null}]', '[{"url": null, "title": null}]', '1', 'Which may be missing'),
    ('[]', '[]', '1', 'There may be none'),
    ('{}', '[]', '23514', 'Tool calls are a list'),
    ('[null]', '[]', '23514', 'Of objects'),
    ('[{"name": 1}]', '[]', '23514', 'A tool''s name is a text'),
    ('[{"function": "x"}]', '[]', '23514', 'A function is an object'),
    ('[{"function": {"name": 1}}]', '[]', '23514', 'Its name is a text'),
    ('[]', '{}', '23514', 'Sources are a list'),
    ('[]', '[null]', '23514', 'Of objects'),
    ('[]', '[{"url": 1}]', '23514', 'An address is a text'),
    ('[]', '[{"title": 1}]', '23514', 'A title is a text')
) as given (right_one, source, state, says);
select is(tests.writes('role, content, model', $$'user', 'x', repeat('x', 200)$$), '1', 'A model''s name has 200 characters');
select is(tests.writes('role, content, model', $$'user', 'x', repeat('x', 201)$$), '23514', 'Not 201');
select is(tests.writes('role, content, prompt_tokens', $$'user', 'x', -1$$), '23514', 'Nothing costs less than nothing');
select is(tests.writes('role, content, completion_tokens', $$'user', 'x', -1$$), '23514', 'Nor this');
insert into chat_messages (id, session_id, role, content) values (tests.id('asked there'), tests.id('other chat'), 'user', 'x');
select is(
    tests.writes('role, content, reply_to', $$'user', 'x', tests.id('asked there')$$), '23514', 'A question is no reply'
);
select throws_ok(
    $$ update chat_messages set seq = 1 where id = tests.id('answer') $$, '42501', null, 'She does not number them'
);
select throws_ok(
    $$ update chat_messages set status = 'failed' where id = tests.id('answer') $$, '42501', null, 'Nor say how an answer ended'
);

create function tests.adds(key text, content text default 'Once', tool_calls jsonb default null, kind text default 'chat') returns jsonb
language sql return add_message(
    tests.id('third chat'), 'user', content, kind, tool_calls, null, 'm', 1, 1, case when key <> '' then tests.id(key) end
);
insert into chat_sessions (id) values (tests.id('third chat'));
select is(tests.adds('') ->> 'content', 'Once', 'She adds a message without a key');
select is(tests.owner_sees($$ select count(*) from private.idempotency_keys $$), '0', 'Which leaves none');
select is(tests.adds('added', tool_calls => '[{"x": [1, true, 0.50, "1.0"]}]') ->> 'id', tests.id('added')::text, 'And one under a key');
select is(tests.adds('added', tool_calls => '[{"x": [1.0, true, 0.5, "1.0"]}]') ->> 'seq', '2', 'Sent again, it is there once');
select throws_ok(format('select tests.adds(''added'', %s)', other), 'PT422', 'key_reused', format('Not with %s', other)) from unnest(array[
    $$'Twice', '[{"x": [1, true, 0.5, "1.0"]}]'$$, $$tool_calls => '[{"x": [true, true, 0.5, "1.0"]}]'$$, $$tool_calls => '[{"x": [1, true, 0.5, "1"]}]'$$,
    $$tool_calls => '[{"x": [1, true, 0.05, "1.0"]}]'$$, $$tool_calls => null$$, $$tool_calls => '[{"x": [1, true, 0.5, "1.0"]}]', kind => 'code'$$
]) as other;
select throws_ok($$ select tests.adds('question') $$, 'PT422', 'key_reused', 'Nor under an id that came without a key');
select throws_ok($$ select tests.adds('chat') $$, 'PT422', 'key_reused', 'Nor under a chat''s');
select is(
    (select message_count from chat_sessions where id = tests.id('third chat')), 2, 'Nothing of that is written'
);
select throws_ok(
    $$ select start_turn('Once', tests.id('added'), gen_random_uuid(), 'x', tests.id('third chat')) $$, 'PT422', 'key_reused',
    'A key of a message is none of a question'
);
select throws_ok(
    $$ select add_message(tests.id('third chat'), 'user', E'\u200b') $$, '23514', null, 'What nobody sees is not added'
);
insert into chat_sessions (id) values (tests.id('50')), (tests.id('51'));
select lives_ok(
    format('select add_message(tests.id(%L), ''user'', repeat(''x'', %s))', length, length), format('She adds %s characters', length)
) from unnest(array['50', '51']) as length;
select is((select title from chat_sessions where id = tests.id('50')), repeat('x', 50), 'A title has 50 characters');
select is((select title from chat_sessions where id = tests.id('51')), repeat('x', 50) || '…', 'Then it is cut');
update chat_messages set content = 'Here it is **now**' where id = tests.id('answer');
select is(
    (select last_message_preview from chat_sessions where id = tests.id('chat')), 'Here it is now', 'The preview follows an edit'
);
delete from chat_messages where id = tests.id('answer');
select results_eq(
    $$ select message_count, last_seq, last_message_preview from chat_sessions where id = tests.id('chat') $$,
    $$ values (1, 2, 'Make a page') $$,
    'It follows a deletion, whose number is not given again'
);
insert into chat_messages (id, session_id, role, content, reply_to)
values (tests.id('answer'), tests.id('chat'), 'assistant', 'Once more', tests.id('question'));
select is((select seq from chat_messages where id = tests.id('answer')), 3, 'The next message has the next number');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from chat_messages $$, 'Charlie reads nothing');
select is(tests.outcome($$ update chat_messages set content = 'Mine' $$), '0', 'Charlie edits nothing');
select is(tests.outcome($$ delete from chat_messages $$), '0', 'Charlie deletes nothing');
select throws_ok(
    $$ insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'x') $$, 'PT404', 'not_found',
    'He writes into no chat of alice''s'
);
select throws_ok(
    $$ select add_message(tests.id('third chat'), 'user', 'x') $$, 'PT404', 'not_found', 'Nor adds one to it'
);
insert into chat_sessions (id) values (tests.id('chat'));
select throws_ok(
    $$ insert into chat_messages (session_id, role, content, reply_to)
       values (tests.id('chat'), 'assistant', 'x', tests.id('question')) $$,
    'PT404', 'not_found', 'He answers no question of hers'
);
select lives_ok(
    $$ insert into chat_messages (id, session_id, role, content) values (tests.id('question'), tests.id('chat'), 'user', 'x') $$,
    'Her ids are free to him'
);

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select * from chat_messages $$, '42501', null, 'Nobody reads');
select throws_ok(
    $$ insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'x') $$, '42501', null, 'Nobody writes'
);

-- The database's owner

select tests.act_as_owner();
select is(
    (select message_count from chat_sessions where user_id = tests.id('alice') and id = tests.id('chat')), 2,
    'None of that is in alice''s books'
);
create function tests.answer_is(change text) returns text language sql return tests.outcome(format(
    'update chat_messages set %s where user_id = tests.id(''alice'') and id = tests.id(''answer'')', change
));
select is(tests.answer_is($$ seq = 7 $$), 'PT403', 'A number stays');
select is(tests.answer_is($$ role = 'user', reply_to = null $$), 'PT403', 'So does who said it');
select is(tests.answer_is($$ session_id = tests.id('other chat') $$), 'PT403', 'So does the chat');
select is(tests.answer_is($$ user_id = tests.id('bob') $$), 'PT403', 'So does whose it is');
select is(tests.answer_is($$ created_at = '2020-01-01' $$), 'PT403', 'So does when');
select is(tests.answer_is($$ status = 'done' $$), '23514', 'An answer ends in a way that is known');
select is(tests.answer_is(format('status = %L', status)), '1', format('It may be %s', status))
from unnest(array['complete', 'streaming', 'stopped', 'interrupted', 'failed']) as status;
select is(tests.answer_is($$ finish_reason = repeat('x', 200), error_code = repeat('x', 200) $$), '1', 'Why has 200 characters');
select is(tests.answer_is($$ finish_reason = repeat('x', 201) $$), '23514', 'Not 201');
select is(tests.answer_is($$ error_code = repeat('x', 201) $$), '23514', 'Nor has the code');
select is(tests.answer_is($$ reply_to = gen_random_uuid() $$), '23503', 'A reply is to a message that is there');
select is(tests.answer_is($$ content = '', status = 'stopped' $$), '1', 'An answer that was stopped may say nothing');
update chat_messages set updated_at = '2020-01-01';
select is_empty($$ select * from chat_messages where updated_at <> now() $$, 'Every change is stamped');

create function tests.inserts(id text, seq integer, status text) returns text language sql return tests.outcome(format(
    'insert into chat_messages (user_id, id, session_id, seq, role, content, status)
     values (tests.id(''alice''), tests.id(%L), tests.id(''chat''), %s, ''assistant'', ''x'', %L)', id, seq, status
));
select is(tests.inserts('another', 9, 'complete'), '1', 'What comes back from elsewhere keeps its number');
select is(tests.inserts('question', 9, 'complete'), '23505', 'An id is used once');
select is(tests.inserts('another', 3, 'complete'), '23505', 'A number is, too');
select is(
    tests.outcome($$
    insert into chat_messages (user_id, session_id, seq, role, content)
    values (tests.id('alice'), gen_random_uuid(), 1, 'user', 'x')
    $$), '23503', 'There is no message without a chat'
);
update chat_messages set status = 'streaming' where user_id = tests.id('alice') and id = tests.id('answer');
select is(
    (select running_answer_id from chat_sessions where user_id = tests.id('alice') and id = tests.id('chat')), tests.id('answer'),
    'A chat knows its running answer'
);
select is(tests.inserts('another', 9, 'streaming'), '23505', 'A chat has one at a time');

-- Alice

select tests.act_as('alice');
select throws_ok(
    $$ update chat_messages set content = 'Mine' where id = tests.id('answer') $$, 'PT409', 'answer_running',
    'She does not edit what is being written'
);
select lives_ok($$ delete from chat_messages where id = tests.id('question') $$, 'A question that has answers can go');
select results_eq(
    $$ select reply_to, follows_id from chat_messages where id = tests.id('answer') $$,
    $$ values (null::uuid, tests.id('question')) $$,
    'They stay'
);
delete from chat_messages where id = tests.id('answer');
select is(
    (select running_answer_id from chat_sessions where id = tests.id('chat')), null, 'A running answer that is gone runs no more'
);
delete from chat_sessions where id in (tests.id('other chat'), tests.id('third chat'), tests.id('50'), tests.id('51'));
select is_empty($$ select * from chat_messages $$, 'A chat takes its messages along');

select * from finish();
rollback;
