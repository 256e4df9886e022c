-- Comments, figures and what was live when come back with an account; nothing goes live by it.
begin;
\ir people.psql
select no_plan();

create function tests.comment(name text, more jsonb default '{}') returns jsonb language sql return jsonb_build_array(jsonb_build_object(
    'id', tests.id(name), 'version_id', tests.id('version'), 'version_number', 3, 'path', 'index.html', 'start_offset', 0, 'end_offset', 5,
    'author', 'Cleo', 'text', 'Größer?', 'is_read', false, 'is_resolved', true, 'created_at', '2020-01-01T00:00:00Z'
) || more);
create function tests.event(number integer, more jsonb default '{}') returns jsonb language sql return jsonb_build_object(
    'number', number, 'action', 'publish', 'slug', 'luna', 'version_id', tests.id('version'), 'version_number', 3,
    'previous_version_id', tests.id('before'), 'session_id', tests.id('chat'), 'message_id', tests.id('said'), 'created_at', '2020-01-01T00:00:00Z'
) || more;
create function tests.today() returns date language sql return (now() at time zone 'UTC')::date;
create function tests.seen(days_ago integer, views bigint, path text default 'index.html') returns jsonb language sql
return jsonb_build_array(jsonb_build_object('day', tests.today() - days_ago, 'path', path, 'views', views));
create function tests.led(days_ago integer, views bigint, host text default 'x.example') returns jsonb language sql
return jsonb_build_array(jsonb_build_object('day', tests.today() - days_ago, 'host', host, 'views', views));
create function tests.bytes_of(owner text) returns bigint language sql security definer return (
    select coalesce(sum(bytes), 0) from (
        select bytes from private.storage where user_id = tests.id(owner)
        union all select bytes from private.byte_changes where user_id = tests.id(owner)
    ) as counted
);
create function tests.rows_of(owner text) returns bigint language sql security definer return (
    select coalesce(sum(used), 0) from private.usage_counters where user_id = tests.id(owner) and name = 'imported_rows'
);

-- Charlie, who has nothing of alice's

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select tests.act_as('charlie');
select throws_ok($$ select import_comments(tests.id('luna'), tests.comment('one')) $$, 'PT404', 'not_found', 'Charlie adds no comments to alice''s');
select throws_ok($$ select import_figures(tests.id('luna'), tests.seen(0, 1), '[]') $$, 'PT404', 'not_found', 'No figures');
select throws_ok($$ select import_publication_events(tests.id('luna'), '[]') $$, 'PT404', 'not_found', 'No history');

-- Nobody

select tests.act_as_nobody();
select throws_ok($$ select import_comments(tests.id('luna'), '[]') $$, '42501', null, 'Nor does nobody');
select throws_ok($$ select import_figures(tests.id('luna'), '[]', '[]') $$, '42501', null, 'In no way');
select throws_ok($$ select import_publication_events(tests.id('luna'), '[]') $$, '42501', null, 'At all');

-- Alice: comments

select tests.act_as('alice');
select is(import_comments(tests.id('luna'), tests.comment('one')), 1, 'Comments come back');
select is(import_comments(tests.id('luna'), tests.comment('one', '{"text": "Other"}')), 0, 'Once');
select results_eq(
    $$ select user_id, share_id, website_id, version_id, version_number, path, start_offset, end_offset, author, text, is_read, is_resolved, created_at
    from page_comments $$,
    $$ values (tests.id('alice'), null::uuid, tests.id('luna'), tests.id('version'), 3, 'index.html', 0, 5, 'Cleo', 'Größer?', false, true,
        '2020-01-01T00:00:00Z'::timestamptz) $$, 'As they were'
);
select is(tests.bytes_of('alice'), octet_length('Größer?Cleo')::bigint, 'They count');
select is(import_comments(tests.id('luna'), tests.comment('two', '{"author": null, "is_read": null, "is_resolved": null, "created_at": null}')), 1, 'A reply, too');
select results_eq(
    $$ select author, is_read, is_resolved, created_at from page_comments where id = tests.id('two') $$,
    $$ values (null::text, true, false, now()) $$, 'What isn''t said of it is as with a new one'
);
select throws_ok(format('select import_comments(tests.id(''luna''), %L)', tests.comment('x', more)), state, message, more #>> '{}')
from (values
    ('{"path": "../x"}'::jsonb, 'PT422', 'invalid_field'), ('{"start_offset": -1}', 'PT422', 'invalid_field'), ('{"end_offset": 0}', 'PT422', 'invalid_field'),
    ('{"text": 1e131071}', 'PT422', 'invalid_field'), ('{"path": null}', '23502', null), ('{"text": " "}', '23514', null), ('{"author": " "}', '23514', null)
) as wrong (more, state, message);
select throws_ok($$ select import_comments(tests.id('x'), '[]') $$, 'PT404', 'not_found', 'They have their website');

-- Alice: figures

select is(import_figures(tests.id('luna'), tests.seen(0, 7) || tests.seen(400, 1000000000000) || tests.seen(401, 7) || tests.seen(-1, 7),
    tests.led(0, 3, '') || tests.led(400, 1000000000000) || tests.led(401, 7) || tests.led(-1, 7)), 4, 'Figures of the last 400 days come back');
select is(import_figures(tests.id('luna'), tests.seen(0, 9), tests.led(0, 9, '')), 0, 'Once, and never more than they were');
select results_eq(
    $$ select user_id, website_id, day, path, views from site_views order by day $$,
    $$ values (tests.id('alice'), tests.id('luna'), tests.today() - 400, 'index.html', 1000000000000),
        (tests.id('alice'), tests.id('luna'), tests.today(), 'index.html', 7::bigint) $$, 'Pages as they were seen'
);
select results_eq(
    $$ select user_id, website_id, day, host, views from site_referrers order by day $$,
    $$ values (tests.id('alice'), tests.id('luna'), tests.today() - 400, 'x.example', 1000000000000),
        (tests.id('alice'), tests.id('luna'), tests.today(), '', 3::bigint) $$, 'And where visitors came from'
);
select throws_ok(format('select import_figures(tests.id(''luna''), %L, %L)', views, referrers), 'PT422', 'invalid_field', says)
from (values
    (tests.seen(1, 0), '[]'::jsonb, 'None is no figure'), (tests.seen(1, 1000000000001), '[]', 'Nor so many'), (tests.seen(1, 1, '/x'), '[]', 'Of a path'),
    ('[]', tests.led(1, 0), 'As of hosts'), ('[]', tests.led(1, 1000000000001), 'So many'), ('[]', tests.led(1, 1, '<b>'), 'Or of no host'),
    ('[{"views": 1e131071}]', '[]', 'A number is one'), ('[]', '[{"views": 1e131071}]', 'There, too')
) as wrong (views, referrers, says);
select tests.act_as_owner();
update private.form_limits set allowed = 1 where name in ('views', 'referrers');
select tests.act_as('alice');
select is(import_figures(tests.id('sol'), tests.seen(0, 1), tests.led(0, 1)), 2, 'So many may be');
select throws_ok($$ select import_figures(tests.id('sol'), tests.seen(0, 1, 'more'), '[]') $$, 'PT429', 'quota_exceeded', 'Not one page more');
select throws_ok($$ select import_figures(tests.id('sol'), '[]', tests.led(0, 1, 'more')) $$, 'PT429', 'quota_exceeded', 'Nor a host');

-- Alice: history

select throws_ok(format('select import_publication_events(tests.id(''luna''), %L)', events), state, message, says)
from (values
    (jsonb_build_array(tests.event(0)), 'PT422', 'invalid_field', 'Events begin at 1'),
    (jsonb_build_array(tests.event(1000000001)), 'PT422', 'invalid_field', 'And leave room for more'),
    (jsonb_build_array(tests.event(1, '{"slug": "<b>"}')), 'PT422', 'invalid_field', 'Of a slug'),
    (jsonb_build_array(tests.event(1, '{"slug": 1e131071}')), 'PT422', 'invalid_field', 'No number'),
    (jsonb_build_array(tests.event(1, '{"action": "hack"}')), '23514', null, 'They say what happened'),
    ((select jsonb_agg(tests.event(n)) from generate_series(1, 1001) as n), 'PT422', 'invalid_field', 'They are 1,000 at most')
) as wrong (events, state, message, says);
select is(import_publication_events(tests.id('luna'), (select jsonb_agg(tests.event(n)) from generate_series(8, 1007) as n)), 1000, 'History comes back');
select is(import_publication_events(tests.id('luna'), jsonb_build_array(tests.event(5))), 0, 'Whole, or not at all');
select results_eq(
    $$ select to_jsonb(event) - 'created_at', event.created_at from publication_events as event where number = 8 $$,
    $$ select tests.event(8) - 'created_at' || jsonb_build_object('user_id', tests.id('alice'), 'website_id', tests.id('luna')),
        '2020-01-01T00:00:00Z'::timestamptz $$, 'As it was'
);
select is_empty($$ select 1 from publications $$, 'Nothing is live by it');
select is(tests.rows_of('alice'), 2 + 4 + 2 + 1000::bigint, 'All rows count');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "x"}');
select throws_ok($$ select publish_website(tests.id('luna')) $$, 'PT422', 'slug_required', 'A slug is claimed anew');
select isnt(publish_website(tests.id('luna'), 'luna'), null, 'By whoever is first');
select results_eq(
    $$ select number, action from publication_events order by number desc limit 1 $$, $$ values (1008, 'publish') $$, 'History goes on'
);

-- Charlie: rows a day

select tests.act_as_owner();
update private.quotas set allowed = 0 where name = 'imported_rows';
select tests.act_as('charlie');
insert into websites (id, name) values (tests.id('mine'), 'Mine');
select throws_ok(asked, 'PT429', 'quota_exceeded', 'Rows of a day are bounded') from (values
    ('select import_comments(tests.id(''mine''), tests.comment(''three''))'), ('select import_figures(tests.id(''mine''), tests.seen(0, 1), ''[]'')'),
    ('select import_figures(tests.id(''mine''), ''[]'', tests.led(0, 1))'),
    ('select import_publication_events(tests.id(''mine''), jsonb_build_array(tests.event(1)))')
) as over (asked);
select tests.act_as_owner();
update private.quotas set allowed = 100 where name = 'imported_rows';
update private.quotas set allowed = 10 where name = 'stored_bytes';
select tests.act_as('charlie');
select throws_ok(
    $$ select import_comments(tests.id('mine'), tests.comment('three')) $$, 'PT429', 'quota_exceeded', 'And what is stored'
);

select * from finish();
rollback;
