-- One row per message, numbered under its session's row lock, so that appending to the 10,000th message costs
-- what the first one cost, and two tabs can't both write number 7.

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

create function private.plain_text(markdown text) returns text
language sql immutable set search_path = ''
return nullif(btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    left(markdown, 4000),
    '```.*?(```|$)', ' ', 'g'),
    '!?\[([^\]\[]*)\]\([^)]*\)', '\1', 'g'),
    '^\s*(#{1,6}\s+|>\s?|[-*+]\s+|\d+\.\s+)|\*\*|__|~~|[`*]', '', 'gn'),
    '\s+', ' ', 'g')), '');
comment on function private.plain_text(text) is 'The beginning of a markdown text without its marks and code blocks; null when nothing is left.';

create function private.preview_of(markdown text) returns text
language sql immutable set search_path = ''
return left(coalesce(
    private.plain_text(markdown),
    -- Nothing but code or marks: better those than no preview.
    nullif(btrim(regexp_replace(replace(left(markdown, 1000), '`', ''), '\s+', ' ', 'g')), ''),
    nullif(btrim(regexp_replace(left(markdown, 1000), '\s+', ' ', 'g')), '')
), 140);

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

-- As titles that people give are cleaned: one line, composed characters, nothing that turns text around. A flag keeps the tags
-- it is made of, and a letter three marks.
create function private.title_line(message text) returns text
language sql immutable set search_path = ''
return (
    select case when private.is_visible(line) then line else '' end
    from btrim(regexp_replace(
        regexp_replace(
            regexp_replace(
                normalize(regexp_replace(
                    left(message, 1000),
                    '(\U0001f3f4[\U000e0020-\U000e007f]+)|[\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f'
                    '\u3164\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]',
                    '\1', 'g'
                ), nfc),
                '[\u0001-\u0020\u007f-\u00a0\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff]+',
                ' ', 'g'
            ),
            '([\u200c\u200d])[\u200c\u200d]+', '\1', 'g'
        ), replace('([marks]{3})[marks]+', 'marks',
            '\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff'
            '\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef'
        ), '\1', 'g'
    )) as line
);

create function private.max_title_length() returns integer
language sql immutable set search_path = ''
return 50;
comment on function private.max_title_length() is 'Of a title that follows the first message, in characters.';

-- The first characters of a line, as many as fit in a title, without half of what is seen as one: a letter and its marks, joined emoji, a flag.
create function private.whole_characters(line text) returns text
language sql immutable set search_path = ''
return (
    select left(line, coalesce(max(fits), private.max_title_length()))
    from generate_series(25, private.max_title_length()) as fits
    where private.is_visible(substr(line, fits + 1, 1)) and substr(line, fits + 1, 1) !~ '[\U0001f3fb-\U0001f3ff]'
        and substr(line, fits, 1) <> U&'\200d' and not (
            substr(line, fits + 1, 1) ~ '[\U0001f1e6-\U0001f1ff]'
            and char_length(substring(left(line, fits) from '[\U0001f1e6-\U0001f1ff]*$')) % 2 = 1
        )
);

create function private.title_of(message text) returns text
language sql immutable set search_path = ''
return (
    select case
        when char_length(line) <= private.max_title_length() then line
        when substr(line, private.max_title_length() + 1, 1) = ' ' then left(line, private.max_title_length()) || '…'
        -- Give up a broken last word, unless that would give up most of the title.
        else coalesce(
            substring(left(line, private.max_title_length()) from '^(.{25,}) \S*$'), private.whole_characters(line)
        ) || '…'
    end
    from private.title_line(message) as line
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
        -- Whoever waited here for the row's lock began before the message that is now in front.
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
    -- An insert that says `on conflict do nothing` would keep the number it took, and leave a gap.
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
    -- Locked in a statement of its own, so that the next one sees what whoever held the lock has written.
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
