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
    $$ select user_id, session_id, title, created_at, shared_at from chat_shares $$,
    $$ values (tests.id('alice'), tests.id('chat'), 'Shared words', now(), now()) $$,
    'The share is hers'
);
select throws_ok($$ select token_hash from chat_shares $$, '42501', null, 'Not even she sees its token again');
select throws_ok(
    $$ insert into chat_shares (session_id, title, token_hash) values (tests.id('chat'), 'x', 'x') $$, '42501', null,
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

-- Alice changes her mind

select tests.act_as('alice');
update chat_messages set content = 'Other words' where content = 'Shared words';
update chat_sessions set title = 'Another title' where id = tests.id('chat');
select is(read_share(tests.link()) #>> '{messages,0,content}', 'Shared words', 'An edit isn''t shared');
select is(read_share(tests.link()) ->> 'title', 'Shared words', 'Nor is a new title');
delete from chat_messages where content = 'Other words';
select is(read_share(tests.link()) #>> '{messages,0,content}', 'Shared words', 'A deleted message stays shared');
select is(update_share(id) ->> 'title', 'Another title', 'She shares the chat as it is now')
from chat_shares;
select is(
    read_share(tests.link()) #> '{messages}' @> '[{"content": "Second thoughts"}]', true, 'Then her changes are shared'
);
select is(clear_chat(tests.id('chat')) ->> 'session_id', tests.id('chat')::text, 'She clears the chat');
select is(read_share(tests.link()) #>> '{messages,0,content}', 'Second thoughts', 'What is in the trash stays shared');
select is(restore_trash(id) ->> 'id', tests.id('chat')::text, 'She brings it back') from trash;
select is(read_share(tests.link()) #>> '{messages,0,content}', 'Second thoughts', 'The share goes on');

-- Charlie, who has nothing

select tests.act_as('charlie');
select throws_ok(
    format('select update_share(%L)', gen_random_uuid()), 'PT404', 'not_found', 'Charlie updates no share'
);
select throws_ok($$ select read_share(repeat('guess', 8)) $$, 'PT404', 'not_found', 'Charlie guesses in vain');
select throws_ok(
    $$ select share_chat(tests.id('chat'), repeat('mine', 8)) $$, 'PT404', 'not_found', 'He shares no chat of alice''s'
);

-- Nobody, who has the link

select tests.act_as_nobody();
select is(read_share(tests.link()) ->> 'title', 'Another title', 'A link needs no account');
select throws_ok($$ select id from chat_shares $$, '42501', null, 'Nobody lists shares');
select throws_ok($$ select share_chat(tests.id('chat'), tests.link()) $$, '42501', null, 'Nobody makes one');

-- Alice

select tests.act_as('alice');
select is(clear_chat(tests.id('chat')) ->> 'session_id', tests.id('chat')::text, 'Alice clears the chat again');
insert into chat_messages (session_id, role, content) values (tests.id('chat'), 'user', 'Anew');
select is(share_chat(tests.id('chat'), repeat('anew', 8)) ->> 'title', 'Another title', 'She shares what she writes then');
select lives_ok($$ delete from trash $$, 'She empties the trash');
select throws_ok($$ select read_share(tests.link()) $$, 'PT404', 'not_found', 'Which ends the share of what was in it');
select is(read_share(repeat('anew', 8)) #>> '{messages,0,content}', 'Anew', 'But no other');
select is(tests.outcome($$ delete from chat_shares $$), '1', 'Alice takes it back');
delete from chat_shares;
select tests.act_as('bob');
insert into chat_sessions (id) values (tests.id('bobs chat'));
select throws_ok(
    format('select share_chat(tests.id(''bobs chat''), %L)', link), 'PT409', 'conflict', 'Bob makes none of her links his'
)
from unnest(array[tests.link(), repeat('anew', 8)]) as link;
select tests.act_as('alice');

-- The database's owner

select tests.act_as_owner();
delete from chat_shares;
select is_empty($$ select * from private.shared_messages $$, 'Nothing is kept of what was shared');
insert into chat_shares (user_id, session_id, title, token_hash) values (tests.id('alice'), tests.id('chat'), 'x', 'y');
insert into private.shared_messages (user_id, share_id, seq, message_id, role, kind, created_at, bytes)
select user_id, id, 1, tests.id('alice'), 'user', 'chat', now(), 0 from chat_shares;
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into chat_shares (user_id, session_id, title, token_hash)
        values (tests.id('alice'), gen_random_uuid(), 'x', 'x') $$, '23503', 'There is no share of nothing'),
    ($$ insert into chat_shares (user_id, session_id, title, token_hash)
        values (tests.id('bob'), tests.id('chat'), 'x', 'x') $$, '23503', 'Nor of somebody else''s chat'),
    ($$ insert into chat_shares (user_id, session_id, title, token_hash)
        select user_id, session_id, title, token_hash from chat_shares $$, '23505', 'A link opens one chat'),
    ($$ insert into chat_shares (user_id, id, session_id, title, token_hash)
        select user_id, id, session_id, title, 'x' from chat_shares $$, '23505', 'An id is used once'),
    ($$ insert into private.shared_messages select * from private.shared_messages $$, '23505', 'A message is shared once'),
    ($$ update private.shared_messages set share_id = gen_random_uuid() $$, '23503', 'By a share that is there')
) as change (statement, state, says);
select lives_ok($$ delete from chat_sessions where id = tests.id('chat') $$, 'A shared chat can go');
select is_empty($$ select * from chat_shares $$, 'It takes its shares along');

select * from finish();
rollback;
