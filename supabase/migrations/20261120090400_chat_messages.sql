-- One row per message, numbered under its session's row lock, so that appending to the 10,000th message costs
-- what the first one cost, and two tabs can't both write number 7.

-- Control and format characters, spaces, and marks that need a letter to stand on: `sitethread/visible.py` has the same ones.
create function private.is_visible(content text) returns boolean
language sql immutable set search_path = ''
return content ~ (
    '[^\u0001-\u0020\u007f-\u00a0\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4'
    '\u05c5\u05c7\u0600-\u0605\u0610-\u061a\u061c\u064b-\u065f\u0670\u06d6-\u06dd\u06df-\u06e4\u06e7'
    '\u06e8\u06ea-\u06ed\u070f\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u07fd\u0816-\u0819'
    '\u081b-\u0823\u0825-\u0827\u0829-\u082d\u0859-\u085b\u0890\u0891\u0897-\u089f\u08ca-\u0902\u093a'
    '\u093c\u0941-\u0948\u094d\u0951-\u0957\u0962\u0963\u0981\u09bc\u09c1-\u09c4\u09cd\u09e2\u09e3\u09fe'
    '\u0a01\u0a02\u0a3c\u0a41\u0a42\u0a47\u0a48\u0a4b-\u0a4d\u0a51\u0a70\u0a71\u0a75\u0a81\u0a82\u0abc'
    '\u0ac1-\u0ac5\u0ac7\u0ac8\u0acd\u0ae2\u0ae3\u0afa-\u0aff\u0b01\u0b3c\u0b3f\u0b41-\u0b44\u0b4d\u0b55'
    '\u0b56\u0b62\u0b63\u0b82\u0bc0\u0bcd\u0c00\u0c04\u0c3c\u0c3e-\u0c40\u0c46-\u0c48\u0c4a-\u0c4d\u0c55'
    '\u0c56\u0c62\u0c63\u0c81\u0cbc\u0cbf\u0cc6\u0ccc\u0ccd\u0ce2\u0ce3\u0d00\u0d01\u0d3b\u0d3c'
    '\u0d41-\u0d44\u0d4d\u0d62\u0d63\u0d81\u0dca\u0dd2-\u0dd4\u0dd6\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1'
    '\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f7e\u0f80-\u0f84\u0f86\u0f87'
    '\u0f8d-\u0f97\u0f99-\u0fbc\u0fc6\u102d-\u1030\u1032-\u1037\u1039\u103a\u103d\u103e\u1058\u1059'
    '\u105e-\u1060\u1071-\u1074\u1082\u1085\u1086\u108d\u109d\u115f\u1160\u135d-\u135f\u1680\u1712-\u1714'
    '\u1732\u1733\u1752\u1753\u1772\u1773\u17b4\u17b5\u17b7-\u17bd\u17c6\u17c9-\u17d3\u17dd\u180b-\u180f'
    '\u1885\u1886\u18a9\u1920-\u1922\u1927\u1928\u1932\u1939-\u193b\u1a17\u1a18\u1a1b\u1a56\u1a58-\u1a5e'
    '\u1a60\u1a62\u1a65-\u1a6c\u1a73-\u1a7c\u1a7f\u1ab0-\u1ace\u1b00-\u1b03\u1b34\u1b36-\u1b3a\u1b3c'
    '\u1b42\u1b6b-\u1b73\u1b80\u1b81\u1ba2-\u1ba5\u1ba8\u1ba9\u1bab-\u1bad\u1be6\u1be8\u1be9\u1bed'
    '\u1bef-\u1bf1\u1c2c-\u1c33\u1c36\u1c37\u1cd0-\u1cd2\u1cd4-\u1ce0\u1ce2-\u1ce8\u1ced\u1cf4\u1cf8'
    '\u1cf9\u1dc0-\u1dff\u2000-\u200f\u2028-\u202f\u205f-\u206f\u20d0-\u20f0\u2800\u2cef-\u2cf1\u2d7f'
    '\u2de0-\u2dff\u3000\u302a-\u302d\u3099\u309a\u3164\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ua6f0\ua6f1'
    '\ua802\ua806\ua80b\ua825\ua826\ua82c\ua8c4\ua8c5\ua8e0-\ua8f1\ua8ff\ua926-\ua92d\ua947-\ua951'
    '\ua980-\ua982\ua9b3\ua9b6-\ua9b9\ua9bc\ua9bd\ua9e5\uaa29-\uaa2e\uaa31\uaa32\uaa35\uaa36\uaa43\uaa4c'
    '\uaa7c\uaab0\uaab2-\uaab4\uaab7\uaab8\uaabe\uaabf\uaac1\uaaec\uaaed\uaaf6\uabe5\uabe8\uabed\ufb1e'
    '\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff0-\ufffb\U000101fd\U000102e0\U00010376-\U0001037a'
    '\U00010a01-\U00010a03\U00010a05\U00010a06\U00010a0c-\U00010a0f\U00010a38-\U00010a3a\U00010a3f'
    '\U00010ae5\U00010ae6\U00010d24-\U00010d27\U00010d69-\U00010d6d\U00010eab\U00010eac'
    '\U00010efc-\U00010eff\U00010f46-\U00010f50\U00010f82-\U00010f85\U00011001\U00011038-\U00011046'
    '\U00011070\U00011073\U00011074\U0001107f-\U00011081\U000110b3-\U000110b6\U000110b9\U000110ba'
    '\U000110bd\U000110c2\U000110cd\U00011100-\U00011102\U00011127-\U0001112b\U0001112d-\U00011134'
    '\U00011173\U00011180\U00011181\U000111b6-\U000111be\U000111c9-\U000111cc\U000111cf'
    '\U0001122f-\U00011231\U00011234\U00011236\U00011237\U0001123e\U00011241\U000112df'
    '\U000112e3-\U000112ea\U00011300\U00011301\U0001133b\U0001133c\U00011340\U00011366-\U0001136c'
    '\U00011370-\U00011374\U000113bb-\U000113c0\U000113ce\U000113d0\U000113d2\U000113e1\U000113e2'
    '\U00011438-\U0001143f\U00011442-\U00011444\U00011446\U0001145e\U000114b3-\U000114b8\U000114ba'
    '\U000114bf\U000114c0\U000114c2\U000114c3\U000115b2-\U000115b5\U000115bc\U000115bd\U000115bf'
    '\U000115c0\U000115dc\U000115dd\U00011633-\U0001163a\U0001163d\U0001163f\U00011640\U000116ab'
    '\U000116ad\U000116b0-\U000116b5\U000116b7\U0001171d-\U0001171f\U00011722-\U00011725'
    '\U00011727-\U0001172b\U0001182f-\U00011837\U00011839\U0001183a\U0001193b\U0001193c\U0001193e'
    '\U00011943\U000119d4-\U000119d7\U000119da\U000119db\U000119e0\U00011a01-\U00011a0a'
    '\U00011a33-\U00011a38\U00011a3b-\U00011a3e\U00011a47\U00011a51-\U00011a56\U00011a59-\U00011a5b'
    '\U00011a8a-\U00011a96\U00011a98\U00011a99\U00011c30-\U00011c36\U00011c38-\U00011c3d\U00011c3f'
    '\U00011c92-\U00011ca7\U00011caa-\U00011cb0\U00011cb2\U00011cb3\U00011cb5\U00011cb6'
    '\U00011d31-\U00011d36\U00011d3a\U00011d3c\U00011d3d\U00011d3f-\U00011d45\U00011d47\U00011d90'
    '\U00011d91\U00011d95\U00011d97\U00011ef3\U00011ef4\U00011f00\U00011f01\U00011f36-\U00011f3a'
    '\U00011f40\U00011f42\U00011f5a\U00013430-\U00013440\U00013447-\U00013455\U0001611e-\U00016129'
    '\U0001612d-\U0001612f\U00016af0-\U00016af4\U00016b30-\U00016b36\U00016f4f\U00016f8f-\U00016f92'
    '\U00016fe4\U0001bc9d\U0001bc9e\U0001bca0-\U0001bca3\U0001cf00-\U0001cf2d\U0001cf30-\U0001cf46'
    '\U0001d167-\U0001d169\U0001d173-\U0001d182\U0001d185-\U0001d18b\U0001d1aa-\U0001d1ad'
    '\U0001d242-\U0001d244\U0001da00-\U0001da36\U0001da3b-\U0001da6c\U0001da75\U0001da84'
    '\U0001da9b-\U0001da9f\U0001daa1-\U0001daaf\U0001e000-\U0001e006\U0001e008-\U0001e018'
    '\U0001e01b-\U0001e021\U0001e023\U0001e024\U0001e026-\U0001e02a\U0001e08f\U0001e130-\U0001e136'
    '\U0001e2ae\U0001e2ec-\U0001e2ef\U0001e4ec-\U0001e4ef\U0001e5ee\U0001e5ef\U0001e8d0-\U0001e8d6'
    '\U0001e944-\U0001e94a\U000e0000-\U000e0fff]'
);
comment on function private.is_visible(text) is 'Whether anything of a text would be seen.';
-- Who writes a message has it checked.
grant execute on function private.is_visible(text) to authenticated;

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
    check (char_length(content) <= case role when 'user' then 100000 else 1000000 end),
    constraint chat_messages_content_not_blank
    check (status <> 'complete' or private.is_visible(content)),
    constraint chat_messages_tool_calls_size check (pg_column_size(tool_calls) <= 262144),
    constraint chat_messages_sources_size check (pg_column_size(sources) <= 262144),
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

-- The first characters of a line, up to 50, without half of what is seen as one: a letter and its marks, joined emoji, a flag.
create function private.whole_characters(line text) returns text
language sql immutable set search_path = ''
return (
    select left(line, coalesce(max(fits), 50))
    from generate_series(25, 50) as fits
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
        when char_length(line) <= 50 then line
        when substr(line, 51, 1) = ' ' then left(line, 50) || '…'
        -- Give up a broken last word, unless that would give up most of the title.
        else coalesce(substring(left(line, 50) from '^(.{25,}) \S*$'), private.whole_characters(line)) || '…'
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
