-- Whether a slug may be had is told while it is typed, by the rule by which it is taken. It says no more than publishing does, and is counted.

insert into private.quotas (name, allowed, every) values ('slug_checks', 2000, '1 day');

create function private.slug_problem(owner uuid, website uuid, slug text) returns text
language sql stable set search_path = ''
return case
    when private.is_slug(slug_problem.slug) is not true then 'invalid_slug'
    when private.is_reserved_slug(slug_problem.slug) then 'slug_reserved'
    when exists (
        select 1 from private.slugs as held
        where held.slug = slug_problem.slug and case
            when held.replaced_at is null then (held.user_id, held.website_id) <> (owner, website)
            else held.user_id <> owner and held.replaced_at >= now() - interval '30 days'
        end
    ) then 'slug_taken'
end;
comment on function private.slug_problem(uuid, uuid, text) is 'Why a website can''t be published under a slug; null where it can.';

-- Definer: slugs and counters are out of clients' reach. Every statement names auth.uid().
create function public.check_slug(website_id uuid, slug text) returns text
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
begin
    perform 1 from public.websites as website where website.user_id = _me and website.id = check_slug.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    perform private.hold_account(_me);
    perform private.spend(_me, 'slug_checks');
    return private.slug_problem(_me, check_slug.website_id, check_slug.slug);
end
$$;
comment on function public.check_slug(uuid, text) is
'Why a website of one''s own can''t be published under a slug: invalid_slug, slug_reserved, slug_taken, or null where it can. Raises PT404
not_found, PT429 quota_exceeded (slug_checks).';

grant execute on function public.check_slug(uuid, text) to authenticated;
