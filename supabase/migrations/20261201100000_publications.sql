-- A publication is the version of a website that everybody can see, under a slug. It is one row that points at a version, so that
-- publishing, rolling back and going offline each change one row. Visitors read it by anonymous functions, which anybody can call: so
-- nothing secret stands behind them, and `proof_hash` tells functions that write for visitors that the app itself calls.

insert into private.quotas (name, allowed, every) values
    ('publications', 2000, '1 day'),
    ('slug_changes', 50, '1 day');

-- Lower-case ASCII alone: no letter of another script can look like one of these. xn-- would make a host name of them.
create function private.is_slug(slug text) returns boolean
language sql immutable set search_path = ''
return slug ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$' and slug !~ '^xn--';

-- Names under which people expect the service itself, or that mail and browsers ask for by themselves.
create function private.is_reserved_slug(slug text) returns boolean
language sql immutable set search_path = ''
return slug = any(string_to_array(
    'abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover billing cdn cloud console dashboard dev '
    'developer developers dns docs domain download email ftp git graphql healthz help home host hosting hostmaster imap internal localhost '
    'login logout mail mailer mailer-daemon media metrics mta-sts mx no-reply noreply ns ns1 ns2 oauth official ops password payment payments '
    'pop pop3 postmaster preview previews privacy production proxy public readyz register root sales secure security server settings signin '
    'signup sitethread smtp ssl sso staff staging static stats status store supabase support svn sysadmin system team terms test tls trust '
    'update updates upload uploads user users verify vpn web webmail webmaster well-known wpad www www1 www2',
    ' '
));

create table private.slugs (
    slug text primary key,
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    replaced_at timestamptz,
    constraint slugs_slug check (private.is_slug(slug))
);
comment on table private.slugs is
'Every slug that leads somewhere, or did so in the last 30 days: then it leads to its website''s present slug, and nobody else may have it.
Keyed by the slug alone, as no two people may have one.';
comment on column private.slugs.website_id is 'Has no foreign key: a website in the trash keeps its slug.';
comment on column private.slugs.replaced_at is 'Null for the slug of a publication that is there.';
create index slugs_of_website on private.slugs (user_id, website_id);

create table public.publications (
    user_id uuid not null default auth.uid(),
    website_id uuid not null,
    slug text not null unique references private.slugs (slug),
    version_id uuid not null,
    proof_hash text,
    facts jsonb not null default '{}',
    published_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (user_id, website_id),
    foreign key (user_id, website_id) references public.websites (user_id, id) on delete cascade,
    foreign key (user_id, version_id) references public.site_versions (user_id, id) on delete cascade,
    constraint publications_proof_hash check (proof_hash ~ '^[0-9a-f]{64}$'),
    constraint publications_facts check (jsonb_typeof(facts) = 'object' and octet_length(facts::text) <= 10000)
);
comment on column public.publications.proof_hash is
'SHA-256, in hexadecimal digits, of what the app alone can tell of this website; null when it has no secret to make it of.';
comment on column public.publications.facts is 'What the brief says that every visitor may know, as it was at publishing.';
comment on column public.publications.published_at is 'When the version that is live went live.';
create index publications_of_version on public.publications (user_id, version_id);

create table public.publication_events (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    number integer not null,
    action text not null,
    slug text not null,
    version_id uuid not null,
    version_number integer not null,
    previous_version_id uuid,
    session_id uuid,
    message_id uuid,
    created_at timestamptz not null default now(),
    primary key (user_id, website_id, number),
    constraint publication_events_action check (action in ('publish', 'update', 'roll_back', 'rename', 'unpublish'))
);
comment on table public.publication_events is
'What was live when: the newest 1,000 events of a website. They stay while the website is in the trash, so they have no foreign key to it.';
comment on column public.publication_events.number is 'Counts the events of a website from 1.';
comment on column public.publication_events.version_id is 'The version that went live, or that was live until then (unpublish).';
comment on column public.publication_events.previous_version_id is 'The version that was live before; null when none was.';
comment on column public.publication_events.session_id is 'Of the chat that its version came from, which may be gone; null for other versions.';
comment on column public.publication_events.message_id is 'As session_id.';
create index publication_events_by_time on public.publication_events (user_id, website_id, created_at);

alter table public.publications enable row level security;
alter table public.publication_events enable row level security;

create policy "Owners see their publications" on public.publications
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners see what was live when" on public.publication_events
for select to authenticated using ((select auth.uid()) = user_id);

grant select on public.publications, public.publication_events to authenticated;

-- Definer, here and below: events and slugs are out of clients' reach.
create function private.note_publication() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _last public.publication_events;
    _next public.publication_events;
begin
    select * into _last from public.publication_events as event
    where event.user_id = coalesce(new.user_id, old.user_id) and event.website_id = coalesce(new.website_id, old.website_id)
    order by event.number desc limit 1;
    if tg_op = 'DELETE' then
        -- Its version may be gone before it.
        _next := _last;
        _next.action := 'unpublish';
    else
        select new.user_id, new.website_id, null, null, new.slug, new.version_id, version.number, null, version.session_id, version.message_id
        into _next
        from public.site_versions as version where version.user_id = new.user_id and version.id = new.version_id;
        _next.action := case
            when tg_op = 'INSERT' then 'publish'
            when _next.version_number > _last.version_number then 'update'
            when _next.version_number < _last.version_number then 'roll_back'
            when _next.slug <> _last.slug then 'rename'
        end;
    end if;
    if _next.action is null then
        return null;
    end if;
    _next.number := coalesce(_last.number, 0) + 1;
    _next.previous_version_id := case when tg_op <> 'INSERT' then old.version_id end;
    _next.created_at := now();
    insert into public.publication_events select _next.*
    -- An account takes its publications along.
    where exists (select 1 from auth.users as account where account.id = _next.user_id);
    delete from public.publication_events as event
    where event.user_id = _next.user_id and event.website_id = _next.website_id and event.number <= _next.number - 1000;
    return null;
end
$$;

-- Slugs that lead on, or are kept for a website that went offline, are few for each person: 50 new ones a day would be 1,500 in 30 days, which
-- nobody else may have. The oldest go first.
create function private.most_old_slugs() returns integer
language sql immutable set search_path = ''
return 50;

create function private.replace_slug() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if tg_op = 'DELETE' or old.slug <> new.slug then
        update private.slugs as held set replaced_at = now() where held.slug = old.slug and held.user_id = old.user_id;
        delete from private.slugs as held where held.slug in (
            select older.slug from private.slugs as older
            where older.user_id = old.user_id and older.replaced_at is not null
            order by older.replaced_at desc, older.slug offset private.most_old_slugs()
            -- Two websites may go offline at once.
            for update skip locked
        );
    end if;
    return null;
end
$$;

create trigger note_publication after insert or update or delete on public.publications
for each row execute function private.note_publication();
create trigger replace_slug after update or delete on public.publications
for each row execute function private.replace_slug();

-- The slug's row is locked until the end of the transaction: of those who ask for one slug at once, the first gets it.
create function private.take_slug(owner uuid, website uuid, slug text) returns void
language plpgsql set search_path = ''
as $$
begin
    if not private.is_slug(take_slug.slug) then
        raise sqlstate 'PT422' using message = 'invalid_slug';
    elsif private.is_reserved_slug(take_slug.slug) then
        raise sqlstate 'PT422' using message = 'slug_reserved';
    end if;
    insert into private.slugs as held (slug, user_id, website_id) values (take_slug.slug, owner, website)
    on conflict on constraint slugs_pkey do update set user_id = excluded.user_id, website_id = excluded.website_id, replaced_at = null
    where held.replaced_at < now() - interval '30 days' or held.replaced_at is not null and held.user_id = excluded.user_id;
    if not found then
        raise sqlstate 'PT409' using message = 'slug_taken';
    end if;
    perform private.spend(owner, 'slug_changes');
end
$$;
comment on function private.take_slug(uuid, uuid, text) is
'Make a slug lead to a website. Raises PT409 slug_taken, PT422 invalid_slug, slug_reserved, PT429 quota_exceeded (slug_changes).';

-- Definer: clients can't write publications. Every statement names auth.uid(), here and below.
create function public.publish_website(
    website_id uuid, slug text default null, version_id uuid default null, proof_hash text default null, facts jsonb default '{}'
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _version public.site_versions;
    _old public.publications;
    _new public.publications;
    _slug text;
begin
    perform private.hold_account(_me);
    -- Serialises a website's publishing, trashing and new versions.
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = publish_website.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _version from public.site_versions as version
    where version.user_id = _me and version.website_id = publish_website.website_id
        and (publish_website.version_id is null or version.id = publish_website.version_id)
    order by version.number desc limit 1;
    if not found and publish_website.version_id is null then
        raise sqlstate 'PT409' using message = 'nothing_to_publish';
    elsif not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _old from public.publications as publication
    where publication.user_id = _me and publication.website_id = publish_website.website_id;
    -- One that went offline comes back where it was.
    _slug := coalesce(publish_website.slug, _old.slug, (
        select held.slug from private.slugs as held
        where held.user_id = _me and held.website_id = publish_website.website_id and held.replaced_at is not null
        order by held.replaced_at desc, held.slug limit 1
    ));
    if _slug is null then
        raise sqlstate 'PT422' using message = 'slug_required';
    end if;
    perform private.spend(_me, 'publications');
    if _slug is distinct from _old.slug then
        perform private.take_slug(_me, publish_website.website_id, _slug);
    end if;
    insert into public.publications as publication (user_id, website_id, slug, version_id, proof_hash, facts)
    values (_me, publish_website.website_id, _slug, _version.id, publish_website.proof_hash, publish_website.facts)
    on conflict on constraint publications_pkey do update set
        slug = excluded.slug, version_id = excluded.version_id, proof_hash = excluded.proof_hash, facts = excluded.facts,
        published_at = case
            when publication.version_id = excluded.version_id then publication.published_at else excluded.published_at
        end,
        updated_at = now()
    returning publication.* into _new;
    delete from private.slugs as held where held.user_id = _me and held.replaced_at < now() - interval '30 days';
    return (to_jsonb(_new) - 'user_id' - 'proof_hash' - 'facts') || jsonb_build_object(
        'version_number', _version.number, 'is_new', _old.slug is null
    );
end
$$;
comment on function public.publish_website(uuid, text, uuid, text, jsonb) is
'Show a version of a website, the newest if none is named, to everybody: {"website_id", "slug", "version_id", "version_number",
"published_at", "updated_at", "is_new"}. Without a slug it keeps the one it has, or had last. Raises PT404 not_found (website or version),
PT409 nothing_to_publish, slug_taken, PT422 invalid_slug, slug_required, slug_reserved, PT429 quota_exceeded (publications, slug_changes).';

create function public.unpublish_website(website_id uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
begin
    perform private.hold_account(_me);
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = unpublish_website.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    delete from public.publications as publication
    where publication.user_id = _me and publication.website_id = unpublish_website.website_id;
    return found;
end
$$;
comment on function public.unpublish_website(uuid) is
'Take a website offline; false when it was. Its slug stays its own for 30 days. Raises PT404 not_found.';

create function private.live_publication(slug text) returns public.publications
language sql stable set search_path = ''
return (
    select publication from private.slugs as held
    join public.publications as publication on publication.user_id = held.user_id and publication.website_id = held.website_id
    where held.slug = live_publication.slug
        and (held.replaced_at is null or held.replaced_at >= now() - interval '30 days')
);
comment on function private.live_publication(text) is 'The publication that a slug leads to, its own or one that it had.';

-- A visitor who got a page of the version before gets the rest of it, too.
create function private.shown_versions(live public.publications) returns setof public.site_versions
language sql stable set search_path = ''
begin atomic
    select version.* from public.site_versions as version
    where version.user_id = live.user_id and (
        version.id = live.version_id or version.id in (
            select event.previous_version_id from public.publication_events as event
            where event.user_id = live.user_id and event.website_id = live.website_id
                and event.created_at > now() - interval '10 minutes'
        )
    );
end;
comment on function private.shown_versions(public.publications) is 'The version that is live, and those that were in the last 10 minutes.';

-- Definer and open to anon, here and below: what is published is for everybody.
create function public.read_publication(slug text, version_id uuid default null) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _live public.publications := private.live_publication(read_publication.slug);
    _version public.site_versions;
begin
    if _live.slug <> read_publication.slug then
        return jsonb_build_object('moved_to', _live.slug);
    end if;
    select * into _version from private.shown_versions(_live) as version
    where version.id = coalesce(read_publication.version_id, _live.version_id);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return jsonb_build_object(
        'slug', _live.slug, 'website_id', _live.website_id, 'version_id', _version.id, 'facts', _live.facts,
        'published_at', _live.published_at, 'files', (
            select coalesce(jsonb_object_agg(named.path, private.file_json(file)), '{}')
            from jsonb_each_text(_version.manifest) as named (path, sha256)
            join public.site_files as file on file.user_id = _version.user_id and file.sha256 = named.sha256
        )
    );
end
$$;
comment on function public.read_publication(text, uuid) is
'What is published under a slug, or was in the last 10 minutes if a version is named: {"slug", "website_id", "version_id", "published_at",
"facts", "files": path → {"sha256", "media_type", "size", "width", "height"}}; {"moved_to": slug} for a slug that it had until 30 days
ago. Raises PT404 not_found.';

create function public.read_published_file(slug text, sha256 text) returns public."*/*"
language plpgsql stable security definer set search_path = ''
as $$
declare
    _live public.publications := private.live_publication(read_published_file.slug);
begin
    if not exists (
        select 1
        from private.shown_versions(_live) as version
        cross join lateral jsonb_each_text(version.manifest) as named (path, sha256)
        where named.sha256 = read_published_file.sha256
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return private.bytes_of_file(_live.user_id, read_published_file.sha256);
end
$$;
comment on function public.read_published_file(text, text) is
'The bytes of a content that the live version of a slug names, or one that was live in the last 10 minutes. Raises PT404 not_found.';

grant execute on function
    public.publish_website(uuid, text, uuid, text, jsonb), public.unpublish_website(uuid)
to authenticated;
grant execute on function public.read_publication(text, uuid), public.read_published_file(text, text) to anon, authenticated;
