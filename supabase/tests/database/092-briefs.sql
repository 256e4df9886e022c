-- What a website is about, in its owner's words.
begin;
\ir people.psql
select no_plan();

create function tests.bytes_of(owner text) returns bigint language sql security definer return (
    select sum(bytes) from (
        select bytes from private.storage where user_id = tests.id(owner)
        union all select bytes from private.byte_changes where user_id = tests.id(owner)
    ) as counted
);
create function tests.briefs() returns bigint language sql security definer return (select count(*) from private.briefs);

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select is(
    read_brief(tests.id('luna')),
    (select jsonb_build_object('text', '', 'updated_at', created_at) from websites where id = tests.id('luna')), 'Before the first save it is empty'
);
select is(save_brief(tests.id('luna'), '') ->> 'result', 'saved', 'Nothing may be saved');
select is(tests.briefs(), 0::bigint, 'And is not stored');
select is(
    save_brief(tests.id('luna'), E'Open\r\n日', (read_brief(tests.id('luna')) ->> 'updated_at')::timestamptz) #>> '{brief,text}', E'Open\n日',
    'Alice saves a brief, with the line ends of all files'
);
select is(read_brief(tests.id('luna')) ->> 'text', E'Open\n日', 'It is stored');
select is(tests.bytes_of('alice'), 8::numeric::bigint, 'Its bytes count');
create temporary table seen as select read_brief(tests.id('luna')) as brief;
select is(
    save_brief(tests.id('luna'), 'Closed', (select created_at from websites where id = tests.id('luna'))),
    (select jsonb_build_object('result', 'changed', 'brief', brief) from seen), 'Who read another text replaces nothing, and is told what there is'
);
select is(
    save_brief(tests.id('luna'), E'Open\n日', '2020-01-01'), (select jsonb_build_object('result', 'saved', 'brief', brief) from seen),
    'Unless it is the same'
);
select is(
    save_brief(tests.id('luna'), 'Hi', (select (brief ->> 'updated_at')::timestamptz from seen)) #>> '{brief,text}', 'Hi', 'Who read it replaces it'
);
select isnt(read_brief(tests.id('luna')) -> 'updated_at', (select brief -> 'updated_at' from seen), 'At another time');
select is(tests.bytes_of('alice'), 2::bigint, 'A shorter one counts less');
select is(save_brief(tests.id('luna'), repeat('日', 4000)) ->> 'result', 'saved', 'Whoever read nothing replaces anything; so long it may be');
select throws_ok($$ select save_brief(tests.id('luna'), repeat('x', 4001)) $$, '23514', null, 'And no longer');
select throws_ok($$ select save_brief(tests.id('luna'), null) $$, '23502', null, 'A brief is a text');
select is(tests.bytes_of('alice'), 12000::bigint, 'What is refused is not counted');
select throws_ok($$ select save_brief(tests.id('x'), 'x') $$, 'PT404', 'not_found', 'It is the brief of a website');
select throws_ok($$ select read_brief(tests.id('x')) $$, 'PT404', 'not_found', 'To be read, too');

select is(import_brief(tests.id('luna'), 'Old', '2020-01-01'), false, 'What comes back replaces nothing');
select is(import_brief(tests.id('sol'), 'Old', '2020-01-01'), true, 'And is added where there is none');
select is(
    read_brief(tests.id('sol')), jsonb_build_object('text', 'Old', 'updated_at', timestamptz '2020-01-01'), 'As it was'
);
select is(tests.bytes_of('alice'), 12003::bigint, 'It counts');
select throws_ok($$ select import_brief(tests.id('x'), 'Old', '2020-01-01') $$, 'PT404', 'not_found', 'It has its website');
select throws_ok($$ select import_brief(tests.id('sol'), 'Old', null) $$, '23502', null, 'And its time');

-- The trash

select trash_website(tests.id('luna'));
select throws_ok($$ select read_brief(tests.id('luna')) $$, 'PT404', 'not_found', 'The brief of a website in the trash is not read');
select is(tests.bytes_of('alice'), 12003::bigint, 'But counts');
select restore_trash(id) from trash;
select is(read_brief(tests.id('luna')) ->> 'text', repeat('日', 4000), 'It comes back with the website');
select trash_website(tests.id('luna'));
delete from trash;
select is(tests.briefs(), 1::bigint, 'It goes with the trash, the other one stays');
select is(tests.bytes_of('alice'), 3::bigint, 'And counts no more');
delete from websites where id = tests.id('sol');
select is(tests.briefs(), 0::bigint, 'It goes with the website, where that is not put in the trash');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
select is(read_brief(tests.id('luna')) ->> 'text', '', 'Another website under the id has none');
select save_brief(tests.id('luna'), 'Hers');
select tests.act_as_owner();
update private.quotas set allowed = 5 where name = 'stored_bytes';
select tests.act_as('alice');
select throws_ok($$ select save_brief(tests.id('luna'), 'Longer') $$, 'PT429', 'quota_exceeded', 'There is no room for more');
select is(save_brief(tests.id('luna'), 'H') ->> 'result', 'saved', 'There is for less');
insert into websites (id, name) values (tests.id('sol'), 'Sol');
select throws_ok($$ select import_brief(tests.id('sol'), 'Older', '2020-01-01') $$, 'PT429', 'quota_exceeded', 'Nor for what comes back');

-- Charlie

select tests.act_as('charlie');
select throws_ok($$ select read_brief(tests.id('luna')) $$, 'PT404', 'not_found', 'Charlie reads nothing');
select throws_ok($$ select save_brief(tests.id('luna'), 'x') $$, 'PT404', 'not_found', 'Charlie saves nothing');
select throws_ok($$ select import_brief(tests.id('luna'), 'x', '2020-01-01') $$, 'PT404', 'not_found', 'Charlie brings nothing');
insert into websites (id, name) values (tests.id('luna'), 'His');
select is(save_brief(tests.id('luna'), 'His') #>> '{brief,text}', 'His', 'A website of his has a brief of his, whatever its id');
select tests.act_as('alice');
select is(read_brief(tests.id('luna')) ->> 'text', 'H', 'Hers is as it was');
delete from websites;
select tests.act_as('charlie');
select is(read_brief(tests.id('luna')) ->> 'text', 'His', 'His does not go with hers');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select read_brief(tests.id('luna')) $$, '42501', null, 'Nobody reads');
select throws_ok($$ select save_brief(tests.id('luna'), 'x') $$, '42501', null, 'Nobody saves');
select throws_ok($$ select import_brief(tests.id('luna'), 'x', '2020-01-01') $$, '42501', null, 'Nobody brings back');

-- The database's owner

select tests.act_as_owner();
select throws_ok(
    $$ insert into private.briefs (user_id, website_id, text, updated_at) values (gen_random_uuid(), tests.id('luna'), 'x', now()) $$, '23503', null,
    'A brief has its account'
);
delete from auth.users where id = tests.id('charlie');
select is(tests.briefs(), 0::bigint, 'An account takes its briefs along');

select * from finish();
rollback;
