-- A website's fonts and icons are files that the app puts there (sitethread/library/). The model doesn't read them: they would be tens of
-- thousands of tokens. The app gets what it needs to add to them.

-- As sitethread/library/catalogue.py: what they are called, and how they begin.
create function private.is_path_of_library(path text) returns boolean
language sql immutable set search_path = ''
return path ~ '^(fonts|icons)/[^/]+\.css$';

create function private.is_from_library(path text, content bytea) returns boolean
language sql immutable set search_path = ''
return private.is_path_of_library(path) and substr(content, 1, 11) = '/*! Library'::bytea;
comment on function private.is_from_library(text, bytea) is 'Whether a file has a path of the library''s, and begins as its files do.';

create function private.library_in(owner uuid, manifest jsonb) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_object_agg(
        named.path,
        case
            when starts_with(named.path, 'icons/') and private.is_from_library(named.path, file.content)
                then convert_from(file.content, 'UTF8')
            else ''
        end
    ), '{}')
    from jsonb_each_text(manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where private.is_path_of_library(named.path)
);
comment on function private.library_in(uuid, jsonb) is 'The files at the library''s paths: its icons as they are, all others as "".';

create or replace function private.page_of_version(owner uuid, version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _version public.site_versions;
    _page text;
    _assets jsonb;
    _library jsonb;
    _for_model bigint;
    _all bigint;
begin
    select * into _version from public.site_versions as version
    where version.user_id = page_of_version.owner and version.id = page_of_version.version_id;
    if not found then
        return null;
    end if;
    select
        coalesce(sum(file.size) filter (where not private.is_from_library(named.path, file.content)), 0), coalesce(sum(file.size), 0)
    into _for_model, _all
    from jsonb_each_text(_version.manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = page_of_version.owner and file.sha256 = named.sha256
    where file.media_type = 'text/plain';
    _page := private.text_of_file(page_of_version.owner, _version.manifest ->> 'index.html');
    _assets := private.assets_of(page_of_version.owner, _version.manifest);
    _library := private.library_in(page_of_version.owner, _version.manifest);
    return jsonb_build_object('number', _version.number)
    || case when _assets = '[]' then '{}' else jsonb_build_object('assets', _assets) end
    || case when _library = '{}' then '{}' else jsonb_build_object('library', _library) end
    || case
        when _for_model <= private.max_page_for_model() then jsonb_build_object('files', (
            select coalesce(jsonb_object_agg(named.path, convert_from(file.content, 'UTF8')), '{}')
            from jsonb_each_text(_version.manifest) as named (path, sha256)
            join public.site_files as file on file.user_id = page_of_version.owner and file.sha256 = named.sha256
            where file.media_type = 'text/plain' and not private.is_from_library(named.path, file.content)
        ))
        else jsonb_build_object('room', private.max_text_size() - _all) || case
            when octet_length(_page) <= private.max_page_for_model()
                then jsonb_build_object('files', jsonb_build_object('index.html', _page))
            else jsonb_strip_nulls(jsonb_build_object('files', '{}'::jsonb, 'too_long', octet_length(_page)))
        end
    end;
end
$$;
comment on function private.page_of_version(uuid, uuid) is
'A version''s texts: {"number", "files", "too_long", "assets", "library", "room"}. Of too many, "files" has index.html alone, or nothing when
that is too long itself: "too_long" then are its bytes, and "room" how many bytes of text the version can have more. "assets", if there are any,
are what is no text (assets_of), "library" what is at the paths of the library of fonts and icons (library_in): its files are no others of
these. Null when there is no such version.';
