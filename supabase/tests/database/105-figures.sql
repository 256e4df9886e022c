-- Views of published pages are counted in numbers a day, by the app alone.
begin;
\ir people.psql
select no_plan();

create function tests.proof_hash() returns text language sql return encode(sha256('proof'), 'hex');
create function tests.counts(counts jsonb) returns boolean language sql return count_views('luna', counts::json, 'proof');
create function tests.today() returns date language sql return (now() at time zone 'UTC')::date;

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "x", "menu.HTM": "x", "style.css": "x"}');
insert into site_versions (website_id, files) values (tests.id('sol'), '{"index.html": "x"}');
select isnt(publish_website(tests.id('luna'), 'luna', proof_hash => tests.proof_hash()), null, 'Alice publishes');
select isnt(publish_website(tests.id('sol'), 'sol'), null, 'Also without a proof');

-- Nobody, who calls the function directly

select tests.act_as_nobody();
select is(count_views(slug, '[{"path": "index.html", "host": "", "views": 9}]', proof), false, says) from (values
    ('luna', 'guess', 'Nobody counts without the proof'), ('luna', null, 'Nor with none'), ('sol', 'proof', 'Nor where there is none'),
    ('sol', null, 'At all'), ('gone', 'proof', 'Nor for what isn''t there')
) as wrong (slug, proof, says);
select is(tests.counts(counts), false, 'Counts are a list') from (values (null::jsonb), ('{}'), ('"x"')) as wrong (counts);
select throws_ok($$ select * from site_views $$, '42501', null, 'Nobody reads them');
select throws_ok($$ select read_figures(tests.id('luna')) $$, '42501', null, 'In no way');

-- The app

select is(tests.counts($$[
    {"path": "index.html", "host": "", "views": 2}, {"path": "index.html", "host": "a.example", "views": 3}, {"path": "menu.HTM", "host": null, "views": 4},
    {"path": "style.css", "host": "css.example", "views": 5}, {"path": "gone.html", "host": "gone.example", "views": 6}, {"path": "index.html", "host": "<b>", "views": 7},
    {"path": "index.html", "host": "", "views": -1}, {"path": "index.html", "host": "", "views": "9"}, {"path": "index.html", "host": "", "views": 0.5},
    7, null, {"host": "x.example", "views": 1}, {"path": "menu.HTM", "host": "a.example", "views": 1}
]$$), true, 'With the proof, views are counted');

-- Charlie, who has nothing

select tests.act_as('charlie');
select throws_ok($$ select read_figures(tests.id('luna')) $$, 'PT404', 'not_found', 'Charlie reads none of alice''s');
select is_empty($$ select 1 from site_views union all select 1 from site_referrers $$, 'In no way');

-- Alice

select tests.act_as('alice');
select is(read_figures(tests.id('luna'), 2), jsonb_build_object(
    'days', jsonb_build_array(jsonb_build_object('day', tests.today() - 1, 'views', 0), jsonb_build_object('day', tests.today(), 'views', 17)),
    'pages', '[{"path": "index.html", "views": 12}, {"path": "menu.HTM", "views": 5}]'::jsonb,
    'referrers', '[{"host": "other", "views": 7}, {"host": "a.example", "views": 4}, {"host": "", "views": 2}]'::jsonb
), 'Alice reads what was counted of her pages');
select is(read_figures(tests.id('sol')) -> 'pages', '[]', 'And of another website nothing');
select is(jsonb_array_length(read_figures(tests.id('sol')) -> 'days'), 30, 'A month');
select is(jsonb_array_length(read_figures(tests.id('sol'), given) -> 'days'), days, 'A day at least, 400 at most')
from (values (0, 1), (-5, 1), (401, 400)) as asked (given, days);
select throws_ok($$ select read_figures(tests.id('x')) $$, 'PT404', 'not_found', 'Of no website there are none');
select throws_ok($$ update site_views set views = 99 $$, '42501', null, 'She changes none');
select throws_ok($$ delete from site_referrers $$, '42501', null, 'Nor deletes any');

-- The app, again

select tests.act_as_nobody();
select is(tests.counts(jsonb_agg(jsonb_build_object('path', 'index.html', 'host', format('h%s.example', n), 'views', n)) || '[{"path": "index.html", "host": "a.example", "views": 1}]'), true, 'From 30 other hosts')
from generate_series(1, 30) as n;
select is(tests.counts(jsonb_agg('{"path": "menu.HTM", "host": null, "views": 1000000}'::jsonb)), true, 'Very many at once') from generate_series(1, 300);
select tests.act_as('alice');
select is(count(*), 22::bigint, 'Twenty hosts a day, none and others') from site_referrers;
select is(views, 5::bigint, 'One that was there counts on') from site_referrers where host = 'a.example';
select is(views, (7 + 11 * 12 / 2)::bigint, 'The rest is others') from site_referrers where host = 'other';
select is(views, 5::bigint + 200 * 100000, 'Of counts the first 200, of each no more than 100,000') from site_views where path = 'menu.HTM';

-- The database's owner

select tests.act_as_owner();
insert into site_views (user_id, website_id, day, path, views)
select tests.id('alice'), tests.id('luna'), tests.today() - days, 'old.html', 1 from unnest(array[400, 401]) as days;
insert into site_referrers (user_id, website_id, day, host, views)
select tests.id('alice'), tests.id('luna'), tests.today() - days, 'old.example', 1 from unnest(array[400, 401]) as days;
select is(tests.counts('[]'), true, 'With the next count');
select results_eq(
    $$ select day from site_views where path = 'old.html' union all select day from site_referrers where host = 'old.example' $$,
    $$ values (tests.today() - 400), (tests.today() - 400) $$, 'Those go that are older than 400 days'
);
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into site_views select * from site_views limit 1 $$, '23505', 'A page is counted once a day'),
    ($$ insert into site_referrers select * from site_referrers limit 1 $$, '23505', 'So is a host'),
    ($$ insert into site_views select gen_random_uuid(), website_id, day, path, views from site_views limit 1 $$, '23503', 'A count is somebody''s'),
    ($$ insert into site_referrers select gen_random_uuid(), website_id, day, host, views from site_referrers limit 1 $$, '23503', 'So is a host''s')
) as change (statement, state, says);

-- Alice

select tests.act_as('alice');
select isnt(unpublish_website(tests.id('luna')) is null, null, 'She takes it offline');
create temporary table thrown as select trash_website(tests.id('luna')) as item;
select isnt_empty($$ select 1 from site_views $$, 'In the trash a website keeps its figures');
select isnt_empty($$ select 1 from site_referrers $$, 'All of them');
select lives_ok($$ select restore_trash((item ->> 'id')::uuid) from thrown $$, 'And has them again');
select is(jsonb_array_length(read_figures(tests.id('luna')) -> 'pages'), 2, 'As they were');
delete from websites where id = tests.id('sol');
select isnt_empty($$ select 1 from site_views $$, 'They are no other''s');
select isnt_empty($$ select 1 from site_referrers $$, 'None of them');
create temporary table again as select trash_website(tests.id('luna')) as item;
delete from trash where id = (select (item ->> 'id')::uuid from again);
select is_empty($$ select 1 from site_views union all select 1 from site_referrers $$, 'They go with their website');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
select tests.act_as_owner();
insert into site_views values (tests.id('alice'), tests.id('luna'), '2020-01-01', 'x', 1);
insert into site_referrers values (tests.id('alice'), tests.id('luna'), '2020-01-01', 'x', 1);
delete from websites where id = tests.id('luna');
select is_empty($$ select 1 from site_views union all select 1 from site_referrers $$, 'Also without the trash');
insert into site_views values (tests.id('alice'), tests.id('luna'), '2020-01-01', 'x', 1);
insert into site_referrers values (tests.id('alice'), tests.id('luna'), '2020-01-01', 'x', 1);
delete from auth.users where id = tests.id('alice');
select is_empty($$ select 1 from site_views union all select 1 from site_referrers $$, 'And with their account');

select * from finish();
rollback;
