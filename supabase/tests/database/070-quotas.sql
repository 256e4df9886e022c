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
    tests.owner_sees($$ select string_agg(name || used, ' ') from private.usage_counters $$), 'sessions1', 'What was refused is not counted'
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

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ update private.quotas set allowed = 0 $$, '4', 'A quota may be nothing'),
    ($$ update private.quotas set allowed = -1 $$, '23514', 'Not less'),
    ($$ insert into private.quotas values ('turns', 1) $$, '23505', 'A quota has one limit'),
    ($$ update private.usage_counters set name = 'wishes' where name = 'turns' $$, '23503', 'A counter counts a quota that is there'),
    ($$ update private.usage_counters set user_id = gen_random_uuid() where user_id = tests.id('alice') and name = 'turns' $$,
        '23503', 'And somebody who is there')
) as change (statement, state, says);
select lives_ok($$ update private.quotas set name = 'questions' where name = 'turns' $$, 'A quota can be renamed');
select lives_ok($$ delete from private.quotas where name = 'sessions' $$, 'And given up');
select set_eq($$ select name from private.usage_counters $$, array['questions'], 'Its counters follow');
select lives_ok($$ delete from auth.users $$, 'Accounts can go');
select is_empty($$ select * from private.usage_counters $$, 'Their counters go along');

select * from finish();
rollback;
