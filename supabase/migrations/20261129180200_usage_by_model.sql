-- What was used, by model and by website.

-- Bounded: somebody who writes 20,000 messages a day through the API would wait for seconds.
create function private.newest_answers(owner uuid) returns table (model text, website_id uuid, tokens bigint)
language sql stable set search_path = ''
as $$
    select answer.model, session.website_id, coalesce(answer.prompt_tokens, 0)::bigint + coalesce(answer.completion_tokens, 0)
    from (
        select * from public.chat_messages as message
        where message.user_id = owner and message.created_at > now() - interval '30 days'
        order by message.created_at desc limit 5000
    ) as answer
    join public.chat_sessions as session on session.user_id = owner and session.id = answer.session_id
    -- What a branch copied or a file brought was used before.
    where answer.role = 'assistant' and answer.model is not null and answer.created_at >= session.created_at
$$;
comment on function private.newest_answers(uuid) is 'Those of a model among the newest 5,000 messages of 30 days; tokens read and written.';

-- Definer: clients can't read quotas and counters.
create or replace function public.read_usage() returns jsonb
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
    ),
    'models', (
        select coalesce(jsonb_agg(to_jsonb(used) order by used.tokens desc, used.answers desc, used.model), '[]')
        from (
            select * from (
                select answer.model, count(*) as answers, coalesce(sum(answer.tokens), 0) as tokens
                from private.newest_answers(auth.uid()) as answer group by 1
            ) as every order by every.tokens desc, every.answers desc, every.model limit 20
        ) as used
    ),
    'websites', (
        select coalesce(jsonb_agg(to_jsonb(used) order by used.tokens desc, used.answers desc, used.website_id), '[]')
        from (
            select * from (
                select answer.website_id, website.name, count(*) as answers, coalesce(sum(answer.tokens), 0) as tokens
                from private.newest_answers(auth.uid()) as answer
                left join public.websites as website on website.user_id = auth.uid() and website.id = answer.website_id
                group by 1, 2
            ) as every order by every.tokens desc, every.answers desc, every.website_id limit 20
        ) as used
    )
);
comment on function public.read_usage() is
'What one has used: {"quotas": [{"name", "allowed", "used", "resets_at"}], "days": those of the last 30 on which an answer ended, in
UTC, "models" and "websites": the 20 with the most tokens in answers of these days that still are there}.';
