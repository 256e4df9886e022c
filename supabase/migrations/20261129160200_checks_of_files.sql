-- How many files a version may have is checked wherever one is stored.

create function private.check_files(files jsonb) returns void
language plpgsql immutable set search_path = ''
as $$
begin
    if not private.is_readable(files) or jsonb_typeof(files) = 'object' and (
        select count(*) > 100 or count(*) filter (where path.name ~* '\.html?$') > 12 from jsonb_object_keys(files) as path (name)
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "files"}';
    end if;
end
$$;
comment on function private.check_files(jsonb) is 'Raise PT422 invalid_field for more than 100 files or 12 pages, or what can''t be read as JSON.';

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
    perform private.check_files(new.files);
    new.size := octet_length(new.files::text);
    return new;
end
$$;
