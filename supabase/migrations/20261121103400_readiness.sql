-- What the app needs and lacks: a right that was revoked, or a function or table that is missing, for its health check.

-- Open to anon, as a health check has no user. It tells of nothing but rights of the API's own roles on schema public.
create function public.readiness(needs text[]) returns text[]
language plpgsql stable set search_path = ''
as $$
begin
    if cardinality(needs) > 200 then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    return (
        select coalesce(array_agg(need.text order by need.text), '{}')
        from unnest(needs) as need (text)
        cross join lateral (
            select split_part(need.text, ' ', 1) as role, split_part(need.text, ' ', 2) as operation, split_part(need.text, ' ', 3) as name
        ) as part
        where case
            when part.role not in ('anon', 'authenticated') then true
            when not has_schema_privilege(part.role, 'public', 'usage') then true
            when part.operation = 'execute' then not exists (
                select 1 from pg_catalog.pg_proc as function
                where function.pronamespace = 'public'::regnamespace and function.proname = part.name
                    and has_function_privilege(part.role, function.oid, 'execute')
            )
            when part.operation in ('select', 'insert', 'update') then not exists (
                select 1 from pg_catalog.pg_class as relation
                where relation.relnamespace = 'public'::regnamespace and relation.relname = part.name
                    and has_any_column_privilege(part.role, relation.oid, part.operation)
            )
            when part.operation = 'delete' then not exists (
                select 1 from pg_catalog.pg_class as relation
                where relation.relnamespace = 'public'::regnamespace and relation.relname = part.name
                    and has_table_privilege(part.role, relation.oid, part.operation)
            )
            else true
        end
    );
end
$$;
comment on function public.readiness(text[]) is
'Of needs such as "authenticated execute start_turn" and "authenticated select websites", those that are not met.';
grant execute on function public.readiness(text[]) to anon, authenticated;
