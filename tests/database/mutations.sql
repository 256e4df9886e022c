-- Ways to break the rules of this database, one at a time, taken from its catalogue: kind, name, statement.
with relations as (
    select oid, oid::regclass as relation, relname, relnamespace, relrowsecurity from pg_class
    where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind = 'r'
),
columns as (
    select relations.*, attname as name, attnum, attnotnull, atthasdef and attgenerated = '' as atthasdef, format('%s.%s', relation, attname) as "column"
    from relations join pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
),
roles (role) as (values ('anon'), ('authenticated'), ('public')),
policies as (
    select *, format('%s on %s', policyname, tablename) as called, format('%I on public.%I', policyname, tablename) as policy
    from pg_policies where schemaname = 'public'
),
triggers as (
    select relations.relation, tgname as name, pg_get_triggerdef(pg_trigger.oid) as definition,
        format('%s %s', relation, tgname) as called
    from pg_trigger join relations on relations.oid = tgrelid where not tgisinternal
),
constraints as (
    select format('%s %s', conrelid::regclass, conname) as called, contype, pg_get_constraintdef(oid) as definition,
        format('alter table %s drop constraint %I', conrelid::regclass, conname) as dropping,
        format(', add constraint %I ', conname) as adding
    from pg_constraint where conrelid in (select oid from relations) and contype not in ('n', 't') -- Triggers are above.
),
functions as (
    select oid, oid::regprocedure::text as name, prosecdef, proconfig from pg_proc
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
),
column_rights as (
    select role, operation, columns.*, has_column_privilege(role, oid, attnum, operation) as may,
        format('%s on %s (%s)', operation, relation, name) as called,
        string_agg(quote_ident(name), ', ') filter (where has_column_privilege(role, oid, attnum, operation))
            over (partition by role, operation, oid rows between unbounded preceding and unbounded following exclude current row) as others
    from roles cross join unnest(array['select', 'insert', 'update', 'references']) as operation cross join columns
),
table_rights as (
    select role, operation, relations.*, has_table_privilege(role, oid, operation) as may,
        format('%s on %s', operation, relation) as called
    from roles cross join unnest(array['delete', 'truncate', 'trigger']) as operation cross join relations
)

select 'policy dropped' as kind, called as name, 'drop policy ' || policy as statement from policies
union all
select 'policy for every row', called, format('alter policy %s using (true)', policy) from policies where qual is not null
union all
select 'policy without its check', called, format('alter policy %s with check (true)', policy) from policies where with_check is not null
union all
select 'policy for everybody', called, format(
    'drop policy %s; create policy %s for %s to public %s %s', policy, policy, cmd,
    case when qual is not null then 'using (true)' end, case when with_check is not null then 'with check (true)' end
) from policies
union all
select 'row level security off', relation::text, format('alter table %s disable row level security', relation)
from relations where relrowsecurity
union all
select 'constraint dropped', called, dropping || ' cascade' from constraints
union all
select 'foreign key without its action', called, dropping || adding || regexp_replace(definition, ' ON (DELETE|UPDATE) .*', '')
from constraints where contype = 'f' and definition ~ ' ON (DELETE|UPDATE) '
union all
select 'unique index dropped', indexrelid::regclass::text, format('drop index %s', indexrelid::regclass) from pg_index
where indrelid in (select oid from relations) and indisunique and not exists (select from pg_constraint where conindid = indexrelid)
union all
select 'column may be null', "column", format('alter table %s alter column %I drop not null', relation, name) from columns
where attnotnull
    and not exists (select from pg_index where indrelid = columns.oid and indisprimary and attnum = any(indkey))
union all
select 'default dropped', "column", format('alter table %s alter column %I drop default', relation, name) from columns
where atthasdef
union all
select 'trigger dropped', called, format('drop trigger %I on %s', name, relation) from triggers
union all
select 'trigger without its condition', called, format('drop trigger %I on %s; %s', name, relation, always) from (
    select triggers.*, regexp_replace(
        regexp_replace(definition, ' WHEN \(.*\) EXECUTE', ' EXECUTE'), 'UPDATE OF [\w, ]+ ON', 'UPDATE ON'
    ) as always from triggers
) as conditional where always <> definition
union all
select 'right taken', format('%s from %s', called, role), format(
    'revoke %1$s on %2$s from %3$s; revoke %1$s (%4$I) on %2$s from %3$s', operation, relation, role, name
) || case when others is null then '' else format('; grant %s (%s) on %s to %s', operation, others, relation, role) end
from column_rights where may
union all
select 'right given', format('%s to %s', called, role), format('grant %s (%I) on %s to %s', operation, name, relation, role)
from column_rights where not may
union all
select 'right taken', format('%s from %s', called, role), format('revoke %s on %s from %s', operation, relation, role)
from table_rights where may
union all
select 'right given', format('%s to %s', called, role), format('grant %s on %s to %s', operation, relation, role)
from table_rights where not may
union all
select 'schema opened', format('%s on %s to %s', operation, schema, role), format('grant %s on schema %s to %s', operation, schema, role)
from roles cross join unnest(array['public', 'private']) as schema cross join unnest(array['usage', 'create']) as operation
where not has_schema_privilege(role, schema, operation)
union all
select case when may then 'call refused' else 'call allowed' end, format('%s by %s', name, role), format(
    '%s execute on function %s %s %s', case when may then 'revoke' else 'grant' end, name,
    case when may then 'from' else 'to' end, role
) from roles cross join functions cross join lateral has_function_privilege(role, oid, 'execute') as may
union all
select 'function with its caller''s path', name, format('alter function %s reset search_path', name) from functions
where prosecdef
union all
select 'function with its caller''s rights', name, format('alter function %s security invoker', name) from functions
where prosecdef
order by kind, name;
