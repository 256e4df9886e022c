-- Everybody searches their own chats, and finds what is there now.
begin;
\ir people.psql
select no_plan();

create function tests.finds(query text) returns text language sql return (
    select coalesce(string_agg(found ->> 'snippet', ' '), 'nothing') from jsonb_array_elements(search_messages(query) -> 'messages') as found
);

-- Alice

select tests.act_as('alice');
insert into chat_sessions (id) values (tests.id('chat'));
insert into chat_messages (id, session_id, role, content) values (tests.id('message'), tests.id('chat'), 'user', 'Croissants at dawn');
select matches(tests.finds('croissants'), 'at dawn', 'Alice finds what she wrote');
update chat_messages set content = 'Baguettes at noon';
select is(tests.finds('croissants'), 'nothing', 'Not what she no longer says');
select matches(tests.finds('baguettes'), 'at noon', 'But what she says instead');
select throws_ok($$ select search_messages(repeat('x', 201)) $$, 'PT422', 'query_too_long', 'A question has an end');
update chat_messages set content = (select string_agg('w' || number, ' ') from generate_series(1, 20) as number);
select matches(
    tests.finds((select string_agg('w' || number, ' ') || '.' from generate_series(1, 21) as number)), 'w20',
    'Twenty words are looked for, not the next'
);
select is(
    tests.finds((select string_agg('w' || number, ' ') || ' other.' from generate_series(1, 19) as number)), 'nothing', 'Nor less'
);
select is(index_chats(), false, 'All she wrote is indexed');
insert into chat_sessions (id) values (tests.id('long chat'));
insert into chat_messages (session_id, role, content)
select tests.id('long chat'), 'user', 'Number ' || number from generate_series(1, 201) as number;
select is(tests.finds('number'), 'nothing', 'A chat that comes in whole is indexed later');

-- Charlie

select tests.act_as('charlie');
select is(tests.finds('baguettes'), 'nothing', 'Charlie finds nothing of hers');
select is(index_chats(), false, 'There is nothing of his to index');
select throws_ok($$ select * from private.message_words $$, '42501', null, 'Nor reads what is searched');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select search_messages('baguettes') $$, '42501', null, 'Nobody searches');

-- Alice

select tests.act_as('alice');
select is(index_chats(), true, 'Alice has it indexed');
select matches(tests.finds('201'), 'Number', 'Then it is found');

-- The database's owner

select tests.act_as_owner();
insert into private.chats_to_index (user_id, session_id) values (tests.id('alice'), tests.id('chat')) on conflict do nothing;
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into private.message_words select user_id, gen_random_uuid(), session_id, created_at, beginning, words
        from private.message_words $$, '23503', 'There are no words of no message'),
    ($$ insert into private.message_words select * from private.message_words $$, '23505', 'A message is found once'),
    ($$ insert into private.chats_to_index values (tests.id('alice'), gen_random_uuid()) $$, '23503', 'No chat, nothing to index'),
    ($$ insert into private.chats_to_index select * from private.chats_to_index $$, '23505', 'A chat waits once')
) as change (statement, state, says);
select lives_ok($$ delete from chat_messages $$, 'A message can go');
select is_empty($$ select * from private.message_words $$, 'It is not found again');
select lives_ok($$ delete from chat_sessions $$, 'A chat can go');
select is_empty($$ select * from private.chats_to_index $$, 'It waits no more');

select * from finish();
rollback;
