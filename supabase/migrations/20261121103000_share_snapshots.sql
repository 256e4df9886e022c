-- A share shows what was shared: later edits, continued answers, deleted messages and a new title don't change it. A snapshot
-- lists the messages; their texts are copied only when they change or go: docs/decisions/0014-share-snapshots.md.

alter table public.chat_shares add column title text, add column shared_at timestamptz not null default now();
update public.chat_shares as share set
    shared_at = share.created_at,
    title = (
        select session.title from public.chat_sessions as session
        where session.user_id = share.user_id and session.id = share.session_id
    );
alter table public.chat_shares alter column title set not null;
comment on column public.chat_shares.title is 'The chat''s, when it was shared.';
comment on column public.chat_shares.shared_at is 'When what it shows was taken; created_at is when the link was made.';
grant select (title, shared_at) on public.chat_shares to authenticated;

create table private.shared_messages (
    user_id uuid not null,
    share_id uuid not null,
    seq integer not null,
    message_id uuid not null,
    role text not null,
    kind text not null,
    created_at timestamptz not null,
    content text,
    sources jsonb,
    primary key (user_id, share_id, seq),
    foreign key (user_id, share_id) references public.chat_shares (user_id, id) on delete cascade
);
comment on table private.shared_messages is 'What shares show.';
comment on column private.shared_messages.message_id is 'No foreign key, as the message may be gone.';
comment on column private.shared_messages.content is
'Null while the message still has the text, and the sources, that were shared.';
create index shared_messages_of_message on private.shared_messages (user_id, message_id);

-- Take the snapshot of a share anew. The caller holds the session's lock, so that no message changes meanwhile.
create function private.take_snapshot(share public.chat_shares) returns void
language sql set search_path = ''
as $$
    delete from private.shared_messages as old where old.user_id = share.user_id and old.share_id = share.id;
    insert into private.shared_messages (user_id, share_id, seq, message_id, role, kind, created_at)
    select share.user_id, share.id, message.seq, message.id, message.role, message.kind, message.created_at
    from (
        select latest.id from public.chat_messages as latest
        where latest.user_id = share.user_id and latest.session_id = share.session_id
        order by latest.seq desc limit 1
    ) as latest
    cross join lateral private.path_to(share.user_id, latest.id) as path
    join public.chat_messages as message on message.user_id = share.user_id and message.id = path.message_id
    where message.status <> 'streaming' and message.content <> ''
$$;

-- Definer: snapshots are out of clients' reach. Runs after follow_message_change (in the order of names), which waits for a
-- snapshot that is being taken.
create function private.keep_shared_text() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update private.shared_messages as shared set content = old.content, sources = old.sources
    where shared.user_id = old.user_id and shared.message_id = old.id and shared.content is null;
    return null;
end
$$;

-- Definer, as above. Runs after follow_message_deletes. The texts of a chat that is deleted itself go with its shares.
create function private.keep_shared_deletes() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update private.shared_messages as shared set content = deleted.content, sources = deleted.sources
    from deleted
    where shared.user_id = deleted.user_id and shared.message_id = deleted.id and shared.content is null
        and exists (
            select 1 from public.chat_sessions as session
            where session.user_id = deleted.user_id and session.id = deleted.session_id
        );
    return null;
end
$$;

create trigger keep_shared_text after update on public.chat_messages
for each row when (old.content is distinct from new.content or old.sources is distinct from new.sources)
execute function private.keep_shared_text();
create trigger keep_shared_deletes after delete on public.chat_messages
referencing old table as deleted
for each statement execute function private.keep_shared_deletes();

-- Definer, as above. What is deleted for good is shown to nobody; messages that were restored are there again.
create function private.end_shares_of_trash() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    delete from public.chat_shares as share
    where share.user_id = old.user_id and share.session_id = old.session_id and exists (
        select 1 from private.trashed_rows as gone
        join private.shared_messages as shared
            on shared.user_id = share.user_id and shared.share_id = share.id and shared.message_id = (gone.data ->> 'id')::uuid
        where gone.user_id = old.user_id and gone.trash_id = old.id and gone.seq > 0
            and not exists (
                select 1 from public.chat_messages as restored
                where restored.user_id = shared.user_id and restored.id = shared.message_id
            )
    );
    return old;
end
$$;
create trigger end_shares before delete on public.trash
for each row when (old.kind = 'messages') execute function private.end_shares_of_trash();

-- Shares that were made before: what they have shown so far.
insert into private.shared_messages (user_id, share_id, seq, message_id, role, kind, created_at)
select share.user_id, share.id, message.seq, message.id, message.role, message.kind, message.created_at
from public.chat_shares as share
cross join lateral (
    select latest.id from public.chat_messages as latest
    where latest.user_id = share.user_id and latest.session_id = share.session_id and latest.seq <= share.last_seq
    order by latest.seq desc limit 1
) as latest
cross join lateral private.path_to(share.user_id, latest.id) as path
join public.chat_messages as message on message.user_id = share.user_id and message.id = path.message_id
where message.status <> 'streaming' and message.content <> '';
alter table public.chat_shares drop column last_seq;

-- Definer: clients can't write shares. Every statement names auth.uid().
create or replace function public.share_chat(session_id uuid, token text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _share public.chat_shares;
begin
    if char_length(share_chat.token) not between 32 and 200 then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    select * into _chat from public.chat_sessions as session
    where session.user_id = _me and session.id = share_chat.session_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if (
        select count(*) >= 20 from public.chat_shares as share where share.user_id = _me and share.session_id = _chat.id
    ) then
        raise sqlstate 'PT409' using message = 'too_many_shares';
    end if;
    insert into public.chat_shares as share (user_id, session_id, title, token_hash)
    values (_me, _chat.id, _chat.title, private.hash_of(share_chat.token))
    returning share.* into _share;
    perform private.take_snapshot(_share);
    return to_jsonb(_share) - 'user_id' - 'token_hash';
end
$$;
comment on function public.share_chat(uuid, text) is
'Share a chat as it is now under a token of the caller''s making: {"id", "session_id", "title", "created_at", "shared_at"}. Raises
PT404 not_found, PT409 too_many_shares (20 a chat).';

-- Definer, as above.
create function public.update_share(share_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _share public.chat_shares;
begin
    select session.* into _chat
    from public.chat_shares as share
    join public.chat_sessions as session on session.user_id = share.user_id and session.id = share.session_id
    where share.user_id = _me and share.id = update_share.share_id
    for update of session;
    update public.chat_shares as share set title = _chat.title, shared_at = now()
    where share.user_id = _me and share.id = update_share.share_id
    returning share.* into _share;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    perform private.take_snapshot(_share);
    return to_jsonb(_share) - 'user_id' - 'token_hash';
end
$$;
comment on function public.update_share(uuid) is
'Have a share show its chat as it is now; returns what share_chat does. Raises PT404 not_found.';
grant execute on function public.update_share(uuid) to authenticated;

-- Definer and open to anon: the token is the authority.
create or replace function public.read_share(token text, before integer default null, page integer default 100) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _share public.chat_shares;
    _messages jsonb;
    _has_older boolean;
begin
    select * into _share from public.chat_shares as share
    where char_length(read_share.token) <= 200 and share.token_hash = private.hash_of(read_share.token);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    with newest as materialized (
        select shared.seq, shared.role, shared.kind, shared.created_at,
            coalesce(shared.content, message.content) as content,
            case when shared.content is null then message.sources else shared.sources end as sources
        from (
            select * from private.shared_messages as listed
            where listed.user_id = _share.user_id and listed.share_id = _share.id
                and listed.seq < coalesce(read_share.before, 2147483647)
            order by listed.seq desc limit greatest(least(read_share.page, 100), 1) + 1
        ) as shared
        left join public.chat_messages as message
            on shared.content is null and message.user_id = shared.user_id and message.id = shared.message_id
    ),
    counted as (
        select newest.*, row_number() over in_order as place,
            sum(octet_length(newest.content) + coalesce(octet_length(newest.sources::text), 0)) over in_order as bytes
        from newest window in_order as (order by newest.seq desc)
    ),
    shown as (
        select * from counted
        where place = 1 or place <= least(read_share.page, 100) and bytes <= 1048576
    )
    select
        coalesce(jsonb_agg(to_jsonb(shown) - 'place' - 'bytes' order by shown.seq), '[]'),
        (select count(*) from newest) > count(*)
    into _messages, _has_older from shown;
    return (
        select jsonb_build_object(
            'title', _share.title, 'helper', session.helper, 'shared_at', _share.shared_at, 'messages', _messages,
            'has_older', _has_older
        )
        from public.chat_sessions as session
        where session.user_id = _share.user_id and session.id = _share.session_id
    );
end
$$;
comment on function public.read_share(text, integer, integer) is
'What a share''s token opens: {"title", "helper", "shared_at", "messages", "has_older"}, the latest `page` messages whose seq is below
`before`, less when they have more than 1 MiB; no ids, no owner. Raises PT404 not_found.';
