-- Whole chats come in as one transaction, many chats change as one, and people can see what they have used.

-- Definer: an imported message brings times and a status, which clients can't write. Every statement names auth.uid().
create function public.import_chat(
    chat jsonb, messages jsonb, website_id uuid default null, new_id uuid default gen_random_uuid()
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
begin
    if import_chat.website_id is not null then
        perform 1 from public.websites as website
        where website.user_id = _me and website.id = import_chat.website_id for key share;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = new_id;
    if found then
        -- The first answer was lost on its way.
        return private.session_json(_chat) - 'thread_id';
    end if;
    insert into public.chat_sessions as session (user_id, id, website_id, helper, title, tags)
    values (
        _me, new_id, import_chat.website_id, coalesce(chat ->> 'helper', 'builder'), coalesce(chat ->> 'title', 'New chat'),
        array(select jsonb_array_elements_text(coalesce(nullif(chat -> 'tags', 'null'), '[]')))
    )
    returning session.* into _chat;
    if jsonb_array_length(messages) > 0 then
        perform private.append_messages(_chat, messages);
    end if;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
    return private.session_json(_chat) - 'thread_id';
end
$$;
comment on function public.import_chat(jsonb, jsonb, uuid, uuid) is
'Make a chat of {"helper", "title", "tags"} and its messages, all or nothing; ids in them are mapped to new ones. Returns the
chat, also when it was made before under the same new_id. Raises PT404 not_found, PT429 quota_exceeded.';

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

-- Definer: quotas and counters are out of clients' reach.
create function public.read_usage() returns jsonb
language sql stable security definer set search_path = ''
return jsonb_build_object(
    'quotas', (
        select jsonb_agg(jsonb_build_object(
            'name', quota.name, 'allowed', quota.allowed,
            'used', case
                when quota.every is null then (
                    select count(*) from public.chat_messages as message
                    where message.user_id = auth.uid() and message.status = 'streaming'
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
    public.import_chat(jsonb, jsonb, uuid, uuid), public.archive_chats(uuid[], boolean), public.read_usage()
to authenticated;
