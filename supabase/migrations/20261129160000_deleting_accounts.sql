-- A person deletes their account themselves: the app needs no key that could delete others.

-- Definer: accounts are out of clients' reach. The function belongs to postgres, which may delete from auth.users on hosted
-- Supabase, too. It deletes the caller's account alone, and only for a token of a sign-in by password a moment ago: one that was
-- stolen, or that waits in a browser, is not enough. Deleting all that a person has takes some seconds.
create function public.delete_account() returns void
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
as $$
declare
    _me uuid := auth.uid();
begin
    -- How and when the caller signed in, as Supabase Auth says it: renewing the token doesn't change it.
    if not exists (
        select 1 from jsonb_path_query(auth.jwt(), 'lax $.amr[*] ? (@.method == "password").timestamp') as signed_in (at)
        where to_timestamp(signed_in.at::float8) > now() - interval '5 minutes'
    ) then
        raise sqlstate 'PT403' using message = 'password_required';
    end if;
    delete from auth.users as account where account.id = _me;
    if not found then
        raise sqlstate 'PT401' using message = 'auth_required';
    end if;
    -- Everything else goes with the account, by foreign keys.
    delete from private.byte_changes as change where change.user_id = _me;
end
$$;
comment on function public.delete_account() is
'Delete the caller''s account and all of its rows. Raises PT403 password_required unless they signed in by password within the last
five minutes, PT401 auth_required when it is gone already.';
grant execute on function public.delete_account() to authenticated;
