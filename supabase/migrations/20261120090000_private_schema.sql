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
comment on function private.keep_identity() is 'Keeps user_id, id and created_at from ever changing.';

-- Deleting an account locks its row in auth.users, then its rows table by table. Every writer locks the account's row first, so
-- that the deletion and a write wait for each other in one order and can't deadlock.
create function private.hold_account(owner uuid) returns void
language plpgsql set search_path = ''
as $$
begin
    perform 1 from auth.users as account where account.id = owner for key share;
    if not found then
        raise sqlstate 'PT401' using message = 'auth_required';
    end if;
end
$$;

-- Definer: accounts are out of clients' reach.
create function private.hold_own_account() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.hold_account(auth.uid());
    return null;
end
$$;
comment on function private.hold_own_account() is
'For statements of clients. Definer functions call hold_account themselves, first.';
