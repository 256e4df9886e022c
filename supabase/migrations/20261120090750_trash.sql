-- What a person deletes goes to the trash first, as the rows it was made of, and comes back exactly as it was. The rows
-- leave their tables, so that no read, count or preview has to leave them out.

create table public.trash (
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    kind text not null,
    session_id uuid not null,
    title text not null,
    message_count integer not null,
    deleted_at timestamptz not null default now(),
    primary key (user_id, id),
    constraint trash_kind check (kind in ('chat', 'messages'))
);
comment on table public.trash is 'What can be brought back, for 30 days.';
comment on column public.trash.kind is '''chat'' with all of its messages, or some ''messages'' of a chat that is still there.';
comment on column public.trash.session_id is 'The chat; no foreign key, as it may be gone.';

create index trash_newest on public.trash (user_id, deleted_at desc, id desc);

create table private.trashed_rows (
    user_id uuid not null,
    trash_id uuid not null,
    seq integer not null,
    data jsonb not null,
    primary key (user_id, trash_id, seq),
    foreign key (user_id, trash_id) references public.trash (user_id, id) on delete cascade
);
comment on column private.trashed_rows.seq is 'The message''s; 0 for the chat itself.';

create trigger hold_account before delete on public.trash
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

alter table public.trash enable row level security;

create policy "Owners see their trash" on public.trash
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners empty their trash" on public.trash
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.trash to authenticated;

-- Rows that come with a seq are restored or imported: the function that inserts them counts them.
create or replace trigger number_message before insert on public.chat_messages
for each row when (new.seq is null) execute function private.number_message();
create or replace trigger count_session before insert on public.chat_sessions
for each row when (new.last_seq = 0) execute function private.count_session();

-- Compute a chat's counters, preview and automatic title from its messages. The caller holds the session's lock.
create function private.recount(owner uuid, session uuid) returns void
language plpgsql set search_path = ''
as $$
begin
    update public.chat_sessions as counted set
        message_count = found.messages,
        last_seq = greatest(counted.last_seq, found.last_seq),
        last_message_at = found.last_message_at,
        last_message_preview = private.latest_preview(owner, session)
    from (
        select count(*) as messages, max(message.seq) as last_seq, max(message.created_at) as last_message_at
        from public.chat_messages as message where message.user_id = owner and message.session_id = session
    ) as found
    where counted.user_id = owner and counted.id = session;

    update public.chat_sessions as named set title = private.title_of(asked.content)
    from (
        select message.content from public.chat_messages as message
        where message.user_id = owner and message.session_id = session and message.role = 'user'
        order by message.seq limit 1
    ) as asked
    where named.user_id = owner and named.id = session
        and named.title_source = 'auto' and lower(named.title) = 'new chat' and private.title_of(asked.content) <> '';
    if found then
        -- The trigger took that title for a person's.
        update public.chat_sessions as named set title_source = 'auto' where named.user_id = owner and named.id = session;
    end if;
end
$$;

-- Move a chat, or the given messages of it, to the trash. The caller holds the session's lock.
create function private.put_in_trash(chat public.chat_sessions, messages uuid[] default null) returns uuid
language plpgsql set search_path = ''
as $$
declare
    _item uuid;
begin
    delete from public.trash as old where old.user_id = chat.user_id and old.deleted_at < now() - interval '30 days';
    -- An answer being written ends here with what it says so far; its worker finds its lease gone.
    update public.chat_messages as message set content = private.text_of(message), status = 'stopped'
    where message.user_id = chat.user_id and message.session_id = chat.id and message.status = 'streaming'
        and (messages is null or message.id = any(messages));

    insert into public.trash as item (user_id, kind, session_id, title, message_count)
    values (
        chat.user_id, case when messages is null then 'chat' else 'messages' end, chat.id, chat.title,
        coalesce(cardinality(messages), chat.message_count)
    )
    returning item.id into _item;
    insert into private.trashed_rows (user_id, trash_id, seq, data)
    select message.user_id, _item, message.seq, to_jsonb(message) from public.chat_messages as message
    where message.user_id = chat.user_id and message.session_id = chat.id
        and (messages is null or message.id = any(messages));
    if messages is null then
        insert into private.trashed_rows (user_id, trash_id, seq, data)
        values (chat.user_id, _item, 0, to_jsonb(chat) || jsonb_build_object('running_answer_id', null, 'sealed_thread', (
            select thread.sealed from private.provider_threads as thread
            where thread.user_id = chat.user_id and thread.session_id = chat.id
        )));
        delete from public.chat_sessions as gone where gone.user_id = chat.user_id and gone.id = chat.id;
    else
        delete from public.chat_messages as gone where gone.user_id = chat.user_id and gone.id = any(messages);
    end if;
    return _item;
end
$$;

-- Definer: clients can't write to the trash. Every statement names auth.uid().
create function public.trash_chats(session_ids uuid[]) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _items jsonb := '[]';
begin
    perform private.hold_account(_me);
    if exists (
        select 1 from unnest(session_ids) as wanted (id)
        where not exists (
            select 1 from public.chat_sessions as session where session.user_id = _me and session.id = wanted.id
        )
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    for _chat in
        select session.* from public.chat_sessions as session
        where session.user_id = _me and session.id = any(session_ids)
        order by session.id for update
    loop
        _items := _items || jsonb_build_object('id', private.put_in_trash(_chat), 'session_id', _chat.id);
    end loop;
    return _items;
end
$$;
comment on function public.trash_chats(uuid[]) is
'Move chats to the trash, all or none: [{"id": of the trash, "session_id"}]. Raises PT404 not_found.';

-- Definer, as above.
create function public.clear_chat(session_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _messages uuid[];
    _item uuid;
begin
    perform private.hold_account(_me);
    select * into _chat from public.chat_sessions as session
    where session.user_id = _me and session.id = clear_chat.session_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select array_agg(message.id) into _messages from public.chat_messages as message
    where message.user_id = _me and message.session_id = _chat.id;
    if _messages is not null then
        _item := private.put_in_trash(_chat, _messages);
    end if;
    return jsonb_build_object('id', _item, 'session_id', _chat.id);
end
$$;
comment on function public.clear_chat(uuid) is
'Move all messages of a chat to the trash: {"id": of the trash, null when there were none, "session_id"}. Raises PT404 not_found.';

-- Definer, as above.
create function public.restore_trash(trash_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _item public.trash;
    _chat public.chat_sessions;
begin
    perform private.hold_account(_me);
    select * into _item from public.trash as item
    where item.user_id = _me and item.id = restore_trash.trash_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _item.kind = 'chat' then
        select was.* into _chat
        from private.trashed_rows as stored
        cross join jsonb_populate_record(null::public.chat_sessions, stored.data) as was
        where stored.user_id = _me and stored.trash_id = _item.id and stored.seq = 0;
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
        insert into public.chat_sessions select (_chat).*;
        insert into private.provider_threads (user_id, session_id, sealed)
        select _me, _chat.id, stored.data ->> 'sealed_thread' from private.trashed_rows as stored
        where stored.user_id = _me and stored.trash_id = _item.id and stored.seq = 0
            and stored.data ->> 'sealed_thread' is not null;
        -- Its trigger takes any title that comes with a new chat for a person's.
        update public.chat_sessions as session set title_source = _chat.title_source
        where session.user_id = _me and session.id = _chat.id;
    else
        select * into _chat from public.chat_sessions as session
        where session.user_id = _me and session.id = _item.session_id for update;
        if not found then
            raise sqlstate 'PT409' using message = 'chat_in_trash';
        end if;
    end if;
    insert into public.chat_messages
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(null::public.chat_messages, stored.data) as was
    where stored.user_id = _me and stored.trash_id = _item.id and stored.seq > 0
    order by stored.seq;
    update public.site_versions as version set session_id = message.session_id, message_id = message.id
    from private.trashed_rows as stored
    join public.chat_messages as message on message.user_id = stored.user_id and message.id = (stored.data ->> 'id')::uuid
    where stored.user_id = _me and stored.trash_id = _item.id and stored.seq > 0
        and version.user_id = _me and version.id = message.version_id and version.message_id is null;
    perform private.recount(_me, _chat.id);
    delete from public.trash as item where item.user_id = _me and item.id = _item.id;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
    return private.session_json(_chat);
end
$$;
comment on function public.restore_trash(uuid) is
'Bring back what is in the trash under this id; returns the chat. Raises PT404 not_found, PT409 chat_in_trash (messages of a
chat that is gone itself), and a unique violation when their ids are in use again.';

create function private.purge_trash(older_than interval default '30 days') returns bigint
language sql set search_path = ''
as $$
    with gone as (
        delete from public.trash where deleted_at < now() - older_than returning 1
    )
    select count(*) from gone
$$;
comment on function private.purge_trash(interval) is
'For operators: delete for good what has been in the trash for that long; returns how many things. A person''s own old
trash also goes whenever they put something in.';

grant execute on function
    public.trash_chats(uuid[]), public.clear_chat(uuid), public.restore_trash(uuid)
to authenticated;
