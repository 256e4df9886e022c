-- Search in all of a person's chats. Under row level security the planner may not use a full-text index, since the
-- operators aren't leakproof; so one function filters by owner itself, over indexes that begin with the owner.

create extension if not exists btree_gin with schema extensions;
create extension if not exists pg_trgm with schema extensions;

create table private.message_words (
    user_id uuid not null,
    message_id uuid not null,
    session_id uuid not null,
    created_at timestamptz not null,
    beginning text not null,
    words tsvector not null,
    primary key (user_id, message_id),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade
);
comment on table private.message_words is 'The search index of messages, in a table of its own, so that reading messages stays fast.';
comment on column private.message_words.words is 'Of the first 20,000 characters: a tsvector over 1 MB would refuse the message.';
comment on column private.message_words.beginning is 'The first 2,000 characters, in lower case: indexing parts of words costs 1 ms a 1,000.';

create index message_words_by_word on private.message_words using gin (user_id, words);
create index message_words_by_part
on private.message_words using gin (user_id, beginning extensions.gin_trgm_ops);
create index message_words_newest on private.message_words (user_id, created_at desc, message_id desc);
alter table private.message_words alter column words set statistics 1000;

create table private.chats_to_index (
    user_id uuid not null,
    session_id uuid not null,
    primary key (user_id, session_id),
    foreign key (user_id, session_id) references public.chat_sessions (user_id, id) on delete cascade
);
comment on table private.chats_to_index is 'Imported and restored chats that are not indexed yet: index_chats does it.';

create function private.index_message(message public.chat_messages) returns void
language sql set search_path = ''
as $$
    insert into private.message_words (user_id, message_id, session_id, created_at, beginning, words)
    values (
        message.user_id, message.id, message.session_id, message.created_at, lower(left(message.content, 2000)),
        to_tsvector('pg_catalog.simple', left(message.content, 20000))
    )
    on conflict (user_id, message_id) do update set beginning = excluded.beginning, words = excluded.words
$$;

-- Definer: clients add and edit messages, but can't write what is searched.
create function private.index_added_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if (select count(*) from added) > 200 then
        insert into private.chats_to_index (user_id, session_id)
        select distinct user_id, session_id from added on conflict do nothing;
    else
        perform private.index_message(message) from public.chat_messages as message
        where (message.user_id, message.id) in (select user_id, id from added where content <> '');
    end if;
    return null;
end
$$;

-- Definer, as above.
create function private.index_changed_message() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.index_message(new);
    return null;
end
$$;

create trigger index_added_messages after insert on public.chat_messages
referencing new table as added
for each statement execute function private.index_added_messages();
create trigger index_changed_message after update of content on public.chat_messages
for each row when (old.content is distinct from new.content) execute function private.index_changed_message();

insert into private.chats_to_index (user_id, session_id)
select user_id, id from public.chat_sessions where message_count > 0;

-- Definer, as above. Every statement names auth.uid().
create function public.index_chats(messages integer default 300) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _chat private.chats_to_index;
    _indexed integer;
begin
    perform private.hold_account(_me);
    select * into _chat from private.chats_to_index as chat where chat.user_id = _me limit 1 for update skip locked;
    if not found then
        return false;
    end if;
    perform private.index_message(missing.message)
    from (
        select message from public.chat_messages as message
        where message.user_id = _me and message.session_id = _chat.session_id and message.content <> ''
            and not exists (
                select 1 from private.message_words as known
                where known.user_id = _me and known.message_id = message.id
            )
        limit least(index_chats.messages, 300)
    ) as missing;
    get diagnostics _indexed = row_count;
    if _indexed < least(index_chats.messages, 300) then
        delete from private.chats_to_index as done where done.user_id = _me and done.session_id = _chat.session_id;
    end if;
    return true;
end
$$;
comment on function public.index_chats(integer) is
'Make some more of one''s messages searchable, of chats that came in whole; returns whether there may be more to do.';
grant execute on function public.index_chats(integer) to authenticated;

-- The newest 200 hits, and how many there are, up to 2,001. Only a bitmap of the full-text or trigram index will do here: the
-- planner takes a rare word's beginning for common, and would rather read a long history from its end.
create function private.hits(owner uuid, wanted tsquery, part text) returns table (
    message_id uuid, created_at timestamptz, rank real, total bigint
)
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_indexscan = off
as $$
begin
    -- A custom plan for each search: the best index depends on how common the words are.
    return query execute format($q$
        with hits as materialized (
            select message.message_id, message.created_at, message.words from private.message_words as message
            where message.user_id = $1 and %s limit 2001
        )
        select hits.message_id, hits.created_at, coalesce(ts_rank(hits.words, $2), 0)::real, (select count(*) from hits)
        from hits order by hits.created_at desc, hits.message_id desc limit 200
    $q$, case when part is null then 'message.words @@ $2' else 'message.beginning like $3' end)
    using owner, wanted, part;
end
$$;

-- The same for words that are so common that the newest hits are near the end of the history, or too short for an index.
create function private.newest_hits(owner uuid, wanted tsquery, part text, depth integer) returns table (
    message_id uuid, created_at timestamptz, rank real, total bigint
)
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
    return query execute format($q$
        select message.message_id, message.created_at, coalesce(ts_rank(message.words, $2), 0)::real, 200::bigint
        from (
            select * from private.message_words as newest where newest.user_id = $1
            order by newest.created_at desc, newest.message_id desc limit $4
        ) as message
        where %s order by message.created_at desc, message.message_id desc limit 200
    $q$, case when part is null then 'message.words @@ $2' else 'message.beginning like $3' end)
    using owner, wanted, part, depth;
end
$$;

-- Definer: see the top of this file. Every statement names auth.uid().
create function public.search_messages(query text, page integer default 20) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _part text := '%' || replace(replace(replace(lower(query), '\', '\\'), '%', '\%'), '_', '\_') || '%';
    _words tsquery := websearch_to_tsquery('pg_catalog.simple', query);
    _last text := lower(substring(query from '[[:alnum:]]{2,}$'));
    _prefix tsquery;
    _found uuid[];
    _total bigint;
begin
    if char_length(query) > 200 then
        raise sqlstate 'PT422' using message = 'query_too_long';
    end if;
    -- The last word may still be being typed.
    if _last is not null and query ~ '^[[:alnum:][:space:]]+$' and query !~* '\mor\M' then
        _prefix := to_tsquery('pg_catalog.simple', quote_literal(_last) || ':*');
        _words := websearch_to_tsquery('pg_catalog.simple', left(query, -char_length(_last)));
        _words := case when numnode(_words) > 0 then _words && _prefix else _prefix end;
    end if;
    if numnode(_words) > 0 then
        select array_agg(hit.message_id order by hit.rank desc, hit.created_at desc, hit.message_id), max(hit.total)
        into _found, _total from private.hits(_me, _words, null) as hit;
        if _total > 2000 then
            select array_agg(hit.message_id order by hit.rank desc, hit.created_at desc, hit.message_id)
            into _found from private.newest_hits(_me, _words, null, null) as hit;
        end if;
    end if;
    if _found is null and cardinality(extensions.show_trgm(query)) > 2 and char_length(btrim(query)) > 2 then
        -- Nothing by whole words, but maybe by parts of them.
        select array_agg(hit.message_id order by hit.created_at desc, hit.message_id), max(hit.total)
        into _found, _total from private.hits(_me, _words, _part) as hit;
        if _total > 2000 then
            select array_agg(hit.message_id order by hit.created_at desc, hit.message_id)
            into _found from private.newest_hits(_me, _words, _part, null) as hit;
        end if;
    elsif _found is null then
        -- Less than three letters, or a script of which the database makes no trigrams.
        select array_agg(hit.message_id order by hit.created_at desc, hit.message_id)
        into _found from private.newest_hits(_me, _words, _part, 5000) as hit;
    end if;
    return jsonb_build_object(
        'sessions', (
            select coalesce(jsonb_agg(private.session_json(named) order by named.updated_at desc), '[]')
            from (
                select session.* from public.chat_sessions as session
                where session.user_id = _me and lower(session.title) like _part
                order by session.updated_at desc, session.id desc limit least(page, 100)
            ) as named
        ),
        'messages', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', message.id, 'session_id', message.session_id, 'seq', message.seq, 'role', message.role,
                'kind', message.kind, 'created_at', message.created_at, 'session_title', session.title,
                'website_id', session.website_id, 'helper', session.helper,
                'snippet', private.snippet(left(message.content, 20000), query, _words)
            ) order by hit.place), '[]')
            from unnest(_found[:least(page, 100)]) with ordinality as hit (id, place)
            join public.chat_messages as message on message.user_id = _me and message.id = hit.id
            join public.chat_sessions as session on session.user_id = _me and session.id = message.session_id
        )
    );
end
$$;
comment on function public.search_messages(text, integer) is
'Search one''s own chats: {"sessions": whose title has the text, "messages": each with a "snippet"}, messages by rank among the
newest 200 that match; when none has the words, those that contain the text. Matches in a snippet are between U+E000 and
U+E001. Raises PT422 query_too_long.';

create function private.snippet(content text, query text, words tsquery) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _content text := translate(content, U&'\E000\E001', '');
    _snippet text;
    _at integer;
begin
    if numnode(words) > 0 then
        _snippet := ts_headline('pg_catalog.simple', _content, words, U&'StartSel=\E000, StopSel=\E001, MaxWords=24, MinWords=12');
        if position(U&'\E000' in _snippet) > 0 then
            return left(_snippet, 600);
        end if;
    end if;
    _at := position(lower(query) in lower(_content));
    if _at = 0 then
        return left(_content, 160);
    end if;
    return substr(_content, greatest(_at - 60, 1), least(_at - 1, 60)) || U&'\E000'
        || substr(_content, _at, char_length(query)) || U&'\E001' || substr(_content, _at + char_length(query), 100);
end
$$;

grant execute on function public.search_messages(text, integer) to authenticated;
