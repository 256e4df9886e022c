-- A share opens one chat, as it was, to whoever has its link.
begin;
\ir people.psql
select no_plan();

create function tests.link() returns text language sql return repeat('link', 8);

-- Alice

select tests.act_as('alice');
insert into chat_sessions (id) values (tests.id('chat')), (tests.id('other chat'));
insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'Shared words');
insert into chat_messages (session_id, role, content) values (tests.id('other chat'), 'user', 'Her own words');
select throws_ok($$ select share_chat(tests.id('chat'), 'guessable') $$, 'PT422', 'invalid_field', 'A link can''t be guessed');
select is(share_chat(tests.id('chat'), tests.link()) ->> 'session_id', tests.id('chat')::text, 'Alice shares a chat');
insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'Second thoughts');
select results_eq(
    $$ select user_id, session_id, last_seq, created_at from chat_shares $$,
    $$ values (tests.id('alice'), tests.id('chat'), 1, now()) $$,
    'The share is hers'
);
select throws_ok($$ select token_hash from chat_shares $$, '42501', null, 'Not even she sees its token again');
select throws_ok(
    $$ insert into chat_shares (session_id, last_seq, token_hash) values (tests.id('chat'), 1, 'x') $$, '42501', null,
    'She makes none by hand'
);

-- Bob, who has the link

select tests.act_as('bob');
select is(read_share(tests.link()) #>> '{messages,0,content}', 'Shared words', 'Bob reads what was shared');
select is(jsonb_array_length(read_share(tests.link()) -> 'messages'), 1, 'Not what came after');
select is(read_share(tests.link())::text ~ tests.id('alice')::text, false, 'Nor whose it is');
select is_empty($$ select id from chat_shares $$, 'He sees no share');
select is_empty($$ select id from chat_sessions $$, 'Nor the chat itself');
select is(tests.outcome($$ delete from chat_shares $$), '0', 'He takes no share back');
select throws_ok(
    $$ insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'x') $$, 'PT404', 'not_found',
    'A link is for reading'
);

-- Charlie, who has nothing

select tests.act_as('charlie');
select throws_ok($$ select read_share(repeat('guess', 8)) $$, 'PT404', 'not_found', 'Charlie guesses in vain');
select throws_ok(
    $$ select share_chat(tests.id('chat'), repeat('mine', 8)) $$, 'PT404', 'not_found', 'He shares no chat of alice''s'
);

-- Nobody, who has the link

select tests.act_as_nobody();
select is(read_share(tests.link()) ->> 'title', 'Shared words', 'A link needs no account');
select throws_ok($$ select id from chat_shares $$, '42501', null, 'Nobody lists shares');
select throws_ok($$ select share_chat(tests.id('chat'), tests.link()) $$, '42501', null, 'Nobody makes one');

-- Alice

select tests.act_as('alice');
select is(tests.outcome($$ delete from chat_shares $$), '1', 'Alice takes it back');

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into chat_shares (user_id, session_id, last_seq, token_hash)
        values (tests.id('alice'), gen_random_uuid(), 1, 'x') $$, '23503', 'There is no share of nothing'),
    ($$ insert into chat_shares (user_id, session_id, last_seq, token_hash)
        values (tests.id('bob'), tests.id('chat'), 1, 'x') $$, '23503', 'Nor of somebody else''s chat'),
    ($$ insert into chat_shares (user_id, session_id, last_seq, token_hash)
        select user_id, session_id, last_seq, token_hash from chat_shares $$, '23505', 'A link opens one chat'),
    ($$ insert into chat_shares (user_id, id, session_id, last_seq, token_hash)
        select user_id, id, session_id, last_seq, 'x' from chat_shares $$, '23505', 'An id is used once')
) as change (statement, state, says);
select lives_ok($$ delete from chat_sessions where id = tests.id('chat') $$, 'A shared chat can go');
select is_empty($$ select * from chat_shares $$, 'It takes its shares along');

select * from finish();
rollback;
