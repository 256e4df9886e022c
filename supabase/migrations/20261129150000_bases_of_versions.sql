-- A version knows its base, the version that it was made from: for an answer the one that the model was given, for an edit or a
-- restore the one that it replaced.

alter table public.site_versions add column base_version_id uuid;
comment on column public.site_versions.base_version_id is
'The version that it was made from; null when it was made from none. No foreign key, as a version goes only with its website.';

-- Until now each was made from the newest one.
update public.site_versions as version set base_version_id = before.id
from public.site_versions as before
where before.user_id = version.user_id and before.website_id = version.website_id and before.number = version.number - 1;

alter table private.answer_leases add column page_version_id uuid;
comment on column private.answer_leases.page_version_id is 'The version that the model was given; null when it was given none.';
update private.answer_leases as held set page_version_id = (
    select version.id from public.chat_sessions as session
    join public.site_versions as version on version.user_id = session.user_id and version.website_id = session.website_id
    where session.user_id = held.user_id and session.id = held.session_id
    order by version.number desc limit 1
)
where held.ended_at is null;

-- Definer: leases are out of clients' reach, and what it reads doesn't count as read by them. It runs after number_version, which
-- has locked the website: triggers run in the order of their names. A version that comes with its base is restored.
create function private.set_base_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if new.source = 'answer' then
        select version.id into new.base_version_id from private.answer_leases as held
        join public.site_versions as version on version.user_id = held.user_id and version.id = held.page_version_id
        where held.user_id = new.user_id and held.message_id = new.message_id and version.website_id = new.website_id;
    else
        select version.id into new.base_version_id from public.site_versions as version
        where version.user_id = new.user_id and version.website_id = new.website_id and version.number = new.number - 1;
    end if;
    return new;
end
$$;

create trigger set_base_version before insert on public.site_versions
for each row when (new.base_version_id is null) execute function private.set_base_version();

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
                version.session_id, version.base_version_id, version.restored_from, version.created_at
            from public.site_versions as version
            where version.user_id = _me and version.website_id = read_versions.website_id
                and (read_versions.before is null or version.number < read_versions.before)
            order by version.number desc limit least(read_versions.page, 1000)
        ) as listed
    );
end
$$;
