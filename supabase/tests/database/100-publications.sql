-- A publication shows one version of a website to everybody, under a slug that is its owner's.
begin;
\ir people.psql
select no_plan();

create function tests.page(number integer) returns text language sql immutable return '<title>Luna</title><p>Version ' || number;
create function tests.hash(content text) returns text language sql immutable
return encode(sha256(convert_to(content, 'UTF8')), 'hex');
create function tests.publish(website text, slug text, version text default null) returns jsonb language sql
return publish_website(tests.id(website), slug, tests.id(version)) - array['published_at', 'updated_at'];
create function tests.published(slug text) returns text language sql
return read_publication(slug) -> 'files' -> 'index.html' ->> 'sha256';

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol'), (tests.id('empty'), 'Empty');
insert into site_versions (id, website_id, files) values (tests.id('one'), tests.id('luna'), jsonb_build_object('index.html', tests.page(1)));
insert into site_versions (id, website_id, files) values
    (tests.id('two'), tests.id('luna'), jsonb_build_object('index.html', tests.page(2), 'draft.html', '<p>Draft'));
insert into site_versions (id, website_id, files) values
    (tests.id('three'), tests.id('luna'), jsonb_build_object('index.html', tests.page(3), 'draft.html', null));
insert into site_versions (id, website_id, files) values (tests.id('sun'), tests.id('sol'), '{"index.html": "<p>Sun"}');

select throws_ok(format('select tests.publish(%L, %L, %L)', website, slug, version), state, code, says) from (values
    ('empty', 'luna', null, 'PT409', 'nothing_to_publish', 'Nothing is published of a website without a version'),
    ('luna', 'luna', 'sun', 'PT404', 'not_found', 'Nor the version of another one'),
    ('luna', 'luna', 'nothing', 'PT404', 'not_found', 'Nor one that isn''t there'),
    ('nothing', 'luna', null, 'PT404', 'not_found', 'Nor a website that isn''t there'),
    ('luna', null, null, 'PT422', 'slug_required', 'The first time there must be a slug')
) as asked (website, slug, version, state, code, says);
select is(check_slug(tests.id('luna'), slug), problem, says) from (values
    ('luna', null, 'One that nobody has is free'), ('LUNA', 'invalid_slug', 'What is no slug'), (null, 'invalid_slug', 'Or nothing'), ('www', 'slug_reserved', 'And what is kept')
) as asked (slug, problem, says);
select throws_ok($$ select check_slug(tests.id('nothing'), 'luna') $$, 'PT404', 'not_found', 'For a website');
select throws_ok(format('select tests.publish(''luna'', %L)', slug), 'PT422', 'invalid_slug', 'No slug is ' || slug) from unnest(array[
    'ab', repeat('a', 64), 'Luna', '-luna', 'luna-', 'lu na', 'lu_na', 'lu.na', 'xn--luna-0na', 'lünä', 'lun' || chr(1072), E'luna\n', ''
]) as slug;
select throws_ok(format('select tests.publish(''luna'', %L)', slug), 'PT422', 'slug_reserved', 'Nobody may be ' || slug)
from unnest(array['www', 'api', 'admin', 'app', 'mail', 'static', 'login', 'support', 'www2', 'abuse']) as slug;
select is(
    tests.publish('luna', 'luna', 'two'), jsonb_build_object(
        'website_id', tests.id('luna'), 'slug', 'luna', 'version_id', tests.id('two'), 'version_number', 2, 'is_new', true
    ), 'Alice publishes a version'
);
select lives_ok(format('select tests.publish(''sol'', %L)', slug), 'A slug may be ' || slug)
from unnest(array['abc', repeat('a', 63), 'a--1', '007']) as slug;
select is(tests.publish('luna', null) ->> 'version_number', '3', 'The newest, if she names none');
select is(tests.publish('luna', null, 'one') -> 'is_new', 'false', 'An older one');
select is(tests.publish('luna', 'moon', 'one') ->> 'slug', 'moon', 'Under another slug');
select is(tests.publish('luna', 'moon', 'one') ->> 'slug', 'moon', 'And the same again');
select is(tests.published('moon'), tests.hash(tests.page(1)), 'It is live');
select is(read_publication('luna'), '{"moved_to": "moon"}', 'The slug before leads to it');
select throws_ok($$ select tests.publish('sol', 'moon') $$, 'PT409', 'slug_taken', 'Her own website''s slug is taken, too');
select is(check_slug(tests.id(website), slug), problem, website || ' ' || slug) from (values
    ('sol', 'moon', 'slug_taken'), ('sol', 'luna', null), ('luna', 'moon', null)
) as asked (website, slug, problem);
select is(tests.publish('sol', 'luna') ->> 'slug', 'luna', 'But not one that it had before');
select results_eq(
    $$ select user_id, website_id, slug, version_id, proof_hash, facts, published_at, updated_at from publications where slug = 'moon' $$,
    $$ values (tests.id('alice'), tests.id('luna'), 'moon', tests.id('one'), null::text, '{}'::jsonb, now(), now()) $$,
    'She sees the row'
);
select results_eq(
    $$ select user_id, number, action, slug, version_id, version_number, previous_version_id, session_id, message_id, created_at
    from publication_events where website_id = tests.id('luna') order by number $$,
    $$ values
        (tests.id('alice'), 1, 'publish', 'luna', tests.id('two'), 2, null::uuid, null::uuid, null::uuid, now()),
        (tests.id('alice'), 2, 'update', 'luna', tests.id('three'), 3, tests.id('two'), null, null, now()),
        (tests.id('alice'), 3, 'roll_back', 'luna', tests.id('one'), 1, tests.id('three'), null, null, now()),
        (tests.id('alice'), 4, 'rename', 'moon', tests.id('one'), 1, tests.id('one'), null, null, now()) $$,
    'And what was live when'
);
select is(
    publish_website(tests.id('luna'), proof_hash => repeat('0a', 32), facts => '{"phone": "030 1"}') ->> 'slug', 'moon',
    'Facts and the hash of a proof come along'
);
select is(read_publication('moon') -> 'facts', '{"phone": "030 1"}', 'Visitors may know the facts');
select is(
    (select proof_hash from publications where slug = 'moon'), repeat('0a', 32), 'The hash is there for functions that write'
);
select throws_ok(format('select publish_website(tests.id(''luna''), proof_hash => %L, facts => %L)', hash, facts), '23514', null, says) from (values
    ('short', '{}', 'A hash has 64 digits'), (repeat('0A', 32), '{}', 'Lower-case ones'), (repeat('0', 65), '{}', 'And no more'),
    (null, jsonb_build_object('name', repeat('x', 9989))::text, 'Facts have 10,000 bytes')
) as given (hash, facts, says);
select throws_ok(format('select publish_website(tests.id(''luna''), facts => %L)', facts), 'PT422', 'invalid_field', says) from (values
    ('[]', 'They are an object'), ('{"name": 1e131071}', 'Of texts'), ('{"links": [["https://luna.example"]]}', 'Or lists of texts'), ('{"name": {}}', 'And nothing else')
) as given (facts, says);
select lives_ok($$ select publish_website(tests.id('luna'), facts => jsonb_build_object('name', repeat('x', 9988))) $$, 'As much as that');
select is(tests.outcome(statement), '42501', says) from (values
    ($$ insert into publications (website_id, slug, version_id) values (tests.id('empty'), 'mine', tests.id('one')) $$, 'No row is written'),
    ($$ update publications set slug = 'mine' $$, 'Nor changed'), ($$ delete from publications $$, 'Nor deleted'),
    ($$ insert into publication_events (website_id, number, action, slug, version_id, version_number)
        values (tests.id('luna'), 99, 'publish', 'x', tests.id('one'), 1) $$, 'No event is made up'),
    ($$ delete from publication_events $$, 'Nor forgotten'), ($$ select * from private.slugs $$, 'And slugs are out of reach')
) as change (statement, says);

-- Bob

select tests.act_as('bob');
insert into websites (id, name) values (tests.id('luna'), 'His');
insert into site_versions (id, website_id, files) values (tests.id('his'), tests.id('luna'), '{"index.html": "<p>His"}');
select throws_ok(format('select tests.publish(''luna'', %L)', slug), 'PT409', 'slug_taken', 'Bob gets none of hers: ' || slug)
from unnest(array['moon', 'abc']) as slug;
select is(check_slug(tests.id('luna'), 'moon'), 'slug_taken', 'As he is told before');
select throws_ok($$ select check_slug(tests.id('sol'), 'free') $$, 'PT404', 'not_found', 'Of his own websites');
select throws_ok(format('select tests.publish(%L, ''bobs'', %L)', website, version), 'PT404', 'not_found', says) from (values
    ('sol', null, 'He doesn''t publish her website'), ('luna', 'one', 'Nor her version as his')
) as asked (website, version, says);
select throws_ok($$ select unpublish_website(tests.id('sol')) $$, 'PT404', 'not_found', 'Nor takes hers offline');
select is_empty($$ select * from publications $$, 'He sees no publication of hers');
select is_empty($$ select * from publication_events $$, 'Nor her events');
select is(unpublish_website(tests.id('luna')), false, 'His own isn''t online');

-- Nobody, who visits

select tests.act_as_nobody();
select is(
    read_publication('moon') - 'facts', jsonb_build_object(
        'slug', 'moon', 'website_id', tests.id('luna'), 'version_id', tests.id('three'), 'published_at', now(),
        'files', jsonb_build_object('index.html', jsonb_build_object(
            'sha256', tests.hash(tests.page(3)), 'media_type', 'text/plain', 'size', 31, 'width', null, 'height', null
        ))
    ), 'Everybody sees what is published'
);
select throws_ok(format('select read_publication(%L)', slug), 'PT404', 'not_found', 'Nothing is at ' || slug)
from unnest(array['nothing', 'MOON', '']) as slug;
select throws_ok('select read_publication(null)', 'PT404', 'not_found', 'Nor nowhere');
select is(
    convert_from(read_published_file('moon', tests.hash(content)), 'UTF8'), content, 'They get its files, and for a while those before: ' || content
) from unnest(array[tests.page(3), tests.page(1), tests.page(2), '<p>Draft']) as content;
select is(read_publication('moon', tests.id('two')) #>> '{files,draft.html,size}', '8', 'Also what those had');
select throws_ok(format('select read_publication(''moon'', tests.id(%L))', version), 'PT404', 'not_found', 'But no version ' || version)
from unnest(array['his', 'sun', 'nothing']) as version;
select is(current_setting('response.headers'), '[{"X-Content-Type-Options": "nosniff"}]', 'In a way that no browser runs them');
select throws_ok(format('select read_published_file(%L, tests.hash(%L))', slug, content), 'PT404', 'not_found', says) from (values
    ('moon', '<p>His', 'Not those of others'), ('moon', '<p>Sun', 'Nor of another website'), ('moon', 'x', 'Nor what isn''t there'),
    ('nothing', tests.page(3), 'Nor from nowhere'), (null, tests.page(3), 'At all')
) as asked (slug, content, says);
select throws_ok(statement, '42501', null, says) from (values
    ('select * from publications', 'Nobody lists publications'), ('select * from publication_events', 'Nor events'),
    ($$ select check_slug(tests.id('luna'), 'x-y-z') $$, 'Nor looks slugs up'), ($$ select tests.publish('luna', 'x-y-z') $$, 'Nor publishes'), ($$ select unpublish_website(tests.id('luna')) $$, 'Nor takes offline')
) as asked (statement, says);

-- Time goes by

select tests.act_as_owner();
update publication_events set created_at = now() - interval '11 minutes';
update private.slugs set replaced_at = now() - interval '29 days' where slug = 'abc';
update private.slugs set replaced_at = now() - interval '31 days' where slug = 'a--1';
select tests.act_as('bob');
select throws_ok($$ select read_published_file('moon', tests.hash(tests.page(1))) $$, 'PT404', 'not_found', 'Later the files before are gone');
select throws_ok($$ select read_publication('moon', tests.id('one')) $$, 'PT404', 'not_found', 'All of them');
select is(read_publication('abc'), '{"moved_to": "luna"}', 'A slug leads on for 30 days');
select is(check_slug(tests.id('luna'), slug), problem, 'Bob is told: ' || slug) from (values
    ('abc', 'slug_taken'), ('a--1', null)
) as asked (slug, problem);
select throws_ok($$ select tests.publish('luna', 'abc') $$, 'PT409', 'slug_taken', 'And nobody else gets it');
select throws_ok($$ select read_publication('a--1') $$, 'PT404', 'not_found', 'Not longer');
select is(tests.publish('luna', 'a--1') ->> 'slug', 'a--1', 'Then anybody does');
select is(read_publication('a--1') ->> 'version_id', tests.id('his')::text, 'And it is his');

-- Alice

select tests.act_as('alice');
select is(unpublish_website(tests.id('luna')), true, 'Alice takes her website offline');
select is(unpublish_website(tests.id('luna')), false, 'Once');
select throws_ok($$ select unpublish_website(tests.id('nothing')) $$, 'PT404', 'not_found', 'And none that isn''t there');
select throws_ok(format('select %s', call), 'PT404', 'not_found', 'Nothing is left of it: ' || call) from unnest(array[
    'read_publication(''moon'')', 'read_published_file(''moon'', tests.hash(tests.page(3)))'
]) as call;
select results_eq(
    $$ select number, action, slug, version_number, previous_version_id from publication_events
    where website_id = tests.id('luna') order by number desc limit 1 $$,
    $$ values (6, 'unpublish', 'moon', 3, tests.id('three')) $$, 'Her history says so'
);
select tests.act_as('bob');
select throws_ok($$ select tests.publish('luna', 'moon') $$, 'PT409', 'slug_taken', 'Its slug stays hers');
select tests.act_as('alice');
select is(tests.publish('luna', null) ->> 'slug', 'moon', 'It comes back where it was');
select lives_ok($$ select trash_website(tests.id('luna')) $$, 'A website can go to the trash');
select throws_ok($$ select read_publication('moon') $$, 'PT404', 'not_found', 'It is offline there');
select is(
    (select action || version_number from publication_events where website_id = tests.id('luna') order by number desc limit 1),
    'unpublish3', 'Its history says that, too'
);
select lives_ok($$ select restore_trash(id) from trash where website_id = tests.id('luna') $$, 'It comes back');
select is_empty($$ select * from publications where website_id = tests.id('luna') $$, 'Offline');
select is(count(*), 8::bigint, 'With its history') from publication_events where website_id = tests.id('luna');
select is(tests.publish('luna', null) ->> 'slug', 'moon', 'And online where it was');
delete from websites where id = tests.id('luna');
select is_empty($$ select * from publication_events where website_id = tests.id('luna') $$, 'A deleted website leaves no history');
select lives_ok($$ select trash_website(tests.id('sol')) $$, 'One goes to the trash');
delete from trash;
select is_empty($$ select * from publication_events $$, 'And from there for good');

-- What is limited

insert into websites (id, name) values (tests.id('busy'), 'Busy');
insert into site_versions (website_id, files) values (tests.id('busy'), '{"index.html": "<p>Busy"}');
select tests.act_as_owner();
update private.usage_counters set used = 0 where name in ('slug_changes', 'publications');
select tests.act_as('alice');
select lives_ok(format('select tests.publish(''busy'', %L)', 'busy-' || n), 'Slug ' || n) from generate_series(1, 50) as n;
select throws_ok($$ select tests.publish('busy', 'busy-51') $$, 'PT429', 'quota_exceeded', 'A day has 50 slugs');
select lives_ok($$ select tests.publish('busy', null) $$, 'The same one may stay');
select is(check_slug(tests.id('busy'), 'busy-51'), null, 'Slugs can be looked up');
select tests.act_as_owner();
update private.usage_counters set used = 2000 where name = 'slug_checks';
select tests.act_as('alice');
select throws_ok($$ select check_slug(tests.id('busy'), 'busy-51') $$, 'PT429', 'quota_exceeded', 'Not for ever');
select tests.act_as_owner();
update private.usage_counters set used = 2000 where name = 'publications';
update publication_events set number = 1000 where number = 50 and website_id = tests.id('busy');
delete from private.slugs where user_id = tests.id('alice') and replaced_at is not null;
insert into private.slugs (slug, user_id, website_id, replaced_at)
select 'old-' || n, tests.id('alice'), tests.id('busy'), now() - n * interval '1 day' from generate_series(1, 20) as n
union all select 'sunk-' || n, tests.id('alice'), tests.id('sol'), now() - n * interval '1 hour' from generate_series(1, 31) as n
union all select 'his-' || n, tests.id('bob'), tests.id('luna'), now() - interval '29 days' from generate_series(1, 51) as n;
select tests.act_as('alice');
select throws_ok($$ select tests.publish('busy', null) $$, 'PT429', 'quota_exceeded', 'And it publishes 2,000 times');
select is(unpublish_website(tests.id('busy')), true, 'Going offline is always possible');
select is(min(number), 2, 'Its history has the newest 1,000 events') from publication_events where website_id = tests.id('busy');

-- The database's owner

select tests.act_as_owner();
select results_eq(
    $$ select count(*), min(replaced_at), max(replaced_at) from private.slugs where user_id = tests.id('alice') and replaced_at is not null $$,
    $$ values (50::bigint, now() - interval '18 days', now()) $$, 'Of old slugs the newest 50 are kept, of all websites'
);
select is((select count(*) from private.slugs where slug like 'his-%'), 51::bigint, 'Those of others are theirs');
insert into private.slugs (slug, user_id, website_id) values ('by-hand', tests.id('alice'), tests.id('busy'));
insert into websites (user_id, id, name) values (tests.id('charlie'), tests.id('charlies'), 'His');
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into private.slugs (slug, user_id, website_id) values ('By Hand', tests.id('alice'), tests.id('busy')) $$, '23514', 'A slug is one'),
    ($$ insert into private.slugs (slug, user_id, website_id) values ('by-hand', tests.id('bob'), tests.id('busy')) $$, '23505', 'And one person''s'),
    ($$ insert into private.slugs (slug, user_id, website_id) values ('nobodys', gen_random_uuid(), tests.id('busy')) $$, '23503', 'Who is there'),
    ($$ insert into publication_events (user_id, website_id, number, action, slug, version_id, version_number)
        values (tests.id('alice'), tests.id('busy'), 5000, 'hacker', 'x', gen_random_uuid(), 1) $$, '23514', 'An event is one that there is'),
    ($$ insert into publication_events (user_id, website_id, number, action, slug, version_id, version_number)
        values (gen_random_uuid(), tests.id('busy'), 1, 'publish', 'x', gen_random_uuid(), 1) $$, '23503', 'Of somebody'),
    ($$ insert into publication_events select * from publication_events limit 1 $$, '23505', 'A number is used once'),
    ($$ insert into publications (user_id, website_id, slug, version_id) select tests.id('charlie'), tests.id('charlies'), 'by-hand', version.id
        from site_versions as version where version.user_id = tests.id('alice') limit 1 $$, '23503', 'No version of somebody else is published'),
    ($$ insert into publications (user_id, website_id, slug, version_id) select version.user_id, gen_random_uuid(), 'by-hand', version.id
        from site_versions as version where version.user_id = tests.id('alice') limit 1 $$, '23503', 'Nor a website that isn''t there'),
    ($$ insert into publications (user_id, website_id, slug, version_id) select version.user_id, version.website_id, 'a--1', version.id
        from site_versions as version where version.user_id = tests.id('alice') limit 1 $$, '23505', 'A slug shows one website'),
    ($$ insert into publications (user_id, website_id, slug, version_id) select version.user_id, version.website_id, 'no-slug', version.id
        from site_versions as version where version.user_id = tests.id('alice') limit 1 $$, '23503', 'Which it holds'),
    ($$ insert into publications select * from publications limit 1 $$, '23505', 'A website is published once'),
    ($$ delete from auth.users where id = tests.id('bob') $$, '1', 'An account takes its publications along')
) as change (statement, state, says);
select * from finish();
rollback;
