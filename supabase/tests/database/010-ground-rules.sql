-- What is granted to whom, column by column, is what the access matrix lists.
begin;
\ir people.psql
\ir access.psql
select no_plan();

-- The columns of each table that may be null; all others must say something.
create temporary table optional (relation text, columns text);
insert into optional values
    ('public.trash', 'session_id website_id part_of'),
    ('public.chat_sessions',
        'website_id last_message_preview last_message_at running_answer_id branched_from_session_id '
        'branched_from_message_id pinned_at archived_at'),
    ('public.chat_messages',
        'reply_to follows_id edit_of tool_calls sources model prompt_tokens completion_tokens finish_reason error_code '
        'version_id version_number changes target cached_tokens'),
    ('public.site_versions', 'summary files session_id message_id base_version_id restored_from'),
    ('public.site_files', 'width height'),
    ('public.page_shares', 'expires_at'),
    ('public.page_comments', 'share_id author'),
    ('public.publications', 'proof_hash'),
    ('public.publication_events', 'previous_version_id session_id message_id'),
    ('private.slugs', 'replaced_at'),
    ('private.quotas', 'every'),
    ('private.form_limits', 'every'),
    ('private.idempotency_keys', 'session_id message_id'),
    ('private.answer_leases', 'page_version_id stop_requested_at ended_at'),
    ('private.staged_messages', 'name'),
    ('private.shared_messages', 'content sources version_id');

select set_eq(
    $$
    select role, operation, relation.relname::text, "column".attname::text
    from unnest(array['anon', 'authenticated', 'public']) as role
    cross join unnest(array['select', 'insert', 'update', 'references']) as operation
    cross join pg_class as relation
    join pg_attribute as "column" on "column".attrelid = relation.oid and "column".attnum > 0 and not attisdropped
    where relation.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relation.relkind in ('r', 'v', 'm', 'p')
        and has_column_privilege(role, relation.oid, "column".attnum, operation)
    $$,
    $$
    select role, operation, object, "column"
    from granted, string_to_table(roles, ' ') as role, string_to_table(columns, ' ') as "column"
    where role <> 'nobody' and "column" <> '*'
    $$,
    'Each role may read and write the columns listed, no other'
);

select set_eq(
    $$
    select role, operation, relation.relname::text
    from unnest(array['anon', 'authenticated', 'public']) as role
    cross join unnest(array['delete', 'truncate', 'trigger']) as operation
    cross join pg_class as relation
    where relation.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relation.relkind in ('r', 'v', 'm', 'p')
        and has_table_privilege(role, relation.oid, operation)
    $$,
    $$ select role, operation, object from granted, string_to_table(roles, ' ') as role where operation = 'delete' $$,
    'Each role may delete from the tables listed, and empty or hook none'
);

select set_eq(
    $$
    select role, case callee.pronamespace when 'private'::regnamespace then 'private.' else '' end || callee.proname
    from unnest(array['anon', 'authenticated', 'public']) as role
    cross join pg_proc as callee
    where callee.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and has_function_privilege(role, callee.oid, 'execute')
    $$,
    $$ select role, object from granted, string_to_table(roles, ' ') as role where operation = 'execute' $$,
    'Each role may call the functions listed, no other'
);

select is_empty(
    $$
    select role, schema, operation
    from unnest(array['anon', 'authenticated', 'public']) as role
    cross join unnest(array['public', 'private']) as schema
    cross join unnest(array['usage', 'create']) as operation
    where has_schema_privilege(role, schema, operation) and (schema, operation) <> ('public', 'usage')
    $$,
    'Nobody makes anything here, and the private schema is closed'
);

select is_empty(
    $$ select oid::regclass from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity $$,
    'Row level security is on for every table'
);

select is_empty(
    $$
    select oid::regprocedure from pg_proc
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and not coalesce(proconfig, '{}') @> array['search_path=""']
        and (prosecdef or prolang = (select oid from pg_language where lanname = 'plpgsql'))
    $$,
    'No function looks names up in a path that a caller sets'
);

select set_eq(
    $$
    select format('%s.%s', table_schema, table_name), column_name::text from information_schema.columns
    where table_schema in ('public', 'private') and is_nullable = 'YES'
    $$,
    $$ select relation, "column" from optional, string_to_table(columns, ' ') as "column" $$,
    'Nothing else may be null'
);

select * from finish();
rollback;
