-- What one person may use is counted where it is spent.
begin;
\ir people.psql
select no_plan();

select tests.act_as_owner();
update private.quotas set allowed = 3 where name = 'sessions';
update private.quotas set allowed = 2 where name = 'turns';

-- Alice

select tests.act_as('alice');
select is(
    tests.outcome($$ insert into chat_sessions (title) select 'x' from generate_series(1, 3) $$), '3', 'Alice starts as many chats as she may'
);
select is(
    tests.outcome($$ insert into chat_sessions (title) select 'x' from generate_series(1, 4) $$), 'PT429', 'Not one more'
);
insert into chat_sessions (id) values (tests.id('chat'));
select is(
    tests.owner_sees($$ select string_agg(name || used, ' ') from private.usage_counters where name = 'sessions' $$), 'sessions1', 'What was refused is not counted'
);
select lives_ok(
    format('select start_turn(%L, gen_random_uuid(), gen_random_uuid(), gen_random_uuid()::text)', question), 'She asks ' || question
) from unnest(array['one', 'two']) as question;
select throws_ok(
    $$ select start_turn('three', gen_random_uuid(), gen_random_uuid(), 'x') $$, 'PT429', 'quota_exceeded', 'Not a third time'
);

-- Charlie

select tests.act_as('charlie');
select lives_ok($$ insert into chat_sessions default values $$, 'Charlie''s use is his own');
select throws_ok($$ select * from private.usage_counters $$, '42501', null, 'Charlie does not see who uses what');
select throws_ok($$ update private.quotas set allowed = 1000 $$, '42501', null, 'Nor gives himself more');

-- Bytes, messages, websites, versions and tokens

select tests.act_as('charlie');
insert into chat_sessions (id) values (tests.id('bytes'));
insert into websites (id, name) values (tests.id('site'), 'Luna');
select is(tests.outcome($$ insert into websites (name) select 'x' from generate_series(1, 199) $$), '199', 'Charlie has 200 websites');
select is(tests.outcome($$ insert into websites (name) select 'x' from generate_series(1, 200) $$), 'PT429', 'Not one more');
create function tests.bytes() returns text language sql as $$
    select tests.owner_sees(format(
        'select (select bytes from private.storage where user_id = %1$L)
        + coalesce((select sum(bytes) from private.byte_changes where user_id = %1$L), 0)', tests.id('charlie')))
$$;
insert into chat_messages (id, session_id, role, content, sources) values (tests.id('said'), tests.id('bytes'), 'user', '日本', '[{}]');
select is(tests.bytes(), '10', 'Text and sources are counted in bytes');
update chat_messages set content = 'x' where id = tests.id('said');
select is(tests.bytes(), '5', 'An edit counts');
insert into site_versions (website_id, files) values (tests.id('site'), '{"a": "b"}');
select is(tests.bytes(), (5 + 1 + 73)::text, 'A version counts with its manifest, and its content');
select is(jsonb_array_length(clear_chat(tests.id('bytes')) -> 'none'), null, 'Trashed');
select is(tests.bytes(), '79', 'The trash counts');
delete from trash;
select is(tests.bytes(), '74', 'What is gone does not');
delete from websites;
select is(tests.bytes(), '0', 'Nor do the versions of a website that is gone');
insert into chat_messages (session_id, role, content) values (tests.id('bytes'), 'user', 'xyz');
delete from chat_messages;
select is(tests.bytes(), '0', 'Nor does a message');
select lives_ok(
    $$ select start_turn('ab', tests.id('asked'), tests.id('answer'), 'lease', session_id => tests.id('bytes')) $$, 'Charlie asks'
);
select is(tests.bytes(), '2', 'A question counts');
select lives_ok($$ select finish_answer(tests.id('answer'), 'lease', 'complete', 0, 'cde') $$, 'He is answered');
select is(tests.bytes(), '5', 'An answer counts once, when it ends');
delete from chat_messages;
insert into chat_messages (session_id, role, content, sources) values (tests.id('bytes'), 'user', 'xyz', '[{}]');
select is(share_chat(tests.id('bytes'), repeat('link', 8)) ->> 'title', '日本', 'Shared');
select is(tests.bytes(), '14', 'A share counts as a copy of what it shows');
update chat_messages set content = 'x';
select is(tests.bytes(), '12', 'Before it is one, and after');
select is(update_share(id) ->> 'title', '日本', 'Shared anew') from chat_shares;
select is(tests.bytes(), '10', 'As what it shows then');
delete from chat_messages;
select is(tests.bytes(), '5', 'Also of what is gone');
delete from chat_shares;
select is(tests.bytes(), '0', 'Until it ends');
select lives_ok(format($$ select stage_import(tests.id(%L), 0, '[{"role": "user", "content": "xyz"}]') $$, file), 'Staged: ' || file)
from unnest(array['given up', 'brought']) as file;
select is(tests.bytes(), tests.owner_sees($$ select sum(bytes) from private.imports $$), 'What is staged counts');
select lives_ok($$ select discard_import(tests.id('given up')) $$, 'Given up');
select is(tests.bytes(), tests.owner_sees($$ select sum(bytes) from private.imports $$), 'Until it is given up');
select is(import_chat(tests.id('brought'), '{}', new_id => tests.id('brought')) ->> 'id', tests.id('brought')::text, 'Imported');
select is(tests.bytes(), '3', 'Or is a chat');
delete from chat_messages;

-- An answer that nobody ends

select tests.act_as_owner();
update private.quotas set allowed = 3 where name = 'turns';
select tests.act_as('charlie');
create function tests.more_tokens() returns text language sql as $$
    select tests.owner_sees(format(
        'select used - coalesce(nullif(current_setting(''tests.tokens'', true), ''''), ''0'')::bigint
        from private.usage_counters where user_id = %L and name = ''model_tokens''', tests.id('charlie')))
$$;
create function tests.ask(answer text) returns jsonb language sql return start_turn(
    'One', gen_random_uuid(), tests.id(answer), 'lease of ' || answer, tests.id('bytes')
);
select is(tests.ask('deleted') #>> '{answer,status}', 'streaming', 'Charlie asks');
select is(set_config('tests.tokens', tests.more_tokens(), true) <> '0', true, 'Tokens are reserved');
select tests.act_as_owner();
update private.answer_leases set written = 20003 where message_id = tests.id('deleted');
select tests.act_as('charlie');
delete from chat_messages where id = tests.id('deleted');
set constraints all immediate;
select is(tests.more_tokens(), '1000', 'What was written beyond those counts');
select is(tests.ask('lost') #>> '{answer,status}', 'streaming', 'Charlie asks again');
select set_config('tests.tokens', '', true);
select set_config('tests.tokens', tests.more_tokens(), true);
select tests.act_as_owner();
update private.answer_leases as lease set written = 30003, begun_with = 10000, ended_at = now()
where message_id = tests.id('lost');
update private.answer_leases as lease set added = private.tokens_to_add(lease) where message_id = tests.id('lost');
select is(tests.more_tokens(), '1000', 'So it does when its writer is lost');
update private.answer_leases set added = 0 where message_id = tests.id('lost');
select is(tests.more_tokens(), '1000', 'It is never counted back');
select tests.act_as('charlie');
delete from chat_messages where id = tests.id('lost');
select is(tests.more_tokens(), '1000', 'Nor twice');
delete from chat_messages;
select set_config('sitethread.written_rows', '', true);
select is(tests.outcome(format(
    $$ insert into chat_messages (session_id, role, content) select %L, 'user', 'x' from generate_series(1, %s) $$, tests.id('bytes'), rows
)), result, rows || ' messages in a statement') from (values (1000, '1000'), (1001, 'PT413')) as statement (rows, result);
select set_config('sitethread.written_rows', '', true);
insert into chat_messages (session_id, role, content) select tests.id('bytes'), 'user', 'x' from generate_series(1, 600);
select set_config('sitethread.written_rows', '', true);
insert into chat_messages (session_id, role, content) select tests.id('bytes'), 'user', 'x' from generate_series(1, 600);
select set_config('sitethread.written_rows', '', true);
select is(tests.outcome($$ update chat_messages set content = 'y' $$), 'PT413', 'Nor are more edited');
insert into websites (id, name) values (tests.id('site'), 'Luna');
select is(tests.outcome(format($$ insert into site_versions (website_id, files) values (%L, %L) $$, tests.id('site'), files)), result, files)
from (values
    ('{"index.html": 1}', 'PT422'), ('{"index.html": null}', '1'), ('{"index.html": {}}', 'PT422'), ('{}', '1'),
    ((select jsonb_object_agg(n || '.html', '') from generate_series(1, 12) as n)::text, '1'),
    ((select jsonb_object_agg(n || '.HTM', '') from generate_series(1, 13) as n)::text, 'PT422'),
    ((select jsonb_object_agg(n || '.css', '') from generate_series(1, 100) as n)::text, '1'),
    ((select jsonb_object_agg(n || '.css', '') from generate_series(1, 101) as n)::text, 'PT422')
) as version (files, result);
select tests.act_as_owner();
select is(tests.outcome(format(
    $$ insert into chat_messages (user_id, session_id, role, content) select %L, %L, 'user', 'x' from generate_series(1, 1001) $$,
    tests.id('charlie'), tests.id('bytes')
)), '1001', 'Functions add as many as they must');
select is(limits.figure, limits.expected, limits.name) from (values
    ('What a page holds', private.max_page_bytes()::bigint, 1000000::bigint), ('What a search looks at', private.max_searched_bytes(), 16000000),
    ('What is read for the model', private.max_history_bytes(), 4000000), ('What it gets of a chat', private.max_history(), 12000),
    ('What it gets of earlier turns', private.max_digest(), 4000), ('A page for the model', private.max_page_for_model(), 300000),
    ('What an answer is expected to take', private.expected_answer(), 4000)
) as limits (name, figure, expected);
select is(tests.outcome(statement), '1', says) from (values
    (format($$ insert into site_versions (user_id, website_id, files, source) values (%L, %L, '{}', 'answer') $$, tests.id('charlie'), tests.id('site')),
        'An answer makes a version')
) as made (statement, says);
update private.quotas set allowed = 0 where name = 'versions';
select tests.act_as('charlie');
select is(
    tests.outcome(format($$ insert into site_versions (website_id, files) values (%L, '{}') $$, tests.id('site'))), 'PT429', 'No version more'
);

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ update private.quotas set allowed = 0 where name = 'turns' $$, '1', 'A quota may be nothing'),
    ($$ update private.quotas set allowed = -1 $$, '23514', 'Not less'),
    ($$ insert into private.quotas values ('turns', 1) $$, '23505', 'A quota has one limit'),
    ($$ update private.usage_counters set name = 'wishes' where name = 'turns' $$, '23503', 'A counter counts a quota that is there'),
    ($$ update private.usage_counters set user_id = gen_random_uuid() where user_id = tests.id('alice') and name = 'turns' $$,
        '23503', 'And somebody who is there'),
    ($$ insert into private.storage values (gen_random_uuid(), 0, 0, 'epoch') $$, '23503', 'Bytes are somebody''s'),
    ($$ update private.daily_usage set user_id = gen_random_uuid() where user_id = tests.id('charlie') $$, '23503', 'So is what a day took')
) as change (statement, state, says);
select lives_ok($$ update private.quotas set name = 'questions' where name = 'turns' $$, 'A quota can be renamed');
select lives_ok($$ delete from private.quotas where name = 'sessions' $$, 'And given up');
select set_eq($$ select name from private.usage_counters $$, array['model_tokens', 'questions'], 'Its counters follow');
select lives_ok($$ delete from auth.users $$, 'Accounts can go');
select is_empty($$ select * from private.usage_counters $$, 'Their counters go along');

select * from finish();
rollback;
