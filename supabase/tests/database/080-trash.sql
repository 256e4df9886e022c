-- What is deleted comes back as it was, to its owner alone.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into chat_sessions (id) values (tests.id('chat'));
insert into chat_messages (id, session_id, role, content) values (tests.id('first'), tests.id('chat'), 'user', 'One');
insert into chat_messages (id, session_id, role, content) values (tests.id('second'), tests.id('chat'), 'assistant', 'Two');
create temporary table before as select to_jsonb(message) as message from chat_messages as message;
create temporary table used as select tests.owner_sees('select used from private.usage_counters where name = ''sessions''') as times;

create temporary table gone as select trash_chats(array[tests.id('chat')]) #>> '{0,id}' as id;
grant select on gone to authenticated;
select is_empty($$ select id from chat_sessions $$, 'Alice puts a chat in the trash');
select is_empty($$ select id from chat_messages $$, 'Its messages, too');
select results_eq(
    $$ select user_id, kind, session_id, title, message_count, deleted_at from trash $$,
    $$ values (tests.id('alice'), 'chat', tests.id('chat'), 'One', 2, now()) $$,
    'The trash says what it was'
);

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from trash $$, 'Charlie sees no trash of hers');
select is(tests.outcome($$ delete from trash $$), '0', 'Nor empties it');
select throws_ok($$ select restore_trash((select id from gone)::uuid) $$, 'PT404', 'not_found', 'Nor brings it back');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select * from trash $$, '42501', null, 'Nobody sees trash');
select throws_ok($$ select restore_trash(gen_random_uuid()) $$, '42501', null, 'Nobody brings it back');

-- Alice

select tests.act_as('alice');
select is(restore_trash((select id from gone)::uuid) ->> 'title', 'One', 'Alice brings it back');
select set_eq(
    $$ select to_jsonb(message) from chat_messages as message $$, $$ select message from before $$, 'Every message is as it was'
);
select is((select message_count from chat_sessions where id = tests.id('chat')), 2, 'So is the count');
select is(
    tests.owner_sees('select used from private.usage_counters where name = ''sessions'''), (select times from used),
    'It is not another new chat to her quota'
);
select is_empty($$ select * from trash $$, 'The trash is empty again');
select isnt(clear_chat(tests.id('chat')) ->> 'id', null, 'She clears a chat');
select is((select message_count from chat_sessions where id = tests.id('chat')), 0, 'It has no messages');
select is(tests.outcome($$ delete from trash $$), '1', 'She empties the trash');

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ update trash set kind = 'page' $$, '23514', 'Chats, messages and websites are put in the trash'),
    ($$ insert into trash (user_id, kind, session_id, title, message_count)
        values (gen_random_uuid(), 'chat', tests.id('chat'), 'x', 0) $$, '23503', 'There is no trash of nobody'),
    ($$ insert into trash select * from trash $$, '23505', 'An id is used once'),
    ($$ insert into private.trashed_rows values (tests.id('alice'), gen_random_uuid(), 1, '{}') $$, '23503',
        'A row belongs to something in the trash'),
    ($$ insert into private.trashed_rows select user_id, trash_id, seq, data from private.trashed_rows $$, '23505', 'A row is there once')
) as change (statement, state, says);
select lives_ok($$ delete from trash $$, 'The trash can be emptied');
select is_empty($$ select * from private.trashed_rows $$, 'With all that was in it');
insert into trash (user_id, kind, session_id, title, message_count) values (tests.id('alice'), 'chat', tests.id('chat'), 'x', 0);
delete from auth.users where id = tests.id('alice');
select is_empty($$ select * from trash $$, 'An account takes its trash along');

select * from finish();
rollback;
