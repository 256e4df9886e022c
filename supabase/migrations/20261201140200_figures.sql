-- How often pages of a published website are seen, and from which hosts visitors come, in numbers a day: nothing is kept of anybody. They
-- stay under the website's id while it is in the trash, for 400 days.

create table public.site_views (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    day date not null,
    path text not null,
    views bigint not null,
    primary key (user_id, website_id, day, path)
);
comment on column public.site_views.day is 'In UTC.';
comment on column public.site_views.path is 'Of the page that was seen.';

create table public.site_referrers (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    day date not null,
    host text not null,
    views bigint not null,
    primary key (user_id, website_id, day, host)
);
comment on column public.site_referrers.host is
'Of the page that led to the website; empty where browsers didn''t say. After 20 a day the others count as "other".';

create trigger drop_site_views after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('site_views', 'id');
create trigger drop_site_views after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('site_views', 'website_id');
create trigger drop_site_referrers after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('site_referrers', 'id');
create trigger drop_site_referrers after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('site_referrers', 'website_id');

alter table public.site_views enable row level security;
alter table public.site_referrers enable row level security;

create policy "Owners see how often their pages are seen" on public.site_views
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners see where visitors come from" on public.site_referrers
for select to authenticated using ((select auth.uid()) = user_id);

grant select on public.site_views, public.site_referrers to authenticated;

create function private.given_views(counts json) returns table (path text, host text, views bigint)
language sql immutable set search_path = ''
as $$
    select
        given.entry ->> 'path',
        case
            when given.entry ->> 'host' ~ '^[a-z0-9.-]{0,100}$' then given.entry ->> 'host'
            when json_typeof(given.entry -> 'host') = 'string' then 'other'
        end,
        least((given.entry ->> 'views')::numeric, 100000)::bigint
    from json_array_elements(counts) with ordinality as given (entry, place)
    where given.place <= 200 and given.entry ->> 'path' ~* '\.html?$' and json_typeof(given.entry -> 'views') = 'number' and (given.entry ->> 'views')::numeric >= 1
$$;
comment on function private.given_views(json) is
'Counts of pages, of the first 200 that were given: [{"path", "host" (empty where there was none, null for a link within the website), "views"}].';

-- Definer and open to anon: the proof is the authority, which the app alone can make.
create function public.count_views(slug text, counts json, proof text) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _today date := (now() at time zone 'UTC')::date;
    _live public.publications;
    _pages jsonb;
    _told record;
begin
    select publication.* into _live from public.publications as publication
    where publication.slug = count_views.slug and publication.proof_hash = encode(private.hash_of(count_views.proof), 'hex');
    if not found or json_typeof(count_views.counts) is distinct from 'array' then
        return false;
    end if;
    -- Before the lock of the publication: deleting an account takes its rows in this order.
    perform private.hold_account(_live.user_id);
    -- Serialises a website's counts, so that the number of hosts can't be raced.
    perform 1 from public.publications as publication
    where publication.user_id = _live.user_id and publication.website_id = _live.website_id for no key update;
    select version.manifest into _pages from public.site_versions as version
    where version.user_id = _live.user_id and version.id = _live.version_id;
    delete from public.site_views as old
    where old.user_id = _live.user_id and old.website_id = _live.website_id and old.day < _today - 400;
    delete from public.site_referrers as old
    where old.user_id = _live.user_id and old.website_id = _live.website_id and old.day < _today - 400;
    insert into public.site_views as stored (user_id, website_id, day, path, views)
    select _live.user_id, _live.website_id, _today, given.path, sum(given.views)
    from private.given_views(count_views.counts) as given
    where _pages ? given.path
    group by given.path
    on conflict (user_id, website_id, day, path) do update set views = stored.views + excluded.views;
    for _told in
        select given.host, sum(given.views) as views from private.given_views(count_views.counts) as given
        where given.host is not null and _pages ? given.path
        group by given.host order by 2 desc, 1
    loop
        if _told.host not in ('', 'other') and (
            select count(*) filter (where today.host not in ('', 'other')) >= 20 and not coalesce(bool_or(today.host = _told.host), false)
            from public.site_referrers as today
            where today.user_id = _live.user_id and today.website_id = _live.website_id and today.day = _today
        ) then
            _told.host := 'other';
        end if;
        insert into public.site_referrers as stored (user_id, website_id, day, host, views)
        values (_live.user_id, _live.website_id, _today, _told.host, _told.views)
        on conflict (user_id, website_id, day, host) do update set views = stored.views + excluded.views;
    end loop;
    return true;
end
$$;
comment on function public.count_views(text, json, text) is
'Count views of pages that are live under a slug, today (given_views); of other files none. False, and nothing is counted, without the
website''s proof.';

create function public.read_figures(website_id uuid, days integer default 30) returns jsonb
language plpgsql stable set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _today date := (now() at time zone 'UTC')::date;
    _first date := _today - (least(greatest(read_figures.days, 1), 400) - 1);
begin
    perform 1 from public.websites as website where website.user_id = _me and website.id = read_figures.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return jsonb_build_object(
        'days', (
            select jsonb_agg(jsonb_build_object('day', day.date::date, 'views', coalesce(seen.views, 0)) order by day.date)
            from generate_series(_first::timestamp, _today::timestamp, interval '1 day') as day (date)
            left join (
                select view.day, sum(view.views) as views from public.site_views as view
                where view.user_id = _me and view.website_id = read_figures.website_id and view.day >= _first group by view.day
            ) as seen on seen.day = day.date::date
        ),
        'pages', (
            select coalesce(jsonb_agg(jsonb_build_object('path', seen.path, 'views', seen.views) order by seen.views desc, seen.path), '[]')
            from (
                select view.path, sum(view.views) as views from public.site_views as view
                where view.user_id = _me and view.website_id = read_figures.website_id and view.day >= _first
                group by view.path order by 2 desc, 1 limit 100
            ) as seen
        ),
        'referrers', (
            select coalesce(jsonb_agg(jsonb_build_object('host', told.host, 'views', told.views) order by told.views desc, told.host), '[]')
            from (
                select referrer.host, sum(referrer.views) as views from public.site_referrers as referrer
                where referrer.user_id = _me and referrer.website_id = read_figures.website_id and referrer.day >= _first
                group by referrer.host order by 2 desc, 1 limit 100
            ) as told
        )
    );
end
$$;
comment on function public.read_figures(uuid, integer) is
'Views of the last days with today: {"days": [{"day", "views"}] (each, in order), "pages": [{"path", "views"}], "referrers": [{"host", "views"}]}
(the most first, at most 100). Raises PT404 not_found.';

grant execute on function public.count_views(text, json, text) to anon, authenticated;
grant execute on function public.read_figures(uuid, integer) to authenticated;
