-- What a person stores is counted: bytes of messages (their tool calls and sources too), of the trash and of versions' files, and
-- messages a day. What may be refused is counted in the statement that stores it, under the lock of its counter, the last lock that a
-- transaction takes: parallel requests can't pass the limit together, nor deadlock. What may not be refused is put on a list: the end
-- of an answer, whose start was refused when there was no room, and what is deleted or restored.

create function private.message_bytes(content text, tool_calls jsonb, sources jsonb) returns bigint
language plpgsql immutable set search_path = ''
as $$
begin
    return coalesce(octet_length(content), 0)::bigint + coalesce(octet_length(nullif(tool_calls, 'null')::text), 0)
        + coalesce(octet_length(nullif(sources, 'null')::text), 0);
end
$$;

alter table private.trashed_rows add column bytes bigint not null
generated always as (private.message_bytes(data ->> 'content', data -> 'tool_calls', data -> 'sources')) stored;

create table private.storage (
    user_id uuid primary key references auth.users (id) on delete cascade,
    bytes bigint not null,
    messages bigint not null,
    window_start timestamptz not null
) with (fillfactor = 70);
comment on column private.storage.bytes is 'With those of private.byte_changes, all that are stored.';
comment on column private.storage.messages is 'Those added since window_start.';

create function private.open_storage(owner uuid) returns void
language sql set search_path = ''
as $$
    insert into private.storage (user_id, bytes, messages, window_start) values (owner, 0, 0, 'epoch')
    on conflict (user_id) do nothing
$$;
comment on function private.open_storage(uuid) is
'Begin to count, with the first website or chat, whose statement has locked the account: counting more never looks for the account.';

create function private.store(owner uuid, bytes bigint, messages bigint default 0) returns void
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _stored private.storage;
    _window timestamptz;
    _most_bytes bigint;
    _most_messages bigint;
begin
    select
        max(quota.allowed) filter (where quota.name = 'stored_bytes'), max(quota.allowed) filter (where quota.name = 'messages'),
        private.window_start(max(quota.every) filter (where quota.name = 'messages'))
    into _most_bytes, _most_messages, _window
    from private.quotas as quota;
    -- Before what is listed is deleted: whoever counts takes its locks in this order.
    perform 1 from private.storage as stored where stored.user_id = owner for no key update;
    with listed as (
        delete from private.byte_changes as change where change.user_id = owner returning change.bytes
    )
    update private.storage as stored set
        bytes = stored.bytes + store.bytes + (select coalesce(sum(listed.bytes), 0) from listed),
        messages = store.messages + case when stored.window_start = _window then stored.messages else 0 end,
        window_start = _window
    where stored.user_id = owner
    returning stored.* into _stored;
    if _stored.bytes > _most_bytes then
        perform private.refuse('stored_bytes');
    elsif _stored.messages > _most_messages then
        perform private.refuse('messages');
    end if;
end
$$;
comment on function private.store(uuid, bigint, bigint) is
'Count bytes, and messages that are new, or raise PT429 (which uncounts them).';

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
create function private.take_added_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _added record;
    _rows bigint := 0;
begin
    for _added in
        select
            added.user_id, added.updated_at = now() as are_new, count(*) as rows,
            count(*) filter (where added.status <> 'streaming') as messages,
            sum(private.message_bytes(added.content, added.tool_calls, added.sources))::bigint as bytes
        -- But for an answer that starts.
        from added
        where added.status <> 'streaming' or private.message_bytes(added.content, added.tool_calls, added.sources) > 0
        group by 1, 2
    loop
        -- Restored messages alone are older than the transaction.
        if _added.are_new then
            perform private.store(_added.user_id, _added.bytes, _added.messages);
        else
            perform private.list_bytes(_added.user_id, _added.bytes);
        end if;
        _rows := _rows + _added.rows;
    end loop;
    if _rows > 200 then
        insert into private.chats_to_index (user_id, session_id)
        select distinct user_id, session_id from added on conflict do nothing;
    elsif _rows > 0 then
        perform private.index_message(message) from public.chat_messages as message
        where (message.user_id, message.id) in (select user_id, id from added where content <> '');
    end if;
    return null;
end
$$;
comment on function private.take_added_messages() is 'Counts and indexes messages that were added, many at once.';

create function private.count_edited_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform case when edited.bytes > 0 then private.store(edited.user_id, edited.bytes)
        else private.list_bytes(edited.user_id, edited.bytes) end
    from (
        select each.user_id, sum(each.bytes)::bigint as bytes
        from (
            select after.user_id, octet_length(after.content) as bytes from after
            union all
            select before.user_id, -octet_length(before.content) from before
        ) as each
        group by each.user_id
    ) as edited
    where edited.bytes <> 0;
    return null;
end
$$;

create function private.count_ended_answer() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into private.byte_changes (user_id, bytes) values (
        new.user_id, private.message_bytes(new.content, new.tool_calls, new.sources)
        - private.message_bytes(old.content, old.tool_calls, old.sources)
    );
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

drop trigger index_added_messages on public.chat_messages;
drop function private.index_added_messages();
create trigger take_added_messages after insert on public.chat_messages
referencing new table as added
for each statement execute function private.take_added_messages();
-- Functions change the text of running answers alone.
create trigger count_edited_messages after update on public.chat_messages
referencing old table as before new table as after
for each statement when (current_user = 'authenticated') execute function private.count_edited_messages();
create trigger count_ended_answer after update on public.chat_messages
for each row when (old.status = 'streaming' and new.status <> 'streaming')
execute function private.count_ended_answer();
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

-- A request of a client adds or edits so many messages; functions that add many have limits of their own. Counted while they are
-- added, as numbering more and more in one statement takes longer and longer.
create function private.bound_rows() returns trigger
language plpgsql set search_path = ''
as $$
declare
    _rows integer := coalesce(nullif(current_setting('sitethread.written_rows', true), ''), '0')::integer + 1;
begin
    if _rows > 1000 then
        raise sqlstate 'PT413' using message = 'body_too_large';
    end if;
    perform set_config('sitethread.written_rows', _rows::text, true);
    return new;
end
$$;
create trigger bound_rows before insert or update on public.chat_messages
for each row when (current_user = 'authenticated') execute function private.bound_rows();

create function private.count_websites() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _owner uuid;
begin
    for _owner in select distinct added.user_id from added
    loop
        perform private.open_storage(_owner);
        -- Serialises a user's new websites, so that the count can't be raced.
        perform 1 from private.storage as stored where stored.user_id = _owner for no key update;
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
-- Definer, as above.
create or replace function private.count_session() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.hold_account(new.user_id);
    perform private.spend(new.user_id, 'sessions');
    perform private.open_storage(new.user_id);
    return new;
end
$$;

create trigger count_websites after insert on public.websites
referencing new table as added
for each statement execute function private.count_websites();

-- What there is already. The triggers above hold the tables' locks until this is committed.
insert into private.storage (user_id, bytes, messages, window_start)
select stored.user_id, sum(stored.bytes), 0, 'epoch'
from (
    select message.user_id, private.message_bytes(message.content, message.tool_calls, message.sources) as bytes
    from public.chat_messages as message
    union all
    select trashed.user_id, trashed.bytes from private.trashed_rows as trashed
    union all
    select version.user_id, version.size from public.site_versions as version
    union all
    select account.id, 0 from auth.users as account
) as stored
group by stored.user_id
on conflict (user_id) do update set bytes = excluded.bytes;

-- Definer: clients can't read quotas and counters.
create function public.read_usage() returns jsonb
language sql stable security definer set search_path = ''
return jsonb_build_object(
    'quotas', (
        select jsonb_agg(jsonb_build_object(
            'name', quota.name, 'allowed', quota.allowed,
            'used', case
                when quota.name = 'running_answers' then (
                    select count(*) from public.chat_messages as message
                    where message.user_id = auth.uid() and message.status = 'streaming'
                )
                when quota.name = 'running_imports' then (
                    select count(*) from private.imports as running where running.user_id = auth.uid()
                )
                when quota.name = 'websites' then (
                    select count(*) from public.websites as website where website.user_id = auth.uid()
                )
                when quota.name = 'stored_bytes' then coalesce(stored.bytes, 0) + (
                    select coalesce(sum(change.bytes), 0) from private.byte_changes as change where change.user_id = auth.uid()
                )
                when quota.name = 'messages' then case
                    when stored.window_start = private.window_start(quota.every) then stored.messages else 0
                end
                when counter.window_start = date_bin(quota.every, now(), 'epoch') then least(counter.used, quota.allowed)
                else 0
            end,
            'resets_at', date_bin(quota.every, now(), 'epoch') + quota.every
        ) order by quota.name)
        from private.quotas as quota
        left join private.usage_counters as counter on counter.user_id = auth.uid() and counter.name = quota.name
        left join private.storage as stored on stored.user_id = auth.uid()
        where quota.name <> 'versions'
    ),
    'days', (
        select coalesce(jsonb_agg(to_jsonb(used) - 'user_id' order by used.day), '[]')
        from private.daily_usage as used
        where used.user_id = auth.uid() and used.day > (now() at time zone 'utc')::date - 30
    )
);
comment on function public.read_usage() is
'What one has used: {"quotas": [{"name", "allowed", "used", "resets_at"}], "days": those of the last 30 on which an answer ended, in
UTC}.';
grant execute on function public.read_usage() to authenticated;
