-- A domain shows a website once the domain itself says so: a claim alone is nothing.
begin;
\ir people.psql
select no_plan();

create function tests.token(person text) returns text language sql security definer
return (select token from website_domains where user_id = tests.id(person) and website_id = tests.id('luna'));

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<p>Luna"}');
select is(
    claim_domain(tests.id('luna'), 'luna.example') - 'token' - 'created_at',
    jsonb_build_object('website_id', tests.id('luna'), 'domain', 'luna.example'), 'Alice claims a domain'
);
select matches(tests.token('alice'), '^[0-9a-f]{32}$', 'Its token can''t be guessed');
select results_eq(
    'select user_id, website_id, domain, token, created_at from website_domains',
    $$ values (tests.id('alice'), tests.id('luna'), 'luna.example', tests.token('alice'), now()) $$, 'She sees it'
);
select is(claim_domain(tests.id('luna'), 'luna.example') ->> 'token', tests.token('alice'), 'The same again keeps its token');
select throws_ok(format('select claim_domain(tests.id(''luna''), %L)', domain), 'PT422', 'invalid_domain', 'No domain is ' || domain)
from unnest(array[
    'luna', 'Luna.example', 'luna..example', '.luna.example', 'luna.example.', 'lu_na.example', '-a.example', 'a-.example', '10.0.0.1',
    'lünä.example', 'luna.example:80', 'luna.example/x', '*.luna.example', repeat('a', 64) || '.example', repeat('aaa.', 59) || 'aa.bc', E'luna.example\n', ''
]) as domain;
select throws_ok($$ select claim_domain(tests.id('luna'), null) $$, 'PT422', 'invalid_domain', 'Nor nothing');
select throws_ok($$ select claim_domain(tests.id('nothing'), 'a.example') $$, 'PT404', 'not_found', 'A website must be there');
select lives_ok(format('select claim_domain(tests.id(''sol''), %L)', domain), 'A domain is ' || domain)
from unnest(array['xn--ln-eka.example', 'a.b.example', repeat('aaa.', 58) || 'aaaa.bcd']) as domain;
select is(read_domain('luna.example', array[tests.token('alice')]), '{"is_claimed": true, "slug": null}', 'It shows nothing that isn''t published');
select isnt(publish_website(tests.id('luna'), 'luna'), null, 'She publishes');
select is(tests.outcome($$ insert into website_domains (website_id, domain, token) values (tests.id('sol'), 'x.example', 'x') $$), '42501', 'No token is chosen');
select is(tests.outcome($$ update website_domains set token = 'x' $$), '42501', 'Nor changed');

-- Bob, who claims it, too

select tests.act_as('bob');
insert into websites (id, name) values (tests.id('luna'), 'His');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<p>His"}');
select isnt(publish_website(tests.id('luna'), 'his'), null, 'Bob publishes');
select lives_ok($$ select claim_domain(tests.id('luna'), 'luna.example') $$, 'He claims hers, for a website with the id of hers');
select isnt(tests.token('bob'), tests.token('alice'), 'His token is another one');
select throws_ok($$ select claim_domain(tests.id('sol'), 'b.example') $$, 'PT404', 'not_found', 'For no website of hers');
select is(count(*), 1::bigint, 'He sees no claim of hers') from website_domains;
select is(tests.outcome($$ delete from website_domains $$), '1', 'Nor deletes it');

-- Nobody, who visits

select tests.act_as_nobody();
select is(read_domain('luna.example', array['x', tests.token('alice')]) ->> 'slug', 'luna', 'The domain says whose it is');
select is(read_domain('luna.example', array[tests.token('bob')]) ->> 'slug', 'his', 'As it likes');
select is(read_domain('luna.example', array[]::text[]), '{"is_claimed": true, "slug": null}', 'A claim alone is nothing');
select is(read_domain('other.example', array[tests.token('alice')]), '{"is_claimed": false, "slug": null}', 'Nor is a token elsewhere');
select is(
    read_domain('luna.example', array_fill('x'::text, array[20]) || tests.token('alice')) -> 'slug', 'null', 'A domain has 20 records to say it'
);
select throws_ok('select * from website_domains', '42501', null, 'Nobody lists claims');
select throws_ok($$ select claim_domain(tests.id('luna'), 'a.example') $$, '42501', null, 'Nor makes one');

-- Alice

select tests.act_as('alice');
select isnt(claim_domain(tests.id('luna'), 'other.example') ->> 'token', (
    select token from website_domains where website_id = tests.id('sol')
), 'She claims another one');
select is(read_domain('luna.example') ->> 'is_claimed', 'true', 'Bob''s claim stays');
select is(tests.outcome($$ delete from website_domains where domain = 'other.example' $$), '1', 'She gives it up');
select isnt(trash_website(tests.id('luna')), null, 'A website goes to the trash');
select is_empty($$ select * from website_domains where website_id = tests.id('luna') $$, 'And its claim away');

-- The database's owner

select tests.act_as_owner();
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into website_domains (user_id, website_id, domain) values (tests.id('alice'), tests.id('sol'), 'x.example') $$, '23505', 'A website has one'),
    ($$ insert into website_domains (user_id, website_id, domain) values (tests.id('bob'), tests.id('sol'), 'x.example') $$, '23503', 'Of its owner''s'),
    ($$ update website_domains set domain = 'X' $$, '23514', 'A domain is one')
) as change (statement, state, says);

select * from finish();
rollback;
