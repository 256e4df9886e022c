-- Changes to several chats at once, and what a user has used of their quotas.

create function public.archive_chats(session_ids uuid[], archived boolean) returns void
language plpgsql set search_path = ''
as $$
declare
    _changed integer;
begin
    update public.chat_sessions as session
    set archived_at = case when archive_chats.archived then coalesce(session.archived_at, now()) end
    where session.user_id = (select auth.uid()) and session.id = any(session_ids);
    get diagnostics _changed = row_count;
    if _changed < (select count(distinct wanted.id) from unnest(session_ids) as wanted (id)) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
end
$$;
comment on function public.archive_chats(uuid[], boolean) is 'Archive chats or bring them back, all or none. Raises PT404 not_found.';

create index chat_messages_newest on public.chat_messages (user_id, created_at desc);

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
                when counter.window_start = date_bin(quota.every, now(), 'epoch') then least(counter.used, quota.allowed)
                else 0
            end,
            'resets_at', date_bin(quota.every, now(), 'epoch') + quota.every
        ) order by quota.name)
        from private.quotas as quota
        left join private.usage_counters as counter on counter.user_id = auth.uid() and counter.name = quota.name
    ),
    'days', (
        select coalesce(jsonb_agg(to_jsonb(used) order by used.day), '[]')
        from (
            select
                (message.created_at at time zone 'utc')::date as day,
                count(*) filter (where message.role = 'user') as questions,
                count(*) filter (where message.role = 'assistant') as answers,
                coalesce(sum(message.prompt_tokens), 0) as prompt_tokens,
                coalesce(sum(message.completion_tokens), 0) as completion_tokens
            from public.chat_messages as message
            where message.user_id = auth.uid() and message.created_at > now() - interval '30 days'
            group by 1
        ) as used
    )
);
comment on function public.read_usage() is
'What one has used: {"quotas": [{"name", "allowed", "used", "resets_at"}], "days": the last 30 with any message, in UTC}.';

grant execute on function
    public.archive_chats(uuid[], boolean), public.read_usage()
to authenticated;
