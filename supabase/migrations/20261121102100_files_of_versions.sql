-- A version's files are texts, 12 pages and 100 files at most; a website has so many versions.

create function private.are_texts(files jsonb) returns boolean
language sql immutable set search_path = ''
return case jsonb_typeof(files)
    when 'object' then not exists (select 1 from jsonb_each(files) as file where jsonb_typeof(file.value) <> 'string')
    else false
end;
comment on function private.are_texts(jsonb) is 'Whether it is an object of nothing but texts.';

-- What is no text becomes its JSON, so that the version can be seen and its chat be deleted.
update public.site_versions as version set files = (
    select jsonb_object_agg(file.key, case jsonb_typeof(file.value) when 'string' then file.value else to_jsonb(file.value::text) end)
    from jsonb_each(version.files) as file
)
where not private.are_texts(version.files);

alter table public.site_versions add column size integer not null default 0;
comment on column public.site_versions.size is 'Bytes of its files as JSON.';
update public.site_versions set size = octet_length(files::text);

alter table public.site_versions add constraint site_versions_files_texts check (private.are_texts(files));
-- Check constraints run with the rights of the user who writes.
grant execute on function private.are_texts(jsonb) to authenticated;

-- Definer: the counter on the website, and the size, are out of clients' reach. What was stored before these limits stays.
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
    if jsonb_typeof(new.files) = 'object' and (
        select count(*) > 100 or count(*) filter (where path.name ~* '\.html?$') > 12 from jsonb_object_keys(new.files) as path (name)
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "files"}';
    end if;
    new.size := octet_length(new.files::text);
    return new;
end
$$;

-- No version goes without its website, so the latest one's number is how many there are.
create function private.has_all_versions(latest integer) returns boolean
language sql stable set search_path = ''
return exists (select 1 from private.quotas as quota where quota.name = 'versions' and latest >= quota.allowed);
