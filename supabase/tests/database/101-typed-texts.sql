-- What the owner of a website wrote about it.
begin;
\ir people.psql
select no_plan();

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select is(
    read_typed_texts(tests.id('luna')), '{"brief": "", "messages": [], "by_hand": [], "is_whole": true}'::jsonb, 'At first there is nothing'
);
select save_brief(tests.id('luna'), 'Open daily');
insert into chat_sessions (id, website_id) values (tests.id('chat'), tests.id('luna')), (tests.id('other'), tests.id('sol'));
select add_message(tests.id('chat'), 'user', 'Rye for 5');
select add_message(tests.id('chat'), 'assistant', 'Rye for 9');
select add_message(tests.id('other'), 'user', 'Sun');
insert into site_versions (id, website_id, files) values (tests.id('first'), tests.id('luna'), '{"index.html": "<h1>Luna</h1><p>Rye</p>"}');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<h1>Luna</h1><p>Rye, 5</p>", "about.html": "<p>Us</p>"}');
select is(
    read_typed_texts(tests.id('luna')),
    '{"brief": "Open daily", "messages": ["Rye for 5"], "by_hand": ["/h1", "/p", "Luna", "Rye", "Rye, 5", "Us", "h1", "p"], "is_whole": true}'::jsonb,
    'Her brief, her messages about the website, and what she put into pages by hand'
);
insert into site_versions (website_id, files) select tests.id('luna'), jsonb_build_object('about.html', format('<p>%s</p>', number)) from generate_series(3, 50) as number;
select is(read_typed_texts(tests.id('luna')) ->> 'is_whole', 'true', 'Of 50 versions by hand all is read');
insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "x"}');
select is(read_typed_texts(tests.id('luna')) ->> 'is_whole', 'false', 'Of more not all');
insert into websites (id, name) values (tests.id('big'), 'Big');
insert into chat_sessions (id, website_id) values (tests.id('long'), tests.id('big'));
select add_message(tests.id('long'), 'user', repeat('x', 99999) || number) from generate_series(1, 9) as number;
insert into site_versions (website_id, files) values
    (tests.id('big'), jsonb_build_object('index.html', '<p>Old', 'a.html', repeat('<p>A', 60000))),
    (tests.id('big'), jsonb_build_object('index.html', '<p>New', 'a.html', repeat('<p>B', 60000)));
select is(read_typed_texts(tests.id('big')) ->> 'is_whole', 'true', 'Of 900 kB all is read');
select tests.act_as_owner();
select is(private.max_typed_bytes(), 2000000, 'Of messages, and of hand edits, 2 MB are read');
create or replace function private.max_typed_bytes() returns integer language sql immutable return 300000;
select tests.act_as('alice');
select is(
    (select jsonb_build_array(jsonb_array_length(found -> 'messages'), found -> 'by_hand' ? 'New', found -> 'by_hand' ? 'Old', found -> 'is_whole')
    from read_typed_texts(tests.id('big')) as found),
    '[3, true, false, false]', 'Of more, the newest, and that is not all'
);
select throws_ok($$ select read_typed_texts(tests.id('x')) $$, 'PT404', 'not_found', 'Of a website that is there');

select tests.act_as_owner();
insert into site_versions (user_id, website_id, source, files) values (tests.id('alice'), tests.id('sol'), 'answer', '{"index.html": "x"}');
select tests.act_as('alice');
select is(read_typed_texts(tests.id('sol')) ->> 'is_whole', 'false', 'Nor where the chat is gone that made a version');

-- Charlie and nobody

select tests.act_as('charlie');
select throws_ok($$ select read_typed_texts(tests.id('luna')) $$, 'PT404', 'not_found', 'Charlie reads nothing');
select tests.act_as_nobody();
select throws_ok($$ select read_typed_texts(tests.id('luna')) $$, '42501', null, 'Nobody reads');

select * from finish();
rollback;
