-- Notices are mailed to addresses whose reader said so. Which these are stands in what the app sealed, so the app writes it when somebody opens the
-- link that it mailed: they need no account, and the website's owner needn't be there.

-- Definer and open to anon, here and below: the proof is the authority, which the app alone can make.
create function public.read_sealed_notices(user_id uuid, website_id uuid, proof text) returns text
language sql stable security definer set search_path = ''
return (
    select settings.sealed from private.form_settings as settings
    where settings.user_id = read_sealed_notices.user_id and settings.website_id = read_sealed_notices.website_id
        and settings.proof_hash = encode(private.hash_of(read_sealed_notices.proof), 'hex')
);
comment on function public.read_sealed_notices(uuid, uuid, text) is
'Where notices of a website go, as the app sealed it; null without the right proof.';

create function public.confirm_notices(user_id uuid, website_id uuid, proof text, was text, sealed text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
    update private.form_settings as settings set sealed = confirm_notices.sealed, has_mail = true, updated_at = now()
    where settings.user_id = confirm_notices.user_id and settings.website_id = confirm_notices.website_id
        and settings.proof_hash = encode(private.hash_of(confirm_notices.proof), 'hex') and settings.sealed = confirm_notices.was;
    return found;
end
$$;
comment on function public.confirm_notices(uuid, uuid, text, text, text) is
'Put what the app sealed in the place of what it was, and have notices mailed. False without the right proof, or where it has changed.';

grant execute on function
    public.read_sealed_notices(uuid, uuid, text), public.confirm_notices(uuid, uuid, text, text, text)
to anon, authenticated;
