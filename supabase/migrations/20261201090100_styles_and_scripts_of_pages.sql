-- A preview shows the styles and scripts that a page names, too, the styles that these styles import, and the pictures and fonts that styles name,
-- each as the page or the style names it from its own folder.

create function private.names_file(text text, path text) returns boolean
language sql immutable set search_path = ''
return strpos(text, path) > 0 or strpos(text, private.address_of(path)) > 0;
comment on function private.names_file(text, text) is 'Whether a text has a path, as it is or as an address.';

create function private.imports_of(css text) returns text
language sql immutable set search_path = ''
return case when strpos(lower(left(css, 10000)), '@import') > 0 then left(css, 10000) else '' end;
comment on function private.imports_of(text) is
'Where a style may import others: imports stand before its rules, and no more of a text is looked through for each file.';

create function private.path_from(file text, path text) returns text
language sql immutable set search_path = ''
return regexp_replace(file || E'\n' || path, '^((?:[^/\n]*/)*)[^\n]*\n\1', '');
comment on function private.path_from(text, text) is 'What a file writes at least for another path: without the folders that both are in.';

create function private.shown_files(owner uuid, manifest jsonb, page text, path text) returns jsonb
language sql stable set search_path = ''
return (
    -- Each path once: so imports that lead round in a circle end.
    with recursive codes (path) as (
        select named.path from jsonb_object_keys(manifest) as named (path)
        where named.path ~* '\.(css|m?js)$' and private.names_file(page, private.path_from(shown_files.path, named.path))
        union
        select named.path
        from codes as code
        cross join lateral private.imports_of(private.text_of_file(owner, manifest ->> code.path)) as imports
        join jsonb_object_keys(manifest) as named (path) on named.path ~* '\.css$'
        where code.path ~* '\.css$' and imports <> '' and private.names_file(imports, private.path_from(code.path, named.path))
    ),
    styles as materialized (
        select code.path, private.text_of_file(owner, manifest ->> code.path) as text from codes as code where code.path ~* '\.css$'
    )
    select coalesce(
        jsonb_agg(
            jsonb_build_object('path', named.path) || private.file_json(file) order by file.media_type <> 'text/plain', named.path
        ), '[]'
    )
    from jsonb_each_text(manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where case
        when file.media_type = 'text/plain' then named.path in (select code.path from codes as code)
        when file.media_type ~ '^(image|font)/' then private.names_file(page, private.path_from(shown_files.path, named.path)) or exists (
            select 1 from styles as style where private.names_file(style.text, private.path_from(style.path, named.path))
        )
        else false
    end
);
comment on function private.shown_files(uuid, jsonb, text, text) is
'The styles and scripts that a page of a path names, the styles that these import, and the pictures and fonts that it or one of the styles names,
as assets_of tells them.';

create or replace function public.read_version_page(version_id uuid, path text default 'index.html') returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _page jsonb;
begin
    select jsonb_build_object(
        'name', website.name, 'page', page.text, 'manifest', version.manifest,
        'assets', private.shown_files(_me, version.manifest, page.text, read_version_page.path)
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
