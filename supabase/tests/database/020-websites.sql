-- A website belongs to whoever made it.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
select lives_ok(
    $$ insert into websites (id, name) values (tests.id('luna'), 'Luna') $$, 'Alice makes a website'
);
select results_eq(
    $$ select user_id, name, latest_version_number, created_at, updated_at from websites $$,
    $$ values (tests.id('alice'), 'Luna', 0, now(), now()) $$,
    'It is hers, has no versions and is stamped by the database'
);
select lives_ok($$ insert into websites (name) values (repeat('日', 120)) $$, 'A name may have 120 characters');
select throws_ok($$ insert into websites (name) values (repeat('x', 121)) $$, '23514', null, 'Not 121');
select throws_ok($$ insert into websites (name) values (E' \n\t') $$, '23514', null, 'A name is not blank');
select throws_ok(
    $$ insert into websites (id, name) values (tests.id('luna'), 'Again') $$, '23505', null, 'She uses an id once'
);
select throws_ok(
    $$ insert into websites (user_id, name) values (tests.id('charlie'), 'A gift') $$, '42501', null,
    'She makes none for somebody else'
);
select throws_ok($$ update websites set created_at = now() $$, '42501', null, 'She does not rewrite history');
select is(tests.outcome($$ update websites set name = 'Sol' where id = tests.id('luna') $$), '1', 'She renames it');
select is(tests.outcome($$ delete from websites where id = tests.id('luna') $$), '1', 'She deletes it');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from websites $$, 'Charlie sees nothing');
select is(tests.outcome($$ update websites set name = 'Mine' $$), '0', 'Charlie renames nothing');
select is(tests.outcome($$ delete from websites $$), '0', 'Charlie deletes nothing');
select lives_ok(
    $$ insert into websites (id, name) values (tests.id('luna'), 'Mine') $$,
    'Charlie uses alice''s id as his own, and learns nothing'
);

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select * from websites $$, '42501', null, 'Nobody reads');
select throws_ok($$ insert into websites (name) values ('x') $$, '42501', null, 'Nobody writes');
select throws_ok($$ delete from websites $$, '42501', null, 'Nobody deletes');

-- The database's owner

select tests.act_as_owner();
select throws_ok(
    $$ update websites set user_id = tests.id('bob') where user_id = tests.id('alice') $$, 'PT403', 'immutable_column',
    'A website never changes hands, whoever asks'
);
select throws_ok($$ update websites set id = gen_random_uuid() $$, 'PT403', 'immutable_column', 'Nor its id');
select throws_ok(
    $$ update websites set created_at = '2020-01-01' $$, 'PT403', 'immutable_column', 'Nor its time of creation'
);
update websites set updated_at = '2020-01-01';
select is_empty($$ select * from websites where updated_at <> now() $$, 'Every change is stamped');
select throws_ok(
    $$ insert into websites (user_id, name) values (gen_random_uuid(), 'Stray') $$, '23503', null,
    'There is no website without an owner'
);
delete from auth.users where id = tests.id('charlie');
select is_empty($$ select * from websites where user_id = tests.id('charlie') $$, 'An account takes its websites along');

select * from finish();
rollback;
