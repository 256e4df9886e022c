-- A chat session is one conversation with one helper. Its counters, previews and automatic title follow its
-- messages, by triggers; clients can write none of them.

create table private.helpers (
    name text primary key,
    kind text not null
);
comment on column private.helpers.kind is 'The kind of a helper''s answers; an answer that makes a page becomes ''code''.';

insert into private.helpers (name, kind) values
    ('builder', 'chat'),
    ('copywriter', 'copy'),
    ('designer', 'design'),
    ('seo', 'seo'),
    ('reviewer', 'review');

create table public.chat_sessions (
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    website_id uuid,
    helper text not null default 'builder' references private.helpers (name),
    title text not null default 'New chat',
    title_source text not null default 'auto',
    last_message_preview text,
    last_message_at timestamptz,
    message_count integer not null default 0,
    last_seq integer not null default 0,
    last_read_seq integer not null default 0,
    running_answer_id uuid,
    branched_from_session_id uuid,
    branched_from_message_id uuid,
    pinned_at timestamptz,
    archived_at timestamptz,
    tags text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (user_id, id),
    foreign key (user_id, website_id) references public.websites (user_id, id) on delete cascade,
    foreign key (user_id, branched_from_session_id) references public.chat_sessions (user_id, id)
    on delete set null (branched_from_session_id),
    constraint chat_sessions_title_length check (char_length(title) <= 200),
    constraint chat_sessions_title_not_blank check (private.is_visible(title)),
    constraint chat_sessions_title_source check (title_source in ('auto', 'user')),
    constraint chat_sessions_tag_count check (cardinality(tags) <= 10),
    constraint chat_sessions_tag_length check (array_to_string(tags, E'\n', '') ~ '^([^\n]{1,40}(\n|$))*$'),
    constraint chat_sessions_tag_not_blank check (private.are_visible(tags)),
    constraint chat_sessions_tag_one_line check (strpos(array_to_string(tags, ''), E'\n') = 0)
);
comment on column public.chat_sessions.website_id is 'Null for a chat about no website in particular.';
comment on column public.chat_sessions.title_source is '''auto'' until a person names the chat.';
comment on column public.chat_sessions.last_message_preview is
'First 140 characters of the last message as plain text; null until there is one.';
comment on column public.chat_sessions.last_seq is 'The newest message''s seq; never goes down.';
comment on column public.chat_sessions.last_read_seq is 'Messages beyond it are unread; set by the owner''s devices.';
comment on column public.chat_sessions.branched_from_session_id is 'The chat this one began as a copy of.';
comment on column public.chat_sessions.running_answer_id is 'The answer being written; null when none is.';

create index chat_sessions_newest on public.chat_sessions (user_id, updated_at desc, id desc);
create index chat_sessions_branches on public.chat_sessions (user_id, branched_from_session_id);
create index chat_sessions_newest_of_website
on public.chat_sessions (user_id, website_id, updated_at desc, id desc);

create function private.name_session() returns trigger
language plpgsql set search_path = ''
as $$
begin
    -- At depth 1 the user sets the title; deeper, a trigger of the first message does.
    if pg_trigger_depth() = 1 and (tg_op = 'INSERT' or new.title is distinct from old.title) then
        new.title_source := case when lower(new.title) = 'new chat' then 'auto' else 'user' end;
    end if;
    return new;
end
$$;

-- Definer: counters are out of clients' reach.
create function private.count_session() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.hold_account(new.user_id);
    perform private.spend(new.user_id, 'sessions');
    return new;
end
$$;

create table private.provider_threads (
    user_id uuid not null,
    session_id uuid not null,
    sealed text not null,
    primary key (user_id, session_id),
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete cascade,
    constraint provider_threads_sealed_length check (char_length(sealed) <= 1000)
);
comment on table private.provider_threads is 'The model provider''s own id of a chat''s conversation.';
comment on column private.provider_threads.sealed is 'Encrypted by the app, which alone can read it.';

create trigger name_session before insert or update of title on public.chat_sessions
for each row execute function private.name_session();
create trigger count_session before insert on public.chat_sessions
for each row execute function private.count_session();
create trigger keep_identity before update on public.chat_sessions
for each row execute function private.keep_identity();
-- Only these columns move a chat to the top of the list; reading it doesn't.
create trigger touch_updated_at before update of
website_id, title, pinned_at, archived_at, tags, message_count, last_message_preview
on public.chat_sessions
for each row execute function private.touch_updated_at();
create trigger hold_account before update or delete on public.chat_sessions
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

alter table public.chat_sessions enable row level security;

create policy "Owners see their chats" on public.chat_sessions
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners start chats" on public.chat_sessions
for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "Owners change their chats" on public.chat_sessions
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete their chats" on public.chat_sessions
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.chat_sessions to authenticated;
grant insert (id, website_id, helper, title, tags),
update (title, website_id, last_read_seq, pinned_at, archived_at, tags) on public.chat_sessions to authenticated;
