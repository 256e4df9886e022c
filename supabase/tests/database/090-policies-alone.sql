-- Grants and triggers keep many mistakes from reaching the policies. Here those are out of the way: the policies hold alone.
begin;
\ir people.psql
select no_plan();

select tests.act_as('alice');
insert into websites (id, name) values (tests.id('luna'), 'Luna');
insert into chat_sessions (id, website_id) values (tests.id('chat'), tests.id('luna'));
insert into site_versions (id, website_id, files) values (tests.id('version'), tests.id('luna'), '{"index.html": "x"}');
select is(start_turn('Hi', tests.id('question'), tests.id('answer'), 'lease', tests.id('chat')) ->> 'replayed', 'false', 'Alice has a bit of all');
select is(append_chunks(format('[{"answer_id": "%s", "lease": "lease", "offset": 0, "text": "x"}]', tests.id('answer'))::json) #>> '{0,result}',
    'written', 'Also an answer that is being written');
insert into chat_sessions (id) values (tests.id('gone'));
select isnt(share_chat(tests.id('chat'), repeat('x', 32)), null, 'A share');
select isnt(share_page(tests.id('version'), repeat('x', 32)), null, 'A share of a page');
select lives_ok($$ select comment_on_page(repeat('x', 32), 'index.html', 0, 1, 'Bob', 'x') $$, 'A comment on it');
select isnt(claim_domain(tests.id('luna'), 'luna.example'), null, 'A claim of a domain');
select isnt(publish_website(tests.id('luna'), 'luna', proof_hash => encode(sha256('proof'), 'hex')), null, 'A publication, and what was live when');
select is(count_views('luna', '[{"path": "index.html", "host": "", "views": 1}]', 'proof'), true, 'A count of visitors');
select lives_ok($$ insert into prompts (name, text) values ('Mine', 'Begin') $$, 'A prompt');
select is(jsonb_array_length(trash_chats(array[tests.id('gone')])), 1, 'And trash');

-- Everything is granted, and no trigger stands by

select tests.act_as_owner();
insert into submissions (user_id, website_id, form, page, fields) values (tests.id('alice'), tests.id('luna'), 'contact', 'index.html', '[]');
grant all on all tables in schema public to anon, authenticated;
-- Whatever a generated column is computed with.
grant usage on schema private to anon, authenticated;
grant execute on all functions in schema private to anon, authenticated;
do $$
declare _table regclass;
begin
    for _table in select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
        execute format('alter table %s disable trigger user', _table);
    end loop;
end
$$;
create temporary table tables as
select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r';
grant select on tables to anon, authenticated;
create temporary table counted as
select name, tests.owner_sees(format('select count(*) from public.%I', name)) as rows from tables;

-- The rows that somebody would like to add: alice's own ones under ids of theirs.
create function tests.adds(name text, owner text) returns text language plpgsql security definer as $$
declare
    _row jsonb;
begin
    execute format('select to_jsonb(r) from public.%I as r limit 1', name) into _row;
    -- A generated column is given to nobody.
    return format(
        'insert into public.%1$I (%2$s) select %2$s from jsonb_populate_record(null::public.%1$I, %3$L)', name,
        (
            select string_agg(quote_ident(attname), ', ') from pg_attribute
            where attrelid = format('public.%I', name)::regclass and attnum > 0 and not attisdropped and attgenerated = ''
        ),
        _row || jsonb_build_object('user_id', tests.id(owner), 'id', gen_random_uuid(), 'seq', 900, 'number', 900, 'start_offset', 900,
            'status', 'complete', 'content', 'x', 'source', 'edit')
    );
end
$$;

select isnt(rows, '0', format('There is something in %s to be after', name)) from counted;

-- Charlie

select tests.act_as('charlie');
select is(tests.outcome(format('select * from public.%I', name)), '0', format('Charlie reads no %s', name)) from tables;
select is(tests.outcome(format('update public.%I set user_id = tests.id(''charlie'')', name)), '0', format('Charlie changes no %s', name)) from tables;
select is(tests.outcome(format('delete from public.%I', name)), '0', format('Charlie deletes no %s', name)) from tables;
select is(tests.outcome(tests.adds(name, 'alice')), '42501', format('Charlie adds nothing to alice''s %s', name)) from tables;

-- Alice

select tests.act_as('alice');
select is(
    tests.outcome(format('update public.%I set user_id = tests.id(''charlie'')', name)),
    case
        when name in ('websites', 'chat_sessions', 'chat_messages', 'prompts', 'submissions', 'page_comments') then '42501' else '0'
    end,
    format('Alice gives no %s away', name)
) from tables;
select is(tests.outcome(tests.adds('message_chunks', 'alice')), '42501', 'Alice writes no piece of an answer');
select is(tests.outcome(tests.adds('trash', 'alice')), '42501', 'Alice makes no trash up');
select is(tests.outcome(tests.adds('chat_shares', 'alice')), '42501', 'Alice makes no share by hand');
select is(tests.outcome(tests.adds('page_shares', 'alice')), '42501', 'Nor one of a page');
select is(tests.outcome(tests.adds('page_comments', 'alice')), '42501', 'Nor what somebody said of it');
select is(tests.outcome($$ update site_versions set summary = 'x' $$), '0', 'Alice changes no version');
select is(tests.outcome($$ delete from site_versions $$), '0', 'Alice deletes none');
select is(
    tests.outcome(replace(tests.adds('site_versions', 'alice'), '"edit"', '"answer"')), '42501', 'Alice saves none as an answer''s'
);
select is(tests.outcome(tests.adds('site_versions', 'alice')), '1', 'Alice saves one of her own');

-- Nobody

select tests.act_as_nobody();
select is(tests.outcome(format('select * from public.%I', name)), '0', format('Nobody reads %s', name)) from tables;
select is(tests.outcome(format('update public.%I set user_id = tests.id(''charlie'')', name)), '0', format('Nobody changes %s', name)) from tables;
select is(tests.outcome(format('delete from public.%I', name)), '0', format('Nobody deletes %s', name)) from tables;
select is(tests.outcome(tests.adds(name, 'alice')), '42501', format('Nobody adds to %s', name)) from tables;

select * from finish();
rollback;
