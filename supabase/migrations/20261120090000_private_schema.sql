-- Ground rules for everything after: nothing is granted unless a migration grants it, and what clients must
-- never call or read lives in `private`, which PostgREST does not expose.

alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

create schema private;
comment on schema private is 'Leases, counters and trigger functions: out of reach of anon and authenticated.';
revoke all on schema private from public;

create function private.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
    new.updated_at := now();
    return new;
end
$$;

create function private.keep_identity() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if (new.user_id, new.id, new.created_at) is distinct from (old.user_id, old.id, old.created_at) then
        raise sqlstate 'PT403' using message = 'immutable_column';
    end if;
    return new;
end
$$;
comment on function private.keep_identity() is 'An owner, an id and a creation time never change, whoever asks.';
