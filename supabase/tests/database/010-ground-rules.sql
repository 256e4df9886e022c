-- What is granted to whom, column by column. Everything that isn't listed here is refused.
begin;
\ir people.psql
select no_plan();

create temporary table granted (role text, operation text, relation text, columns text);
insert into granted values
    ('authenticated', 'select', 'websites', 'user_id id name latest_version_number created_at updated_at'),
    ('authenticated', 'insert', 'websites', 'id name'),
    ('authenticated', 'update', 'websites', 'name'),
    ('authenticated', 'delete', 'websites', '*'),
    ('authenticated', 'select', 'chat_sessions',
        'user_id id website_id helper title title_source last_message_preview last_message_at message_count last_seq '
        'last_read_seq running_answer_id branched_from_session_id branched_from_message_id pinned_at archived_at tags '
        'created_at updated_at'),
    ('authenticated', 'insert', 'chat_sessions', 'id website_id helper title tags'),
    ('authenticated', 'update', 'chat_sessions', 'title website_id last_read_seq pinned_at archived_at tags'),
    ('authenticated', 'delete', 'chat_sessions', '*'),
    ('authenticated', 'select', 'chat_messages',
        'user_id id session_id seq role kind content status reply_to follows_id edit_of tool_calls sources model '
        'prompt_tokens completion_tokens finish_reason error_code version_id version_number created_at updated_at'),
    ('authenticated', 'insert', 'chat_messages',
        'id session_id role kind content reply_to tool_calls sources model prompt_tokens completion_tokens'),
    ('authenticated', 'update', 'chat_messages', 'kind content'),
    ('authenticated', 'delete', 'chat_messages', '*'),
    ('authenticated', 'select', 'message_chunks', 'user_id message_id start_offset text'),
    ('authenticated', 'select', 'site_versions',
        'user_id id website_id number source summary files session_id message_id restored_from created_at'),
    ('authenticated', 'insert', 'site_versions', 'id website_id source summary files restored_from'),
    ('authenticated', 'select', 'trash', 'user_id id kind session_id title message_count deleted_at'),
    ('authenticated', 'delete', 'trash', '*'),
    ('authenticated', 'select', 'chat_shares', 'user_id id session_id last_seq created_at'),
    ('authenticated', 'delete', 'chat_shares', '*');

create temporary table callable (role text, names text);
insert into callable values
    ('authenticated',
        'add_message start_turn retry_answer continue_answer read_answer stop_answer restore_version branch_chat trash_chats clear_chat '
        'restore_trash save_chat read_saved_chats ensure_chat share_chat read_share search_messages index_chats stage_import '
        'import_chat discard_import archive_chats read_usage append_chunks finish_answer reclaim_answer is_visible are_visible max_question_length '
        'max_answer_length max_attachment_size'),
    ('anon', 'read_share append_chunks finish_answer reclaim_answer');

-- The columns of each table that may be null; all others must say something.
create temporary table optional (relation text, columns text);
insert into optional values
    ('public.chat_sessions',
        'website_id last_message_preview last_message_at running_answer_id branched_from_session_id '
        'branched_from_message_id pinned_at archived_at'),
    ('public.chat_messages',
        'reply_to follows_id edit_of tool_calls sources model prompt_tokens completion_tokens finish_reason error_code '
        'version_id version_number'),
    ('public.site_versions', 'summary session_id message_id restored_from'),
    ('private.quotas', 'every'),
    ('private.idempotency_keys', 'session_id message_id'),
    ('private.answer_leases', 'stop_requested_at ended_at'),
    ('private.staged_messages', 'name');

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
    select role, operation, relation, "column" from granted, string_to_table(columns, ' ') as "column" where "column" <> '*'
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
    $$ select role, operation, relation from granted where columns = '*' $$,
    'Each role may delete from the tables listed, and empty or hook none'
);

select set_eq(
    $$
    select role, callee.proname::text
    from unnest(array['anon', 'authenticated', 'public']) as role
    cross join pg_proc as callee
    where callee.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and has_function_privilege(role, callee.oid, 'execute')
    $$,
    $$ select role, name from callable, string_to_table(names, ' ') as name $$,
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
