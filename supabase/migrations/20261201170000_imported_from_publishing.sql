-- What clients said of pages, how often pages were seen, and what was live when come back with the rest of an account. No website goes live
-- by it: slugs are one namespace for everybody, and the person may have published elsewhere since.

-- As many as come to be in 401 days of 100 pages and 22 hosts.
insert into private.form_limits (name, allowed) values ('views', 40100), ('referrers', 8822);
comment on table private.form_limits is
'Of a website: how many submissions and bytes of them it keeps, in quarantine and out of it, and how much of either comes without the proof. How
often its forms may be used by all, and by one address, one form may be used, and a text may be sent, before what comes is quarantined. How
many figures of pages (views) and hosts (referrers) it may have after some came back.';

-- Definer, here and below: clients can't write these tables. Every statement names auth.uid().
create function public.import_comments(website_id uuid, comments jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _added integer;
    _bytes bigint;
begin
    perform private.hold_own_website(import_comments.website_id);
    -- Numbers that are short as jsonb may be endless as text.
    perform private.refuse_unreadable(import_comments.comments);
    if exists (
        select 1 from jsonb_populate_recordset(null::public.page_comments, import_comments.comments) as given
        where not private.is_path(given.path) or given.start_offset < 0 or given.end_offset <= given.start_offset
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    with added as (
        insert into public.page_comments as said (
            user_id, id, website_id, version_id, version_number, path, start_offset, end_offset, author, text, is_read, is_resolved,
            created_at
        )
        select
            _me, given.id, import_comments.website_id, given.version_id, given.version_number, given.path, given.start_offset,
            given.end_offset, given.author, given.text, coalesce(given.is_read, true), coalesce(given.is_resolved, false),
            coalesce(given.created_at, now())
        from jsonb_populate_recordset(null::public.page_comments, import_comments.comments) as given
        order by given.id
        on conflict (user_id, id) do nothing
        returning said.bytes
    )
    select count(*), coalesce(sum(added.bytes), 0) into _added, _bytes from added;
    perform private.spend(_me, 'imported_rows', _added);
    perform private.store(_me, _bytes);
    return _added;
end
$$;
comment on function public.import_comments(uuid, jsonb) is
'Add comments on pages with the columns they had, but for the link that they came by; returns how many were not there. Raises PT404
not_found, PT422 invalid_field, PT429 quota_exceeded (imported_rows, stored_bytes).';

create function public.import_figures(website_id uuid, views jsonb, referrers jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _today date := (now() at time zone 'UTC')::date;
    _pages integer;
    _hosts integer;
begin
    perform private.hold_own_website(import_figures.website_id);
    perform private.refuse_unreadable(import_figures.views);
    perform private.refuse_unreadable(import_figures.referrers);
    if exists (
        select 1 from jsonb_populate_recordset(null::public.site_views, import_figures.views) as given
        where not private.is_path(given.path) or given.views not between 1 and 1000000000000
        union all
        select 1 from jsonb_populate_recordset(null::public.site_referrers, import_figures.referrers) as given
        where given.host !~ '^[a-z0-9.-]{0,100}$' or given.views not between 1 and 1000000000000
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    insert into public.site_views (user_id, website_id, day, path, views)
    select _me, import_figures.website_id, given.day, given.path, given.views
    from jsonb_populate_recordset(null::public.site_views, import_figures.views) as given
    where given.day between _today - 400 and _today
    order by given.day, given.path
    on conflict (user_id, website_id, day, path) do nothing;
    get diagnostics _pages = row_count;
    insert into public.site_referrers (user_id, website_id, day, host, views)
    select _me, import_figures.website_id, given.day, given.host, given.views
    from jsonb_populate_recordset(null::public.site_referrers, import_figures.referrers) as given
    where given.day between _today - 400 and _today
    order by given.day, given.host
    on conflict (user_id, website_id, day, host) do nothing;
    get diagnostics _hosts = row_count;
    perform private.spend(_me, 'imported_rows', _pages + _hosts);
    if (
        select count(*) > (select limited.allowed from private.form_limits as limited where limited.name = 'views')
        from public.site_views as stored
        where stored.user_id = _me and stored.website_id = import_figures.website_id
    ) or (
        select count(*) > (select limited.allowed from private.form_limits as limited where limited.name = 'referrers')
        from public.site_referrers as stored
        where stored.user_id = _me and stored.website_id = import_figures.website_id
    ) then
        perform private.refuse('figures');
    end if;
    return _pages + _hosts;
end
$$;
comment on function public.import_figures(uuid, jsonb, jsonb) is
'Add views of days and pages ([{"day", "path", "views"}]) and of hosts ([{"day", "host", "views"}]) that were not counted here, of the last 400
days; returns how many. Raises PT404 not_found, PT422 invalid_field, PT429 quota_exceeded (imported_rows, figures).';

create function public.import_publication_events(website_id uuid, events jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _added integer;
begin
    perform private.hold_own_website(import_publication_events.website_id);
    perform private.refuse_unreadable(import_publication_events.events);
    if jsonb_array_length(import_publication_events.events) > 1000 or exists (
        select 1 from jsonb_populate_recordset(null::public.publication_events, import_publication_events.events) as given
        where given.number not between 1 and 1000000000 or not private.is_slug(given.slug)
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    if exists (
        select 1 from public.publication_events as event
        where event.user_id = _me and event.website_id = import_publication_events.website_id
    ) then
        return 0;
    end if;
    insert into public.publication_events (
        user_id, website_id, number, action, slug, version_id, version_number, previous_version_id, session_id, message_id, created_at
    )
    select
        _me, import_publication_events.website_id, given.number, given.action, given.slug, given.version_id, given.version_number,
        given.previous_version_id, given.session_id, given.message_id, given.created_at
    from jsonb_populate_recordset(null::public.publication_events, import_publication_events.events) as given
    on conflict do nothing;
    get diagnostics _added = row_count;
    perform private.spend(_me, 'imported_rows', _added);
    return _added;
end
$$;
comment on function public.import_publication_events(uuid, jsonb) is
'Add all that was live when, 1,000 events at most, to a website that has no such history here; returns how many. Nothing goes live by it. Raises
PT404 not_found, PT422 invalid_field, PT429 quota_exceeded (imported_rows).';

grant execute on function
    public.import_comments(uuid, jsonb), public.import_figures(uuid, jsonb, jsonb), public.import_publication_events(uuid, jsonb)
to authenticated;
