-- Quotas count bytes and tokens besides uses; what was used on which day is kept apart from the messages, which clients write.

-- Reads the columns that become larger; 20261121102200 makes it again.
drop function public.read_usage();

alter table private.quotas alter column allowed type bigint;
alter table private.usage_counters alter column used type bigint;

insert into private.quotas (name, allowed, every) values
    ('stored_bytes', 500000000, null),
    ('websites', 200, null),
    ('versions', 2000, null),
    ('messages', 20000, '1 day'),
    ('model_tokens', 2000000, '1 day');
comment on table private.quotas is
'stored_bytes: of messages and of versions'' files, those in the trash too. versions: of one website. messages: added by any means but
a running answer. model_tokens: what models read and write.';

create function private.window_start(every interval) returns timestamptz
language plpgsql stable set search_path = ''
as $$
begin
    return coalesce(date_bin(every, now(), 'epoch'), 'epoch');
end
$$;

create function private.refuse(quota text) returns void
language plpgsql set search_path = ''
as $$
declare
    _every interval := (select refused.every from private.quotas as refused where refused.name = quota);
begin
    raise sqlstate 'PT429' using
        message = 'quota_exceeded',
        detail = jsonb_strip_nulls(jsonb_build_object(
            'quota', quota,
            'retry_after', ceil(extract(epoch from private.window_start(_every) + _every - now()))
        ))::text;
end
$$;

drop function private.spend(uuid, text);
create function private.spend(spender uuid, quota text, amount bigint default 1) returns void
language plpgsql set search_path = ''
as $$
declare
    _used bigint;
    _allowed bigint;
begin
    insert into private.usage_counters as counter (user_id, name, window_start, used)
    select spender, limited.name, private.window_start(limited.every), amount
    from private.quotas as limited where limited.name = quota
    on conflict (user_id, name) do update set
        used = excluded.used + case when counter.window_start = excluded.window_start then counter.used else 0 end,
        window_start = excluded.window_start
    returning counter.used, (select limited.allowed from private.quotas as limited where limited.name = counter.name)
    into _used, _allowed;
    if _used > _allowed then
        perform private.refuse(quota);
    end if;
end
$$;
comment on function private.spend(uuid, text, bigint) is
'Count an amount against a quota, or raise PT429 (which uncounts it). A quota without a row has no limit.';

create table private.daily_usage (
    user_id uuid not null references auth.users (id) on delete cascade,
    day date not null,
    questions integer not null,
    answers integer not null,
    prompt_tokens bigint not null,
    completion_tokens bigint not null,
    primary key (user_id, day)
);
comment on table private.daily_usage is
'What answers took that ended on a day (UTC), told by the workers that wrote them; what is deleted or imported doesn''t change it.';

insert into private.daily_usage
select
    message.user_id, (message.created_at at time zone 'utc')::date,
    count(*) filter (where message.role = 'user'), count(*) filter (where message.role = 'assistant'),
    coalesce(sum(message.prompt_tokens), 0), coalesce(sum(message.completion_tokens), 0)
from public.chat_messages as message
where message.created_at > now() - interval '30 days'
group by 1, 2;

-- Only what a person used on each day was found by it.
drop index public.chat_messages_newest;

create table private.byte_changes (
    id bigint generated always as identity primary key,
    user_id uuid not null,
    bytes bigint not null
);
comment on table private.byte_changes is
'What must never be refused, nor wait for a lock, such as the end of an answer or a deletion: not yet added to what private.storage
counts, which is done whenever that is counted up. No foreign key, as that would wait for the account.';
create index byte_changes_of_user on private.byte_changes (user_id);
