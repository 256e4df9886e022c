-- What starts and ends every answer takes fewer statements, and is plpgsql for its plans, which a connection keeps: before Postgres 18
-- a function in SQL is planned at each call.

create or replace function private.message_json(message public.chat_messages) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return to_jsonb(message) - 'user_id';
end
$$;

create or replace function private.session_json(session public.chat_sessions) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return to_jsonb(session) - 'user_id';
end
$$;

create or replace function private.remember_key(
    owner uuid, key uuid, request jsonb, session uuid default null, message uuid default null, place jsonb default '{}'
) returns void
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
begin
    insert into private.idempotency_keys (user_id, key, request_hash, place, session_id, message_id)
    values (
        owner, remember_key.key, private.hash_of(request::text), remember_key.place, remember_key.session, remember_key.message
    );
end
$$;

create or replace function private.index_message(message public.chat_messages) returns void
language plpgsql set search_path = ''
as $$
begin
    insert into private.message_words (user_id, message_id, session_id, created_at, beginning, words)
    values (
        message.user_id, message.id, message.session_id, message.created_at, lower(left(message.content, 2000)),
        to_tsvector('pg_catalog.simple', left(message.content, 20000))
    )
    on conflict (user_id, message_id) do update set beginning = excluded.beginning, words = excluded.words;
end
$$;

create or replace function private.latest_preview(owner uuid, session uuid) returns text
language sql stable set search_path = ''
return (
    select shown.preview
    from (
        select private.preview_of(message.content) as preview, message.seq
        from public.chat_messages as message
        where message.user_id = owner and message.session_id = session and message.content <> ''
        -- Makes each preview once, and none after the first that there is.
        order by message.seq desc offset 0
    ) as shown
    where shown.preview is not null
    order by shown.seq desc limit 1
);

create or replace function private.admit_answer(session public.chat_sessions) returns void
language plpgsql set search_path = ''
as $$
declare
    _running uuid;
    _streaming bigint;
    _allowed bigint;
begin
    -- Also serialises a user's turns, so that the counts below can't be raced.
    perform private.spend(session.user_id, 'turns');
    select
        (array_agg(message.id) filter (where message.session_id = session.id))[1], count(*),
        (select quota.allowed from private.quotas as quota where quota.name = 'running_answers')
    into _running, _streaming, _allowed
    from public.chat_messages as message where message.user_id = session.user_id and message.status = 'streaming';
    if _running is not null then
        perform private.reap_answers(session.user_id, session.id);
        perform 1 from public.chat_messages as message
        where message.user_id = session.user_id and message.id = _running and message.status = 'streaming';
        if found then
            raise sqlstate 'PT409' using
                message = 'answer_running', detail = jsonb_build_object('answer_id', _running)::text;
        end if;
    end if;
    -- Leases, which a person has many of, are looked at only then.
    if _streaming >= _allowed and (
        select count(*) >= _allowed
        from public.chat_messages as message
        join private.answer_leases as lease on lease.user_id = message.user_id and lease.message_id = message.id
        where message.user_id = session.user_id and message.status = 'streaming'
            and lease.ended_at is null and lease.expires_at > now()
    ) then
        raise sqlstate 'PT429' using
            message = 'quota_exceeded', detail = '{"quota": "running_answers", "retry_after": 10}';
    end if;
end
$$;

-- Definer: a client may add a message, but not write its session's counters and preview.
create or replace function private.number_message() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.chat_sessions as session set
        last_seq = session.last_seq + 1,
        last_read_seq = case when new.role = 'user' then session.last_seq + 1 else session.last_read_seq end,
        message_count = session.message_count + 1,
        -- A transaction that waited for this lock began before the latest message was created.
        last_message_at = greatest(session.last_message_at, new.created_at),
        -- An answer that starts has no text.
        last_message_preview = case
            when new.content = '' then session.last_message_preview
            else coalesce(private.preview_of(new.content), session.last_message_preview)
        end,
        running_answer_id = case when new.status = 'streaming' then new.id else session.running_answer_id end,
        title = case
            when new.role = 'user' and session.title_source = 'auto' and lower(session.title) = 'new chat'
                then coalesce(nullif(private.title_of(new.content), ''), session.title)
            else session.title
        end
    where session.user_id = new.user_id and session.id = new.session_id
    returning session.last_seq, session.last_message_at into new.seq, new.created_at;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if new.edit_of is not null then
        select edited.follows_id into new.follows_id from public.chat_messages as edited
        where edited.user_id = new.user_id and edited.session_id = new.session_id
            and edited.id = new.edit_of and edited.role = 'user';
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    elsif new.follows_id is null then
        new.follows_id := new.reply_to;
        if new.follows_id is null and new.seq > 1 then
            select latest.id into new.follows_id from public.chat_messages as latest
            where latest.user_id = new.user_id and latest.session_id = new.session_id
            order by latest.seq desc limit 1;
        end if;
    end if;
    -- Raised here, because `on conflict do nothing` would keep the number and leave a gap.
    if exists (
        select 1 from public.chat_messages as message where message.user_id = new.user_id and message.id = new.id
    ) then
        raise unique_violation using constraint = 'chat_messages_pkey', message = 'The message exists already.';
    end if;
    if new.reply_to is not null then
        perform 1 from public.chat_messages as asked
        where asked.user_id = new.user_id and asked.id = new.reply_to
            and asked.session_id = new.session_id and asked.role = 'user';
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    return new;
end
$$;
