-- A website that is deleted goes to the trash with its versions and chats, and comes back as it was. Its chats are things in the
-- trash of their own, which are part of it.

alter table public.trash
alter column session_id drop not null,
add column website_id uuid,
add column part_of uuid,
drop constraint trash_kind,
add constraint trash_kind check (kind in ('chat', 'messages', 'website')),
add constraint trash_of_a_website check ((kind = 'website') = (website_id is not null)),
add constraint trash_of_a_chat check ((kind = 'website') = (session_id is null)),
add constraint trash_part_of_fkey foreign key (user_id, part_of) references public.trash (user_id, id) on delete cascade;
comment on column public.trash.kind is
'''chat'' with all of its messages, some ''messages'' of a chat that is still there, or a ''website'' with its versions; its chats are
part of it.';
comment on column public.trash.session_id is 'The chat, null for a website; no foreign key, as it may be gone.';
comment on column public.trash.website_id is 'The website, null for a chat; no foreign key, as it is gone.';
comment on column public.trash.part_of is 'The website in the trash with which a chat came here, and goes.';
create index trash_parts on public.trash (user_id, part_of) where part_of is not null;

-- A version counts by the size of its files.
alter table private.trashed_rows drop column bytes;
alter table private.trashed_rows add column bytes bigint not null generated always as (
    private.message_bytes(data ->> 'content', data -> 'tool_calls', data -> 'sources') + coalesce((data ->> 'size')::bigint, 0)
) stored;
comment on column private.trashed_rows.seq is 'The message''s, or the version''s number; 0 for the chat or the website itself.';

-- A version that comes with a number is restored.
create or replace trigger number_version before insert on public.site_versions
for each row when (new.number is null) execute function private.number_version();

-- Definer: counters are out of clients' reach.
create or replace function private.count_added_versions() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform case when saved.is_stored then private.list_bytes(saved.user_id, saved.bytes)
        else private.store(saved.user_id, saved.bytes) end
    from (
        select
            added.user_id,
            -- Restored versions alone are older than the transaction.
            added.source = 'answer' or added.created_at < now() as is_stored,
            sum(added.size)::bigint as bytes
        from added group by 1, 2
    ) as saved;
    return null;
end
$$;

-- Definer: clients can't write to the trash. Every statement names auth.uid(). A website may have 500 MB.
create function public.trash_website(website_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _website public.websites;
    _chat public.chat_sessions;
    _item uuid;
    _part uuid;
begin
    perform private.hold_account(_me);
    delete from public.trash as old where old.user_id = _me and old.deleted_at < now() - interval '30 days';
    select * into _website from public.websites as website
    where website.user_id = _me and website.id = trash_website.website_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    -- In the order in which all functions lock chats.
    perform 1 from public.chat_sessions as session
    where session.user_id = _me and session.website_id = _website.id order by session.id for update;
    insert into public.trash as item (user_id, kind, website_id, title, message_count)
    select _me, 'website', _website.id, _website.name, coalesce(sum(session.message_count), 0)
    from public.chat_sessions as session where session.user_id = _me and session.website_id = _website.id
    returning item.id into _item;
    insert into private.trashed_rows (user_id, trash_id, seq, data)
    select _me, _item, 0, to_jsonb(_website)
    union all
    select _me, _item, version.number, to_jsonb(version)
    from public.site_versions as version where version.user_id = _me and version.website_id = _website.id;
    -- The newest first: a chat still knows then which one it is a branch of.
    for _chat in
        select session.* from public.chat_sessions as session
        where session.user_id = _me and session.website_id = _website.id order by session.created_at desc, session.id
    loop
        _part := private.put_in_trash(_chat);
        update public.trash as item set part_of = _item where item.user_id = _me and item.id = _part;
    end loop;
    delete from public.websites as website where website.user_id = _me and website.id = _website.id;
    return jsonb_build_object('id', _item, 'website_id', _website.id);
end
$$;
comment on function public.trash_website(uuid) is
'Move a website with its versions and chats to the trash: {"id": of the trash, "website_id"}. Raises PT404 not_found.';

-- Bring back a chat, or messages of one that is there.
create function private.restore_chat(item public.trash) returns public.chat_sessions
language plpgsql set search_path = ''
as $$
declare
    _me uuid := item.user_id;
    _chat public.chat_sessions;
    _last_seq integer;
begin
    if item.kind = 'chat' then
        select was.* into _chat
        from private.trashed_rows as stored
        cross join jsonb_populate_record(null::public.chat_sessions, stored.data) as was
        where stored.user_id = _me and stored.trash_id = item.id and stored.seq = 0;
        -- What it belonged to may be gone in the meantime.
        perform 1 from public.websites as website
        where website.user_id = _me and website.id = _chat.website_id for key share;
        if not found then
            _chat.website_id := null;
        end if;
        perform 1 from public.chat_sessions as origin
        where origin.user_id = _me and origin.id = _chat.branched_from_session_id for key share;
        if not found then
            _chat.branched_from_session_id := null;
        end if;
        _last_seq := _chat.last_seq;
        -- Only a chat that has had no message yet is counted as a new one.
        _chat.last_seq := greatest(_last_seq, 1);
        insert into public.chat_sessions select (_chat).*;
        insert into private.provider_threads (user_id, session_id, sealed)
        select _me, _chat.id, stored.data ->> 'sealed_thread' from private.trashed_rows as stored
        where stored.user_id = _me and stored.trash_id = item.id and stored.seq = 0
            and stored.data ->> 'sealed_thread' is not null;
        -- Its trigger takes any title that comes with a new chat for a person's.
        update public.chat_sessions as session set title_source = _chat.title_source, last_seq = _last_seq
        where session.user_id = _me and session.id = _chat.id;
    else
        select * into _chat from public.chat_sessions as session
        where session.user_id = _me and session.id = item.session_id for update;
        if not found then
            raise sqlstate 'PT409' using message = 'chat_in_trash';
        end if;
    end if;
    insert into public.chat_messages
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(null::public.chat_messages, stored.data) as was
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0
    order by stored.seq;
    update public.site_versions as version set session_id = message.session_id, message_id = message.id
    from private.trashed_rows as stored
    join public.chat_messages as message on message.user_id = stored.user_id and message.id = (stored.data ->> 'id')::uuid
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0
        and version.user_id = _me and version.id = message.version_id and version.message_id is null;
    perform private.recount(_me, _chat.id);
    delete from public.trash as gone where gone.user_id = _me and gone.id = item.id;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
    return _chat;
end
$$;

-- Bring back a website with its versions, and the chats that are still part of it.
create function private.restore_website(item public.trash) returns public.websites
language plpgsql set search_path = ''
as $$
declare
    _me uuid := item.user_id;
    _website public.websites;
    _found record;
begin
    insert into public.websites as website
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(null::public.websites, stored.data) as was
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq = 0
    returning website.* into _website;
    insert into public.site_versions
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(
        null::public.site_versions, stored.data || '{"session_id": null, "message_id": null}'
    ) as was
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0;
    -- The oldest first: one may be a branch of another.
    for _found in
        select part, (stored.data ->> 'updated_at')::timestamptz as updated_at
        from public.trash as part
        join private.trashed_rows as stored on stored.user_id = part.user_id and stored.trash_id = part.id and stored.seq = 0
        where part.user_id = _me and part.part_of = item.id
        order by (stored.data ->> 'created_at')::timestamptz
    loop
        perform private.restore_chat(_found.part);
        -- All of them keep their order in the list.
        update public.chat_sessions as session set updated_at = _found.updated_at
        where session.user_id = _me and session.id = (_found.part).session_id;
    end loop;
    update public.site_versions as version set
        session_id = (
            select session.id from public.chat_sessions as session where session.user_id = _me and session.id = was.session_id
        ),
        message_id = (
            select message.id from public.chat_messages as message where message.user_id = _me and message.id = was.message_id
        )
    from private.trashed_rows as stored
    cross join jsonb_to_record(stored.data) as was (id uuid, session_id uuid, message_id uuid)
    where stored.user_id = _me and stored.trash_id = item.id and stored.seq > 0 and version.user_id = _me and version.id = was.id;
    delete from public.trash as gone where gone.user_id = _me and gone.id = item.id;
    return _website;
end
$$;

-- Definer: clients can't write to the trash. Every statement names auth.uid().
create or replace function public.restore_trash(trash_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set statement_timeout = '60s'
as $$
declare
    _me uuid := auth.uid();
    _item public.trash;
begin
    perform private.hold_account(_me);
    select * into _item from public.trash as item
    where item.user_id = _me and item.id = restore_trash.trash_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _item.kind = 'website' then
        return jsonb_build_object('website', to_jsonb(private.restore_website(_item)) - 'user_id');
    end if;
    return private.session_json(private.restore_chat(_item));
end
$$;
comment on function public.restore_trash(uuid) is
'Bring back what is in the trash under this id; returns the chat, or {"website"}. Raises PT404 not_found, PT409 chat_in_trash (messages
of a chat that is gone itself), PT429 quota_exceeded (websites), and a unique violation when their ids are in use again.';

grant execute on function public.trash_website(uuid) to authenticated;
