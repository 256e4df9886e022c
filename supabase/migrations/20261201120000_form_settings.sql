-- How the owner of a website hears of what its forms bring, how long that is kept, and what visitors agree to. Addresses are stored as
-- the app sealed them: the function that takes a submission hands them to whoever calls it, and anybody can.

create table private.form_settings (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    sealed text not null default '',
    has_mail boolean not null default false,
    has_webhook boolean not null default false,
    retention_days integer not null default 365,
    consent text not null default '',
    proof_hash text not null default '',
    updated_at timestamptz not null default now(),
    primary key (user_id, website_id),
    constraint form_settings_sealed check (octet_length(sealed) <= 8000),
    constraint form_settings_retention check (retention_days >= 1 and retention_days <= 3650),
    constraint form_settings_consent check (char_length(consent) <= 300)
);
comment on column private.form_settings.website_id is 'Of a website that is there or in the trash.';
comment on column private.form_settings.sealed is 'Mail addresses and webhook, which the app alone can read; empty when there are none.';
comment on column private.form_settings.consent is 'What a visitor must agree to before a form is sent; empty for nothing.';
comment on column private.form_settings.proof_hash is
'SHA-256, in hexadecimal digits, of what the app alone can tell of this website; empty when it has no secret to make it of. The publication
has it, too, but is gone when the website goes offline while a notice is on its way.';
create index form_settings_of_website on private.form_settings (website_id);

-- Definer, here and below: settings and submissions are out of clients' reach.
create function private.drop_forms() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _gone record;
begin
    for _gone in
        select was.user_id, (to_jsonb(was) ->> tg_argv[0])::uuid as website_id from deleted as was
        where not exists (
            select 1 from public.websites as website
            where website.user_id = was.user_id and website.id = (to_jsonb(was) ->> tg_argv[0])::uuid
        )
        and not exists (
            select 1 from public.trash as item
            where item.user_id = was.user_id and item.website_id = (to_jsonb(was) ->> tg_argv[0])::uuid
        )
    loop
        delete from public.submissions as submission
        where submission.user_id = _gone.user_id and submission.website_id = _gone.website_id;
        delete from private.form_settings as settings
        where settings.user_id = _gone.user_id and settings.website_id = _gone.website_id;
        delete from private.form_uses as use where use.user_id = _gone.user_id and use.website_id = _gone.website_id;
    end loop;
    return null;
end
$$;
comment on function private.drop_forms() is
'Delete what belongs to the forms of deleted websites that aren''t in the trash. The argument names the column of their ids.';

create trigger drop_forms after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_forms('id');
create trigger drop_forms after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_forms('website_id');

-- Facts are texts and lists of texts. Whoever publishes straight at PostgREST may send anything: numbers that are short as jsonb and endless as
-- text, or what is nested deeper than the app reads.

create function private.are_facts(given jsonb) returns boolean
language sql immutable set search_path = ''
-- A path that isn't strict looks into lists, one level deep.
return jsonb_typeof(given) = 'object' and not jsonb_path_exists(given, '$.* ? (@.type() != "string")');

-- What visitors agree to is shown by the pages themselves, so it goes with what is published.
-- Facts are checked in a trigger, as the error of a constraint makes a text of the row.
create function private.add_consent() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if not private.are_facts(new.facts) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "facts"}';
    end if;
    new.facts := new.facts - 'consent' || coalesce((
        select jsonb_build_object('consent', settings.consent) from private.form_settings as settings
        where settings.user_id = new.user_id and settings.website_id = new.website_id and settings.consent <> ''
    ), '{}');
    return new;
end
$$;

create trigger add_consent before insert or update on public.publications
for each row execute function private.add_consent();

-- Every statement names auth.uid(), here and below.
create function public.read_form_settings(website_id uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _found jsonb;
begin
    select jsonb_build_object(
        'sealed', coalesce(settings.sealed, ''), 'retention_days', coalesce(settings.retention_days, 365),
        'consent', coalesce(settings.consent, '')
    ) into _found
    from public.websites as website
    left join private.form_settings as settings on settings.user_id = website.user_id and settings.website_id = website.id
    where website.user_id = auth.uid() and website.id = read_form_settings.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _found;
end
$$;
comment on function public.read_form_settings(uuid) is
'{"sealed", "retention_days", "consent"}, as they are at first where nothing was saved. Raises PT404 not_found.';

create function public.save_form_settings(
    website_id uuid, sealed text, has_mail boolean, has_webhook boolean, retention_days integer, consent text, proof_hash text
) returns void
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
begin
    perform private.hold_account(_me);
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = save_form_settings.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    insert into private.form_settings as settings (
        user_id, website_id, sealed, has_mail, has_webhook, retention_days, consent, proof_hash
    )
    values (
        _me, save_form_settings.website_id, save_form_settings.sealed, save_form_settings.has_mail, save_form_settings.has_webhook,
        save_form_settings.retention_days, save_form_settings.consent, save_form_settings.proof_hash
    )
    on conflict on constraint form_settings_pkey do update set
        sealed = excluded.sealed, has_mail = excluded.has_mail, has_webhook = excluded.has_webhook,
        retention_days = excluded.retention_days, consent = excluded.consent, proof_hash = excluded.proof_hash,
        updated_at = now();
    -- Pages that are live ask from now on.
    update public.publications as publication set facts = publication.facts, updated_at = now()
    where publication.user_id = _me and publication.website_id = save_form_settings.website_id
        and publication.facts ->> 'consent' is distinct from nullif(save_form_settings.consent, '');
end
$$;
comment on function public.save_form_settings(uuid, text, boolean, boolean, integer, text, text) is
'Save how the forms of a website are looked after. Raises PT404 not_found.';

grant execute on function
    public.read_form_settings(uuid), public.save_form_settings(uuid, text, boolean, boolean, integer, text, text)
to authenticated;
