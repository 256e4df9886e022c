-- A share counts as a copy of what it shows, from when it is made until it ends: however many of its texts are copied, and when, its
-- owner has been asked for the room. Copies are made when texts change or go, which may not be refused.

alter table private.shared_messages add column bytes bigint;
comment on column private.shared_messages.bytes is 'Of the text and the sources that were shared, copied or not.';
update private.shared_messages as shared set
    bytes = case
        when shared.content is null then (
            select private.message_bytes(message.content, null, message.sources) from public.chat_messages as message
            where message.user_id = shared.user_id and message.id = shared.message_id
        )
        else private.message_bytes(shared.content, null, shared.sources)
    end;
update private.shared_messages set bytes = 0 where bytes is null;
alter table private.shared_messages alter column bytes set not null;

create or replace function private.take_snapshot(share public.chat_shares) returns void
language sql set search_path = ''
as $$
    delete from private.shared_messages as old where old.user_id = share.user_id and old.share_id = share.id;
    insert into private.shared_messages (user_id, share_id, seq, message_id, role, kind, created_at, bytes)
    select
        share.user_id, share.id, message.seq, message.id, message.role, message.kind, message.created_at,
        private.message_bytes(message.content, null, message.sources)
    from (
        select latest.id from public.chat_messages as latest
        where latest.user_id = share.user_id and latest.session_id = share.session_id
        order by latest.seq desc limit 1
    ) as latest
    cross join lateral private.path_to(share.user_id, latest.id) as path
    join public.chat_messages as message on message.user_id = share.user_id and message.id = path.message_id
    where message.status <> 'streaming' and message.content <> ''
$$;

-- Definer: counters are out of clients' reach.
create function private.count_shared_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.store(shared.user_id, shared.bytes)
    from (
        select added.user_id, sum(added.bytes)::bigint as bytes from added group by added.user_id
    ) as shared;
    return null;
end
$$;

create trigger count_shared_messages after insert on private.shared_messages
referencing new table as added
for each statement execute function private.count_shared_messages();
create trigger count_deleted_rows after delete on private.shared_messages
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');

insert into private.byte_changes (user_id, bytes)
select shared.user_id, sum(shared.bytes) from private.shared_messages as shared group by shared.user_id;

comment on function public.share_chat(uuid, text) is
'Share a chat as it is now under a token of the caller''s making: {"id", "session_id", "title", "created_at", "shared_at"}. Raises
PT404 not_found, PT409 too_many_shares (20 a chat), PT429 quota_exceeded.';
comment on function public.update_share(uuid) is
'Have a share show its chat as it is now; returns what share_chat does. Raises PT404 not_found, PT429 quota_exceeded.';
comment on table private.quotas is
'stored_bytes: of messages and of versions'' files, those in the trash too, of what shares show and of imports under way. versions: of
one website. messages: added by any means but a running answer. model_tokens: what models read and write.';
