-- As 20261129195900_statistics_of_empty_tables.sql, for all tables that came since: of an empty table it is said that all rows are one
-- person's.

do $$
declare
    _empty record;
begin
    if to_regproc('pg_catalog.pg_restore_attribute_stats') is null then
        return; -- Before Postgres 18.
    end if;
    for _empty in
        select pg_namespace.nspname as schema, pg_class.relname as name
        from pg_class
        join pg_namespace on pg_namespace.oid = pg_class.relnamespace
        join pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attname = 'user_id'
        where pg_namespace.nspname in ('public', 'private') and pg_class.relkind = 'r' and pg_class.reltuples < 0
            and not exists (
                select 1 from pg_stats
                where pg_stats.schemaname = pg_namespace.nspname and pg_stats.tablename = pg_class.relname
                    and pg_stats.attname = 'user_id'
            )
    loop
        perform pg_restore_attribute_stats(
            'schemaname', _empty.schema::text, 'relname', _empty.name::text, 'attname', 'user_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real
        );
    end loop;
end
$$;
