-- A version is never changed; going back makes a new one.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select lives_ok(
    $$ insert into site_versions (id, website_id, files) values (tests.id('first'), tests.id('luna'), '{"index.html": "<p>One"}') $$,
    'Alice saves a version by hand'
);
insert into site_versions (id, website_id, files) values (tests.id('second'), tests.id('luna'), '{"index.html": "<p>Two"}');
select results_eq(
    $$ select user_id, number, source, created_at from site_versions order by number $$,
    $$ values (tests.id('alice'), 1, 'edit', now()), (tests.id('alice'), 2, 'edit', now()) $$,
    'Versions are hers, numbered without gaps and stamped'
);
select is((select latest_version_number from websites where id = tests.id('luna')), 2, 'The website counts them');
select is(restore_version(tests.id('first')) ->> 'number', '3', 'Going back is a version of its own');
select results_eq(
    $$ select source, summary, manifest, restored_from, files from site_versions where number = 3 $$,
    $$ select 'restore', 'Restored version 1', manifest, id, null::jsonb from site_versions where number = 1 $$,
    'With the old files'
);
select results_eq(
    $$ select number, base_version_id from site_versions order by number $$,
    $$ values (1, null), (2, tests.id('first')), (3, tests.id('second')) $$,
    'What is made by hand is made from the version that it replaces'
);

create function tests.saves(columns text, content text) returns text language sql return tests.outcome(format(
    'insert into site_versions (website_id, %s) values (tests.id(''sol''), %s)', columns, content
));
select is(tests.saves('files, id', $$'{}', tests.id('first')$$), '23505', 'She uses an id once');
select is(tests.saves('files, source', $$'{}', 'answer'$$), '42501', 'She passes none off as an answer''s');
select is(tests.saves('files, base_version_id', $$'{}', tests.id('first')$$), '42501', 'Nor does she say what it was made from');
select is(tests.saves('files', $$'["index.html"]'$$), 'PT422', 'Files are an object');
select is(tests.saves('files, summary', $$'{}', repeat('日', 200)$$), '1', 'A summary has 200 characters');
select is(tests.saves('files, summary', $$'{}', repeat('x', 201)$$), '23514', 'Not 201');
select throws_ok(
    $$ insert into site_versions (website_id, files) values (gen_random_uuid(), '{}') $$, 'PT404', 'not_found',
    'A version is of a website that is there'
);
insert into websites (id, name) values (tests.id('large'), 'Large'), (tests.id('larger'), 'Larger'), (tests.id('edited'), 'Edited');
insert into site_versions (id, website_id, files)
select tests.id(website || number), tests.id(website), '{"a": ""}' from unnest(array['large', 'larger', 'edited']) as website, generate_series(1, 2) as number;
select tests.act_as_owner();
-- Bytes of manifests, as no manifest has so many.
update site_versions set size = 2000000 where website_id in (tests.id('large'), tests.id('larger'), tests.id('edited'));
update site_versions set size = 2000001 where id in (tests.id('larger2'), tests.id('edited2'));
select tests.act_as('alice');
create function tests.reads(website text, columns text) returns text language plpgsql as $$
begin
    -- As in a request of its own.
    perform set_config('sitethread.text_read', '', true);
    return tests.outcome(format('select %s from site_versions where website_id = %L', columns, tests.id(website)));
end
$$;
select is(tests.reads('large', 'manifest'), '2', 'She reads 4 MB of manifests');
select is(tests.reads('larger', 'manifest'), 'PT413', 'Not a byte more');
select is(tests.reads('larger', 'id'), 'PT413', 'Whichever columns she asks for');
select is(json_array_length(read_versions(tests.id('larger'))), 2, 'A list of versions reads no manifests');
set local sitethread.text_read = '';
select is(restore_version(tests.id('larger2')) ->> 'number', '3', 'Going back reads none to her');
set local sitethread.text_read = '4000000';
select lives_ok(
    $$ insert into site_versions (website_id, files) values (tests.id('large'), '{}') $$, 'Nor does saving, which looks for the base'
);
set local sitethread.text_read = '';
select is(
    save_edits(tests.id('edited'), tests.id('edited2'), '{"b": "x"}', 'Edited') ->> 'number', '3', 'Editing by hand reads none to her'
);
select results_eq(
    $$ select source, summary, read_version(id) -> 'files', base_version_id from site_versions where number = 3 and website_id = tests.id('edited') $$,
    $$ values ('edit', 'Edited', '{"a": "", "b": "x"}'::jsonb, tests.id('edited2')) $$, 'What isn''t edited stays'
);
create function tests.edits(website text, base text) returns text language sql return tests.outcome(format(
    'select save_edits(%L, %L, ''{"index.html": "<p>Edited"}'', null)', tests.id(website), tests.id(base)
));
select is(tests.edits('edited', 'edited2'), 'PT409', 'The newest version alone is edited');
select is(tests.edits('edited', 'large2'), 'PT404', 'Not another website''s');
select is(tests.edits('edited', 'nothing'), 'PT404', 'Nor one that isn''t there');
select is(
    tests.outcome($$ select save_edits(tests.id('edited'), (select id from site_versions where number = 3 and website_id = tests.id('edited')), null, null) $$),
    'PT422', 'Without files nothing is edited'
);
delete from websites where id in (tests.id('large'), tests.id('larger'), tests.id('edited'));
set local sitethread.text_read = '';
select throws_ok($$ update site_versions set files = '{}' $$, '42501', null, 'She changes none');
select throws_ok($$ delete from site_versions $$, '42501', null, 'She deletes none');

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select * from site_versions $$, 'Charlie sees nothing');
select throws_ok(
    $$ insert into site_versions (website_id, files) values (tests.id('luna'), '{}') $$, 'PT404', 'not_found',
    'He saves nothing to alice''s website'
);
select throws_ok($$ select restore_version(tests.id('first')) $$, 'PT404', 'not_found', 'He brings nothing of hers back');
select is(tests.edits('luna', 'second'), 'PT404', 'He edits nothing of hers');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select * from site_versions $$, '42501', null, 'Nobody reads');
select throws_ok($$ select restore_version(tests.id('first')) $$, '42501', null, 'Nobody brings anything back');

-- The database's owner

select tests.act_as_owner();
insert into chat_sessions (user_id, id, website_id) values
    (tests.id('alice'), tests.id('chat'), null), (tests.id('alice'), tests.id('other chat'), null);
insert into chat_messages (user_id, id, session_id, role, content)
values (tests.id('alice'), tests.id('answer'), tests.id('other chat'), 'assistant', 'x');
create function tests.version_is(change text) returns text language sql return tests.outcome(format(
    'update site_versions set %s where id = tests.id(''first'')', change
));
select is(tests.version_is($$ source = 'backup' $$), '23514', 'There are three ways to make a version');
select is(tests.version_is(format('source = %L', source)), '1', format('One is %s', source))
from unnest(array['answer', 'edit', 'restore']) as source;
select is(tests.version_is('number = 2'), '23505', 'A number is given once');
select is(tests.version_is('website_id = gen_random_uuid()'), '23503', 'There is no version without a website');
select is(tests.version_is('session_id = gen_random_uuid()'), '23503', 'A version is from a chat that is there');
select is(tests.version_is('message_id = gen_random_uuid()'), '23503', 'And from an answer that is there');
select is(tests.version_is('base_version_id = null'), '1', 'A version may be made from none');
update site_versions set session_id = tests.id('chat') where id = tests.id('first');
update site_versions set message_id = tests.id('answer') where id = tests.id('second');
select lives_ok($$ delete from chat_sessions where id in (tests.id('chat'), tests.id('other chat')) $$, 'Chats that made versions can go');
select is_empty(
    $$ select * from site_versions where session_id is not null or message_id is not null $$, 'The versions stay'
);
select lives_ok($$ delete from websites where id = tests.id('luna') $$, 'A website with versions can go');
select is_empty($$ select * from site_versions $$, 'It takes its versions along');

select * from finish();
rollback;
