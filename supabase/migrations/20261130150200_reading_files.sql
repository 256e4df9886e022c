-- What reads, copies, compares and brings back versions goes by their manifests.

create function private.text_of_file(owner uuid, sha256 text) returns text
language sql stable set search_path = ''
return (
    select convert_from(file.content, 'UTF8') from public.site_files as file
    where file.user_id = owner and file.sha256 = text_of_file.sha256 and file.media_type = 'text/plain'
);
comment on function private.text_of_file(uuid, text) is 'Null where the content is no text.';

create function private.texts_of(owner uuid, manifest jsonb) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_object_agg(named.path, convert_from(file.content, 'UTF8')), '{}')
    from jsonb_each_text(manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where file.media_type = 'text/plain'
);
comment on function private.texts_of(uuid, jsonb) is 'The texts that a manifest names, by path.';

create function private.assets_of(owner uuid, manifest jsonb) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_agg(jsonb_build_object('path', named.path) || private.file_json(file) order by named.path), '[]')
    from jsonb_each_text(manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where file.media_type <> 'text/plain'
);
comment on function private.assets_of(uuid, jsonb) is
'What a manifest names that is no text: [{"path", "media_type", "size", "sha256", "width", "height"}].';

create function private.address_of(path text) returns text
language sql immutable set search_path = ''
return (
    select string_agg(case
        when letter.written ~ '^[A-Za-z0-9_.~/-]$' then letter.written
        else regexp_replace(upper(encode(convert_to(letter.written, 'UTF8'), 'hex')), '(..)', '%\1', 'g')
    end, '' order by letter.place)
    from string_to_table(path, null) with ordinality as letter (written, place)
);
comment on function private.address_of(text) is 'A path as a page may write it in an address: percent-encoded.';

create function private.shown_files(owner uuid, manifest jsonb, page text) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_agg(file.told), '[]')
    from jsonb_array_elements(private.assets_of(owner, manifest)) as file (told)
    where file.told ->> 'media_type' ~ '^(image|font)/'
        and (strpos(page, file.told ->> 'path') > 0 or strpos(page, private.address_of(file.told ->> 'path')) > 0)
);
comment on function private.shown_files(uuid, jsonb, text) is 'The pictures and fonts that a page names, as assets_of tells them.';

-- Definer, here and below: contents are out of clients' reach. Every statement names auth.uid().
create function public.read_version(version_id uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _version public.site_versions;
begin
    select * into _version from public.site_versions as version where version.user_id = _me and version.id = read_version.version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return (to_jsonb(_version) - 'user_id' - 'size') || jsonb_build_object(
        'files', private.texts_of(_me, _version.manifest), 'assets', private.assets_of(_me, _version.manifest)
    );
end
$$;
comment on function public.read_version(uuid) is
'A version with its "files" (texts by path), "assets" ([{"path", "media_type", "size", "sha256", "width", "height"}]: what is no text) and
"manifest". Raises PT404 not_found.';

create function public.read_version_page(version_id uuid, path text default 'index.html') returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _page jsonb;
begin
    select jsonb_build_object(
        'name', website.name, 'page', page.text, 'manifest', version.manifest,
        'assets', private.shown_files(_me, version.manifest, page.text)
    ) into _page
    from public.site_versions as version
    join public.websites as website on website.user_id = version.user_id and website.id = version.website_id
    cross join lateral (select private.text_of_file(_me, version.manifest ->> read_version_page.path)) as page (text)
    where version.user_id = _me and version.id = read_version_page.version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _page;
end
$$;
comment on function public.read_version_page(uuid, text) is
'A page of a version: {"name" (of the website), "page" (its text, null when there is none), "manifest", "assets" (as read_version: the
pictures and fonts that the page names)}. Raises PT404 not_found.';

-- Definer: the version it makes would count as read together with the one it copies.
create or replace function public.restore_version(version_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _old public.site_versions;
    _new public.site_versions;
begin
    select * into _old from public.site_versions as version
    where version.user_id = (select auth.uid()) and version.id = restore_version.version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    insert into public.site_versions (user_id, website_id, source, summary, files, manifest, size, restored_from)
    values (
        _old.user_id, _old.website_id, 'restore', format('Restored version %s', _old.number), null, _old.manifest, _old.size, _old.id
    )
    returning * into _new;
    return to_jsonb(_new) - 'user_id' - 'files';
end
$$;

create or replace function private.page_of_version(owner uuid, version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return (
        select jsonb_build_object('number', chosen.number) || case
            when (
                select coalesce(sum(file.size), 0) <= private.max_page_for_model()
                from jsonb_each_text(chosen.manifest) as named (path, sha256)
                join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
                where file.media_type = 'text/plain'
            ) then jsonb_build_object('files', private.texts_of(owner, chosen.manifest))
            when octet_length(chosen.page) <= private.max_page_for_model()
                then jsonb_build_object('files', jsonb_build_object('index.html', chosen.page))
            else jsonb_strip_nulls(jsonb_build_object('files', '{}'::jsonb, 'too_long', octet_length(chosen.page)))
        end || case when chosen.assets = '[]' then '{}' else jsonb_build_object('assets', chosen.assets) end
        from (
            select
                version.number, version.manifest, private.text_of_file(owner, version.manifest ->> 'index.html') as page,
                private.assets_of(owner, version.manifest) as assets
            from public.site_versions as version
            where version.user_id = owner and version.id = page_of_version.version_id
        ) as chosen
    );
end
$$;
comment on function private.page_of_version(uuid, uuid) is
'A version''s texts: {"number", "files", "too_long", "assets"}. Of too many, "files" has index.html alone, or nothing when that is too long itself:
"too_long" then are its bytes. "assets", if there are any, are what is no text (assets_of). Null when there is no such version.';

create or replace function private.version_given(lease private.answer_leases, website uuid, files jsonb) returns public.site_versions
language sql stable set search_path = ''
return (
    select version from public.site_versions as version
    where version.user_id = lease.user_id and version.id = lease.page_version_id and version.website_id = website
        and version.manifest = jsonb_strip_nulls(version.manifest || private.hashes_of(version_given.files))
);
comment on function private.version_given(private.answer_leases, uuid, jsonb) is
'The version that the model was given, if these files leave it as it is.';

create or replace function public.trash_website(website_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _website public.websites;
    _chat public.chat_sessions;
    _item uuid;
    _part uuid;
begin
    perform private.hold_account(_me);
    delete from public.trash as old where old.user_id = _me and old.deleted_at < now() - interval '30 days';
    select * into _website from public.websites as website
    where website.user_id = _me and website.id = trash_website.website_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    -- In the order in which all functions lock chats.
    perform 1 from public.chat_sessions as session
    where session.user_id = _me and session.website_id = _website.id order by session.id for update;
    insert into public.trash as item (user_id, kind, website_id, title, message_count)
    select _me, 'website', _website.id, _website.name, coalesce(sum(session.message_count), 0)
    from public.chat_sessions as session where session.user_id = _me and session.website_id = _website.id
    returning item.id into _item;
    insert into private.trashed_rows (user_id, trash_id, seq, data)
    select _me, _item, 0, to_jsonb(_website)
    union all
    select _me, _item, version.number, to_jsonb(version)
    from public.site_versions as version where version.user_id = _me and version.website_id = _website.id;
    insert into private.trashed_files (user_id, trash_id, sha256)
    select _me, _item, held.sha256 from private.website_files as held where held.user_id = _me and held.website_id = _website.id;
    -- The newest first: a chat still knows then which one it is a branch of.
    for _chat in
        select session.* from public.chat_sessions as session
        where session.user_id = _me and session.website_id = _website.id order by session.created_at desc, session.id
    loop
        _part := private.put_in_trash(_chat);
        update public.trash as item set part_of = _item where item.user_id = _me and item.id = _part;
    end loop;
    delete from public.websites as website where website.user_id = _me and website.id = _website.id;
    return jsonb_build_object('id', _item, 'website_id', _website.id);
end
$$;

-- Bring back a website with its versions, and the chats that are still part of it.
create or replace function private.restore_website(item public.trash) returns public.websites
language plpgsql set search_path = ''
as $$
declare
    _me uuid := item.user_id;
    _website public.websites;
    _found record;
begin
    -- Taking them out of the trash locks them. That must come before the lock of the counter, which a new website takes.
    perform 1 from public.site_files as file
    join private.trashed_files as held on held.user_id = file.user_id and held.sha256 = file.sha256
    where held.user_id = _me and held.trash_id = item.id order by file.sha256 for update of file;
    insert into public.websites as website
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(null::public.websites, stored.data) as was
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq = 0
    returning website.* into _website;
    insert into public.site_versions
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(
        null::public.site_versions, stored.data || '{"session_id": null, "message_id": null}'
    ) as was
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0;
    -- The oldest first: one may be a branch of another.
    for _found in
        select part, (stored.data ->> 'updated_at')::timestamptz as updated_at
        from public.trash as part
        join private.trashed_rows as stored on stored.user_id = part.user_id and stored.trash_id = part.id and stored.seq = 0
        where part.user_id = _me and part.part_of = item.id
        order by (stored.data ->> 'created_at')::timestamptz
    loop
        perform private.restore_chat(_found.part);
        -- All of them keep their order in the list.
        update public.chat_sessions as session set updated_at = _found.updated_at
        where session.user_id = _me and session.id = (_found.part).session_id;
    end loop;
    update public.site_versions as version set
        session_id = (
            select session.id from public.chat_sessions as session where session.user_id = _me and session.id = was.session_id
        ),
        message_id = (
            select message.id from public.chat_messages as message where message.user_id = _me and message.id = was.message_id
        )
    from private.trashed_rows as stored
    cross join jsonb_to_record(stored.data) as was (id uuid, session_id uuid, message_id uuid)
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0 and version.user_id = _me and version.id = was.id;
    delete from public.trash as gone where gone.user_id = _me and gone.id = item.id;
    return _website;
end
$$;

create or replace function public.import_version(version jsonb) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _given public.site_versions := jsonb_populate_record(null::public.site_versions, import_version.version);
    _manifest jsonb;
    _latest integer;
begin
    perform private.hold_account(_me);
    select website.latest_version_number into _latest from public.websites as website
    where website.user_id = _me and website.id = _given.website_id for key share;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if exists (
        select 1 from public.site_versions as there
        where there.user_id = _me and (there.id = _given.id or (there.website_id, there.number) = (_given.website_id, _given.number))
    ) then
        return false;
    end if;
    -- The next version's number is free.
    if coalesce(_given.number, 0) not between 1 and _latest then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "number"}';
    end if;
    _manifest := private.changes_of(_me, coalesce(_given.files, '{}'), coalesce(_given.manifest, '{}'));
    perform private.check_manifest(_me, _manifest);
    perform private.spend(_me, 'imported_rows');
    insert into public.site_versions (
        user_id, id, website_id, number, source, summary, files, manifest, size, session_id, message_id, base_version_id,
        restored_from, created_at
    )
    values (
        _me, _given.id, _given.website_id, _given.number, coalesce(_given.source, 'edit'), _given.summary, null, _manifest,
        octet_length(_manifest::text),
        (
            select session.id from public.chat_sessions as session
            where session.user_id = _me and session.id = _given.session_id
        ),
        (
            select message.id from public.chat_messages as message
            where message.user_id = _me and message.id = _given.message_id
        ),
        _given.base_version_id, _given.restored_from, coalesce(_given.created_at, now())
    );
    -- Old versions are put on the list of bytes: here they may be refused.
    perform private.store(_me, 0);
    return true;
end
$$;
comment on function public.import_version(jsonb) is
'Add a version with the columns it had, its files as texts in "files" or as hashes in "manifest"; false when it, or one of its number, is
there. Raises PT404 not_found (its website), PT422 invalid_field, PT429 quota_exceeded (imported_rows, stored_bytes).';

create or replace function private.text_in_version(owner uuid, website uuid, version_id uuid, path text) returns text
language sql stable set search_path = ''
return (
    select private.text_of_file(owner, version.manifest ->> text_in_version.path) from public.site_versions as version
    where version.user_id = owner and version.website_id = website and version.id = text_in_version.version_id
);

create or replace function private.make_edit(owner uuid, website uuid, base uuid, files jsonb, summary text)
returns public.site_versions
language plpgsql set search_path = ''
as $$
declare
    _newest uuid;
    _version public.site_versions;
begin
    -- Without any, they would stand for a whole manifest (take_files).
    perform private.check_files(make_edit.files);
    -- The lock that numbering a version takes.
    perform 1 from public.websites as numbered
    where numbered.user_id = make_edit.owner and numbered.id = make_edit.website for no key update;
    select version.id into _newest from public.site_versions as version
    where version.user_id = make_edit.owner and version.website_id = make_edit.website order by version.number desc limit 1;
    if _newest <> make_edit.base then
        raise sqlstate 'PT409' using message = 'edit_conflict', detail = jsonb_build_object('version_id', _newest)::text;
    end if;
    insert into public.site_versions (user_id, website_id, source, summary, files)
    values (make_edit.owner, make_edit.website, 'edit', make_edit.summary, make_edit.files)
    returning * into _version;
    return _version;
end
$$;
comment on function private.make_edit(uuid, uuid, uuid, jsonb, text) is
'Make files that were made of a version the next version, with its other files. Raises PT409 edit_conflict with the newest version''s id in
its details when that is not the base, PT422 invalid_field.';

create or replace function public.save_edits(website_id uuid, base_version_id uuid, files jsonb, summary text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _new public.site_versions;
begin
    perform 1 from public.site_versions as version
    where version.user_id = _me and version.website_id = save_edits.website_id and version.id = save_edits.base_version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    _new := private.make_edit(
        _me, save_edits.website_id, save_edits.base_version_id, save_edits.files, save_edits.summary
    );
    return to_jsonb(_new) - 'user_id' - 'files';
end
$$;

-- Definer and open to anon, here and below: the token is the authority.
create or replace function public.read_page_share(token text) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _found jsonb;
begin
    select jsonb_build_object(
        'name', website.name, 'version_number', share.version_number, 'created_at', share.created_at, 'page', page.text,
        'assets', private.shown_files(version.user_id, version.manifest, page.text)
    ) into _found
    from public.page_shares as share
    join public.site_versions as version on version.user_id = share.user_id and version.id = share.version_id
    join public.websites as website on website.user_id = version.user_id and website.id = version.website_id
    cross join lateral (select private.text_of_file(version.user_id, version.manifest ->> 'index.html')) as page (text)
    where char_length(read_page_share.token) <= 200 and share.token_hash = private.hash_of(read_page_share.token);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _found;
end
$$;
comment on function public.read_page_share(text) is
'What a page share''s token opens: {"name" (of the website), "version_number", "created_at", "page" (its HTML), "assets" (as
read_version: the pictures and fonts that the page names)}; no ids, no owner. Raises PT404 not_found.';

create function public.read_shared_file(token text, sha256 text) returns public."*/*"
language plpgsql stable security definer set search_path = ''
as $$
declare
    _version public.site_versions;
    _page text;
begin
    select version.* into _version from public.page_shares as share
    join public.site_versions as version on version.user_id = share.user_id and version.id = share.version_id
    where char_length(read_shared_file.token) <= 200 and share.token_hash = private.hash_of(read_shared_file.token);
    _page := private.text_of_file(_version.user_id, _version.manifest ->> 'index.html');
    if not exists (
        select 1 from jsonb_array_elements(private.shown_files(_version.user_id, _version.manifest, _page)) as shown (file)
        where shown.file ->> 'sha256' = read_shared_file.sha256
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return private.bytes_of_file(_version.user_id, read_shared_file.sha256);
end
$$;
comment on function public.read_shared_file(text, text) is
'The bytes of a picture or font that a shared page names. Raises PT404 not_found.';

comment on table private.quotas is
'stored_bytes: of messages, of contents of files (each once) and of versions'' manifests, those in the trash too, of what shares show and of
imports under way. versions: of one website. messages: added by any means but a running answer. model_tokens: what models read and write.';

grant execute on function public.read_version(uuid), public.read_version_page(uuid, text) to authenticated;
grant execute on function public.read_shared_file(text, text) to anon, authenticated;
