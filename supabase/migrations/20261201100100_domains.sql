-- A website can be shown at a domain of its owner's. A row is a claim, which anybody can make of any domain: it counts once the domain's own
-- TXT record has its token. The app looks that up; the database knows of claims alone. The token is random and told to the owner
-- only: ids of websites may be chosen, so two people can have the same.

create function private.is_domain(domain text) returns boolean
language sql immutable set search_path = ''
return char_length(domain) <= 240 and domain ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$';

create table public.website_domains (
    user_id uuid not null default auth.uid(),
    website_id uuid not null,
    domain text not null,
    token text not null default replace(gen_random_uuid()::text, '-', ''),
    created_at timestamptz not null default now(),
    primary key (user_id, website_id),
    foreign key (user_id, website_id) references public.websites (user_id, id) on delete cascade,
    constraint website_domains_domain check (private.is_domain(domain))
);
comment on table public.website_domains is 'Claims: several people may make one of the same domain. A website has one.';
comment on column public.website_domains.token is 'What the TXT record of _sitethread.<domain> must have.';
create index website_domains_by_domain on public.website_domains (domain, token);

alter table public.website_domains enable row level security;

create policy "Owners see the domains of their websites" on public.website_domains
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners give domains of their websites up" on public.website_domains
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.website_domains to authenticated;

-- Definer: clients write no token. Every statement names auth.uid().
create function public.claim_domain(website_id uuid, domain text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _claim public.website_domains;
begin
    perform private.hold_account(_me);
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = claim_domain.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    elsif not coalesce(private.is_domain(claim_domain.domain), false) then
        raise sqlstate 'PT422' using message = 'invalid_domain';
    end if;
    insert into public.website_domains as claim (user_id, website_id, domain)
    values (_me, claim_domain.website_id, claim_domain.domain)
    on conflict on constraint website_domains_pkey do update set
        domain = excluded.domain,
        -- The same claim again keeps its record.
        token = case when claim.domain = excluded.domain then claim.token else excluded.token end
    returning claim.* into _claim;
    return to_jsonb(_claim) - 'user_id';
end
$$;
comment on function public.claim_domain(uuid, text) is
'Claim a domain for a website, instead of the one it has: {"website_id", "domain", "token", "created_at"}. Raises PT404 not_found, PT422
invalid_domain.';

-- Definer and open to anon: a token is told by the domain itself.
create function public.read_domain(domain text, tokens text[] default '{}') returns jsonb
language sql stable security definer set search_path = ''
return jsonb_build_object(
    'is_claimed', exists (select 1 from public.website_domains as claim where claim.domain = read_domain.domain),
    'slug', (
        select publication.slug from public.website_domains as claim
        join public.publications as publication
            on publication.user_id = claim.user_id and publication.website_id = claim.website_id
        where claim.domain = read_domain.domain and claim.token = any(read_domain.tokens[1:20])
        order by claim.created_at limit 1
    )
);
comment on function public.read_domain(text, text[]) is
'{"is_claimed": whether anybody claims a domain, "slug": of the website whose claim has one of the tokens, null when it isn''t published}.';

grant execute on function public.claim_domain(uuid, text) to authenticated;
grant execute on function public.read_domain(text, text[]) to anon, authenticated;
