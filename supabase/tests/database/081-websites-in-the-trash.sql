-- A website that is deleted comes back with its versions and chats as they were.
begin;
\ir people.psql
select no_plan();

create function tests.rows_of(owner text) returns table (of text, id uuid, data jsonb) language sql security definer
set search_path = public as $$
    select 'website', id, to_jsonb(one) from websites as one where user_id = tests.id(owner)
    union all select 'version', id, to_jsonb(one) from site_versions as one where user_id = tests.id(owner)
    union all select 'chat', id, to_jsonb(one) from chat_sessions as one where user_id = tests.id(owner)
    union all select 'message', id, to_jsonb(one) from chat_messages as one where user_id = tests.id(owner)
$$;
create function tests.stored_by(owner text) returns bigint language sql security definer return (
    select sum(bytes) from (
        select bytes from private.storage where user_id = tests.id(owner)
        union all select bytes from private.byte_changes where user_id = tests.id(owner)
    ) as counted
);

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
insert into chat_sessions (id, website_id) values (tests.id('chat'), tests.id('luna')), (tests.id('other'), tests.id('sol'));
insert into chat_messages (id, session_id, role, content) values (tests.id('asked'), tests.id('chat'), 'user', 'One');
insert into chat_messages (id, session_id, role, content) values (tests.id('said'), tests.id('chat'), 'assistant', 'Two');
insert into site_versions (id, website_id, files) select tests.id('version ' || number), tests.id('luna'), '{"index.html": "<p>"}'
from generate_series(1, 3) as number;
select branch_chat(tests.id('said'), tests.id('branch'));
select tests.act_as_owner();
update site_versions set session_id = tests.id('chat'), message_id = tests.id('said'), source = 'answer', created_at = '2020-01-01'
where id = tests.id('version 2');
update chat_messages set version_id = tests.id('version 2') where role = 'assistant';
-- Rows that were made earlier.
alter table chat_sessions disable trigger user;
update chat_sessions set created_at = '2020-01-01', updated_at = '2020-01-02' where id = tests.id('chat');
update chat_sessions set created_at = '2020-02-01', updated_at = '2020-01-03' where id = tests.id('branch');
alter table chat_sessions enable trigger user;
alter table chat_messages disable trigger user;
update chat_messages set updated_at = '2020-01-01';
alter table chat_messages enable trigger user;
update site_versions set created_at = '2020-01-01';
create temporary table before as select * from tests.rows_of('alice');
create temporary table counted as select tests.stored_by('alice') as bytes;
grant select on before, counted to authenticated;

select tests.act_as('alice');
create temporary table gone as select trash_website(tests.id('luna')) as item;
grant select on gone to authenticated;
select is((select item ->> 'website_id' from gone), tests.id('luna')::text, 'Alice puts a website in the trash');
select results_eq($$ select name from websites $$, $$ values ('Sol') $$, 'The others stay');
select results_eq($$ select id from chat_sessions $$, $$ values (tests.id('other')) $$, 'So do their chats');
select is_empty($$ select * from site_versions $$, 'Its versions go');
select results_eq(
    $$ select kind, website_id, session_id, title, message_count from trash where part_of is null $$,
    $$ values ('website', tests.id('luna'), null::uuid, 'Luna', 4) $$, 'The trash says what it was'
);
select set_eq(
    $$ select session_id from trash where part_of = (select item ->> 'id' from gone)::uuid $$,
    $$ values (tests.id('chat')), (tests.id('branch')) $$, 'Its chats are part of it'
);
select is(tests.stored_by('alice'), (select bytes from counted), 'It takes as much room as before');

-- Charlie

select tests.act_as('charlie');
select throws_ok($$ select trash_website(tests.id('sol')) $$, 'PT404', 'not_found', 'Charlie deletes no website of hers');
select throws_ok($$ select restore_trash((select item ->> 'id' from gone)::uuid) $$, 'PT404', 'not_found', 'Nor brings one back');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select trash_website(tests.id('sol')) $$, '42501', null, 'Nobody deletes a website');

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna again');
select throws_ok($$ select restore_trash((select item ->> 'id' from gone)::uuid) $$, '23505', null, 'An id is in use once');
delete from websites where id = tests.id('luna');
update websites set name = 'Luna' where id = tests.id('sol');
select tests.act_as_owner();
update private.quotas set allowed = 1 where name = 'websites';
select tests.act_as('alice');
select throws_ok(
    $$ select restore_trash((select item ->> 'id' from gone)::uuid) $$, 'PT429', 'quota_exceeded', 'There is no room for more than a quota'
);
select tests.act_as_owner();
update private.quotas set allowed = 200 where name = 'websites';
-- No quota stands in the way of what is stored already.
update private.quotas set allowed = 0 where name in ('stored_bytes', 'sessions', 'messages', 'versions');
select tests.act_as('alice');
select is(
    restore_trash((select item ->> 'id' from gone)::uuid) #>> '{website,name}', 'Luna', 'Alice brings it back, beside one of its name'
);
select set_eq(
    $$ select * from tests.rows_of('alice') where id <> tests.id('sol') $$, $$ select * from before where id <> tests.id('sol') $$,
    'Everything is as it was'
);
select is_empty($$ select * from trash $$, 'The trash is empty again');
select is(tests.stored_by('alice'), (select bytes from counted), 'It takes no more room');
select tests.act_as_owner();
update private.quotas set allowed = 1000 where name in ('stored_bytes', 'sessions', 'messages', 'versions');
select tests.act_as('alice');
insert into site_versions (website_id, files) values (tests.id('luna'), '{}');
select is((select latest_version_number from websites where id = tests.id('luna')), 4, 'Its next version has the next number');
select lives_ok($$ select trash_website(tests.id('luna')) $$, 'She deletes it again');
select is(tests.outcome($$ delete from trash where kind = 'website' $$), '1', 'She empties the trash');
delete from trash where kind = 'website';
select is_empty($$ select * from trash $$, 'Its chats go along');
select is(tests.owner_sees('select count(*) from private.trashed_rows'), '0', 'With all that was in it');

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(format(
    'insert into trash (user_id, kind, session_id, website_id, part_of, title, message_count) values (tests.id(''alice''), %s, ''x'', 0)', given
)), state, says) from (values
    ($$ 'website', null, tests.id('luna'), null $$, '1', 'A website is in the trash'),
    ($$ 'website', null, null, null $$, '23514', 'Some website'),
    ($$ 'website', tests.id('chat'), tests.id('luna'), null $$, '23514', 'Not a chat'),
    ($$ 'chat', tests.id('chat'), tests.id('luna'), null $$, '23514', 'A chat is no website'),
    ($$ 'chat', null, null, null $$, '23514', 'But some chat'),
    ($$ 'chat', tests.id('chat'), null, gen_random_uuid() $$, '23503', 'It is part of what is there')
) as item (given, state, says);

select * from finish();
rollback;
