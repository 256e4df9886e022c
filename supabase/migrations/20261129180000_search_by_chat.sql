-- A search can bring one message of each chat, and quotes what was said before it quotes the code of a page.

-- A markdown text without its code blocks and marks.
create function private.prose(markdown text) returns text
language sql immutable set search_path = ''
return btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    markdown,
    '```.*?(```|$)', ' ', 'g'),
    '!?\[([^\]\[]*)\]\([^)]*\)', '\1', 'g'),
    '^\s*(#{1,6}\s+|>\s?|[-*+]\s+|\d+\.\s+)|\*\*|__|~~|[`*]', '', 'gn'),
    '\s+', ' ', 'g'));

-- What a page says, without its tags.
create function private.text_of_page(html text) returns text
language sql immutable set search_path = ''
return btrim(regexp_replace(regexp_replace(regexp_replace(
    html, '<style.*?</style>', ' ', 'g'), '<script.*?</script>', ' ', 'g'), '<[^<>]*>|```\S*|[`*]|\s+', ' ', 'g'));

-- The part of a text that matches, with marks; null where nothing does.
create function private.quoted(content text, query text, words tsquery) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _snippet text;
    _at integer;
begin
    if numnode(words) > 0 then
        _snippet := replace(ts_headline(
            'pg_catalog.simple', private.part_to_quote(private.without_comments(content), query, words), words,
            U&'StartSel=\E000, StopSel=\E001, MaxWords=24, MinWords=12'
        ), U&'\2060', '');
        if position(U&'\E000' in _snippet) > 0 then
            return left(_snippet, 600);
        end if;
    end if;
    _at := position(lower(query) in lower(content));
    if _at = 0 then
        return null;
    end if;
    return substr(content, greatest(_at - 60, 1), least(_at - 1, 60)) || U&'\E000'
        || substr(content, _at, char_length(query)) || U&'\E001' || substr(content, _at + char_length(query), 100);
end
$$;

create or replace function private.snippet(content text, query text, words tsquery) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _content text := translate(content, U&'\E000\E001', '');
    _prose text := private.prose(_content);
begin
    return coalesce(
        private.quoted(_prose, query, words),
        private.quoted(private.text_of_page(_content), query, words),
        private.quoted(_content, query, words),
        left(coalesce(nullif(_prose, ''), _content), 160)
    );
end
$$;

drop function public.search_messages(text, integer, boolean);

-- Definer: under row level security no index for words is used. Every statement names auth.uid(). The timeout is PostgREST's to
-- apply: it sets that of a function before it calls it. Postgres alone would not end a statement that runs already.
create function public.search_messages(
    query text, page integer default 20, everything boolean default false, per_chat boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' set statement_timeout = '4s'
as $$
declare
    _me uuid := auth.uid();
    _part text;
    _words tsquery;
    _last text;
    _prefix tsquery;
    _found private.found_messages;
begin
    -- Before anything looks at what it says: parsing 1 MB takes seconds.
    if char_length(query) > private.max_query_length() then
        raise sqlstate 'PT422' using message = 'query_too_long';
    end if;
    _part := '%' || replace(replace(replace(lower(query), '\', '\\'), '%', '\%'), '_', '\_') || '%';
    _words := private.parsed_query(query);
    _last := lower(substring(query from '[[:alnum:]]{2,}$'));
    -- The last word may still be being typed.
    if _last is not null and query ~ '^[[:alnum:][:space:]]+$' and query !~* '\mor\M' then
        _prefix := to_tsquery('pg_catalog.simple', quote_literal(_last) || ':*');
        _words := private.parsed_query(left(query, -char_length(_last)));
        _words := case when numnode(_words) > 0 then _words && _prefix else _prefix end;
    end if;
    if numnode(_words) > 0 then
        _found := private.found(_me, _words, null, page, everything);
    end if;
    if _found.messages is null and not coalesce(_found.is_part, false)
        and cardinality(extensions.show_trgm(query)) > 2 and char_length(btrim(query)) > 2
    then
        -- Nothing by whole words, but maybe by parts of them.
        _found := private.found(_me, _words, _part, page, everything);
    elsif _found.messages is null then
        -- Common words in another order, less than three letters, or a script of which the database makes no trigrams.
        _found := private.newest_found(_me, _words, _part);
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
            with hits as (
                select hit.place, message.id, message.session_id,
                    -- A branch has copies of what was said before it.
                    row_number() over (
                        partition by message.created_at, message.role, left(message.content, 200)
                        order by session.created_at, hit.place
                    ) as copy
                from unnest(
                    case when per_chat then _found.messages else _found.messages[:least(page, 100)] end
                ) with ordinality as hit (id, place)
                join public.chat_messages as message on message.user_id = _me and message.id = hit.id
                join public.chat_sessions as session on session.user_id = _me and session.id = message.session_id
            ), ranked as (
                select hits.place, hits.id, count(*) over (partition by hits.session_id) as of_chat,
                    row_number() over (partition by hits.session_id order by hits.place) as rank
                from hits where hits.copy = 1 or not per_chat
            ), chosen as (
                select * from ranked where ranked.rank = 1 or not per_chat order by ranked.place limit least(page, 100)
            )
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', message.id, 'session_id', message.session_id, 'seq', message.seq, 'role', message.role,
                'kind', message.kind, 'created_at', message.created_at, 'session_title', session.title,
                'website_id', session.website_id, 'helper', session.helper, 'matches_in_chat', chosen.of_chat,
                'snippet', private.snippet(left(message.content, 20000), query, _words)
            ) order by chosen.place), '[]')
            from chosen
            join public.chat_messages as message on message.user_id = _me and message.id = chosen.id
            join public.chat_sessions as session on session.user_id = _me and session.id = message.session_id
        ),
        'newest_only', coalesce(_found.is_part, false)
    );
end
$$;
comment on function public.search_messages(text, integer, boolean, boolean) is
'Search one''s own chats: {"sessions": whose title has the text, "messages": each with a "snippet", "newest_only"}, messages by rank
among the newest 200 that match; when none has the words, those that contain the text. newest_only: more may match than were looked
at; `everything` looks at more, at its price. per_chat: the best message of each chat, and none that a branch has copied;
"matches_in_chat" counts those found. Matches in a snippet are between U+E000 and U+E001. Raises PT422 query_too_long.';
grant execute on function public.search_messages(text, integer, boolean, boolean) to authenticated;
