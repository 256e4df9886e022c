-- One row per message, numbered under its session's row lock: the 10,000th append costs what the first one costs, and two
-- tabs can't both write number 7.

create table public.chat_messages (
    user_id uuid not null default auth.uid(),
    id uuid not null default gen_random_uuid(),
    session_id uuid not null,
    seq integer not null,
    role text not null,
    kind text not null default 'chat',
    content text not null default '',
    status text not null default 'complete',
    reply_to uuid,
    follows_id uuid,
    edit_of uuid,
    tool_calls jsonb,
    sources jsonb,
    model text,
    prompt_tokens integer,
    completion_tokens integer,
    finish_reason text,
    error_code text,
    version_id uuid,
    version_number integer,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (user_id, id),
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete cascade,
    foreign key (user_id, reply_to) references public.chat_messages (user_id, id) on delete set null (reply_to),
    constraint chat_messages_seq_once_per_session unique (user_id, session_id, seq),
    constraint chat_messages_role check (role in ('user', 'assistant')),
    constraint chat_messages_kind check (kind ~ '^[a-z][a-z0-9_-]{0,39}$'),
    constraint chat_messages_status check (status in ('complete', 'streaming', 'stopped', 'interrupted', 'failed')),
    constraint chat_messages_content_length
    check (char_length(content) <= case role when 'user' then private.max_question_length() else private.max_answer_length() end),
    constraint chat_messages_content_not_blank
    check (status <> 'complete' or private.is_visible(content)),
    constraint chat_messages_tool_calls_size check (pg_column_size(tool_calls) <= private.max_attachment_size()),
    constraint chat_messages_sources_size check (pg_column_size(sources) <= private.max_attachment_size()),
    constraint chat_messages_model_length check (char_length(model) <= 200),
    constraint chat_messages_finish_reason_length check (char_length(finish_reason) <= 200),
    constraint chat_messages_error_code_length check (char_length(error_code) <= 200),
    constraint chat_messages_reply_is_an_answer check (reply_to is null or role = 'assistant'),
    constraint chat_messages_tokens check (prompt_tokens >= 0 and completion_tokens >= 0)
);
comment on column public.chat_messages.seq is 'Counts from 1 per session, in the order of writing.';
comment on column public.chat_messages.status is
'Only an answer is ever not ''complete''; while ''streaming'' its text is in message_chunks.';
comment on column public.chat_messages.reply_to is 'The user message an answer answers; alternatives share it.';
comment on column public.chat_messages.follows_id is
'The message before this one on its path; null for a first one. Messages that follow the same one are alternatives. Has
no foreign key: a path goes on over a deleted message with the one that was written before it.';
comment on column public.chat_messages.edit_of is 'The user message that this one is an edited version of; that one is kept.';
comment on column public.chat_messages.error_code is 'Why an answer failed or was interrupted; null otherwise.';
comment on column public.chat_messages.version_id is
'The version this answer made; no foreign key, as a version goes only with its website, which takes the chat along.';

create unique index chat_messages_one_running_answer
on public.chat_messages (user_id, session_id) where status = 'streaming';
create index chat_messages_replies on public.chat_messages (user_id, reply_to);

create function private.latest_preview(owner uuid, session uuid) returns text
language sql stable set search_path = ''
return (
    select shown.preview
    from (
        select private.preview_of(message.content) as preview, message.seq
        from public.chat_messages as message
        where message.user_id = owner and message.session_id = session and message.content <> ''
    ) as shown
    where shown.preview is not null
    order by shown.seq desc limit 1
);

-- Definer: a client may add a message, but not write its session's counters and preview.
create function private.number_message() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.chat_sessions as session set
        last_seq = session.last_seq + 1,
        last_read_seq = case when new.role = 'user' then session.last_seq + 1 else session.last_read_seq end,
        message_count = session.message_count + 1,
        -- A transaction that waited for this lock began before the latest message was created.
        last_message_at = greatest(session.last_message_at, new.created_at),
        last_message_preview = coalesce(private.preview_of(new.content), session.last_message_preview),
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
    else
        new.follows_id := coalesce(new.follows_id, new.reply_to, (
            select latest.id from public.chat_messages as latest
            where latest.user_id = new.user_id and latest.session_id = new.session_id
            order by latest.seq desc limit 1
        ));
    end if;
    -- Raised here, because `on conflict do nothing` would keep the number and leave a gap.
    if exists (
        select 1 from public.chat_messages as message where message.user_id = new.user_id and message.id = new.id
    ) then
        raise unique_violation using constraint = 'chat_messages_pkey', message = 'The message exists already.';
    end if;
    if new.reply_to is not null and not exists (
        select 1 from public.chat_messages as asked
        where asked.user_id = new.user_id and asked.id = new.reply_to
            and asked.session_id = new.session_id and asked.role = 'user'
    ) then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return new;
end
$$;

create function private.guard_message() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if (new.session_id, new.seq, new.role) is distinct from (old.session_id, old.seq, old.role) then
        raise sqlstate 'PT403' using message = 'immutable_column';
    end if;
    -- current_user is the table's owner inside the functions that write answers.
    if old.status = 'streaming' and current_user in ('anon', 'authenticated') then
        raise sqlstate 'PT409' using
            message = 'answer_running', detail = jsonb_build_object('answer_id', old.id)::text;
    end if;
    return new;
end
$$;

-- Definer, as above.
create function private.follow_message_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- A statement of its own, so that the next one sees what the transaction that held the lock has written.
    perform 1 from public.chat_sessions as session
    where session.user_id = new.user_id and session.id = new.session_id
    for no key update;
    update public.chat_sessions as session set
        last_message_preview = private.latest_preview(session.user_id, session.id),
        running_answer_id = case
            when new.status = 'streaming' then new.id
            when session.running_answer_id = new.id then null
            else session.running_answer_id
        end
    where session.user_id = new.user_id and session.id = new.session_id;
    return null;
end
$$;

-- Definer, as above. Once per statement: deleting a session of 10,000 messages must not recount 10,000 times.
create function private.follow_message_deletes() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    -- Locked first, as above.
    perform 1 from public.chat_sessions as session
    where (session.user_id, session.id) in (select deleted.user_id, deleted.session_id from deleted)
    order by session.user_id, session.id
    for no key update;
    if not found then
        return null; -- The chats themselves are being deleted.
    end if;
    update public.chat_sessions as session set
        message_count = session.message_count - gone.messages,
        last_message_at = latest.created_at,
        last_message_preview = private.latest_preview(session.user_id, session.id),
        running_answer_id = case when session.running_answer_id = any(gone.ids) then null else session.running_answer_id end
    from (
        select user_id, session_id, count(*) as messages, array_agg(id) as ids
        from deleted group by user_id, session_id
    ) as gone
    left join lateral (
        select message.created_at from public.chat_messages as message
        where message.user_id = gone.user_id and message.session_id = gone.session_id
        order by message.seq desc limit 1
    ) as latest on true
    where session.user_id = gone.user_id and session.id = gone.session_id;
    return null;
end
$$;

create trigger number_message before insert on public.chat_messages
for each row execute function private.number_message();
create trigger guard_message before update on public.chat_messages
for each row execute function private.guard_message();
create trigger keep_identity before update on public.chat_messages
for each row execute function private.keep_identity();
create trigger touch_updated_at before update on public.chat_messages
for each row execute function private.touch_updated_at();
create trigger follow_message_change after update on public.chat_messages
for each row when (old.content is distinct from new.content or old.status is distinct from new.status)
execute function private.follow_message_change();
create trigger follow_message_deletes after delete on public.chat_messages
referencing old table as deleted
for each statement execute function private.follow_message_deletes();
create trigger hold_account before update or delete on public.chat_messages
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

alter table public.chat_messages enable row level security;

create policy "Owners see their messages" on public.chat_messages
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners add messages to their chats" on public.chat_messages
for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "Owners edit their messages" on public.chat_messages
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete their messages" on public.chat_messages
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.chat_messages to authenticated;
grant insert (id, session_id, role, kind, content, reply_to, tool_calls, sources, model, prompt_tokens, completion_tokens),
update (kind, content) on public.chat_messages to authenticated;
