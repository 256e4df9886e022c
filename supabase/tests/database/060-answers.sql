-- An answer is written by whoever holds its lease, read by its owner, and by nobody else.
begin;
\ir people.psql
select no_plan();

create function tests.start(answer text, chat text default null) returns jsonb language sql return start_turn(
    'Make a page', tests.id('question to ' || answer), tests.id(answer), 'lease of ' || answer, session_id => tests.id(chat)
);
create function tests.append(answer text, lease text, "offset" integer, text text) returns text language sql return append_chunks(
    json_build_array(json_build_object('answer_id', tests.id(answer), 'lease', lease, 'offset', "offset", 'text', text))
) -> 0 ->> 'result';

-- Alice

select tests.act_as('alice');
insert into chat_sessions (id) values (tests.id('chat'));
select is(tests.start('answer', 'chat') ->> 'replayed', 'false', 'Alice asks');
select is(
    start_turn('Make a page', tests.id('question to answer'), gen_random_uuid(), 'another lease', tests.id('chat')) #>> '{answer,id}',
    tests.id('answer')::text, 'Asking the same again gives the same'
);
select throws_ok(
    format($$ select start_turn(%s, tests.id('question to answer'), gen_random_uuid(), 'x', %s) $$, asked, place),
    'PT422', 'key_reused', 'Asking another under the same id does not'
) from (values
    ($$'Make two'$$, $$tests.id('chat')$$), ($$'Make a page'$$, 'null'), ($$'Make a page'$$, $$tests.id('chat'), kind => 'design'$$),
    ($$'Make a page'$$, $$tests.id('chat'), edits => tests.id('x')$$), ($$'Make a page'$$, $$tests.id('chat'), after => tests.id('x')$$)
) as other (asked, place);
select throws_ok(
    $$ select start_turn('Make two', tests.id('other'), gen_random_uuid(), 'x', tests.id('chat'), helper => 'seo') $$,
    'PT422', 'invalid_field', 'A chat keeps its helper'
);
select throws_ok($$ select tests.start('second', 'chat') $$, 'PT409', 'answer_running', 'One answer at a time');
select throws_ok($$ select tests.start('third', 'no chat') $$, 'PT404', 'not_found', 'She asks in a chat that is there');
select is(tests.append('answer', 'a guess', 0, 'x'), 'lost', 'Nor does she write it herself');

-- Nobody but the lease

select tests.act_as_nobody();
select is(tests.append('answer', 'lease of answer', 0, 'Half '), 'written', 'Whoever has the lease writes');
select is(tests.append('answer', 'lease of answer', 9, 'x'), 'gap', 'Without gaps');
select is(tests.append('answer', 'a guess', 5, 'x'), 'lost', 'A guess opens nothing');
select is(
    finish_answer(tests.id('answer'), 'a guess', 'complete', 5, 'x'), '{"result": "lost"}', 'Nor ends it'
);
select is(reclaim_answer(tests.id('answer'), 'a guess'), '{"result": "lost"}', 'Nor takes it back');
select throws_ok($$ select * from message_chunks $$, '42501', null, 'Nobody reads what is written');
select throws_ok($$ select read_answer(tests.id('answer')) $$, '42501', null, 'Not even by asking nicely');
select throws_ok($$ select stop_answer(tests.id('answer')) $$, '42501', null, 'Nor stops it');
select throws_ok($$ select tests.start('x') $$, '42501', null, 'Nor starts one');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from message_chunks $$, 'Charlie reads no piece');
select throws_ok(format('select %s', call), 'PT404', 'not_found', format('Charlie gets nothing from %s', call)) from unnest(array[
    $$tests.start('his', 'chat')$$, $$read_answer(tests.id('answer'))$$, $$stop_answer(tests.id('answer'))$$,
    $$read_chat(tests.id('chat'))$$, $$read_messages(tests.id('chat'))$$,
    $$retry_answer(tests.id('answer'), gen_random_uuid(), 'x')$$, $$continue_answer(tests.id('answer'), 'x')$$,
    $$branch_chat(tests.id('question to answer'))$$, $$trash_chats(array[tests.id('chat')])$$, $$clear_chat(tests.id('chat'))$$
]) as call;

-- Alice

select tests.act_as('alice');
select results_eq(
    $$ select user_id, start_offset, text from message_chunks $$, $$ values (tests.id('alice'), 0, 'Half ') $$, 'Alice reads the pieces'
);
select is(read_answer(tests.id('answer'), 2) ->> 'text', 'lf ', 'From where she was');
select is(stop_answer(tests.id('answer')) ->> 'status', 'streaming', 'She asks it to stop');

select tests.act_as_nobody();
select is(tests.append('answer', 'lease of answer', 5, 'done'), 'stopped', 'Its writer is told');
select is(
    finish_answer(tests.id('answer'), 'lease of answer', 'stopped', 9, '.') ->> 'result', 'finished', 'And ends it'
);
select is(tests.append('answer', 'lease of answer', 10, 'x'), 'lost', 'An ended answer is written no more');

select tests.act_as('alice');
select results_eq(
    $$ select content, status from chat_messages where id = tests.id('answer') $$, $$ values ('Half done.', 'stopped') $$,
    'All that was written is kept'
);
select is_empty($$ select * from message_chunks $$, 'Its pieces are folded in');
select is((select running_answer_id from chat_sessions where id = tests.id('chat')), null, 'Nothing runs in the chat');
select is(
    retry_answer(tests.id('answer'), tests.id('second'), 'lease of second') #>> '{answer,reply_to}',
    tests.id('question to answer')::text, 'Another answer to the same question'
);
select is(tests.append('second', 'lease of answer', 0, 'x'), 'lost', 'A lease is for one answer');
select is(stop_answer(tests.id('second')) ->> 'status', 'streaming', 'She stops this one, too');
select is(finish_answer(tests.id('second'), 'lease of second', 'stopped', 0, 'Half') ->> 'result', 'finished', 'It ends');
select is(
    continue_answer(tests.id('second'), 'new lease') #>> '{answer,content}', 'Half', 'She has it go on from what it said'
);
select is(tests.append('second', 'new lease', 4, ' and more'), 'written', 'Under a new lease');
select is(read_chat(tests.id('chat')) #>> '{messages,0,content}', 'Half and more', 'She reads the chat with what is being written');
select is(read_messages(tests.id('chat')) #>> '{messages,-1,content}', 'Half and more', 'In the order of writing, too');

-- What an answer makes is based on what it was given, whatever came meanwhile

insert into websites (id, name) values (tests.id('luna'), 'Luna');
insert into site_versions (id, website_id, files) values (tests.id('given'), tests.id('luna'), '{"index.html": "<p>One"}');
create function tests.page(answer text) returns text language sql return start_turn(
    'Make a page', gen_random_uuid(), tests.id(answer), 'lease of ' || answer, website_id => tests.id('luna')
) #>> '{page,number}';
create function tests.makes(answer text, files json) returns text language sql return finish_answer(
    tests.id(answer), 'lease of ' || answer, 'complete', 0, 'Done.', files => files
) #>> '{message,version_number}';
select is(tests.page('new'), '1', 'A new chat starts from the newest version');
select is(tests.page('same'), '1', 'Another one, too');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<p>Two"}');
select is(tests.makes('new', '{"index.html": "<p>Three"}'), '3', 'An answer makes a version');
select is((select base_version_id from site_versions where number = 3), tests.id('given'), 'Based on the one that it was given');
select is(tests.makes('same', '{"index.html": "<p>One"}'), '1', 'One that leaves the page as it was makes none');
select is((select latest_version_number from websites where id = tests.id('luna')), 3, 'So that there are three');

-- Where the page has moved, the worker that asks is told, and makes its changes on the page that stands now

select is(tests.page('moved'), '3', 'An answer starts from the newest version');
select is(tests.page('both'), '3', 'So does another one');
insert into site_versions (id, website_id, files) values (tests.id('elsewhere'), tests.id('luna'), '{"index.html": "<p>Four"}');
create function tests.tells(answer text, files json, made_onto uuid default null) returns jsonb language sql return finish_answer(
    tests.id(answer), 'lease of ' || answer, 'complete', 0, 'Done.',
    files => files, changes => '{"places": [], "left_out": [], "tokens_saved": 0}', tells_moved => true, made_onto => made_onto
);
select is(
    tests.tells('moved', '{"index.html": "<p>Five"}'),
    jsonb_build_object(
        'result', 'moved', 'version_id', tests.id('elsewhere'), 'page', '{"number": 4, "files": {"index.html": "<p>Four"}}'::jsonb
    ),
    'It is told of the page that came meanwhile'
);
select is(
    (select version_number from chat_messages where id = tests.id('moved')), null, 'And has made nothing yet'
);
select is(
    tests.tells('moved', '{"index.html": "<p>Four, five"}', tests.id('elsewhere')) #>> '{message,changes}', '{"places": [], "left_out": [], "tokens_saved": 0}',
    'It makes its changes on that page'
);
select is((select base_version_id from site_versions where number = 5), tests.id('elsewhere'), 'Which is the base of its version');
select is(tests.makes('both', '{"index.html": "<p>Six"}'), '6', 'One that does not ask makes a version beside it');
select is(
    (select base_version_id = (select id from site_versions where number = 3) from site_versions where number = 6), true,
    'Based on what it was given'
);

-- What a question points at

create function tests.points(question text, at jsonb) returns jsonb language sql return start_turn(
    'Change it', tests.id(question), tests.id('answer to ' || question), 'lease of answer to ' || question,
    website_id => tests.id('luna'), target => at
);
create function tests.part(version text, first integer, last integer, path text default 'index.html') returns jsonb
language sql return jsonb_build_object('version_id', tests.id(version), 'path', path, 'start', first, 'end', last);
insert into site_versions (id, website_id, files)
values (tests.id('pointed at'), tests.id('luna'), '{"index.html": "<p>Ä</p><p>B</p><p>B</p>"}');
select is(
    tests.points('pointing', tests.part('pointed at', 0, 8)) -> 'target', '{"path": "index.html", "start": 0, "end": 8}',
    'A part of the page, by characters'
);
select is(
    (select target from chat_messages where id = tests.id('pointing')), tests.part('pointed at', 0, 8), 'It is kept with the question'
);
select is(tests.points('pointing', tests.part('pointed at', 0, 8)) ->> 'replayed', 'false', 'Who holds the lease may ask again');
select is(
    tests.points('pointing', tests.part('pointed at', 0, 8)) #>> '{target,end}', '8', 'And is told of the part again'
);
select is(tests.outcome(format($$ select tests.points(%L, %L) $$, question, at)), state, says) from (values
    ('pointing', tests.part('pointed at', 0, 9), 'PT422', 'Another part makes another question'),
    ('new part', tests.part('pointed at', 0, 0), 'PT422', 'A part has characters'),
    ('new part', tests.part('pointed at', -1, 8), 'PT422', 'Its first is in the file'),
    ('new part', tests.part('pointed at', 20, 25), 'PT422', 'So is its last'),
    ('new part', tests.part('pointed at', 0, null), 'PT422', 'It has an end'),
    ('new part', tests.part('pointed at', 0, 8, 'other.html'), 'PT404', 'It is of a file that is there'),
    ('new part', tests.part('nothing', 0, 8), 'PT404', 'And of a version of the website')
) as refused (question, at, state, says);
insert into site_versions (id, website_id, files)
values (tests.id('long'), tests.id('luna'), jsonb_build_object('index.html', repeat('x', 300001)));
select is(
    tests.outcome($$ select tests.points('too long', tests.part('long', 0, 300001)) $$), 'PT422', 'Nor is it too long for the model itself'
);
select is(
    (select array[turn #> '{page,files}', to_jsonb(length(turn #>> '{page,unseen,index.html}')), turn #> '{target,end}']),
    array['{}', '300001', '8']::jsonb[], 'Of a page that is too long, the app gets the page and where the part is'
) from tests.points('long', tests.part('long', 0, 8)) as turn;
select is(
    tests.points('long', tests.part('long', 0, 8)) #>> '{page,unseen}' is null, false, 'Also who asks again'
);
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<h1>A</h1><p>Ä</p><p>B</p><p>B</p>"}');
select is(
    tests.points('elsewhere', tests.part('pointed at', 0, 8)) -> 'target', '{"path": "index.html", "start": 10, "end": 18}',
    'Where the page has changed, it is found'
);
select is(
    tests.points('to the end', tests.part('pointed at', 8, 24)) #>> '{target,start}', '18', 'What is there once is one place'
);
select is(
    tests.outcome($$ select tests.points('twice', tests.part('pointed at', 8, 16)) $$), 'PT409', 'What is there twice is none'
);
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<p>B</p>"}');
select is(tests.outcome($$ select tests.points('gone', tests.part('pointed at', 0, 8)) $$), 'PT409', 'Nor is what is gone');
select is(count(*)::integer, 0, 'A question that is refused is not kept')
from chat_messages where id in (tests.id('new part'), tests.id('too long'), tests.id('twice'), tests.id('gone'));

-- Correcting an answer

select finish_answer(
    tests.id('answer to pointing'), 'lease of answer to pointing', 'complete', 0, 'Done.', files => '{"index.html": "<p>Ö"}',
    changes => '{"places": [], "left_out": [1], "tokens_saved": 0}'
) #>> '{message,version_number}' as number \gset
select is(
    tests.outcome(format(
        $$ select correct_changes(tests.id('answer to pointing'), %L, 'Allowed', '{"index.html": "<p>Ü"}') $$, tests.id('pointed at')
    )), 'PT409', 'An answer is corrected on the newest page'
);
select id as newest from site_versions order by number desc limit 1 \gset
select is(
    correct_changes(tests.id('answer to pointing'), :'newest', 'Allowed', '{"index.html": "<p>Ü"}') ->> 'number', (:number + 1)::text,
    'As a version'
);
select is(
    (select array[source, summary, read_version(id) #>> '{files,index.html}', base_version_id::text] from site_versions where number = :number + 1),
    array['edit', 'Allowed', '<p>Ü', :'newest'], 'Of its owner''s'
);
select is(
    correct_changes(tests.id('answer to pointing'), :'newest', 'Allowed', '{"index.html": "<p>Ü"}') ->> 'number', (:number + 1)::text, 'And once'
);
select is(
    tests.outcome($$ select correct_changes(tests.id('pointing'), null, null, '{}') $$), 'PT404', 'Of an answer that made a version'
);
-- The database's owner

select tests.act_as_owner();
select is(
    (select expires_at - now() from private.answer_leases where message_id = tests.id('second')), '15 seconds', 'A lease has its term'
);
select is(tests.outcome(statement), state, says) from (values
    ($$ update chat_messages set changes = '[]' where id = tests.id('moved') $$, '23514', 'What changed is an object'),
    ($$ update chat_messages set changes = changes - 'places' where id = tests.id('moved') $$, '23514', 'It tells places'),
    ($$ update chat_messages set changes = changes || '{"left_out": 1}' where id = tests.id('moved') $$, '23514', 'And what was left out'),
    ($$ update chat_messages set changes = changes - 'tokens_saved' where id = tests.id('moved') $$, '23514', 'And what was saved'),
    ($$ update chat_messages set changes = changes || jsonb_build_object('places', (select array_agg(n) from generate_series(1, 20000) as n))
        where id = tests.id('moved') $$, '23514', 'Of a bounded size'),
    ($$ insert into message_chunks values (tests.id('alice'), gen_random_uuid(), 0, 'x') $$, '23503', 'There is no piece of nothing'),
    ($$ insert into message_chunks
        select tests.id('alice'), tests.id('second'), 99, 'x' from generate_series(1, 2) $$, '23505', 'A piece is stored once'),
    ($$ insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written)
        values (tests.id('alice'), gen_random_uuid(), tests.id('chat'), 'x', 0) $$, '23503', 'There is no lease of nothing'),
    ($$ insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written)
        values (tests.id('alice'), tests.id('second'), tests.id('chat'), 'x', 0) $$, '23505', 'An answer has one lease'),
    ($$ insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written)
        select user_id, tests.id('question to answer'), session_id, lease_hash, 0 from private.answer_leases
        where message_id = tests.id('second') $$, '23505', 'A lease is of one answer'),
    ($$ insert into private.idempotency_keys values
        (tests.id('alice'), gen_random_uuid(), 'x', '{}', null, gen_random_uuid()) $$, '23503', 'A key leads to a message that is there'),
    ($$ insert into private.idempotency_keys values
        (tests.id('alice'), gen_random_uuid(), 'x', '{}', gen_random_uuid(), null) $$, '23503', 'Or to a chat'),
    ($$ insert into private.idempotency_keys values (tests.id('alice'), gen_random_uuid(), 'x', '{}', null, null) $$, '23514', 'To one of them'),
    ($$ insert into private.idempotency_keys values
        (tests.id('alice'), gen_random_uuid(), 'x', '{}', tests.id('chat'), tests.id('second')) $$, '23514', 'Not to both'),
    ($$ insert into private.idempotency_keys values
        (tests.id('alice'), tests.id('question to answer'), 'x', '{}', null, tests.id('second')) $$, '23505', 'It is used once')
) as impossible (statement, state, says);
select lives_ok($$ delete from chat_messages where id = tests.id('second') $$, 'A running answer can go');
select is_empty($$ select * from message_chunks $$, 'It takes its pieces along');
select is_empty($$ select * from private.answer_leases where message_id = tests.id('second') $$, 'And its lease');
select lives_ok($$ delete from chat_messages where id = tests.id('question to answer') $$, 'A question can go');
select is_empty($$ select * from private.idempotency_keys where key = tests.id('question to answer') $$, 'Its key is free again');

select * from finish();
rollback;
