-- What a person stores is counted: bytes of messages (their tool calls and sources too), of the trash and of versions' files, and
-- messages a day. What may be refused is counted in the statement that stores it, under the lock of its counter, the last lock that a
-- transaction takes: parallel requests can't pass the limit together, nor deadlock. What may not be refused is put on a list: the end
-- of an answer, whose start was refused when there was no room, and what is deleted or restored.

create function private.message_bytes(content text, tool_calls jsonb, sources jsonb) returns bigint
language sql immutable set search_path = ''
return coalesce(octet_length(content), 0)::bigint + coalesce(octet_length(nullif(tool_calls, 'null')::text), 0)
    + coalesce(octet_length(nullif(sources, 'null')::text), 0);

alter table private.trashed_rows add column bytes bigint not null
generated always as (private.message_bytes(data ->> 'content', data -> 'tool_calls', data -> 'sources')) stored;

alter table public.site_versions add column size integer not null generated always as (octet_length(files::text)) stored;
comment on column public.site_versions.size is 'Bytes of its files as JSON.';

create function private.store(owner uuid, bytes bigint, messages bigint default 0) returns void
language plpgsql set search_path = ''
as $$
declare
    _exceeded text;
begin
    with listed as (
        -- Without waiting: what another transaction is adding, it has added once the counter's lock is ours.
        delete from private.byte_changes as change where change.id in (
            select listed.id from private.byte_changes as listed where listed.user_id = owner for update skip locked
        )
        returning change.bytes
    ),
    counted as (
        insert into private.usage_counters as counter (user_id, name, window_start, used)
        select owner, quota.name, private.window_start(quota.every), case quota.name
            when 'messages' then messages else bytes + (select coalesce(sum(listed.bytes), 0) from listed)
        end
        from private.quotas as quota where quota.name in ('messages', 'stored_bytes')
        order by quota.name
        on conflict (user_id, name) do update set
            used = excluded.used + case when counter.window_start = excluded.window_start then counter.used else 0 end,
            window_start = excluded.window_start
        returning counter.name, counter.used
    )
    select quota.name into _exceeded
    from counted join private.quotas as quota on quota.name = counted.name
    where counted.used > quota.allowed
    order by quota.name limit 1;
    if found then
        perform private.refuse(_exceeded);
    end if;
end
$$;
comment on function private.store(uuid, bigint, bigint) is
'Count bytes, and messages that are new, or raise PT429 (which uncounts them). The caller has locked the account.';

create function private.list_bytes(owner uuid, bytes bigint) returns void
language plpgsql set search_path = ''
as $$
begin
    if exists (select 1 from auth.users as account where account.id = owner) then
        insert into private.byte_changes (user_id, bytes) values (owner, list_bytes.bytes);
    else
        -- The account is being deleted. Whoever listed something for it held a lock that this transaction has by now.
        delete from private.byte_changes as change where change.user_id = owner;
    end if;
end
$$;
comment on function private.list_bytes(uuid, bigint) is 'Count bytes that may not be refused; never waits.';

-- Definer, here and below: counters are out of clients' reach.
create function private.count_added_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- Restored messages alone are older than the transaction.
    perform case when counted.is_new then private.store(counted.user_id, counted.bytes, counted.messages)
        else private.list_bytes(counted.user_id, counted.bytes) end
    from (
        select added.user_id, added.updated_at = now() as is_new, count(*) filter (where added.status <> 'streaming') as messages,
            sum(private.message_bytes(added.content, added.tool_calls, added.sources))::bigint as bytes
        from added group by 1, 2
    ) as counted
    where counted.messages > 0 or counted.bytes > 0;
    return null;
end
$$;

create function private.count_changed_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- An answer's text comes when it ends.
    perform case when changed.bytes > 0 and not changed.was_running then private.store(changed.user_id, changed.bytes)
        else private.list_bytes(changed.user_id, changed.bytes) end
    from (
        select each.user_id, sum(each.bytes)::bigint as bytes, bool_or(each.was_running) as was_running
        from (
            select after.user_id, private.message_bytes(after.content, after.tool_calls, after.sources) as bytes, false as was_running
            from after
            union all
            select before.user_id, -private.message_bytes(before.content, before.tool_calls, before.sources),
                before.status = 'streaming'
            from before
        ) as each
        group by each.user_id
    ) as changed
    where changed.bytes <> 0;
    return null;
end
$$;

create function private.count_deleted_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.list_bytes(gone.user_id, -gone.bytes)
    from (
        select deleted.user_id, sum(private.message_bytes(deleted.content, deleted.tool_calls, deleted.sources))::bigint as bytes
        from deleted group by deleted.user_id
    ) as gone
    where gone.bytes > 0;
    return null;
end
$$;

create function private.count_trashed_rows() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.list_bytes(trashed.user_id, trashed.bytes)
    from (
        select added.user_id, sum(added.bytes)::bigint as bytes from added group by added.user_id
    ) as trashed
    where trashed.bytes > 0;
    return null;
end
$$;

create function private.count_added_versions() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform case when saved.is_answer then private.list_bytes(saved.user_id, saved.bytes)
        else private.store(saved.user_id, saved.bytes) end
    from (
        select added.user_id, added.source = 'answer' as is_answer, sum(added.size)::bigint as bytes from added group by 1, 2
    ) as saved;
    return null;
end
$$;

create function private.count_deleted_rows() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    execute format(
        'select private.list_bytes(gone.user_id, -gone.bytes) from (
            select user_id, sum(%I)::bigint as bytes from deleted group by user_id
        ) as gone where gone.bytes > 0', tg_argv[0]
    );
    return null;
end
$$;

create trigger count_added_messages after insert on public.chat_messages
referencing new table as added
for each statement execute function private.count_added_messages();
create trigger count_changed_messages after update on public.chat_messages
referencing old table as before new table as after
for each statement execute function private.count_changed_messages();
create trigger count_deleted_messages after delete on public.chat_messages
referencing old table as deleted
for each statement execute function private.count_deleted_messages();
create trigger count_trashed_rows after insert on private.trashed_rows
referencing new table as added
for each statement execute function private.count_trashed_rows();
create trigger count_deleted_rows after delete on private.trashed_rows
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');
create trigger count_added_versions after insert on public.site_versions
referencing new table as added
for each statement execute function private.count_added_versions();
create trigger count_deleted_rows after delete on public.site_versions
referencing old table as deleted
for each statement execute function private.count_deleted_rows('size');

-- A counter's first row refers to the account.
create trigger hold_account_first before insert on public.chat_messages
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();
create trigger hold_account_first before insert on public.site_versions
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

-- One statement of a client adds or edits so many messages; functions that add many have limits of their own.
create function private.bound_statement() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if (select count(*) > 1000 or sum(octet_length(written.content)) > 16000000 from written) then
        raise sqlstate 'PT413' using message = 'body_too_large';
    end if;
    return null;
end
$$;
create trigger bound_added_messages after insert on public.chat_messages
referencing new table as written
for each statement when (current_user = 'authenticated') execute function private.bound_statement();
create trigger bound_changed_messages after update on public.chat_messages
referencing new table as written
for each statement when (current_user = 'authenticated') execute function private.bound_statement();

create function private.count_websites() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _owner uuid;
begin
    for _owner in select distinct added.user_id from added
    loop
        -- Serialises a user's new websites, so that the count can't be raced.
        perform pg_advisory_xact_lock(hashtextextended(_owner::text || 'websites', 0));
        if (
            select count(*) > (select quota.allowed from private.quotas as quota where quota.name = 'websites')
            from public.websites as website where website.user_id = _owner
        ) then
            perform private.refuse('websites');
        end if;
    end loop;
    return null;
end
$$;
create trigger count_websites after insert on public.websites
referencing new table as added
for each statement execute function private.count_websites();

-- What there is already. The triggers above hold the tables' locks until this is committed.
insert into private.usage_counters (user_id, name, window_start, used)
select stored.user_id, 'stored_bytes', 'epoch', sum(stored.bytes)
from (
    select message.user_id, private.message_bytes(message.content, message.tool_calls, message.sources) as bytes
    from public.chat_messages as message
    union all
    select trashed.user_id, trashed.bytes from private.trashed_rows as trashed
    union all
    select version.user_id, version.size from public.site_versions as version
) as stored
group by stored.user_id
on conflict (user_id, name) do update set used = excluded.used;
