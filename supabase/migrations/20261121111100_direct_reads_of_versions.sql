-- Whoever reads versions straight from the table gets 4 MB of files at most in one request, together with the text of messages,
-- however versions are embedded in other rows: each is counted as often as it is read.

alter policy "Owners see their versions" on public.site_versions using (
    (select auth.uid()) = user_id and private.count_text(size)
);

-- Definer: it reads no files, so what they have doesn't count. Every statement names auth.uid().
create or replace function public.read_versions(website_id uuid, page integer default 100, before integer default null) returns json
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
begin
    if not exists (
        select 1 from public.websites as website where website.user_id = _me and website.id = read_versions.website_id
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return (
        select coalesce(json_agg(listed order by listed.number desc), '[]')
        from (
            select version.id, version.website_id, version.number, version.source, version.summary, version.message_id,
                version.session_id, version.restored_from, version.created_at
            from public.site_versions as version
            where version.user_id = _me and version.website_id = read_versions.website_id
                and (read_versions.before is null or version.number < read_versions.before)
            order by version.number desc limit least(read_versions.page, 1000)
        ) as listed
    );
end
$$;

-- Definer: the version it makes would count as read together with the one it copies. Every statement names auth.uid().
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
    insert into public.site_versions (user_id, website_id, source, summary, files, restored_from)
    values (_old.user_id, _old.website_id, 'restore', format('Restored version %s', _old.number), _old.files, _old.id)
    returning * into _new;
    return to_jsonb(_new) - 'user_id' - 'files';
end
$$;
