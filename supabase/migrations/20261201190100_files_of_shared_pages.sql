-- A page in a shared chat shows its styles, pictures and other files as it did when the chat was shared: of the version that its message
-- made, else of the website's newest one then.

alter table private.shared_messages add column version_id uuid;
comment on column private.shared_messages.version_id is
'Whose files the pages of the message show; null where it has no page, or its website had no version. No foreign key, as the version may be gone.';

create function private.version_beside(message public.chat_messages, by timestamptz) returns uuid
language sql stable set search_path = ''
return case when message.role = 'assistant' and strpos(message.content, '```html') > 0 then coalesce(
    message.version_id, (
        select version.id from public.chat_sessions as session
        join public.site_versions as version on version.user_id = session.user_id and version.website_id = session.website_id
        where session.user_id = message.user_id and session.id = message.session_id and version.created_at <= version_beside.by
        order by version.number desc limit 1
    )
) end;
comment on function private.version_beside(public.chat_messages, timestamptz) is
'The version whose files the pages of a message show: the one that it made, else the newest of its website by a time. Null for a message without a page.';

update private.shared_messages as shared set version_id = private.version_beside(message, share.shared_at)
from public.chat_shares as share, public.chat_messages as message
where share.user_id = shared.user_id and share.id = shared.share_id
    and message.user_id = shared.user_id and message.id = shared.message_id and shared.content is null;

create or replace function private.take_snapshot(share public.chat_shares) returns void
language sql set search_path = ''
as $$
    delete from private.shared_messages as old where old.user_id = share.user_id and old.share_id = share.id;
    insert into private.shared_messages (user_id, share_id, seq, message_id, role, kind, created_at, bytes, version_id)
    select
        share.user_id, share.id, message.seq, message.id, message.role, message.kind, message.created_at,
        private.message_bytes(message.content, null, message.sources), private.version_beside(message, share.shared_at)
    from (
        select latest.id from public.chat_messages as latest
        where latest.user_id = share.user_id and latest.session_id = share.session_id
        order by latest.seq desc limit 1
    ) as latest
    cross join lateral private.path_to(share.user_id, latest.id) as path
    join public.chat_messages as message on message.user_id = share.user_id and message.id = path.message_id
    where message.status <> 'streaming' and message.content <> ''
$$;

create function private.pages_in(markdown text, path text) returns text
language sql immutable set search_path = ''
return (
    select coalesce(string_agg(block.text, E'\n' order by block.place), '')
    from string_to_table(E'\n' || markdown, E'\n```') with ordinality as block (text, place)
    where starts_with(block.text, 'html')
        and (path = 'index.html' or strpos(split_part(block.text, E'\n', 1), path) > 0)
);
comment on function private.pages_in(text, text) is
'What an answer has in blocks of HTML, each up to the next fence: in those whose fence names a path, for index.html in all.';

-- Definer and open to anon, here and below: the token is the authority.
create function public.read_shared_chat_files(token text, seq integer, path text default 'index.html') returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _shown jsonb;
begin
    select coalesce(private.shown_files(
        version.user_id, version.manifest,
        private.pages_in(coalesce(shared.content, message.content), read_shared_chat_files.path), read_shared_chat_files.path
    ), '[]') into _shown
    from public.chat_shares as share
    join private.shared_messages as shared on shared.user_id = share.user_id and shared.share_id = share.id
    left join public.chat_messages as message
        on shared.content is null and message.user_id = shared.user_id and message.id = shared.message_id
    left join public.site_versions as version on version.user_id = shared.user_id and version.id = shared.version_id
    where char_length(read_shared_chat_files.token) <= 200
        and share.token_hash = private.hash_of(read_shared_chat_files.token) and shared.seq = read_shared_chat_files.seq;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _shown;
end
$$;
comment on function public.read_shared_chat_files(text, integer, text) is
'What the page of a path in a message of a shared chat shows, as assets of read_version_page tell it, of the version from when it was shared.
Raises PT404 not_found.';

create function public.read_shared_chat_file(
    token text, seq integer, sha256 text, path text default 'index.html'
) returns public."*/*"
language plpgsql stable security definer set search_path = ''
as $$
declare
    _owner uuid;
begin
    if not exists (
        select 1
        from jsonb_array_elements(public.read_shared_chat_files(
            read_shared_chat_file.token, read_shared_chat_file.seq, read_shared_chat_file.path
        )) as shown (file)
        where shown.file ->> 'sha256' = read_shared_chat_file.sha256
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select share.user_id into _owner from public.chat_shares as share
    where share.token_hash = private.hash_of(read_shared_chat_file.token);
    return private.bytes_of_file(_owner, read_shared_chat_file.sha256);
end
$$;
comment on function public.read_shared_chat_file(text, integer, text, text) is
'The bytes of a file that read_shared_chat_files tells. Raises PT404 not_found.';

grant execute on function public.read_shared_chat_files(text, integer, text), public.read_shared_chat_file(text, integer, text, text)
to anon, authenticated;
