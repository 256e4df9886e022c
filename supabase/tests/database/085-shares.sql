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

-- A page in a chat, with its files

create function tests.page_link() returns text language sql return repeat('page', 8);
create function tests.picture(name text) returns bytea language sql immutable return '\x89504e470d0a1a0a' || convert_to(name, 'UTF8');
create function tests.hash(name text) returns text language sql immutable return encode(sha256(tests.picture(name)), 'hex');
create function tests.shown(seq integer, path text default 'index.html') returns jsonb language sql
return jsonb_path_query_array(read_shared_chat_files(tests.page_link(), seq, path), '$[*].sha256');
create function tests.hashes(variadic names text[]) returns jsonb language sql
return (select coalesce(jsonb_agg(tests.hash(name)), '[]') from unnest(names) as name);
select put_file(tests.picture(name)) from unnest(array['first', 'second', 'beside', 'private']) as name;
insert into websites (id, name) values (tests.id('luna'), 'Luna');
insert into chat_sessions (id, website_id) values (tests.id('page'), tests.id('luna'));
insert into site_versions (id, website_id, files, manifest) values (
    tests.id('one'), tests.id('luna'), '{"index.html": "<p>One"}',
    jsonb_build_object('a.png', tests.hash('first'), 'b.png', tests.hash('private'))
);
insert into chat_messages (session_id, role, content) values
    (tests.id('page'), 'user', E'```html\n<img src=a.png>\n```'),
    (tests.id('page'), 'assistant', E'Not b.png:\n```html\n<img src=a.png>\n```\nNor here: b.png'),
    (tests.id('page'), 'assistant', E'```html in/about.html\n<img src=../a.png><img src=c.png>\n```'),
    (tests.id('page'), 'assistant', 'a.png');
select tests.act_as_owner();
update chat_messages set version_id = tests.id('one') where session_id = tests.id('page') and seq in (2, 4);
select tests.act_as('alice');
insert into site_versions (website_id, files, manifest)
values (tests.id('luna'), '{"index.html": "<p>Two"}', jsonb_build_object('a.png', tests.hash('second'), 'in/c.png', tests.hash('beside')));
select lives_ok($$ select share_chat(tests.id('page'), tests.page_link()) $$, 'Alice shares a chat with pages');
insert into site_versions (website_id, files, manifest)
values (tests.id('luna'), '{"index.html": "<p>Three"}', jsonb_build_object('a.png', tests.hash('private')));
insert into chat_messages (session_id, role, content) values (tests.id('page'), 'assistant', E'```html\n<img src=b.png>\n```');
select tests.act_as_nobody();
select is(tests.shown(2), tests.hashes('first'), 'A page shows what it names of the version that its message made');
select is(tests.shown(3, 'in/about.html'), tests.hashes('second', 'beside'), 'Or of the newest one from when the chat was shared');
select is(tests.shown(3, 'in/other.html'), '[]', 'Of a page that it hasn''t, it shows nothing');
select is(
    read_shared_chat_file(tests.page_link(), 3, tests.hash('beside'), 'in/about.html')::bytea, tests.picture('beside'), 'A page in a folder gets what is beside it'
);
select is(tests.shown(seq), '[]', says) from (values (1, 'A question shows nothing'), (4, 'Nor does a text')) as named (seq, says);
select is(read_shared_chat_file(tests.page_link(), 2, tests.hash('first'))::bytea, tests.picture('first'), 'Whoever has the link gets it');
select throws_ok(format('select read_shared_chat_file(%L, %s, %L)', token, seq, tests.hash(name)), 'PT404', 'not_found', says) from (values
    (tests.page_link(), 2, 'private', 'But not what no page names'), (tests.page_link(), 2, 'second', 'Nor what another page shows'),
    (tests.page_link(), 3, 'beside', 'Nor what is beside one in a folder'),
    (tests.page_link(), 4, 'first', 'Nor what a text names'), (tests.page_link(), 5, 'first', 'Nor by a later message'),
    (repeat('guess', 8), 2, 'first', 'Nor by guessing'), (repeat('x', 201), 2, 'first', 'However long')
) as asked (token, seq, name, says);
select throws_ok($$ select read_shared_chat_files(tests.page_link(), 5) $$, 'PT404', 'not_found', 'A later message isn''t there');
select tests.act_as('alice');
update chat_messages set content = E'```html\n<img src=b.png>\n```' where seq = 2 and session_id = tests.id('page');
select is(tests.shown(2), tests.hashes('first'), 'An edit isn''t followed');
select is(update_share(id) ->> 'session_id', tests.id('page')::text, 'She shares the chat as it is now') from chat_shares;
select is(tests.shown(seq), tests.hashes('private'), 'Then what it is now is shown') from unnest(array[2, 3]) as seq;
select is(tests.outcome($$ delete from chat_shares $$), '1', 'She takes the link back');
delete from chat_shares;
select throws_ok($$ select read_shared_chat_file(tests.page_link(), 3, tests.hash('private')) $$, 'PT404', 'not_found', 'Which shows nothing then');

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
