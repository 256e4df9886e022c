-- A prompt belongs to whoever saved it.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
select lives_ok(
    $$ insert into prompts (id, name, text) values (tests.id('prompt'), 'Bakery', 'A page for a bakery') $$, 'Alice saves a prompt'
);
select results_eq(
    $$ select user_id, name, text, created_at, updated_at from prompts $$,
    $$ values (tests.id('alice'), 'Bakery', 'A page for a bakery', now(), now()) $$, 'It is hers, and stamped by the database'
);
select lives_ok($$ insert into prompts (name, text) values (repeat('日', 80), repeat('日', 10000)) $$, 'So long it may be');
select throws_ok($$ insert into prompts (name, text) values (repeat('x', 81), 'x') $$, '23514', null, 'Its name no longer');
select throws_ok($$ insert into prompts (name, text) values ('x', repeat('x', 10001)) $$, '23514', null, 'Nor its text');
select throws_ok($$ insert into prompts (name, text) values (E' \n', 'x') $$, '23514', null, 'Its name is not blank');
select throws_ok($$ insert into prompts (name, text) values ('x', E' \n') $$, '23514', null, 'Nor is its text');
select throws_ok(
    $$ insert into prompts (id, name, text) values (tests.id('prompt'), 'x', 'x') $$, '23505', null, 'She uses an id once'
);
select throws_ok(
    $$ insert into prompts (user_id, name, text) values (tests.id('charlie'), 'x', 'x') $$, '42501', null,
    'She saves none for somebody else'
);
select throws_ok($$ update prompts set created_at = now() $$, '42501', null, 'She does not rewrite history');
select is(tests.outcome($$ update prompts set name = 'x', text = 'y' where id = tests.id('prompt') $$), '1', 'She changes it');
select is(tests.outcome($$ delete from prompts where id = tests.id('prompt') $$), '1', 'She can delete it');
create temporary table kept as select jsonb_build_array(
    jsonb_build_object('id', tests.id('kept'), 'name', 'Kept', 'text', 'x', 'created_at', '2020-01-01', 'updated_at', '2020-01-02'),
    jsonb_build_object('id', tests.id('bare'), 'name', 'Bare', 'text', 'x'),
    jsonb_build_object('id', tests.id('older'), 'name', 'Older', 'text', 'x', 'created_at', '2020-01-01')
) as prompts;
select is(import_prompts((select prompts from kept)), 3, 'She brings prompts back');
select is(import_prompts((select prompts from kept)), 0, 'Once');
select results_eq(
    $$ select user_id, name, text, created_at, updated_at from prompts where id in (tests.id('kept'), tests.id('bare'), tests.id('older')) order by name $$,
    $$ values (tests.id('alice'), 'Bare', 'x', now(), now()),
        (tests.id('alice'), 'Kept', 'x', timestamptz '2020-01-01', timestamptz '2020-01-02'),
        (tests.id('alice'), 'Older', 'x', timestamptz '2020-01-01', timestamptz '2020-01-01') $$,
    'As they were'
);
select throws_ok(
    $$ select import_prompts(jsonb_build_array(jsonb_build_object('id', tests.id('x'), 'name', ' ', 'text', 'x'))) $$, '23514', null,
    'Nothing that she could not have saved'
);
select throws_ok(
    $$ select import_prompts('[{"name": 1e131071}]') $$, 'PT422', 'invalid_field', 'Nor what is endless as a text'
);
select lives_ok($$ insert into prompts (name, text) select n, n from generate_series(1, 94) as n $$, 'She has 99');
select throws_ok($$ select import_prompts((
    select jsonb_agg(jsonb_build_object('id', tests.id(n::text), 'name', n, 'text', n)) from generate_series(1, 2) as n
)) $$, 'PT409', 'too_many_prompts', 'What comes back counts');
select lives_ok($$ insert into prompts (name, text) values ('x', 'x') $$, 'She has 100');
select throws_ok($$ insert into prompts (name, text) values ('x', 'x') $$, 'PT409', 'too_many_prompts', 'Not 101');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from prompts $$, 'Charlie sees nothing');
select is(tests.outcome($$ update prompts set name = 'Mine' $$), '0', 'Charlie changes nothing');
select is(tests.outcome($$ delete from prompts $$), '0', 'Charlie deletes nothing');
select lives_ok(
    $$ insert into prompts (id, name, text) values (tests.id('prompt'), 'Mine', 'x') $$,
    'Charlie uses alice''s id as his own, and learns nothing'
);
select is(
    import_prompts(jsonb_build_array(jsonb_build_object('id', tests.id('kept'), 'user_id', tests.id('alice'), 'name', 'Mine', 'text', 'x'))), 1,
    'What he brings back is his own'
);
select is((select count(*) from prompts), 2::bigint, 'And only that');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select * from prompts $$, '42501', null, 'Nobody reads');
select throws_ok($$ insert into prompts (name, text) values ('x', 'x') $$, '42501', null, 'Nobody writes');
select throws_ok($$ delete from prompts $$, '42501', null, 'Nobody deletes');
select throws_ok($$ select import_prompts('[]') $$, '42501', null, 'Nobody brings any back');

-- The database's owner

select tests.act_as_owner();
select throws_ok(
    $$ update prompts set user_id = tests.id('bob') where user_id = tests.id('charlie') $$, 'PT403', 'immutable_column',
    'A prompt never changes hands, whoever asks'
);
update prompts set updated_at = '2020-01-01';
select is_empty($$ select * from prompts where updated_at <> now() $$, 'Every change is stamped');
select throws_ok(
    $$ insert into prompts (user_id, name, text) values (gen_random_uuid(), 'x', 'x') $$, '23503', null,
    'There is no prompt without an owner'
);
delete from auth.users where id = tests.id('charlie');
select is_empty($$ select * from prompts where user_id = tests.id('charlie') $$, 'An account takes its prompts along');

select * from finish();
rollback;
