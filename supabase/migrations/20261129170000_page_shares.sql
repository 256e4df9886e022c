-- A page can be shared alone: a link shows one version to anybody who has it, until its owner revokes it. A version never changes,
-- so nothing is copied. The link holds a random token; only its hash is stored, as for chats.

create table public.page_shares (
    user_id uuid not null default auth.uid(),
    id uuid not null default gen_random_uuid(),
    website_id uuid not null,
    version_id uuid not null,
    version_number integer not null,
    token_hash bytea not null unique,
    created_at timestamptz not null default now(),
    primary key (user_id, id),
    foreign key (user_id, version_id) references public.site_versions (user_id, id) on delete cascade
);
comment on column public.page_shares.website_id is 'The version''s; has no foreign key, as the version goes with its website.';
comment on column public.page_shares.version_number is 'The version''s.';

create index page_shares_of_website on public.page_shares (user_id, website_id, created_at desc);
create index page_shares_of_version on public.page_shares (user_id, version_id);

alter table public.page_shares enable row level security;

create policy "Owners see their page shares" on public.page_shares
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners take their page shares back" on public.page_shares
for delete to authenticated using ((select auth.uid()) = user_id);

grant select (user_id, id, website_id, version_id, version_number, created_at), delete on public.page_shares to authenticated;

-- Definer: clients can't write shares. Every statement names auth.uid().
create function public.share_page(version_id uuid, token text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _version public.site_versions;
    _share public.page_shares;
begin
    if char_length(share_page.token) not between 32 and 200 then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    perform private.hold_account(_me);
    select * into _version from public.site_versions as version
    where version.user_id = _me and version.id = share_page.version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    -- Serialises a website's new links, so that the count can't be raced.
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = _version.website_id for no key update;
    if (
        select count(*) >= 20 from public.page_shares as share
        where share.user_id = _me and share.website_id = _version.website_id
    ) then
        raise sqlstate 'PT409' using message = 'too_many_shares';
    end if;
    insert into public.page_shares as share (user_id, website_id, version_id, version_number, token_hash)
    values (_me, _version.website_id, _version.id, _version.number, private.hash_of(share_page.token))
    returning share.* into _share;
    return to_jsonb(_share) - 'user_id' - 'token_hash';
end
$$;
comment on function public.share_page(uuid, text) is
'Share a version''s page under a token of the caller''s making: {"id", "website_id", "version_id", "version_number", "created_at"}.
Raises PT404 not_found, PT409 too_many_shares (20 a website).';

-- Definer and open to anon: the token is the authority.
create function public.read_page_share(token text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _found jsonb;
begin
    select jsonb_build_object(
        'name', website.name, 'version_number', share.version_number, 'created_at', share.created_at,
        'page', version.files ->> 'index.html'
    ) into _found
    from public.page_shares as share
    join public.site_versions as version on version.user_id = share.user_id and version.id = share.version_id
    join public.websites as website on website.user_id = version.user_id and website.id = version.website_id
    where char_length(read_page_share.token) <= 200 and share.token_hash = private.hash_of(read_page_share.token);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _found;
end
$$;
comment on function public.read_page_share(text) is
'What a page share''s token opens: {"name" (of the website), "version_number", "created_at", "page" (its HTML)}; no ids, no owner.
Raises PT404 not_found.';

grant execute on function public.share_page(uuid, text) to authenticated;
grant execute on function public.read_page_share(text) to anon, authenticated;
