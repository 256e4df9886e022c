-- A content is stored once for its owner, and stays as long as a website, the trash or an upload holds it.
begin;
\ir people.psql
select no_plan();

create function tests.hash(content bytea) returns text language sql immutable return encode(sha256(content), 'hex');
-- Begins like a picture, and is none.
create function tests.png(more text default '') returns bytea language sql immutable
return '\x89504e470d0a1a0a0000000d494844520000002a00000007' || convert_to(more, 'UTF8');
create function tests.stored() returns text language sql as $$
    select tests.owner_sees(format(
        'select string_agg(sha256, '' '' order by sha256) from site_files where user_id = %L', auth.uid()
    ))
$$;
create function tests.holds(variadic contents bytea[]) returns text language sql immutable
return (select string_agg(tests.hash(content), ' ' order by tests.hash(content)) from unnest(contents) as content);
create function tests.bytes() returns text language sql as $$
    select tests.owner_sees(format(
        'select (select bytes from private.storage where user_id = %1$L)
        + coalesce((select sum(bytes) from private.byte_changes where user_id = %1$L), 0)', auth.uid()))
$$;

-- Alice

select tests.act_as('alice');
select is(
    put_file(tests.png()), jsonb_build_object(
        'media_type', 'image/png', 'size', 24, 'sha256', tests.hash(tests.png()), 'width', 42, 'height', 7
    ), 'Alice uploads a picture; what it is, is computed from it'
);
select is(put_file(tests.png()) ->> 'size', '24', 'Again');
select is(tests.stored(), tests.holds(tests.png()), 'It is there once');
select is(tests.bytes(), '24', 'And counts once');
select results_eq(
    $$ select user_id, created_at from site_files $$, $$ values (tests.id('alice'), now()) $$, 'It is hers, and stamped'
);
select throws_ok($$ select content from site_files $$, '42501', null, 'Its bytes she gets by get_file alone');
select is(get_file(tests.hash(tests.png()))::bytea, tests.png(), 'As they were');
select is(current_setting('response.headers'), '[{"X-Content-Type-Options": "nosniff"}]', 'In a way that no browser runs them');
select throws_ok($$ select get_file(repeat('0', 64)) $$, 'PT404', 'not_found', 'What is not there, she does not get');
select is(put_file(convert_to(E'a\r\nb\rc\n', 'UTF8')) ->> 'sha256', tests.hash(E'a\nb\nc\n'), 'Texts get LF line ends');
select is(put_file(content) ->> 'media_type', type, type) from (values
    ('\xffd8ffe0'::bytea, 'image/jpeg'), ('GIF89a'::bytea || '\xff', 'image/gif'), ('GIF87a'::bytea || '\xff', 'image/gif'),
    ('RIFF'::bytea || '\xffffffff' || 'WEBP'::bytea, 'image/webp'), ('\x0000001c'::bytea || 'ftypavif'::bytea, 'image/avif'),
    ('\x0000001c'::bytea || 'ftypavis'::bytea, 'image/avif'), ('\x00000100'::bytea, 'image/x-icon'), ('wOF2'::bytea || '\x00', 'font/woff2'),
    ('wOFF'::bytea || '\x00', 'font/woff'), ('%PDF-1.7'::bytea || '\xff', 'application/pdf'), ('%PDF-1.7'::bytea, 'text/plain'),
    ('<script>'::bytea, 'text/plain'), (''::bytea, 'text/plain')
) as known (content, type);
select throws_ok(format('select put_file(%L)', content), 'PT415', 'unsupported_file', 'Not ' || says) from (values
    ('\x7f454c46ff'::bytea, 'a program'), ('\x504b0304ff'::bytea, 'a zip'), ('\xfffe3c00'::bytea, 'a text that is not UTF-8'),
    ('a'::bytea || '\x00', 'a text with NUL')
) as content (content, says);
set local request.headers = '{"x-media-type": "image/png"}';
select is(put_file(tests.png()) ->> 'media_type', 'image/png', 'She may say what it is');
select throws_ok($$ select put_file('<p>') $$, 'PT415', 'unsupported_file', 'But not what it is not');
set local request.headers = '{"x-media-type": "text/css"}';
select is(put_file('p {}') ->> 'media_type', 'text/plain', 'A text is a text');
select throws_ok($$ select put_file(tests.png()) $$, 'PT415', 'unsupported_file', 'And a picture is none');
set local request.headers = '{"x-media-type": "application/json"}';
select is(put_file('{}') ->> 'media_type', 'text/plain', 'So is JSON');
set local request.headers = '';
select is(put_file(convert_to(repeat('x', 4194304), 'UTF8')) ->> 'size', '4194304', 'It may have 4 MiB');
select throws_ok($$ select put_file(convert_to(repeat('x', 4194305), 'UTF8')) $$, 'PT413', 'body_too_large', 'Not a byte more');
select tests.act_as_owner();
delete from private.uploads;
delete from site_files;

-- Sizes of pictures

select is((put_file(content) ->> 'width') || 'x' || (put_file(content) ->> 'height'), size, says)
from (select tests.act_as('alice')) as alice, (values
    (tests.png(), '42x7', 'A PNG'),
    ('GIF89a'::bytea || '\x2a010700ff', '298x7', 'A GIF'),
    ('\xffd8ffe000040000ffc4000400ffffc0000b08000701 2a01'::bytea, '298x7', 'A JPEG'),
    ('RIFF'::bytea || '\xffffffff' || 'WEBPVP8 '::bytea || '\x00000000000000 9d012a2a410740'::bytea, '298x7', 'A lossy WebP'),
    ('RIFF'::bytea || '\xffffffff' || 'WEBPVP8L'::bytea || '\x000000002f29810100'::bytea, '298x7', 'A lossless WebP'),
    ('RIFF'::bytea || '\xffffffff' || 'WEBPVP8X'::bytea || '\x0a00000010000000290100060000'::bytea, '298x7', 'An extended WebP'),
    ('\xffd8ff'::bytea, null, 'One that ends too soon'),
    ('\x89504e470d0a1a0a0000000d49484452ffffffff00000007'::bytea, null, 'One that is too large'),
    ('\x89504e470d0a1a0a0000000d494844520000000000000007'::bytea, null, 'One of nothing'),
    ('RIFF'::bytea || '\xffffffff' || 'WEBPALPH'::bytea, null, 'One of another kind')
) as picture (content, size, says);
select is(
    tests.outcome(format('select put_file(%L)', '\xffd8'::bytea || decode(repeat('ffe00000', 500000), 'hex'))), '1', 'One that goes in circles'
);

-- Versions

select tests.act_as_owner();
delete from private.uploads;
delete from site_files;
select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna'), (tests.id('sol'), 'Sol');
select put_file(tests.png());
insert into site_versions (id, website_id, files, manifest) values (
    tests.id('first'), tests.id('luna'), E'{"index.html": "<p>\\r\\n", "a.css": "p {}"}', jsonb_build_object('images/a.png', tests.hash(tests.png()))
);
create function tests.manifest(version text) returns jsonb language sql return (select manifest from site_versions where id = tests.id(version));
select is(
    tests.manifest('first'), jsonb_build_object(
        'index.html', tests.hash(E'<p>\n'), 'a.css', tests.hash('p {}'), 'images/a.png', tests.hash(tests.png())
    ), 'She saves a version with texts and a picture'
);
select is((select row(files, size) from site_versions), row(null::jsonb, (select octet_length(manifest::text) from site_versions)), 'It has their hashes alone');
select is(
    read_version(tests.id('first')) - array['created_at', 'manifest', 'files', 'assets'], jsonb_build_object(
        'id', tests.id('first'), 'website_id', tests.id('luna'), 'number', 1, 'source', 'edit', 'summary', null, 'session_id', null,
        'message_id', null, 'base_version_id', null, 'restored_from', null
    ), 'She reads it'
);
select is(read_version(tests.id('first')) -> 'files', '{"a.css": "p {}", "index.html": "<p>\n"}', 'Its texts');
select is(read_version(tests.id('first')) -> 'assets', jsonb_build_array(jsonb_build_object(
    'path', 'images/a.png', 'media_type', 'image/png', 'size', 24, 'sha256', tests.hash(tests.png()), 'width', 42, 'height', 7
)), 'And what its other files are');
select is(read_version_page(tests.id('first'), 'a.css') - 'manifest' - 'assets', '{"name": "Luna", "page": "p {}"}', 'And one of them');
select is(read_version_page(tests.id('first')) -> 'assets', '[]', 'It names no picture');
select tests.act_as_owner();
select is(
    array(select jsonb_array_elements(private.shown_files(tests.id('alice'), tests.manifest('first') || named.more, named.page, 'index.html')) ->> 'path'),
    named.paths, says
) from (values
    ('href=a.css', '{}'::jsonb, array['a.css'], 'A page shows the styles that it names'),
    ('a.css', jsonb_build_object('a.css', tests.hash('url(images/a.png)')), '{}', 'If they are there'),
    ('src=a.png a.css', '{}', array['a.css'], 'Not what is elsewhere'),
    ('b.txt', jsonb_build_object('b.txt', tests.hash('p {}')), '{}', 'No other texts')
) as named (page, more, paths, says);
select is(
    array(select jsonb_array_elements(private.shown_files(tests.id('alice'), tests.manifest('first'), page, path)) ->> 'path'), paths, says
) from (values
    ('src=a.png', 'images/post.html', array['images/a.png'], 'A page in a folder shows what is beside it'),
    ('src=../images/a.png href=../a.css', 'blog/post.html', array['a.css', 'images/a.png'], 'And what is in others'),
    ('src=/images/a.png', 'images/in/post.html', array['images/a.png'], 'From the first folder, too'),
    ('src=a.png', 'blog/post.html', '{}', 'Not what has that name elsewhere')
) as named (page, path, paths, says);
insert into site_files (user_id, content) values (tests.id('alice'), 'url(a.png)'), (tests.id('alice'), 'url(../images/a.png)');
select is(
    array(
        select jsonb_array_elements(private.shown_files(
            tests.id('alice'), tests.manifest('first') || jsonb_build_object(style.path, tests.hash(convert_to(style.text, 'UTF8'))), style.path, 'index.html'
        )) ->> 'path'
    ), style.paths, says
) from (values
    ('css/b.css', 'url(../images/a.png)', array['css/b.css', 'images/a.png'], 'And the pictures that a style names'),
    ('images/b.css', 'url(a.png)', array['images/b.css', 'images/a.png'], 'Also beside it'),
    ('css/b.css', 'url(a.png)', array['css/b.css'], 'But not those of a name elsewhere'),
    ('b.js', 'url(../images/a.png)', array['b.js'], 'Of scripts, nothing')
) as style (path, text, paths, says);
insert into site_files (user_id, content)
select tests.id('alice'), convert_to(text, 'UTF8')
from unnest(array['@import "../base.css";', '@IMPORT url(css/home/b.css);url(images/a.png)', '@import "b.css"', repeat(' ', 10000) || '@import "a.css"']) as text;
select is(
    array(
        select jsonb_array_elements(private.shown_files(
            tests.id('alice'), tests.manifest('first') || jsonb_build_object(
                'css/home/b.css', tests.hash('@import "../base.css";'), 'css/base.css', tests.hash(convert_to(text, 'UTF8'))
            ), page, 'index.html'
        )) ->> 'path'
    ), paths, says
) from (values
    ('css/home/b.css', 'url(a.png)', array['css/base.css', 'css/home/b.css'], 'The styles that a style imports'),
    (
        'css/home/b.css', '@IMPORT url(css/home/b.css);url(images/a.png)', array['css/base.css', 'css/home/b.css', 'images/a.png'],
        'Also in a circle, with their pictures'
    ),
    ('css/base.css', '@import "b.css"', array['css/base.css'], 'Not those of a name elsewhere'),
    ('css/base.css', repeat(' ', 10000) || '@import "a.css"', array['css/base.css'], 'Nor what comes long after imports')
) as named (page, text, paths, says);
select is(private.path_from(file, path), written, format('From %s to %s', file, path)) from (values
    ('a.css', 'b.css', 'b.css'), ('css/a.css', 'css/x/b.css', 'x/b.css'), ('css/home/a.css', 'css/b.css', 'b.css'),
    ('css/a.css', 'b.css', 'b.css'), ('css/a.css', 'csss/b.css', 'csss/b.css')
) as named (file, path, written);
delete from site_files where content not in (select tests.png() union select convert_to(text, 'UTF8') from unnest(array[E'<p>\n', 'p {}']) as text);

-- The library of fonts and icons

insert into site_files (user_id, content) select tests.id('alice'), convert_to(content, 'UTF8') from unnest(array[
    '/*! Library font */', '/*! Library icons */', '/*! Mine */', repeat('x', 300000)
]) as content;
create function tests.page_with(texts jsonb) returns jsonb language plpgsql as $$
begin
    update site_versions set manifest = manifest || (
        select jsonb_object_agg(file.key, tests.hash(convert_to(file.value, 'UTF8'))) from jsonb_each_text(texts) as file
    ) where id = tests.id('first');
    return private.page_of_version(tests.id('alice'), tests.id('first')) - 'number' - 'assets';
end
$$;
savepoint library;
select is(
    tests.page_with('{"fonts/a.css": "/*! Library font */", "icons/b.css": "/*! Library icons */", "fonts/c.css": "/*! Mine */", "d.css": "/*! Library font */"}'),
    '{
        "files": {"index.html": "<p>\n", "a.css": "p {}", "fonts/c.css": "/*! Mine */", "d.css": "/*! Library font */"},
        "library": {"fonts/a.css": "", "icons/b.css": "/*! Library icons */", "fonts/c.css": ""}
    }', 'The model gets no files of the library; the app gets what icons there are'
);
select is(
    tests.page_with(jsonb_build_object('a.css', repeat('x', 300000))) - 'library',
    jsonb_build_object('files', '{"index.html": "<p>\n"}'::jsonb, 'room', 4194304 - 300000 - 4 - 19 - 20 - 11 - 19),
    'Of too many texts, the page alone, and how much room there is'
);
rollback to savepoint library;
delete from site_files where content in ('/*! Library font */', '/*! Library icons */', '/*! Mine */', convert_to(repeat('x', 300000), 'UTF8'));
select tests.act_as('alice');
select is(read_version_page(tests.id('first')) ->> 'page', E'<p>\n', 'Its page, unless she says which');
select is(read_version_page(tests.id('first'), path) -> 'page', 'null', 'No text: ' || path) from unnest(array['images/a.png', 'b.css']) as path;
insert into site_versions (id, website_id, files) values (tests.id('second'), tests.id('luna'), '{"index.html": "<p>Two", "a.css": null}');
select is(
    tests.manifest('second'), jsonb_build_object('index.html', tests.hash('<p>Two'), 'images/a.png', tests.hash(tests.png())),
    'What she changes is laid over the version before'
);
insert into site_versions (id, website_id, files) values (tests.id('third'), tests.id('luna'), null);
select is(tests.manifest('third'), tests.manifest('second'), 'Whether it is nothing');
insert into site_versions (id, website_id, manifest) values (tests.id('fourth'), tests.id('luna'), '{"images/a.png": null}');
select is(tests.manifest('fourth'), jsonb_build_object('index.html', tests.hash('<p>Two')), 'Or a hash');
select is(
    restore_version(tests.id('first')) -> 'manifest', tests.manifest('first'), 'Going back brings all files back'
);
select is(restore_version(tests.id('second')) -> 'manifest', tests.manifest('second'), 'And no others');
select is(tests.bytes()::integer, (
    select sum(octet_length(manifest::text)) from site_versions
)::integer + (select sum(size) from site_files)::integer, 'Each content counts once, and each manifest');
select is(tests.stored(), tests.holds(tests.png(), E'<p>\n', 'p {}', '<p>Two'), 'Each is there once');

create function tests.saves(files jsonb, manifest jsonb default '{}') returns text language sql return tests.outcome(format(
    'insert into site_versions (website_id, files, manifest) values (tests.id(''sol''), %L, %L)', files, manifest
));
select is(tests.saves(jsonb_build_object(path, 'x')), 'PT422', 'No file is at ' || path) from unnest(array[
    '', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a\b', 'C:a', '.a', 'a.', 'a ', ' a', 'a/.b', 'nul.txt', 'x/CON', 'Lpt1', 'com9/x', E'a\nb', 'a?b',
    'a#b', 'a%b', 'a..b', repeat('a', 101), repeat('abcdefghi/', 19) || repeat('a', 11), 'a/b/c/d/e/f/g/h/i/j/k', E'a\u202eb', E'e\u0301'
]) as path;
select is(tests.saves(jsonb_build_object(path, 'x')), '1', 'A file is at ' || path) from unnest(array[
    'a', 'index.html', 'images/a b.svg', 'ünï/ç.txt', '写真/カフェ.css', 'console.js', repeat('a', 100), 'a/b/c/d/e/f/g/h/i/j',
    repeat(repeat('a', 49) || '/', 3) || repeat('a', 50)
]) as path;
select is(tests.saves('{}', given::jsonb), 'PT422', 'No hash: ' || given) from unnest(array[
    '[]', '"x"', '{"a": 1}', '{"a": {}}', '{"a": "x"}', format('{"a": "%s"}', repeat('0', 64)), format('{"../a": "%s"}', tests.hash(tests.png())),
    format('{"a": "%s"}', upper(tests.hash(tests.png())))
]) as given;
select is(tests.saves(jsonb_build_object('a', repeat('x', 4194304))), '1', 'Texts have 4 MiB');
select is(tests.saves(jsonb_build_object('a', repeat('x', 4194304), 'b', 'x')), 'PT422', 'Together not a byte more');
select is(tests.saves(jsonb_build_object('a', repeat('x', 4194305))), '23514', 'Nor does one');
select is(length(put_file(tests.png(repeat('x', 3999976))) ->> 'sha256'), 64, 'A large picture');
select is(tests.saves(
    jsonb_build_object('a.css', repeat('x', bytes)),
    (select jsonb_object_agg(n || '.png', tests.hash(tests.png(repeat('x', 3999976)))) from generate_series(1, 4) as n)
), outcome, says) from (values (4000000, '1', 'All files together have 20 MB'), (4000001, 'PT422', 'Not a byte more')) as version (bytes, outcome, says);

-- Charlie

select tests.act_as('charlie');
select is_empty($$ select sha256 from site_files $$, 'Charlie sees no content of hers');
select throws_ok($$ select get_file(tests.hash(tests.png())) $$, 'PT404', 'not_found', 'He gets none');
select throws_ok($$ select read_version(tests.id('first')) $$, 'PT404', 'not_found', 'Nor her version');
select throws_ok($$ select read_version_page(tests.id('first')) $$, 'PT404', 'not_found', 'Nor its page');
insert into websites (id, name) values (tests.id('his'), 'His');
select is(tests.outcome(format(
    $$ insert into site_versions (website_id, manifest) values (tests.id('his'), %L) $$, jsonb_build_object('a.png', tests.hash(tests.png()))
)), 'PT422', 'He names none');
select is(put_file(tests.png()) ->> 'size', '24', 'The same content of his own');
select is(tests.bytes(), '24', 'Counts for him, too');
select throws_ok($$ update site_files set content = '' $$, '42501', null, 'He changes none');
select throws_ok($$ delete from site_files $$, '42501', null, 'Nor deletes one');

-- Nobody

select tests.act_as_nobody();
select throws_ok(call, '42501', null, 'Nobody calls ' || call) from unnest(array[
    $$ select put_file('x') $$, $$ select get_file('x') $$, $$ select read_version(tests.id('first')) $$, $$ select read_version_page(tests.id('first')) $$,
    $$ select sha256 from site_files $$
]) as call;

-- What nobody holds goes

select tests.act_as_owner();
delete from private.uploads where user_id = tests.id('alice');
delete from site_files where user_id = tests.id('alice') and sha256 = tests.hash(tests.png(repeat('x', 3999976)));
select tests.act_as('alice');
insert into site_versions (website_id, manifest) values (tests.id('sol'), jsonb_build_object('a.png', tests.hash(tests.png())));
create temporary table gone as select trash_website(tests.id('luna')) ->> 'id' as item;
grant select on gone to authenticated;
set constraints all immediate;
set constraints all deferred;
select is(tests.stored(), tests.holds(tests.png(), E'<p>\n', 'p {}', '<p>Two'), 'The trash holds what was a website''s');
select is(restore_trash((select item from gone)::uuid) #>> '{website,name}', 'Luna', 'It comes back');
set constraints all immediate;
set constraints all deferred;
select is(tests.stored(), tests.holds(tests.png(), E'<p>\n', 'p {}', '<p>Two'), 'With all of it');
select is(read_version(tests.id('first')) -> 'files', '{"a.css": "p {}", "index.html": "<p>\n"}', 'As it was');
select trash_website(tests.id('luna'));
delete from trash where kind = 'website';
set constraints all immediate;
set constraints all deferred;
select is(tests.stored(), tests.holds(tests.png()), 'What no other website has goes with the trash');
select lives_ok($$ delete from websites where id = tests.id('sol') $$, 'And with a website that is deleted for good');
select is(tests.stored(), null, 'The rest');
select is(tests.bytes(), '0', 'It counts no more');

select put_file('upload');
select tests.act_as_owner();
update private.uploads set uploaded_at = now() - interval '23 hours' where user_id = tests.id('alice');
select tests.act_as('alice');
select put_file('other');
select is(tests.stored(), tests.holds('upload', 'other'), 'An upload is held for a day');
select tests.act_as_owner();
update private.uploads set uploaded_at = now() - interval '25 hours' where user_id = tests.id('alice');
select tests.act_as('alice');
select put_file('third');
select is(tests.stored(), tests.holds('third'), 'Not longer');
insert into websites (id, name) values (tests.id('new'), 'New');
insert into site_versions (website_id, manifest) values (tests.id('new'), jsonb_build_object('a.txt', tests.hash('third')));
select is(tests.owner_sees(format('select count(*) from private.uploads where user_id = %L', tests.id('alice'))), '0', 'Until a version names it');
select tests.act_as_owner();
insert into site_files (user_id, content) select tests.id('alice'), convert_to(n::text, 'UTF8') from generate_series(1, 1000) as n;
insert into private.uploads (user_id, sha256)
select user_id, sha256 from site_files where user_id = tests.id('alice') and sha256 <> tests.hash('third') and sha256 <> tests.hash('1000');
select tests.act_as('alice');
select is(tests.outcome($$ select put_file('1000') $$), '1', 'A thousand may wait for a version');
select lives_ok($$ select put_file('1000') $$, 'Each once');
select lives_ok($$ select put_file('1000') $$, 'Or again');
select is(tests.outcome($$ select put_file('1001') $$), 'PT409', 'Not one more');
select tests.act_as_owner();
update private.quotas set allowed = 10 where name = 'stored_bytes';
delete from private.uploads;
select tests.act_as('alice');
select is(tests.outcome($$ select put_file('1001') $$), 'PT429', 'Nor is there room without end');

-- The database's owner

select tests.act_as_owner();
insert into trash (user_id, id, kind, website_id, title, message_count) values (tests.id('alice'), tests.id('item'), 'website', tests.id('x'), 'x', 0);
create function tests.adds(statement text) returns text language plpgsql as $$
begin
    set constraints all immediate;
    return tests.outcome(statement);
end
$$;
select is(tests.adds(statement), state, says) from (values
    ($$ update site_files set content = 'x' $$, 'PT403', 'A content never changes'),
    ($$ insert into site_files (user_id, sha256, content) values (tests.id('alice'), 'x', 'x') $$, '428C9', 'A hash is computed'),
    ($$ insert into site_files (user_id, content) values (tests.id('alice'), 'third') $$, '23505', 'One is there once'),
    ($$ insert into site_files (user_id, content) values (tests.id('alice'), E'\\x00ff') $$, '23502', 'It is of a kind that is known'),
    ($$ insert into site_files (user_id, content) values (tests.id('alice'), E'a\r') $$, '23514', 'With LF line ends'),
    ($$ insert into site_files (user_id, content) values (gen_random_uuid(), 'x') $$, '23503', 'And somebody''s'),
    ($$ delete from site_files where sha256 = tests.hash('third') and user_id = tests.id('alice') $$, '23503', 'What is held stays'),
    ($$ insert into private.website_files values (tests.id('alice'), tests.id('new'), repeat('0', 64)) $$, '23503', 'Nobody holds what is not there'),
    ($$ insert into private.website_files values (tests.id('alice'), tests.id('x'), tests.hash('third')) $$, '23503', 'A website holds it'),
    ($$ insert into private.website_files values (tests.id('alice'), tests.id('new'), tests.hash('third')) $$, '23505', 'Once'),
    ($$ insert into private.trashed_files values (tests.id('alice'), tests.id('item'), repeat('0', 64)) $$, '23503', 'Nor does the trash'),
    ($$ insert into private.trashed_files values (tests.id('alice'), tests.id('x'), tests.hash('third')) $$, '23503', 'A thing in it holds it'),
    ($$ insert into private.trashed_files select tests.id('alice'), tests.id('item'), tests.hash('third') from generate_series(1, 2) $$, '23505', 'Once'),
    ($$ insert into private.uploads (user_id, sha256) values (tests.id('alice'), repeat('0', 64)) $$, '23503', 'Nor an upload'),
    ($$ insert into private.uploads (user_id, sha256) select tests.id('alice'), tests.hash('third') from generate_series(1, 2) $$, '23505', 'It does so once'),
    ($$ update site_versions set manifest = '{"../x": "x"}' $$, '23514', 'A version names files inside')
) as statement (statement, state, says);
select is(limits.figure, limits.expected, limits.name) from (values
    ('A file', private.max_file_size(), 4194304), ('Texts of a version', private.max_text_size(), 4194304),
    ('A version', private.max_version_size(), 20000000)
) as limits (name, figure, expected);
insert into private.uploads (user_id, sha256) values (tests.id('alice'), tests.hash('third'));
set constraints all deferred;
select lives_ok($$ delete from auth.users $$, 'Accounts can go');
set constraints all immediate;
select is_empty($$ select sha256 from site_files $$, 'Their contents go along');
select is_empty($$ select sha256 from private.uploads $$, 'With all holds');

select * from finish();
rollback;
