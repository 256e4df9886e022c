-- The page that a question is about goes to the model up to a size; beyond it the model is told that it is too long.

create function private.max_page_for_model() returns integer
language sql immutable set search_path = ''
return 300000;
comment on function private.max_page_for_model() is 'In bytes.';

create function private.page_for_model(owner uuid, website uuid) returns jsonb
language sql stable set search_path = ''
return (
    select case
        when octet_length(latest.page) <= private.max_page_for_model()
            then jsonb_build_object('number', latest.number, 'files', jsonb_build_object('index.html', latest.page))
        else jsonb_strip_nulls(jsonb_build_object('number', latest.number, 'files', '{}'::jsonb, 'too_long', octet_length(latest.page)))
    end
    from (
        select version.number, version.files ->> 'index.html' as page
        from public.site_versions as version
        where version.user_id = owner and version.website_id = website
        order by version.number desc limit 1
    ) as latest
);
comment on function private.page_for_model(uuid, uuid) is
'The website''s newest page: {"number", "files", "too_long": its bytes, when it is left out for that}; null when there is no version.';
