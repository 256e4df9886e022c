-- A link ends, and may ask for a password; whoever has it comments on elements of its pages.
begin;
\ir people.psql
select no_plan();

create function tests.link() returns text language sql return repeat('link', 8);
create function tests.proof() returns text language sql return repeat('proof', 8);
create function tests.bytes_of(owner text) returns bigint language sql security definer return (
    select coalesce(sum(bytes), 0) from (
        select bytes from private.storage where user_id = tests.id(owner)
        union all select bytes from private.byte_changes where user_id = tests.id(owner)
    ) as counted
);
create function tests.before() returns bigint language sql security definer return (
    select coalesce(sum(bytes), 0) from public.page_comments where user_id = tests.id('alice')
);
-- What somebody says, who may have told the password.
create function tests.says(more jsonb default '{}') returns jsonb language sql as $$
    select comment_on_page(
        coalesce(more ->> 'token', tests.link()), coalesce(more ->> 'path', 'index.html'), coalesce((more ->> 'from')::integer, 0),
        coalesce((more ->> 'to')::integer, 5), case when more ? 'author' then more ->> 'author' else 'Bob' end,
        case when more ? 'text' then more ->> 'text' else 'Hi' end, (more ->> 'ticket')::uuid
    )
$$;

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
insert into site_versions (id, website_id, files) values (tests.id('version'), tests.id('luna'), '{"index.html": "<p>日</p>", "more.html": "<b>"}');
select throws_ok(format('select share_page(tests.id(%L), tests.link(), %L, %L)', 'version', ends, proof), 'PT422', 'invalid_field', says) from (values
    (now() - interval '1 second', null, 'No link begins when it is over'), (now() + interval '401 days', null, 'Nor lasts for years'),
    ('infinity', null, 'Nor for ever'), (null, 'short', 'A proof can''t be guessed'), (null, repeat('x', 201), 'Nor is it endless')
) as wrong (ends, proof, says);
select is(
    share_page(tests.id('version'), tests.link(), now() + interval '7 days', tests.proof()) - array['id', 'created_at'],
    jsonb_build_object('website_id', tests.id('luna'), 'version_id', tests.id('version'), 'version_number', 1,
        'expires_at', now() + interval '7 days', 'has_password', true, 'has_all_pages', true),
    'Alice shares pages for a week, with a password'
);
select lives_ok($$ select share_page(tests.id('version'), repeat('open', 8)) $$, 'And without');

-- Bob, who has the links

select tests.act_as_nobody();
select throws_ok(statement, 'PT403', 'share_password_required', says) from (values
    ($$ select read_page_share(tests.link()) $$, 'Without the password Bob reads no page'),
    ($$ select read_page_share(tests.link(), ticket => gen_random_uuid()) $$, 'Nor with a made-up ticket'),
    ($$ select read_shared_file(tests.link(), repeat('0', 64)) $$, 'Nor a picture'),
    ($$ select read_shared_comments(tests.link()) $$, 'Nor comments'), ($$ select tests.says() $$, 'Nor does he say anything')
) as asked (statement, says);
select throws_ok(format('select open_page_share(%L, tests.proof())', token), 'PT404', 'not_found', says) from (values
    (repeat('open', 8), 'A link without a password opens by itself'), (repeat('x', 32), 'One that isn''t there doesn''t'),
    (repeat('x', 300), 'However long')
) as asked (token, says);
select is(open_page_share(tests.link(), guess), '{"result": "wrong"}', 'He guesses') from (values
    ('x'), (repeat('x', 300)), (null), (upper(tests.proof()))
) as wrong (guess);
create temporary table opened as select open_page_share(tests.link(), tests.proof()) as told;
grant select on opened to authenticated;
select is(told ->> 'result', 'open', 'And knows') from opened;
select is(read_page_share(tests.link(), 'more.html', (told ->> 'ticket')::uuid) ->> 'page', '<b>', 'Then he reads') from opened;
select is(open_page_share(tests.link(), 'x')->> 'result', 'wrong', 'Ten times he may guess') from generate_series(5, 10);
select is(open_page_share(tests.link(), guess), '{"result": "locked", "retry_after": 901}', 'Not more, also what is right')
from (values ('x'), (tests.proof())) as more (guess);
select is(read_shared_comments(tests.link(), (told ->> 'ticket')::uuid), '[]', 'Whoever is in stays in') from opened;
select throws_ok(format('select tests.says(%L)', wrong || jsonb_build_object('ticket', told -> 'ticket')), 'PT422', 'invalid_field', says)
from opened, (values
    ('{"from": -1}'::jsonb, 'A comment is about something'), ('{"to": 0}', 'That isn''t empty'), ('{"to": 9}', 'That ends with the page'),
    ('{"path": "x.html"}', 'On a page'), ('{"path": "more.html"}', 'On that page'), ('{"author": null}', 'Somebody said it')
) as said (wrong, says);
select is(tests.outcome(format('select tests.says(%L)', more || jsonb_build_object('ticket', told -> 'ticket'))), state, says)
from opened, (values
    (jsonb_build_object('text', repeat('日', 2000)), '1', 'It may be long'), (jsonb_build_object('text', repeat('x', 2001)), 'PT422', 'But not so long'),
    (jsonb_build_object('text', ' '), 'PT422', 'It says something'), (jsonb_build_object('text', null), 'PT422', 'At all'),
    (jsonb_build_object('author', repeat('日', 60)), '1', 'A name may be long'), (jsonb_build_object('author', repeat('x', 61)), 'PT422', 'But not so long'),
    (jsonb_build_object('author', ' '), 'PT422', 'It can be read')
) as said (more, state, says);
select lives_ok(format('select tests.says(%L)', jsonb_build_object('to', 8, 'text', '日', 'ticket', told -> 'ticket')), 'Bob says something') from opened;
select is(
    read_shared_comments(tests.link(), (told ->> 'ticket')::uuid),
    jsonb_build_array(jsonb_build_object('path', 'index.html', 'start', 0, 'end', 8, 'author', 'Bob', 'text', '日', 'is_resolved', false,
        'created_at', now())), 'And sees it, without ids'
) from opened;
select lives_ok($$ select tests.says(jsonb_build_object('token', repeat('open', 8))) from generate_series(1, 50) $$, 'By a link come 50 comments');
select throws_ok($$ select tests.says(jsonb_build_object('token', repeat('open', 8))) $$, 'PT429', 'too_many_comments', 'Not more, in a day');
select throws_ok($$ select reply_to_comment(tests.id('x'), 'x') $$, '42501', null, 'He replies to none');
select throws_ok($$ select id from page_comments $$, '42501', null, 'And reads none of other links');

-- Charlie, who has nothing

select tests.act_as('charlie');
select is_empty($$ select id from page_comments $$, 'Charlie sees no comment');
select throws_ok($$ select read_shared_comments(repeat('guess', 8)) $$, 'PT404', 'not_found', 'Nor by guessing');
select throws_ok($$ select tests.says(jsonb_build_object('token', repeat('guess', 8))) $$, 'PT404', 'not_found', 'Nor does he say anything');

-- Alice

select tests.act_as('alice');
select results_eq(
    $$ select user_id, website_id, version_id, version_number, path, start_offset, end_offset, author, is_read, is_resolved, created_at, bytes
        from page_comments where text = '日' $$,
    $$ values (tests.id('alice'), tests.id('luna'), tests.id('version'), 1, 'index.html', 0, 8, 'Bob', false, false, now(), 6) $$, 'It is hers'
);
create temporary table ids as select id from page_comments where text = '日';
select is(reply_to_comment(id, 'Thanks') - array['id', 'share_id', 'created_at'], jsonb_build_object(
    'website_id', tests.id('luna'), 'version_id', tests.id('version'), 'version_number', 1, 'path', 'index.html', 'start_offset', 0,
    'end_offset', 8, 'author', null, 'text', 'Thanks', 'is_read', true, 'is_resolved', false
), 'She replies') from ids;
select is(tests.bytes_of('alice') - 12 - (select sum(size) from site_files) - (select sum(size) from site_versions), tests.before() - 12, 'All that counts');
select throws_ok($$ select reply_to_comment(tests.id('x'), 'x') $$, 'PT404', 'not_found', 'But not to nothing');
select is(
    jsonb_path_query_array(read_shared_comments(tests.link(), (told ->> 'ticket')::uuid), '$[*] ? (@.author == null).text'), '["Thanks"]', 'Bob sees it'
) from opened;
update page_comments set is_read = true, is_resolved = true where id in (select id from ids);
select is(row(is_read, is_resolved), row(true, true), 'She marks it') from page_comments where text = '日';
select throws_ok($$ update page_comments set text = 'x' $$, '42501', null, 'But changes no word');
delete from page_comments where text = '日';
select is(tests.bytes_of('alice') - (select sum(size) from site_files) - (select sum(size) from site_versions), tests.before(), 'What is deleted counts no more');
delete from page_shares where has_password;
select results_eq($$ select share_id from page_comments where text = 'Thanks' $$, $$ values (null::uuid) $$, 'They stay without their link');
select throws_ok($$ select read_shared_comments(tests.link()) $$, 'PT404', 'not_found', 'Which shows them to nobody any more');

-- The trash, with a comment on another website that stays

create temporary table thrown as select trash_website(tests.id('luna')) as item;
select is((select count(*) from page_comments), 51::bigint, 'In the trash a website keeps its comments');
select lives_ok($$ select restore_trash((item ->> 'id')::uuid) from thrown $$, 'And has them again');
select is((select count(*) from page_comments), 51::bigint, 'All of them');
select is(tests.outcome($$ delete from websites where id = tests.id('sol') $$), '1', 'Another one can go');
delete from websites where id = tests.id('sol');
select is((select count(*) from page_comments), 51::bigint, 'Without them');
create temporary table again as select trash_website(tests.id('luna')) as item;
delete from trash where id = (select (item ->> 'id')::uuid from again);
select is_empty($$ select id from page_comments $$, 'They go with their website');
select is(tests.bytes_of('alice') - (select coalesce(sum(size), 0) from site_files), 0::bigint, 'And count no more');

-- The database's owner

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
insert into site_versions (id, website_id, files) values (tests.id('again'), tests.id('luna'), '{"index.html": "<p>Hi</p>"}');
select lives_ok($$ select share_page(tests.id('again'), repeat('again', 8), now() + interval '1 day', tests.proof()) $$, 'Alice shares again');
select tests.act_as_owner();
select is(row(wrong_guesses, guessed_since), row(0, timestamptz 'epoch'), 'At first nobody has guessed') from private.share_passwords;
update private.share_passwords set wrong_guesses = 10, guessed_since = now() - interval '14 minutes 59 seconds';
select is(open_page_share(repeat('again', 8), tests.proof()), '{"result": "locked", "retry_after": 2}', 'It is locked for a quarter of an hour');
update private.share_passwords set guessed_since = now() - interval '15 minutes 1 second';
select is(open_page_share(repeat('again', 8), 'x') ->> 'result', 'wrong', 'Then it counts anew');
select is(row(wrong_guesses, guessed_since), row(1, now()), 'From one on') from private.share_passwords;
update page_shares set expires_at = now();
select throws_ok($$ select open_page_share(repeat('again', 8), tests.proof()) $$, 'PT404', 'not_found', 'A link that has ended opens for nobody');
select throws_ok($$ select read_page_share(repeat('again', 8)) $$, 'PT404', 'not_found', 'And asks for nothing');
update page_shares set expires_at = now() - interval '1 second';
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into private.share_passwords (user_id, share_id, proof_hash) select user_id, share_id, proof_hash from private.share_passwords $$,
        '23505', 'A link has one password'),
    ($$ insert into private.share_passwords (user_id, share_id, proof_hash) values (tests.id('alice'), gen_random_uuid(), 'x') $$,
        '23503', 'Of a link'),
    ($$ insert into page_comments (user_id, id, website_id, version_id, version_number, path, start_offset, end_offset, text)
        select user_id, id, website_id, id, 1, '', 0, 0, 'x' from page_shares, generate_series(1, 2) $$, '23505', 'An id is used once'),
    ($$ insert into page_comments (user_id, share_id, website_id, version_id, version_number, path, start_offset, end_offset, text)
        select tests.id('bob'), id, website_id, id, 1, '', 0, 0, 'x' from page_shares $$, '23503', 'A comment came by the owner''s link'),
    ($$ insert into page_comments (user_id, website_id, version_id, version_number, path, start_offset, end_offset, text)
        select gen_random_uuid(), website_id, id, 1, '', 0, 0, 'x' from page_shares $$, '23503', 'It is somebody''s')
) as change (statement, state, says);
select tests.act_as('alice');
select lives_ok($$ select share_page(tests.id('again'), repeat('newer', 8)) $$, 'A new link');
select is((select count(*) from page_shares), 1::bigint, 'Takes those along that have ended');
select lives_ok($$ select tests.says(jsonb_build_object('token', repeat('newer', 8))) $$, 'Bob says something');
select tests.act_as_owner();
select is_empty($$ select * from private.share_passwords $$, 'With their passwords');
select isnt(id, null, 'A comment has an id') from page_comments;
select tests.act_as('alice');
insert into websites (id, name) values (tests.id('sol'), 'Sol');
insert into site_versions (id, website_id, files) values (tests.id('sun'), tests.id('sol'), '{"index.html": "<p>Hi</p>"}');
select lives_ok($$ select share_page(tests.id('sun'), repeat('sun!', 8)) $$, 'Another website');
select lives_ok($$ select tests.says(jsonb_build_object('token', repeat('sun!', 8))) $$, 'Has a comment');
delete from websites where id = tests.id('sol');
select is((select count(*) from page_comments), 1::bigint, 'That goes with it, also without the trash');
select tests.act_as_owner();
delete from auth.users where id = tests.id('alice');
select is_empty($$ select * from page_comments $$, 'An account takes all of it along');

select * from finish();
rollback;
