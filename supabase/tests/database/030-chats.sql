-- A chat belongs to whoever started it, and keeps its own books.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
select lives_ok(
    $$ insert into chat_sessions (id, website_id) values (tests.id('chat'), tests.id('luna')) $$, 'Alice starts a chat'
);
select results_eq(
    $$ select user_id, helper, title, title_source, message_count, last_message_preview, created_at, updated_at from chat_sessions $$,
    $$ values (tests.id('alice'), 'builder', 'New chat', 'auto', 0, null, now(), now()) $$,
    'It is hers, with the builder, and has no name yet'
);
select throws_ok(
    $$ insert into chat_sessions (id) values (tests.id('chat')) $$, '23505', null, 'She uses an id once'
);
select throws_ok(
    $$ insert into chat_sessions (website_id) values (gen_random_uuid()) $$, '23503', null, 'A chat is about a website that is there'
);
select throws_ok($$ insert into chat_sessions (helper) values ('hacker') $$, '23503', null, 'There are five helpers');
select lives_ok(
    format('insert into chat_sessions (helper) values (%L)', helper), format('%s is one of them', helper)
) from unnest(array['builder', 'copywriter', 'designer', 'seo', 'reviewer']) as helper;

select lives_ok($$ insert into chat_sessions (title) values (repeat('日', 200)) $$, 'A title may have 200 characters');
select throws_ok($$ insert into chat_sessions (title) values (repeat('x', 201)) $$, '23514', null, 'Not 201');
select throws_ok($$ insert into chat_sessions (title) values (' ') $$, '23514', null, 'A title is not blank');
select lives_ok(
    $$ insert into chat_sessions (tags) values (array_fill(repeat('x', 40), array[10])) $$, 'Ten tags of 40 characters'
);
select throws_ok($$ insert into chat_sessions (tags) values (array_fill('x'::text, array[11])) $$, '23514', null, 'Not 11');
select throws_ok($$ insert into chat_sessions (tags) values (array[repeat('x', 41)]) $$, '23514', null, 'Not of 41');
select throws_ok($$ insert into chat_sessions (tags) values (array['']) $$, '23514', null, 'No tag is empty');
select throws_ok($$ insert into chat_sessions (title) values (E'\u200b\u2060') $$, '23514', null, 'Nor of what is not seen');
select throws_ok($$ insert into chat_sessions (tags) values (array['a', E'\u200b']) $$, '23514', null, 'Every tag is seen');
select throws_ok($$ insert into chat_sessions (tags) values (array[null]) $$, '23514', null, 'No tag is missing');
select throws_ok($$ insert into chat_sessions (tags) values (array[E'a\nb']) $$, '23514', null, 'A tag is one line');

update chat_sessions set title = 'Morning' where id = tests.id('chat');
select is(
    (select title_source from chat_sessions where id = tests.id('chat')), 'user', 'A chat that she renames keeps that name'
);
update chat_sessions set title = 'New Chat' where id = tests.id('chat');
select is(
    (select title_source from chat_sessions where id = tests.id('chat')), 'auto', 'Until she gives the name up again'
);
insert into chat_sessions (id, title) values (tests.id('named'), 'Named');
select is(
    (select title_source from chat_sessions where id = tests.id('named')), 'user', 'So does one that begins with a name'
);
select is(tests.outcome($$ delete from chat_sessions where id = tests.id('chat') $$), '1', 'She deletes a chat');
select throws_ok($$ select sealed from private.provider_threads $$, '42501', null, 'The model''s own id of a chat is not for clients');
select throws_ok($$ update chat_sessions set last_message_preview = 'x' $$, '42501', null, 'Nor are the books hers to write');

-- Time passes

select tests.act_as_owner();
update chat_sessions set updated_at = '2020-01-01' where id = tests.id('chat');
select tests.act_as('alice');
update chat_sessions set last_read_seq = 0 where id = tests.id('chat');
select is(
    (select updated_at from chat_sessions where id = tests.id('chat')), '2020-01-01', 'Reading does not bring a chat to the top'
);
update chat_sessions set pinned_at = now() where id = tests.id('chat');
select is((select updated_at from chat_sessions where id = tests.id('chat')), now(), 'Changing it does');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select id from chat_sessions $$, 'Charlie sees nothing');
select is(tests.outcome($$ update chat_sessions set title = 'Mine' $$), '0', 'Charlie renames nothing');
select is(tests.outcome($$ delete from chat_sessions $$), '0', 'Charlie deletes nothing');
select throws_ok(
    $$ insert into chat_sessions (website_id) values (tests.id('luna')) $$, '23503', null,
    'Alice''s website is to him one that does not exist'
);
select lives_ok($$ insert into chat_sessions (id) values (tests.id('chat')) $$, 'Her ids are free to him');
select throws_ok(
    $$ update chat_sessions set website_id = tests.id('luna') $$, '23503', null, 'Nor can a chat of his move there'
);

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select id from chat_sessions $$, '42501', null, 'Nobody reads');
select throws_ok($$ insert into chat_sessions default values $$, '42501', null, 'Nobody writes');

-- The database's owner

select tests.act_as_owner();
select throws_ok(
    $$ update chat_sessions set user_id = tests.id('bob') $$, 'PT403', 'immutable_column', 'A chat never changes hands'
);
select throws_ok(
    $$ update chat_sessions set title_source = 'model' $$, '23514', null, 'A title is given by a person or by itself'
);
create function tests.threads(chat text, characters integer) returns text language sql return tests.outcome(format(
    'insert into private.provider_threads values (tests.id(''alice''), %L, repeat(''x'', %s))', tests.id(chat), characters
));
select is(tests.threads('named', 1000), '1', 'A model''s id has 1,000 characters');
select is(tests.threads('named', 1001), '23514', 'At most');
select is(tests.threads('no chat', 1), '23503', 'It is of a chat that is there');
insert into private.provider_threads values (tests.id('alice'), tests.id('chat'), 'x'), (tests.id('alice'), tests.id('named'), 'x');
select is(tests.threads('named', 1), '23505', 'Which has one');
select throws_ok(
    $$ insert into chat_sessions (user_id, last_seq) values (gen_random_uuid(), 1) $$, '23503', null, 'There is no chat without an owner'
);
select throws_ok(
    $$ insert into chat_sessions (user_id) values (gen_random_uuid()) $$, 'PT401', 'auth_required', 'And nobody starts one without an account'
);
select throws_ok(
    $$ update chat_sessions set branched_from_session_id = gen_random_uuid() where id = tests.id('named') $$, '23503', null,
    'A branch is of a chat that is there'
);
update chat_sessions set branched_from_session_id = tests.id('chat') where id = tests.id('named');
select lives_ok(
    $$ delete from chat_sessions where id = tests.id('chat') and user_id = tests.id('alice') $$, 'A chat with branches can go'
);
select is_empty(
    $$ select 1 from private.provider_threads where session_id = tests.id('chat') $$, 'Its thread goes along'
);
select is(
    (select branched_from_session_id from chat_sessions where id = tests.id('named')), null, 'Its branches stay'
);
insert into chat_sessions (user_id, website_id) values (tests.id('alice'), tests.id('luna'));
select lives_ok($$ delete from websites where id = tests.id('luna') $$, 'A website with chats can go');
select is_empty($$ select * from chat_sessions where website_id = tests.id('luna') $$, 'It takes its chats along');
delete from auth.users where id = tests.id('alice');
select is_empty($$ select * from chat_sessions where user_id = tests.id('alice') $$, 'So does an account');

select * from finish();
rollback;
