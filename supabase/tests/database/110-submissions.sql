-- What visitors send by the forms of published pages: all of it is taken, what looks like a machine's is quarantined.
begin;
\ir people.psql
select no_plan();

create function tests.proof() returns text language sql return 'what the app alone can tell';
create function tests.proof_hash() returns text language sql return encode(sha256(convert_to(tests.proof(), 'UTF8')), 'hex');
create function tests.said(words text) returns jsonb language sql
return jsonb_build_array(jsonb_build_object('name', 'message', 'value', words));
-- As the app calls it.
create function tests.submit(words text, marks text[] default '{}', sender text default '', content text default '', form text default 'contact')
returns jsonb language sql as $$
    select submit_form('luna', form, 'index.html', tests.said(words)::json, marks, sender, content, tests.proof())
$$;
create function tests.marks_of(words text) returns text[] language sql security definer return (
    select marks from public.submissions where fields = tests.said(words) limit 1
);
create function tests.counted(of_table text) returns bigint language plpgsql security definer as $$
declare
    _count bigint;
begin
    execute format('select count(*) from %s', of_table) into _count;
    return _count;
end
$$;
create function tests.bytes_of(owner text) returns bigint language sql security definer return (
    select coalesce(sum(bytes), 0) from (
        select bytes from private.storage where user_id = tests.id(owner)
        union all select bytes from private.byte_changes where user_id = tests.id(owner)
    ) as counted
);

-- Alice

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
insert into site_versions (id, website_id, files) values (tests.id('version'), tests.id('luna'), '{"index.html": "<form>"}');
select is(
    read_form_settings(tests.id('luna')), '{"sealed": "", "retention_days": 365, "consent": ""}', 'So it is before she sets anything'
);
select throws_ok($$ select read_form_settings(tests.id('x')) $$, 'PT404', 'not_found', 'Settings are a website''s');
select throws_ok(
    $$ select save_form_settings(tests.id('x'), '', false, false, 1, '', '') $$, 'PT404', 'not_found', 'To be saved, too'
);
select save_form_settings(tests.id('luna'), repeat('x', 8000), true, true, 3650, repeat('日', 300), tests.proof_hash());
select is(read_form_settings(tests.id('luna')) ->> 'retention_days', '3650', 'So long things may be kept');
select throws_ok(format('select save_form_settings(tests.id(''luna''), %L, true, true, %s, %L, '''')', sealed, days, consent), '23514', null, says)
from (values
    (repeat('x', 8001), 1, '', 'Settings are not long'), ('', 3651, '', 'Nothing is kept for ever'),
    ('', 0, '', 'Nor for no time'), ('', 1, repeat('x', 301), 'What visitors agree to is short')
) as wrong (sealed, days, consent, says);
select throws_ok($$ select save_form_settings(tests.id('luna'), null, true, true, 1, '', '') $$, '23502', null, 'They are there');
select publish_website(tests.id('luna'), 'luna', proof_hash => tests.proof_hash(), facts => '{"phone": "1"}');
select is(read_publication('luna') -> 'facts', jsonb_build_object('phone', '1', 'consent', repeat('日', 300)), 'Pages ask for consent');
select save_form_settings(tests.id('luna'), 'sealed', true, false, 10, '', tests.proof_hash());
select is(read_publication('luna') -> 'facts', '{"phone": "1"}', 'And no longer when she wants none');

-- Nobody: a visitor

select tests.act_as_nobody();
select throws_ok($$ select tests.submit(repeat('x', 65536)) $$, 'PT422', 'invalid_field', 'Nothing endless is sent');
select throws_ok($$ select tests.submit('Hi', form => repeat('x', 101)) $$, 'PT422', 'invalid_field', 'No row, nor whose it is, is told by an error');
select throws_ok(
    $$ select submit_form('luna', 'f', 'p', '[{"name": "a", "value": "b", "n": [1e131071]}]', '{}') $$, 'PT422', 'invalid_field',
    'Nor what is short as jsonb and endless as a text'
);
select throws_ok($$ select submit_form('sol', 'f', 'p', '[]', '{}') $$, 'PT404', 'not_found', 'Nothing is sent to what is not published');
create temporary table taken as select tests.submit('Hello') as said;
select is(said #- '{submission,id}' #- '{submission,created_at}', jsonb_build_object(
    'is_quarantined', false, 'sealed', 'sealed', 'website_name', 'Luna', 'submission', jsonb_build_object(
        'user_id', tests.id('alice'), 'website_id', tests.id('luna'), 'form', 'contact', 'page', 'index.html', 'fields', tests.said('Hello'),
        'marks', '{}'::text[], 'is_quarantined', false, 'is_read', false, 'mail_notice', 'waiting', 'webhook_notice', 'none'
    )
), 'The app is told how alice hears of it') from taken;
select is(submit_form('luna', 'f', 'p', tests.said('Direct')::json, '{}'), '{"is_quarantined": true}', 'Others are told nothing');
select is(
    submit_form('luna', 'f', 'p', tests.said('Guessed')::json, '{}', '', '', 'a guess'), '{"is_quarantined": true}', 'A guess is no proof'
);
select throws_ok(format('select submit_form(''luna'', %s)', given), 'PT422', 'invalid_field', 'Nothing in the place of something: ' || given) from (values
    ('''f'', ''p'', ''[]'', ''{}'', proof => null'), ('null, ''p'', ''[]'', ''{}'''), ('''f'', null, ''[]'', ''{}'''), ('''f'', ''p'', null, ''{}'''),
    ('''f'', ''p'', ''[]'', null'), ('''f'', ''p'', ''[]'', ''{}'', sender => null'), ('''f'', ''p'', ''[]'', ''{}'', content_hash => null')
) as wrong (given);
select is(tests.submit('Trap', '{honeypot}') ->> 'sealed', '', 'Of what is quarantined nobody hears');
select is(tests.marks_of(words), marks, words || ' is marked') from (values
    ('Hello', '{}'::text[]), ('Direct', '{unproven}'), ('Guessed', '{unproven}'), ('Trap', '{honeypot}')
) as marked (words, marks);
select is(
    tests.submit(repeat('x', 10), array(select repeat(n::text, 50) from generate_series(1, 20) as n)) ->> 'is_quarantined', 'true',
    'Marks may be many'
);
select is(tests.marks_of(repeat('x', 10)), array(select left(repeat(n::text, 50), 40) from generate_series(1, 10) as n), 'Few are stored');
select throws_ok($$ select fields from submissions $$, '42501', null, 'Nobody reads what was sent');
select is(
    record_notice(tests.id('luna'), (said #>> '{submission,id}')::uuid, 'a guess', 'sent', null), false, 'Nor says what became of a notice'
) from taken;
select is(record_notice(tests.id('luna'), (said #>> '{submission,id}')::uuid, tests.proof(), 'sent', null), true, 'The app does') from taken;
select is(record_notice(tests.id('sol'), (said #>> '{submission,id}')::uuid, tests.proof(), 'failed', null), false, 'Of that website') from taken;
select is(record_notice(tests.id('luna'), tests.id('x'), tests.proof(), 'failed', null), false, 'And that submission');
select throws_ok($$ select read_submissions(tests.id('luna'), 10) $$, '42501', null, 'Nobody lists');
select throws_ok($$ select count_submissions(tests.id('luna')) $$, '42501', null, 'Nobody counts');
select throws_ok($$ select sweep_submissions(tests.id('luna')) $$, '42501', null, 'Nobody sweeps');
select throws_ok($$ select empty_quarantine(tests.id('luna')) $$, '42501', null, 'Nobody empties');
select is(read_sealed_notices(tests.id(owner), tests.id(website), proof), sealed, says) from (values
    ('alice', 'luna', tests.proof(), 'sealed', 'Who confirms an address needs the proof'), ('alice', 'luna', 'a guess', null, 'No guess'),
    ('alice', 'sol', tests.proof(), null, 'Of this website'), ('bob', 'luna', tests.proof(), null, 'Of this person')
) as asked (owner, website, proof, sealed, says);
select is(confirm_notices(tests.id(owner), tests.id(website), proof, was, 'confirmed'), false, says) from (values
    ('alice', 'luna', 'a guess', 'sealed', 'To write it, too'), ('alice', 'sol', tests.proof(), 'sealed', 'Of this website'),
    ('bob', 'luna', tests.proof(), 'sealed', 'And person'), ('alice', 'luna', tests.proof(), 'other', 'Where nothing has changed')
) as asked (owner, website, proof, was, says);
select throws_ok($$ select read_form_settings(tests.id('luna')) $$, '42501', null, 'Nobody reads settings');
select throws_ok($$ select save_form_settings(tests.id('luna'), '', false, false, 1, '', '') $$, '42501', null, 'Nor saves them');
select throws_ok($$ select import_submissions(tests.id('luna'), '[]') $$, '42501', null, 'Nor brings any back');

-- Alice

select tests.act_as('alice');
select results_eq(
    $$ select user_id, website_id, form, page, mail_notice, webhook_notice, is_read, is_quarantined, created_at, bytes from submissions
    where fields = tests.said('Hello') $$,
    $$ values (tests.id('alice'), tests.id('luna'), 'contact', 'index.html', 'sent', 'none', false, false, now(), 39) $$, 'It is hers'
);
select results_eq(
    $$ select mail_notice, webhook_notice, is_quarantined from submissions where fields = tests.said('Trap') $$,
    $$ values ('none', 'none', true) $$, 'Nothing is to be sent of what is quarantined'
);
select is(
    count_submissions(tests.id('luna')), '{"unread": 1, "quarantined": 4, "forms": ["contact"]}', 'She sees how much there is'
);
select is(jsonb_path_query_array(read_submissions(tests.id('luna'), 10, query => query), '$.submissions[*].fields[*].value'), found, query) from (values
    ('HELL', '["Hello"]'::jsonb), ('guess', '["Guessed"]'), ('hello"', '[]')
) as searched (query, found);
select is(jsonb_array_length(read_submissions(tests.id('luna'), 10, is_quarantined => true) -> 'submissions'), 4, 'She may look at what is quarantined');
select is(jsonb_array_length(read_submissions(tests.id('luna'), 10, form => 'f') -> 'submissions'), 2, 'At one form');
select is(
    jsonb_build_array(jsonb_array_length(read -> 'submissions'), read -> 'has_more'), shown, 'At ' || rows
) from (values (2, '[2, true]'::jsonb), (5, '[5, false]')) as page (rows, shown) cross join lateral read_submissions(tests.id('luna'), rows) as read;
select is(
    jsonb_path_query_array(
        read_submissions(tests.id('luna'), 10, before_time => now(), before_id => (read_submissions(tests.id('luna'), 3) #>> '{submissions,2,id}')::uuid), '$.submissions[*].id'
    ),
    jsonb_path_query_array(read_submissions(tests.id('luna'), 10), '$.submissions[3 to last].id'), 'And at those before them'
);
select is(read_submissions(tests.id('luna'), 1) #> '{submissions,0}' ?| array['user_id', 'bytes', 'bytes_so_far', 'place'], false, 'As the API shows them');
select throws_ok($$ select read_submissions(tests.id('x'), 1) $$, 'PT404', 'not_found', 'They are of a website');
select is(tests.outcome($$ update submissions set is_read = true, is_quarantined = false $$), '5', 'She marks them');
select throws_ok($$ update submissions set fields = '[]' $$, '42501', null, 'What was sent stays as it is');
select is(tests.outcome($$ delete from submissions $$), '5', 'She deletes');
select is(tests.outcome($$ select empty_quarantine(tests.id('sol')) $$), '1', 'Or what is quarantined');
create temporary table emptied as select empty_quarantine(tests.id('sol')) as sol;
select is(sol, 0, 'Of one website') from emptied;

-- Limits

select tests.act_as_owner();
update private.form_limits set allowed = 2 where name in ('submissions_of_sender', 'submissions_of_text');
update private.form_limits set allowed = 5 where name = 'submissions_of_form';
select tests.act_as_nobody();
select tests.submit('Same ' || n, content => 'same') from generate_series(1, 3) as n;
select is(tests.marks_of('Same 2'), '{}', 'A text may be sent twice');
select is(tests.marks_of('Same 3'), '{repeated}', 'More often a machine sends it');
select tests.submit('Spam ' || n, '{links}', 'sender') from generate_series(1, 3) as n;
select tests.submit('Mine ' || n, sender => 'sender') from generate_series(1, 3) as n;
select is(tests.marks_of('Mine 2'), '{}', 'An address may send so much, beside what was quarantined');
select is(tests.marks_of('Mine 3'), '{sender_limit}', 'More is quarantined');
select is(tests.submit('There', sender => 'sender', form => 'other') ->> 'is_quarantined', 'true', 'Whatever the form is called');
select tests.submit('Last'), tests.submit('Late');
select is(tests.marks_of('Late'), '{form_limit}', 'A form takes so much');
select is(tests.marks_of('Last'), '{form_limit}', 'With those before');
select is(tests.submit('New', form => 'new') ->> 'is_quarantined', 'false', 'Each form');
select tests.act_as_owner();
update private.form_limits set allowed = (select used from private.form_uses where name = 'submissions_of_website:') + 1 where name = 'submissions_of_website';
select tests.act_as_nobody();
select tests.submit(words, form => words, content => words) from unnest(array['A', 'B', 'C']) as words;
select is(tests.marks_of('A'), '{}', 'A website takes more than a form');
select is(tests.marks_of('B'), '{form_limit}', 'But no more by ever new ones');
select is(tests.counted('private.form_uses where name = ''submissions_of_form:C'''), 0::bigint, 'And beyond that no form is noted');
select tests.act_as_owner();
update private.form_limits set allowed = 1000 where name = 'submissions_of_website';
select tests.act_as_nobody();
select tests.act_as_owner();
update private.form_uses set window_start = window_start - interval '1 hour' where name like 'submissions_of_form:contact';
update private.form_uses set window_start = now() - interval '49 hours' where name like 'submissions_of_sender:%';
select tests.act_as_nobody();
select is(tests.submit('Again') ->> 'is_quarantined', 'false', 'In the next hour it takes more');
select is(tests.counted('private.form_uses where name like ''submissions_of_sender:%'''), 0::bigint, 'Hashes of addresses go');
select tests.act_as_owner();
update private.form_limits set allowed = (select count(*) from submissions where is_quarantined) + 1 where name = 'quarantined';
update private.form_limits set allowed = (select count(*) from submissions where not is_quarantined) where name = 'submissions';
update private.form_limits set allowed = 3 where name = 'unproven';
select tests.act_as_nobody();
select is(tests.submit('Too many', form => 'f') ->> 'is_quarantined', 'true', 'Where there is no room, what is sent');
select is(tests.marks_of('Too many'), '{no_room}', 'Goes into quarantine');
select is(tests.submit('Far too many', form => 'f') ? 'submission', false, 'And nowhere, when that is full, too');
select is(tests.marks_of('Far too many'), null, 'Then nothing is stored');
select tests.act_as_owner();
update private.form_limits set allowed = 1000 where name in ('quarantined', 'submissions');
select tests.act_as_nobody();
select submit_form('luna', 'f', 'p', tests.said('Direct ' || n)::json, '{}', 'sender', 'same') from generate_series(1, 2) as n;
select isnt(tests.marks_of('Direct 1'), null, 'Without the proof there is room');
select is(tests.marks_of('Direct 2'), null, 'For little');
select tests.act_as_owner();
update private.form_limits set allowed = 100 where name = 'unproven';
update private.form_limits set allowed = 1 where name = 'unproven_bytes';
select tests.act_as_nobody();
select submit_form('luna', 'f', 'p', tests.said('Direct 2')::json, '{}');
select is(tests.marks_of('Direct 2'), null, 'In bytes, too');
select tests.act_as_owner();
update private.form_limits set allowed = 1 where name in ('submission_bytes', 'quarantined_bytes');
select tests.act_as_nobody();
select is(tests.submit('Too long', form => 'g') ? 'submission', false, 'Bytes count, too');
select tests.act_as_owner();
update private.form_limits set allowed = 100000 where name = 'quarantined_bytes';
select tests.act_as_nobody();
select is(tests.submit('Longer', form => 'g') ->> 'is_quarantined', 'true', 'Both kinds');
select tests.act_as_owner();
update private.form_limits set allowed = 100000 where name = 'submission_bytes';

-- Old ones

update submissions set created_at = now() - interval '11 days' where fields = tests.said('Hello');
update submissions set created_at = now() - interval '9 days' where fields in (tests.said('Mine 1'), tests.said('Trap'));
update submissions set created_at = now() - interval '31 days' where fields in (tests.said('Guessed'), tests.said('Direct'));
select tests.act_as('alice');
select is(sweep_submissions(tests.id('luna')), 3, 'What is older than she wants goes, and what was quarantined long');
select is(tests.marks_of('Hello'), null, 'That is gone');
select isnt(tests.marks_of('Trap'), null, 'This is not');
select is(sweep_submissions(tests.id('sol')), 0, 'Of another website nothing goes');

-- The trash

insert into site_versions (website_id, files) values (tests.id('sol'), '{"index.html": "<form>"}');
select publish_website(tests.id('sol'), 'sol');
select is(
    submit_form('sol', 'f', 'p', tests.said('Without a secret')::json, '{}'), '{"is_quarantined": false}',
    'A server without a secret takes all, and is not told whose it is'
);
select trash_website(tests.id('luna'));
select isnt(tests.marks_of('Trap'), null, 'In the trash they stay');
select throws_ok($$ select tests.submit('Late') $$, 'PT404', 'not_found', 'But get no more');
select restore_trash(id) from trash;
select isnt(read_submissions(tests.id('luna'), 1) -> 'submissions', '[]', 'And come back');
select is(read_form_settings(tests.id('luna')) ->> 'sealed', 'sealed', 'With the settings');
select trash_website(tests.id('luna'));
delete from trash;
select is_empty($$ select id from submissions where website_id = tests.id('luna') $$, 'They go with the trash');
select is(tests.counted('private.form_settings') + tests.counted('private.form_uses where name like ''%contact'''), 0::bigint, 'With all else');
select isnt(tests.marks_of('Without a secret'), null, 'Others stay');
select save_form_settings(tests.id('sol'), 'sealed', true, false, 10, '', tests.proof_hash());
select is(submit_form('sol', 'f', 'p', tests.said(words)::json, '{}', proof => proof) ->> 'sealed', sealed, words) from (values
    ('With one since', tests.proof(), 'sealed'), ('And no proof', '', null)
) as sent (words, proof, sealed);
select is(tests.marks_of('And no proof'), '{unproven}', 'From then on there are proofs');
delete from websites where id = tests.id('sol');
select is(tests.counted('submissions'), 0::bigint, 'And go with their website');

-- What comes back

insert into websites (id, name) values (tests.id('luna'), 'Luna');
create temporary table kept as select jsonb_build_array(
    jsonb_build_object('id', tests.id('one'), 'form', 'f', 'page', 'p', 'fields', tests.said('One'), 'created_at', now() - interval '1 day'),
    jsonb_build_object('id', tests.id('two'), 'form', 'f', 'page', 'p', 'fields', tests.said('Two'), 'marks', array['x'], 'is_quarantined', true,
        'is_read', false)
) as rows;
select is(import_submissions(tests.id('luna'), rows), 2, 'Submissions come back') from kept;
select is(import_submissions(tests.id('luna'), rows), 0, 'Once') from kept;
select results_eq(
    $$ select id, form, page, fields, marks, is_quarantined, is_read, created_at from submissions order by form, created_at $$,
    $$ values (tests.id('one'), 'f', 'p', tests.said('One'), '{}'::text[], false, true, now() - interval '1 day'),
        (tests.id('two'), 'f', 'p', tests.said('Two'), '{x}', true, false, now()) $$,
    'As they were'
);
select throws_ok($$ select import_submissions(tests.id('x'), '[]') $$, 'PT404', 'not_found', 'They have their website');
select throws_ok(
    $$ select import_submissions(tests.id('luna'), '[{"marks": [1e131071]}]') $$, 'PT422', 'invalid_field', 'No mark is endless as a text'
);
select is(tests.outcome($$ select empty_quarantine(tests.id('luna')) $$), '1', 'The quarantine can be emptied');
select throws_ok(
    $$ select import_submissions(tests.id('luna'), '[{"form": 1e131071}]') $$, 'PT422', 'invalid_field', 'A number is no form''s name'
);

-- Stored bytes

insert into site_versions (website_id, files) values (tests.id('luna'), '{"index.html": "<form>"}');
select isnt(publish_website(tests.id('luna'), 'luna', proof_hash => tests.proof_hash()), null, 'Alice publishes again');
create temporary table before as select tests.bytes_of('alice') - sum(bytes) as bytes from submissions;
grant select on before to anon;
select is(tests.submit('Counted') ->> 'is_quarantined', 'false', 'One more comes');
select is(tests.bytes_of('alice'), (select bytes from before) + (select sum(bytes) from submissions), 'What visitors send counts');
select tests.act_as_owner();
update private.quotas set allowed = 1 where name = 'stored_bytes';
select tests.act_as_nobody();
select is(tests.submit('Full') ->> 'is_quarantined', 'false', 'And is taken when all bytes are used up');
select tests.act_as('alice');
select is(tests.marks_of('Full'), '{}', 'For good');
select throws_ok(
    format('select import_submissions(tests.id(''luna''), %L)', jsonb_build_array(
        jsonb_build_object('id', tests.id('late'), 'form', 'f', 'page', 'p', 'fields', tests.said('Late'))
    )), 'PT429', 'quota_exceeded', 'What is brought back is not'
);
select is(import_submissions(tests.id('luna'), rows -> 0 || '[]'), 0, 'What is there is not refused') from kept;
delete from submissions where fields = tests.said('Counted');
select is(tests.bytes_of('alice'), (select bytes from before) + (select sum(bytes) from submissions), 'What she deletes counts no more');
select tests.act_as_owner();
update private.quotas set allowed = 500000000 where name = 'stored_bytes';
delete from submissions where fields = tests.said('Full');
update private.form_limits set allowed = 2 where name = 'submissions';
select tests.act_as('alice');
select throws_ok(
    format('select import_submissions(tests.id(''luna''), %L)', jsonb_build_array(
        jsonb_build_object('id', tests.id('three'), 'form', 'f', 'page', 'p', 'fields', tests.said('Three'))
    )), 'PT429', 'quota_exceeded', 'There is no room for more'
);

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select id from submissions $$, 'Charlie sees none');
select is(tests.outcome($$ delete from submissions $$), '0', 'Deletes none');
select throws_ok($$ select read_submissions(tests.id('luna'), 1) $$, 'PT404', 'not_found', 'Lists none');
select is(count_submissions(tests.id('luna')), '{"unread": 0, "quarantined": 0, "forms": []}', 'Counts none');
select is(sweep_submissions(tests.id('luna')), 0, 'Sweeps none');
select is(empty_quarantine(tests.id('luna')), 0, 'Empties nothing');
select throws_ok($$ select read_form_settings(tests.id('luna')) $$, 'PT404', 'not_found', 'Reads no settings');
select throws_ok($$ select save_form_settings(tests.id('luna'), '', false, false, 1, '', '') $$, 'PT404', 'not_found', 'Saves none');
select throws_ok($$ select import_submissions(tests.id('luna'), '[]') $$, 'PT404', 'not_found', 'Brings none back');

-- The database's owner

select tests.act_as_owner();
create function tests.adds_submission(form text, page text, fields jsonb, mail text default 'none', webhook text default 'none')
returns text language sql return tests.outcome(format(
    'insert into submissions (user_id, website_id, form, page, fields, mail_notice, webhook_notice) values (tests.id(''alice''), tests.id(''luna''), %L, %L, %L, %L, %L)',
    form, page, fields, mail, webhook
));
select is(tests.adds_submission(form, page, fields, mail, webhook), state, says) from (values
    (repeat('x', 100), repeat('x', 200), tests.said(repeat('x', 65502)), 'none', 'none', '1', 'So long it may be'),
    (repeat('x', 101), '', '[]', 'none', 'none', '23514', 'A form''s name no longer'),
    ('', repeat('x', 201), '[]', 'none', 'none', '23514', 'Nor a page''s path'),
    ('', '', tests.said(repeat('x', 65503)), 'none', 'none', '23514', 'Nor what is in it'),
    ('', '', (select jsonb_agg(tests.said('x') -> 0) from generate_series(1, 50)), 'none', 'none', '1', 'It has some fields'),
    ('', '', (select jsonb_agg(tests.said('x') -> 0) from generate_series(1, 51)), 'none', 'none', '23514', 'Not more'),
    ('', '', '[{"name": "x", "value": "x", "more": 1e1000}]', 'none', 'none', 'PT422', 'Nor numbers that no double holds'),
    ('', '', '{}', 'none', 'none', '23514', 'Fields are a list'), ('', '', '[{"name": "x"}]', 'none', 'none', '23514', 'With values'),
    ('', '', '[]', 'done', 'none', '23514', 'A mail is not done'), ('', '', '[]', 'none', 'done', '23514', 'Nor a webhook'),
    ('', '', '[]', 'sent', 'failed', '1', 'They are sent or not')
) as change (form, page, fields, mail, webhook, state, says);
select is(tests.outcome(statement), state, says) from (values
    ($$ insert into submissions (user_id, id, website_id, form, page, fields) values (tests.id('alice'), tests.id('one'), tests.id('luna'), '', '', '[]') $$,
        '23505', 'An id is used once'),
    ($$ insert into submissions (user_id, website_id, form, page, fields) values (tests.id('x'), tests.id('luna'), '', '', '[]') $$,
        '23503', 'A submission has its account'),
    ($$ insert into private.form_settings (user_id, website_id) values (tests.id('x'), tests.id('luna')) $$, '23503', 'So have settings'),
    ($$ insert into private.form_limits values ('unproven', 1) $$, '23505', 'There is one limit of a name'),
    ($$ insert into private.form_limits values ('new') $$, '23502', 'It has a figure'),
    ($$ insert into private.form_uses values (tests.id('x'), tests.id('luna'), '', now(), 1) $$, '23503', 'And uses')
) as change (statement, state, says);
insert into private.form_settings (user_id, website_id) values (tests.id('alice'), tests.id('luna'));
select is(
    to_jsonb(settings) - array['user_id', 'website_id'], jsonb_build_object('sealed', '', 'has_mail', false, 'has_webhook', false,
    'retention_days', 365, 'consent', '', 'proof_hash', '', 'updated_at', now()), 'At first they are so'
) from private.form_settings as settings;
insert into private.form_uses values (tests.id('alice'), tests.id('luna'), 'x', now(), 1);
delete from auth.users where id = tests.id('alice');
select is(
    tests.counted('submissions') + tests.counted('private.form_settings') + tests.counted('private.form_uses'), 0::bigint,
    'An account takes all along'
);

select * from finish();
rollback;
