-- A link shows all pages of a version to a client, for as long as its owner says, and after a password where it has one.

alter table public.page_shares
    add column expires_at timestamptz,
    add column has_password boolean not null default false,
    add column has_all_pages boolean not null default false;
comment on column public.page_shares.expires_at is 'When the link ends; null for one that stays until it is taken back.';
comment on column public.page_shares.has_all_pages is 'False for links that were made when they showed index.html alone.';

grant select (expires_at, has_password, has_all_pages) on public.page_shares to authenticated;

create table private.share_passwords (
    user_id uuid not null,
    share_id uuid not null,
    proof_hash bytea not null,
    ticket uuid not null default gen_random_uuid(),
    wrong_guesses integer not null default 0,
    guessed_since timestamptz not null default 'epoch',
    primary key (user_id, share_id),
    foreign key (user_id, share_id) references public.page_shares (user_id, id) on delete cascade
);
comment on column private.share_passwords.proof_hash is
'The app makes the proof of the password and the link''s token, which is stored nowhere: so what is stored here can''t be guessed at.';
comment on column private.share_passwords.ticket is 'What whoever knows the password gets, and reads with.';
comment on column private.share_passwords.wrong_guesses is 'In the quarter of an hour that began at guessed_since.';

drop function public.share_page(uuid, text);
-- Definer: clients can't write shares. Every statement names auth.uid().
create function public.share_page(
    version_id uuid, token text, expires_at timestamptz default null, password_proof text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _version public.site_versions;
    _share public.page_shares;
begin
    if char_length(share_page.token) not between 32 and 200
        or share_page.expires_at not between now() and now() + interval '400 days'
        or char_length(share_page.password_proof) not between 32 and 200
    then
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
    delete from public.page_shares as share
    where share.user_id = _me and share.website_id = _version.website_id and share.expires_at < now();
    if (
        select count(*) >= 20 from public.page_shares as share
        where share.user_id = _me and share.website_id = _version.website_id
    ) then
        raise sqlstate 'PT409' using message = 'too_many_shares';
    end if;
    insert into public.page_shares as share (
        user_id, website_id, version_id, version_number, token_hash, expires_at, has_password, has_all_pages
    )
    values (
        _me, _version.website_id, _version.id, _version.number, private.hash_of(share_page.token), share_page.expires_at,
        share_page.password_proof is not null, true
    )
    returning share.* into _share;
    if _share.has_password then
        insert into private.share_passwords (user_id, share_id, proof_hash)
        values (_me, _share.id, private.hash_of(share_page.password_proof));
    end if;
    return to_jsonb(_share) - 'user_id' - 'token_hash';
end
$$;
comment on function public.share_page(uuid, text, timestamptz, text) is
'Share a version''s pages under a token of the caller''s making: {"id", "website_id", "version_id", "version_number", "created_at",
"expires_at", "has_password", "has_all_pages"}. Links of the website that have ended are deleted. Raises PT404 not_found, PT409
too_many_shares (20 a website), PT422 invalid_field (more than 400 days).';

-- Definer and open to anon, here and below: the token is the authority.
create function public.open_page_share(token text, password_proof text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _held private.share_passwords;
    _is_new boolean;
begin
    -- The lock counts guesses one by one.
    select held.* into _held
    from public.page_shares as share
    join private.share_passwords as held on held.user_id = share.user_id and held.share_id = share.id
    where char_length(open_page_share.token) <= 200 and share.token_hash = private.hash_of(open_page_share.token)
        and coalesce(share.expires_at > now(), true)
    for no key update of held;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    _is_new := _held.guessed_since < now() - interval '15 minutes';
    if not _is_new and _held.wrong_guesses >= 10 then
        return jsonb_build_object(
            'result', 'locked', 'retry_after', ceil(extract(epoch from _held.guessed_since + interval '15 minutes' - now())) + 1
        );
    end if;
    if char_length(open_page_share.password_proof) <= 200 and private.hash_of(open_page_share.password_proof) = _held.proof_hash then
        return jsonb_build_object('result', 'open', 'ticket', _held.ticket);
    end if;
    -- Not raised: that would undo the count.
    update private.share_passwords as held set
        wrong_guesses = case when _is_new then 1 else held.wrong_guesses + 1 end,
        guessed_since = case when _is_new then now() else held.guessed_since end
    where held.user_id = _held.user_id and held.share_id = _held.share_id;
    return '{"result": "wrong"}';
end
$$;
comment on function public.open_page_share(text, text) is
'Tell the proof of a link''s password: {"result": "open", "ticket"}, {"result": "wrong"}, or after 10 wrong ones in a quarter of an hour
{"result": "locked", "retry_after" (seconds)}, also for the right one. Raises PT404 not_found, also for a link without a password.';

create function private.opened_share(token text, ticket uuid) returns public.page_shares
language plpgsql stable set search_path = ''
as $$
declare
    _share public.page_shares;
begin
    select share.* into _share from public.page_shares as share
    where char_length(opened_share.token) <= 200 and share.token_hash = private.hash_of(opened_share.token)
        and coalesce(share.expires_at > now(), true);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _share.has_password and not exists (
        select 1 from private.share_passwords as held
        where held.user_id = _share.user_id and held.share_id = _share.id and held.ticket = opened_share.ticket
    ) then
        raise sqlstate 'PT403' using message = 'share_password_required';
    end if;
    return _share;
end
$$;
comment on function private.opened_share(text, uuid) is
'The share that a token opens, with the ticket of its password if it has one. Raises PT404 not_found, PT403 share_password_required.';

create function private.pages_of_share(share public.page_shares) returns text[]
language sql stable set search_path = ''
return (
    select coalesce(array_agg(named.path order by named.path <> 'index.html', named.path), '{}')
    from public.site_versions as version
    cross join jsonb_object_keys(version.manifest) as named (path)
    where version.user_id = share.user_id and version.id = share.version_id
        and (named.path = 'index.html' or (share.has_all_pages and named.path ~* '\.html?$'))
);
comment on function private.pages_of_share(public.page_shares) is 'The paths of the pages that a share shows, index.html first.';

create function private.text_of_share(share public.page_shares, path text) returns text
language sql stable set search_path = ''
return (
    select private.text_of_file(version.user_id, version.manifest ->> text_of_share.path)
    from public.site_versions as version
    where version.user_id = share.user_id and version.id = share.version_id
        and text_of_share.path = any (private.pages_of_share(share))
);

drop function public.read_page_share(text);
create function public.read_page_share(token text, path text default 'index.html', ticket uuid default null) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _share public.page_shares := private.opened_share(read_page_share.token, read_page_share.ticket);
    _page text := private.text_of_share(_share, read_page_share.path);
begin
    return (
        select jsonb_build_object(
            'name', website.name, 'version_number', version.number, 'created_at', _share.created_at, 'expires_at', _share.expires_at,
            'page', _page, 'path', read_page_share.path, 'pages', private.pages_of_share(_share),
            'assets', private.shown_files(version.user_id, version.manifest, _page, read_page_share.path)
        )
        from public.site_versions as version
        join public.websites as website on website.user_id = version.user_id and website.id = version.website_id
        where version.user_id = _share.user_id and version.id = _share.version_id
    );
end
$$;
comment on function public.read_page_share(text, text, uuid) is
'What a page share''s token opens: {"name" (of the website), "version_number", "created_at", "expires_at", "page" (the HTML of the page at the
path, null when there is none), "path", "pages" (paths), "assets" (as read_version: the pictures and fonts that the page names)}; no ids,
no owner. Raises PT404 not_found, PT403 share_password_required.';

drop function public.read_shared_file(text, text);
create function public.read_shared_file(
    token text, sha256 text, path text default 'index.html', ticket uuid default null
) returns public."*/*"
language plpgsql stable security definer set search_path = ''
as $$
declare
    _share public.page_shares := private.opened_share(read_shared_file.token, read_shared_file.ticket);
    _page text := private.text_of_share(_share, read_shared_file.path);
begin
    if not exists (
        select 1
        from public.site_versions as version
        cross join jsonb_array_elements(
            private.shown_files(version.user_id, version.manifest, _page, read_shared_file.path)
        ) as shown (file)
        where version.user_id = _share.user_id and version.id = _share.version_id
            and shown.file ->> 'sha256' = read_shared_file.sha256
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return private.bytes_of_file(_share.user_id, read_shared_file.sha256);
end
$$;
comment on function public.read_shared_file(text, text, text, uuid) is
'The bytes of a picture or font that a shared page names. Raises PT404 not_found, PT403 share_password_required.';

-- Nothing calls that one any more.
drop function private.shown_files(uuid, jsonb, text);

grant execute on function public.share_page(uuid, text, timestamptz, text) to authenticated;
grant execute on function
    public.open_page_share(text, text), public.read_page_share(text, text, uuid), public.read_shared_file(text, text, text, uuid)
to anon, authenticated;
