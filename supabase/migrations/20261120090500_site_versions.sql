-- A version is an immutable snapshot of a website's files. A restore is a new version, so going back loses nothing.

create table public.site_versions (
    user_id uuid not null default auth.uid(),
    id uuid not null default gen_random_uuid(),
    website_id uuid not null,
    number integer not null,
    source text not null default 'edit',
    summary text,
    files jsonb not null,
    session_id uuid,
    message_id uuid,
    restored_from uuid,
    created_at timestamptz not null default now(),
    primary key (user_id, id),
    foreign key (user_id, website_id) references public.websites (user_id, id) on delete cascade,
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete set null (session_id),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete set null (message_id),
    constraint site_versions_number_once_per_website unique (user_id, website_id, number),
    constraint site_versions_source check (source in ('answer', 'edit', 'restore')),
    constraint site_versions_summary_length check (char_length(summary) <= 200),
    constraint site_versions_files_object check (jsonb_typeof(files) = 'object'),
    constraint site_versions_files_size check (octet_length(files::text) <= 4194304)
);
comment on column public.site_versions.number is 'Counts from 1 per website.';
comment on column public.site_versions.files is 'An object from path to text, such as {"index.html": "<!doctype html>…"}.';
comment on column public.site_versions.restored_from is 'The version whose files a restore brought back.';

create index site_versions_of_session on public.site_versions (user_id, session_id);
create index site_versions_of_message on public.site_versions (user_id, message_id);

-- Definer: the counter on the website is out of clients' reach.
create function private.number_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.websites as website set latest_version_number = website.latest_version_number + 1
    where website.user_id = new.user_id and website.id = new.website_id
    returning website.latest_version_number into new.number;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return new;
end
$$;

create trigger number_version before insert on public.site_versions
for each row execute function private.number_version();

alter table public.site_versions enable row level security;

create policy "Owners see their versions" on public.site_versions
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners save versions by hand" on public.site_versions
for insert to authenticated with check ((select auth.uid()) = user_id and source in ('edit', 'restore'));

grant select on public.site_versions to authenticated;
grant insert (id, website_id, source, summary, files, restored_from) on public.site_versions to authenticated;

create function public.restore_version(version_id uuid) returns jsonb
language plpgsql set search_path = ''
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
    insert into public.site_versions (website_id, source, summary, files, restored_from)
    values (_old.website_id, 'restore', format('Restored version %s', _old.number), _old.files, _old.id)
    returning * into _new;
    return to_jsonb(_new) - 'user_id' - 'files';
end
$$;
comment on function public.restore_version(uuid) is 'Make a new version with an older one''s files; returns it without the files.';
grant execute on function public.restore_version(uuid) to authenticated;
