-- Quotas are counters, raised in the transaction that uses them: counting rows instead would let parallel requests
-- through. Operators change a limit with one update of private.quotas.

create table private.quotas (
    name text primary key,
    allowed integer not null check (allowed >= 0),
    every interval
);
comment on column private.quotas.every is 'The window, from midnight 1970 UTC on; null for a limit on how many at once.';

create table private.usage_counters (
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null references private.quotas (name) on update cascade on delete cascade,
    window_start timestamptz not null,
    used integer not null,
    primary key (user_id, name)
) with (fillfactor = 70);

insert into private.quotas (name, allowed, every) values
    ('turns', 30, '1 minute'),
    ('sessions', 200, '1 day'),
    ('running_answers', 8, null);

create function private.spend(spender uuid, quota text) returns void
language plpgsql set search_path = ''
as $$
declare
    _limit private.quotas;
    _window timestamptz;
    _used integer;
begin
    select * into strict _limit from private.quotas where name = quota;
    _window := date_bin(_limit.every, now(), 'epoch');
    insert into private.usage_counters as counter (user_id, name, window_start, used)
    values (spender, quota, _window, 1)
    on conflict (user_id, name) do update set
        used = case when counter.window_start = excluded.window_start then counter.used + 1 else 1 end,
        window_start = excluded.window_start
    returning used into _used;
    if _used > _limit.allowed then
        raise sqlstate 'PT429' using
            message = 'quota_exceeded',
            detail = jsonb_build_object(
                'quota', quota,
                'retry_after', ceil(extract(epoch from _window + _limit.every - now()))
            )::text;
    end if;
end
$$;
comment on function private.spend(uuid, text) is 'Count one use against a quota, or raise PT429 (which uncounts it).';
