-- A share opens one page to whoever has its link.
begin;
\ir people.psql
select no_plan();

create function tests.link() returns text language sql return repeat('link', 8);

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
create function tests.picture(name text) returns bytea language sql immutable return '\x89504e470d0a1a0a' || convert_to(name, 'UTF8');
create function tests.hash(name text) returns text language sql immutable return encode(sha256(tests.picture(name)), 'hex');
select put_file(tests.picture(name)) from unnest(array['shown', 'encoded', 'private', 'deep']) as name;
select put_file('%PDF-1.7'::bytea || '\xff');
insert into site_versions (id, website_id, files, manifest) values (
    tests.id('version'), tests.id('luna'),
    '{"index.html": "<img src=shown.png><img src=\"ein%20%C3%BC/%E5%86%99.png\"><a href=menu.pdf>", "private.css": "Hers",
    "more.html": "<img src=private.png>", "sub/x.HTM": "<img src=deep.png>"}',
    jsonb_build_object(
        'shown.png', tests.hash('shown'), 'ein ü/写.png', tests.hash('encoded'), 'private.png', tests.hash('private'),
        'sub/deep.png', tests.hash('deep'),
        'menu.pdf', encode(sha256('%PDF-1.7'::bytea || '\xff'), 'hex')
    )
);
insert into site_versions (id, website_id, files) values (tests.id('next'), tests.id('luna'), '{"index.html": "<p>Two"}');
select is(
    jsonb_path_query_array(read_version_page(tests.id('version')), '$.assets[*].path'), '["ein ü/写.png", "shown.png"]',
    'Alice is told what her page shows'
);
select is(
    jsonb_path_query_array(read_version_page(tests.id('version'), 'sub/x.HTM'), '$.assets[*].path'), '["sub/deep.png"]', 'Also of one in a folder'
);
select throws_ok($$ select share_page(tests.id('version'), 'guessable') $$, 'PT422', 'invalid_field', 'A link can''t be guessed');
select throws_ok($$ select share_page(tests.id('version'), repeat('x', 201)) $$, 'PT422', 'invalid_field', 'Nor be endless');
select is(
    share_page(tests.id('version'), tests.link()) - 'id' - 'created_at',
    jsonb_build_object('website_id', tests.id('luna'), 'version_id', tests.id('version'), 'version_number', 1, 'expires_at', null,
        'has_password', false, 'has_all_pages', true),
    'Alice shares a page'
);
select results_eq(
    $$ select user_id, website_id, version_id, version_number, created_at from page_shares $$,
    $$ values (tests.id('alice'), tests.id('luna'), tests.id('version'), 1, now()) $$,
    'The share is hers'
);
select throws_ok($$ select token_hash from page_shares $$, '42501', null, 'Not even she sees its token again');
select lives_ok(
    format('select share_page(tests.id(''next''), %L)', repeat('more', 8) || n), format('She makes link %s', n)
) from generate_series(2, 20) as n;
select throws_ok(
    $$ select share_page(tests.id('version'), repeat('last', 8)) $$, 'PT409', 'too_many_shares', 'But 20 a website'
);

-- Bob, who has the link

select tests.act_as('bob');
select is(
    read_page_share(tests.link()) - array['created_at', 'assets'], jsonb_build_object(
        'name', 'Luna', 'version_number', 1, 'page', '<img src=shown.png><img src="ein%20%C3%BC/%E5%86%99.png"><a href=menu.pdf>',
        'expires_at', null, 'path', 'index.html', 'pages', '["index.html", "more.html", "sub/x.HTM"]'::jsonb
    ), 'Bob reads the page that was shared, and nothing else'
);
select is(jsonb_path_query_array(read_page_share(tests.link()), '$.assets[*].path'), '["ein ü/写.png", "shown.png"]', 'What it shows, he is told');
select is(
    jsonb_path_query_array(read_page_share(tests.link(), 'sub/x.HTM'), '$.assets[*].path'), '["sub/deep.png"]', 'Also of one in a folder'
);
select is(read_shared_file(tests.link(), tests.hash('deep'), 'sub/x.HTM')::bytea, tests.picture('deep'), 'Which he gets');
select is(read_shared_file(tests.link(), tests.hash(name))::bytea, tests.picture(name), 'He gets ' || name)
from unnest(array['shown', 'encoded']) as name;
select is(read_page_share(tests.link(), path) ->> 'page', page, 'Of other paths he gets the pages') from (values
    ('sub/x.HTM', '<img src=deep.png>'), ('private.css', null), ('x.html', null), ('shown.png', null)
) as asked (path, page);
select is(
    read_shared_file(tests.link(), tests.hash('private'), 'more.html')::bytea, tests.picture('private'), 'With what another page shows'
);
select throws_ok(
    format('select read_shared_file(tests.link(), tests.hash(%L), ''more.html'')', 'shown'), 'PT404', 'not_found', 'And no more'
);
select is(current_setting('response.headers'), '[{"X-Content-Type-Options": "nosniff"}]', 'In a way that no browser runs it');
select throws_ok(format('select read_shared_file(%L, %L)', token, tests.hash(name)), 'PT404', 'not_found', says) from (values
    (tests.link(), 'private', 'Not what the page doesn''t name'), (tests.link(), 'deep', 'Not what one in a folder names'), (tests.link(), 'nothing', 'Nor what isn''t there'),
    (repeat('guess', 8), 'shown', 'Nor by guessing'), (repeat('x', 300), 'shown', 'However long'),
    (repeat('more', 8) || '2', 'shown', 'Nor by the link of another page')
) as asked (token, name, says);
select is_empty($$ select id from page_shares $$, 'He sees no share');
select is_empty($$ select id from site_versions $$, 'Nor the version itself');
select is(tests.outcome($$ delete from page_shares $$), '0', 'He takes no share back');

-- Charlie, who has nothing

select tests.act_as('charlie');
select throws_ok($$ select read_page_share(repeat('guess', 8)) $$, 'PT404', 'not_found', 'Charlie guesses in vain');
select throws_ok($$ select read_page_share(repeat('x', 300)) $$, 'PT404', 'not_found', 'However long');
select throws_ok(
    $$ select share_page(tests.id('version'), repeat('mine', 8)) $$, 'PT404', 'not_found', 'He shares no page of alice''s'
);

-- Nobody, who has the link

select tests.act_as_nobody();
select is(left(read_page_share(tests.link()) ->> 'page', 5), '<img ', 'A link needs no account');
select is(read_shared_file(tests.link(), tests.hash('shown'))::bytea, tests.picture('shown'), 'Nor do its pictures');
select throws_ok($$ select id from page_shares $$, '42501', null, 'Nobody lists shares');
select throws_ok($$ select share_page(tests.id('version'), tests.link()) $$, '42501', null, 'Nobody makes one');

-- Alice

select tests.act_as('alice');
select is(tests.outcome($$ delete from page_shares where version_number = 1 $$), '1', 'Alice can take it back');
delete from page_shares where version_number = 1;
select throws_ok($$ select read_page_share(tests.link()) $$, 'PT404', 'not_found', 'Then its link opens nothing');
select throws_ok($$ select read_shared_file(tests.link(), tests.hash('shown')) $$, 'PT404', 'not_found', 'Nor shows anything');
select throws_ok(
    $$ select share_page(tests.id('version'), tests.link()) $$, 'PT409', 'conflict', 'Nor is it ever made to again'
);

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into page_shares (user_id, website_id, version_id, version_number, token_hash)
        values (tests.id('alice'), tests.id('luna'), gen_random_uuid(), 1, 'x') $$, '23503', 'There is no share of nothing'),
    ($$ insert into page_shares (user_id, website_id, version_id, version_number, token_hash)
        values (tests.id('bob'), tests.id('luna'), tests.id('next'), 1, 'x') $$, '23503', 'Nor of somebody else''s page'),
    ($$ insert into page_shares (user_id, website_id, version_id, version_number, token_hash)
        select user_id, website_id, version_id, version_number, token_hash from page_shares limit 1 $$, '23505',
        'A link opens one page'),
    ($$ insert into page_shares (user_id, id, website_id, version_id, version_number, token_hash)
        select user_id, id, website_id, version_id, version_number, 'x' from page_shares limit 1 $$, '23505',
        'An id is used once')
) as change (statement, state, says);
insert into page_shares (user_id, website_id, version_id, version_number, token_hash)
values (tests.id('alice'), tests.id('luna'), tests.id('next'), 2, 'by hand');
select is(row(has_password, has_all_pages), row(false, false), 'No password, and its first page alone') from page_shares where token_hash = 'by hand';
update page_shares set token_hash = private.hash_of(repeat('oldlink-', 4)) where token_hash = 'by hand';
update site_versions set manifest = manifest || (select jsonb_build_object('more.html', manifest -> 'index.html') from site_versions where id = tests.id('next'))
where id = tests.id('next');
select is(read_page_share(repeat('oldlink-', 4)) -> 'pages', '["index.html"]', 'So do the links of before');
select is(read_page_share(repeat('oldlink-', 4), 'more.html') -> 'page', 'null', 'They show no other');
update page_shares set token_hash = 'by hand' where token_hash = private.hash_of(repeat('oldlink-', 4));
select isnt(id, null, 'It has an id') from page_shares where token_hash = 'by hand';
select is(created_at, now(), 'And a time') from page_shares where token_hash = 'by hand';
select lives_ok($$ delete from websites where id = tests.id('luna') $$, 'A website can go');
select is_empty($$ select * from page_shares $$, 'It takes the shares of its pages along');

select * from finish();
rollback;
