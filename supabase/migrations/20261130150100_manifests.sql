-- A version names its files by a manifest, path → hash. Writers give texts by path in `files`, and hashes by path in `manifest`: both are
-- what is new or changed, laid over the manifest of the version's base, where null stands for a file that goes.

-- Letters of scripts that need no marks, listed by code point, as classes depend on the database's locale. sitethread/edits/paths.py
-- has the same rule.
create function private.is_path(path text) returns boolean
language sql immutable set search_path = ''
return char_length(path) <= 200
    and path ~ (
        '^[A-Za-z0-9_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0386\u0388-\u03ff\u0400-\u0481\u048a-\u052f\u0531-\u0556'
        '\u0561-\u0586\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u10d0-\u10fa\u1e00-\u1eff\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3 ./-]+$'
    )
    -- A part of it that is empty, or that begins or ends with a dot or a space.
    and path !~ '(^|/)([. /]|$)|[. ](/|$)|\.\.'
    and path !~ '[^/]{101}'
    and path !~ '(/[^/]*){10}'
    -- Windows keeps these to itself, whatever follows the first dot.
    and path !~* '(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|/|$)';
comment on function private.is_path(text) is
'Whether a path leads to a file of a website: relative, and with nothing that a system or a URL reads otherwise.';

create function private.is_manifest(given jsonb) returns boolean
language sql immutable set search_path = ''
return case jsonb_typeof(given)
    when 'object' then not exists (
        select 1 from jsonb_each(given) as file
        where not private.is_path(file.key) or jsonb_typeof(file.value) <> 'string' or file.value #>> '{}' !~ '^[0-9a-f]{64}$'
    )
    else false
end;

alter table public.site_versions
add column manifest jsonb not null default '{}',
alter column files drop not null,
alter column files set default '{}',
drop constraint site_versions_files_object,
drop constraint site_versions_files_size,
drop constraint site_versions_files_texts;
drop function private.are_texts(jsonb);
comment on column public.site_versions.manifest is
'The sha256 of each file by path. As a version is made: of those that are new or changed, null for one that goes.';
comment on column public.site_versions.files is
'As a version is made: texts by path that are new or changed, null for one that goes. Null ever after: read_version tells the texts.';
comment on column public.site_versions.size is 'Bytes of its manifest as JSON: contents count for themselves.';

-- What there is. A path that no file may have any more gets another name.
create function private.path_instead_of(path text) returns text
language sql immutable set search_path = ''
return case
    when private.is_path(path) then path
    else 'renamed/' || md5(path) || coalesce(lower(substring(path from '\.[A-Za-z0-9]{1,10}$')), '')
end;
create function private.manifest_instead_of(files jsonb) returns jsonb
language sql immutable set search_path = ''
return (
    select coalesce(jsonb_object_agg(
        private.path_instead_of(file.key), encode(sha256(convert_to(private.with_lf(file.value), 'UTF8')), 'hex')
    ), '{}')
    from jsonb_each_text(files) as file
);

insert into public.site_files (user_id, content)
select stored.user_id, convert_to(private.with_lf(file.value), 'UTF8')
from (
    select version.user_id, version.files from public.site_versions as version
    union all
    select trashed.user_id, trashed.data -> 'files' from private.trashed_rows as trashed where trashed.data ? 'files'
) as stored
cross join lateral jsonb_each_text(stored.files) as file
on conflict (user_id, sha256) do nothing;

-- What a question points at is counted in texts that get LF line ends.
update public.chat_messages as asked set target = asked.target || jsonb_build_object(
    'start', char_length(private.with_lf(left(pointed.text, (asked.target ->> 'start')::integer))),
    'end', char_length(private.with_lf(left(pointed.text, (asked.target ->> 'end')::integer)))
)
from public.site_versions as version
cross join lateral jsonb_each_text(version.files) as pointed (path, text)
where version.user_id = asked.user_id and version.id = (asked.target ->> 'version_id')::uuid
    and pointed.path = asked.target ->> 'path' and strpos(pointed.text, E'\r') > 0;

with changed as (
    update public.site_versions as version set
        manifest = made.manifest, files = null, size = octet_length(made.manifest::text)
    from (
        select given.user_id, given.id, given.size, private.manifest_instead_of(given.files) as manifest
        from public.site_versions as given
    ) as made
    where version.user_id = made.user_id and version.id = made.id
    returning version.user_id, version.size - made.size as bytes
)
insert into private.byte_changes (user_id, bytes) select changed.user_id, sum(changed.bytes) from changed group by changed.user_id;

with changed as (
    update private.trashed_rows as trashed set
        data = trashed.data || jsonb_build_object('manifest', made.manifest, 'files', null, 'size', octet_length(made.manifest::text))
    from (
        select given.user_id, given.trash_id, given.seq, given.bytes, private.manifest_instead_of(given.data -> 'files') as manifest
        from private.trashed_rows as given where given.data ? 'files'
    ) as made
    where (trashed.user_id, trashed.trash_id, trashed.seq) = (made.user_id, made.trash_id, made.seq)
    returning trashed.user_id, trashed.bytes - made.bytes as bytes
)
insert into private.byte_changes (user_id, bytes) select changed.user_id, sum(changed.bytes) from changed group by changed.user_id;

drop function private.manifest_instead_of(jsonb);
drop function private.path_instead_of(text);

insert into private.website_files (user_id, website_id, sha256)
select distinct version.user_id, version.website_id, named.sha256
from public.site_versions as version cross join lateral jsonb_each_text(version.manifest) as named (path, sha256);
insert into private.trashed_files (user_id, trash_id, sha256)
select distinct trashed.user_id, trashed.trash_id, named.sha256
from private.trashed_rows as trashed cross join lateral jsonb_each_text(trashed.data -> 'manifest') as named (path, sha256)
where trashed.data ? 'manifest';

alter table public.site_versions add constraint site_versions_manifest check (private.is_manifest(manifest));
grant insert (manifest) on public.site_versions to authenticated;
-- Check constraints run with the rights of the user who writes.
grant execute on function private.is_path(text), private.is_manifest(jsonb) to authenticated;

create function private.max_text_size() returns integer
language sql immutable set search_path = ''
return 4194304;
comment on function private.max_text_size() is 'Of all texts of a version together, in bytes: readers get them as one JSON.';

create function private.max_version_size() returns integer
language sql immutable set search_path = ''
return 20000000;
comment on function private.max_version_size() is 'Of all files of a version together, in bytes.';

-- Texts, or hashes, as a writer gives them.
create or replace function private.check_files(files jsonb) returns void
language plpgsql immutable set search_path = ''
as $$
begin
    if jsonb_typeof(files) is distinct from 'object' or exists (
        select 1 from jsonb_each(files) as file
        where not private.is_path(file.key) or jsonb_typeof(file.value) not in ('string', 'null')
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "files"}';
    end if;
end
$$;
comment on function private.check_files(jsonb) is 'Raise PT422 invalid_field for anything but an object from paths to texts and nulls.';

create function private.check_manifest(owner uuid, manifest jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
    _is_right boolean := private.is_manifest(manifest);
begin
    if _is_right then
        select
            count(*) <= 100 and count(*) filter (where named.key ~* '\.html?$') <= 12 and count(*) = count(file.sha256)
            and coalesce(sum(file.size), 0) <= private.max_version_size()
            and coalesce(sum(file.size) filter (where file.media_type = 'text/plain'), 0) <= private.max_text_size()
        into _is_right
        from jsonb_each_text(manifest) as named
        left join public.site_files as file on file.user_id = owner and file.sha256 = named.value;
    end if;
    if not _is_right then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "files"}';
    end if;
end
$$;
comment on function private.check_manifest(uuid, jsonb) is
'Raise PT422 invalid_field for what is no manifest of contents that are there, for more than 100 files or 12 pages, and for too many
bytes.';

create function private.hashes_of(files jsonb) returns jsonb
language sql immutable set search_path = ''
return (
    select coalesce(jsonb_object_agg(file.key, encode(sha256(convert_to(private.with_lf(file.value), 'UTF8')), 'hex')), '{}')
    from jsonb_each_text(files) as file
);
comment on function private.hashes_of(jsonb) is 'Of texts by path; null for null.';

-- What the website holds already needs no lock: whoever makes a version has locked the website.
create function private.changes_of(owner uuid, files jsonb, manifest jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
begin
    perform private.check_files(files), private.check_files(manifest);
    perform private.add_files(
        owner,
        (
            select array_agg(convert_to(private.with_lf(file.value), 'UTF8')) from jsonb_each_text(files) as file
            where file.value is not null
        ),
        (select array_agg(named.value) from jsonb_each_text(manifest) as named where named.value is not null)
    );
    return private.hashes_of(files) || manifest;
end
$$;
comment on function private.changes_of(uuid, jsonb, jsonb) is
'Store what a writer gives, texts and hashes by path, and lock the contents; returns their hashes by path, null for null.';

create or replace function private.number_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.websites as website set latest_version_number = website.latest_version_number + 1
    where website.user_id = new.user_id and website.id = new.website_id
    returning website.latest_version_number into new.number;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if private.has_all_versions(new.number - 1) then
        perform private.refuse('versions');
    end if;
    return new;
end
$$;

-- Definer: contents are out of clients' reach. It runs after set_base_version: triggers run in the order of their names.
create function private.take_files() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _base jsonb;
begin
    new.files := coalesce(new.files, '{}');
    select version.manifest into _base from public.site_versions as version
    where version.user_id = new.user_id and version.id = new.base_version_id;
    new.manifest := jsonb_strip_nulls(
        coalesce(_base, '{}') || private.changes_of(new.user_id, new.files, new.manifest)
    );
    new.files := null;
    perform private.check_manifest(new.user_id, new.manifest);
    new.size := octet_length(new.manifest::text);
    return new;
end
$$;
comment on function private.take_files() is
'Makes a manifest of what a writer gives. A function that gives no files gives the whole manifest, which was checked before.';

create trigger take_files before insert on public.site_versions
for each row when (new.files is not null or current_user = 'authenticated') execute function private.take_files();

-- Definer: what holds contents is out of clients' reach. Its name comes before count_added_versions, which takes the lock that is the last.
create function private.add_website_files() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into private.website_files (user_id, website_id, sha256)
    select distinct added.user_id, added.website_id, named.sha256
    from added cross join lateral jsonb_each_text(added.manifest) as named (path, sha256)
    order by 1, 2, 3
    on conflict do nothing;
    delete from private.uploads as upload
    using added cross join lateral jsonb_each_text(added.manifest) as named (path, sha256)
    where upload.user_id = added.user_id and upload.sha256 = named.sha256;
    return null;
end
$$;

create trigger add_website_files after insert on public.site_versions
referencing new table as added
for each statement execute function private.add_website_files();
