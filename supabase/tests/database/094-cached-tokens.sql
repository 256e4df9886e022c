-- What a provider read from its cache is counted by whoever writes the answer.
begin;
\ir people.psql
select no_plan();

create function tests.used() returns text language sql security definer return (
    select string_agg(format('%s %s %s', answers, prompt_tokens, cached_tokens), ', ') from private.daily_usage where user_id = tests.id('alice')
);

select tests.act_as('alice');
select start_turn('Hi', tests.id('asked'), tests.id('said'), 'lease');
select tests.act_as_nobody();
select is(count_cached_tokens(tests.id('said'), 'another', 7), false, 'Nobody counts without the lease');
select is(count_cached_tokens(tests.id('other'), 'lease', 7), false, 'Nor for another answer');
select throws_ok($$ select count_cached_tokens(tests.id('said'), 'lease', -1) $$, '23514', null, 'Nor less than nothing');
select is(tests.used(), null, 'Nothing is counted');
select is(count_cached_tokens(tests.id('said'), 'lease', 7), true, 'Who writes the answer counts');
select finish_answer(tests.id('said'), 'lease', 'complete', 0, 'Hello', prompt_tokens => 11, completion_tokens => 2);
select is(count_cached_tokens(tests.id('said'), 'lease', 7), false, 'Once it has ended nobody does');
select is(tests.used(), '1 11 7', 'The day has it');
select tests.act_as('alice');
select is((select cached_tokens from chat_messages where id = tests.id('said')), 7, 'The answer has it');
select is(read_usage() #> '{days,0,cached_tokens}', '7', 'Its owner is told');
select branch_chat(tests.id('said'), tests.id('branch'));
select tests.act_as_owner();
select is(
    array(select cached_tokens from chat_messages where session_id = tests.id('branch') order by seq), array[null, 7], 'The answer of a branch has it'
);
select is(tests.used(), '1 11 7', 'Which has used nothing');
select tests.act_as('charlie');
select start_turn('Hi', tests.id('asked'), tests.id('said'), 'his');
select is(count_cached_tokens(tests.id('said'), 'his', 5), true, 'Charlie counts for his answer');
select is(tests.used(), '1 11 7', 'Not for hers of the same id');

select * from finish();
rollback;
