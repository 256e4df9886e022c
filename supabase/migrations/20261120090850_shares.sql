-- A share is a link to a chat as it was when it was shared, for anybody who has the link, until its owner revokes it.
-- The link holds a random token; only its hash is stored.

create table public.chat_shares (
    user_id uuid not null default auth.uid(),
    id uuid not null default gen_random_uuid(),
    session_id uuid not null,
    last_seq integer not null,
    token_hash bytea not null unique,
    created_at timestamptz not null default now(),
    primary key (user_id, id),
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete cascade
);
comment on column public.chat_shares.last_seq is 'The last message that is shared.';

create index chat_shares_of_session on public.chat_shares (user_id, session_id, created_at desc);

alter table public.chat_shares enable row level security;

create policy "Owners see their shares" on public.chat_shares
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners take their shares back" on public.chat_shares
for delete to authenticated using ((select auth.uid()) = user_id);

grant select (user_id, id, session_id, last_seq, created_at), delete on public.chat_shares to authenticated;

-- Definer: clients can't write shares. Every statement names auth.uid().
create function public.share_chat(session_id uuid, token text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _chat public.chat_sessions;
    _share public.chat_shares;
begin
    if char_length(share_chat.token) < 32 then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    select * into _chat from public.chat_sessions as session
    where session.user_id = _me and session.id = share_chat.session_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if (
        select count(*) >= 20 from public.chat_shares as share where share.user_id = _me and share.session_id = _chat.id
    ) then
        raise sqlstate 'PT409' using message = 'too_many_shares';
    end if;
    insert into public.chat_shares as share (user_id, session_id, last_seq, token_hash)
    values (_me, _chat.id, _chat.last_seq, private.hash_of(share_chat.token))
    returning share.* into _share;
    return to_jsonb(_share) - 'user_id' - 'token_hash' - 'last_seq';
end
$$;
comment on function public.share_chat(uuid, text) is
'Share a chat as it is now under a token of the caller''s making: {"id", "session_id", "created_at"}. Raises PT404 not_found,
PT409 too_many_shares (20 a chat).';

-- Definer and open to anon: the token is the authority.
create function public.read_share(token text, before integer default null, page integer default 100) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _share public.chat_shares;
    _messages jsonb;
begin
    select * into _share from public.chat_shares as share where share.token_hash = private.hash_of(read_share.token);
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select coalesce(jsonb_agg(to_jsonb(shown) order by shown.seq), '[]') into _messages
    from (
        select message.seq, message.role, message.kind, message.content, message.sources, message.created_at
        from (
            select latest.id from public.chat_messages as latest
            where latest.user_id = _share.user_id and latest.session_id = _share.session_id
                and latest.seq <= _share.last_seq
            order by latest.seq desc limit 1
        ) as latest
        cross join lateral private.path_to(_share.user_id, latest.id) as path
        join public.chat_messages as message on message.user_id = _share.user_id and message.id = path.message_id
        where message.status <> 'streaming' and message.content <> ''
            and message.seq < coalesce(read_share.before, 2147483647)
        order by message.seq desc limit least(read_share.page, 100) + 1
    ) as shown;
    return (
        select jsonb_build_object(
            'title', session.title, 'helper', session.helper, 'shared_at', _share.created_at, 'messages', _messages
        )
        from public.chat_sessions as session
        where session.user_id = _share.user_id and session.id = _share.session_id
    );
end
$$;
comment on function public.read_share(text, integer, integer) is
'What a share''s token opens: {"title", "helper", "shared_at", "messages"}, the latest `page` messages (and one more, if there
are older ones) whose seq is below `before`; no ids, no owner. Raises PT404 not_found.';

grant execute on function public.share_chat(uuid, text) to authenticated;
grant execute on function public.read_share(text, integer, integer) to anon, authenticated;
