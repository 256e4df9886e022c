-- A preview shows the styles and scripts that a page names, too, and the pictures and fonts that these styles name.

create function private.names_file(text text, path text) returns boolean
language sql immutable set search_path = ''
return strpos(text, path) > 0 or strpos(text, private.address_of(path)) > 0;
comment on function private.names_file(text, text) is 'Whether a text has a path, as it is or as an address.';

create function private.path_from(file text, path text) returns text
language sql immutable set search_path = ''
return case
    when starts_with(path, regexp_replace(file, '[^/]*$', '')) then substr(path, char_length(regexp_replace(file, '[^/]*$', '')) + 1)
    else path
end;
comment on function private.path_from(text, text) is 'What a file writes at least for another path: without the folder that both are in.';

create or replace function private.shown_files(owner uuid, manifest jsonb, page text) returns jsonb
language sql stable set search_path = ''
return (
    with codes as (
        select named.path, private.text_of_file(owner, named.sha256) as text
        from jsonb_each_text(manifest) as named (path, sha256)
        where named.path ~* '\.(css|m?js)$' and private.names_file(page, named.path)
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
        when file.media_type ~ '^(image|font)/' then private.names_file(page, named.path) or exists (
            select 1 from codes as code
            where code.path ~* '\.css$' and private.names_file(code.text, private.path_from(code.path, named.path))
        )
        else false
    end
);
comment on function private.shown_files(uuid, jsonb, text) is
'The styles and scripts that a page names, and the pictures and fonts that it or one of these styles names, as assets_of tells them.';
