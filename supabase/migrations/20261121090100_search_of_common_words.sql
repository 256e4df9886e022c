-- A search looks at a bounded number of messages, however common its words are: first at the newest 3,000, where common words are
-- found at once, then by index for words that are rare. Finding a common word by index would read all of its places first.

drop function private.newest_hits(uuid, tsquery, text, integer);

create type private.found_messages as (messages uuid[], matches bigint, is_part boolean);

-- Of the newest 3,000 messages, those that match, at most 200.
create function private.newest_found(owner uuid, wanted tsquery, part text) returns private.found_messages
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
    _found private.found_messages;
begin
    execute format($q$
        select array_agg(hit.message_id order by hit.rank desc, hit.created_at desc, hit.message_id), count(*), exists (
            select 1 from private.message_words as older where older.user_id = $1 offset 3000
        )
        from (
            select newest.message_id, newest.created_at, case when $3 is null then ts_rank(newest.words, $2) else 0 end as rank
            from (
                select * from private.message_words as message where message.user_id = $1
                order by message.created_at desc, message.message_id desc limit 3000
            ) as newest
            where %s order by newest.created_at desc, newest.message_id desc limit 200
        ) as hit
    $q$, case when part is null then 'newest.words @@ $2' else 'newest.beginning like $3' end)
    into _found using owner, wanted, part;
    return _found;
end
$$;
comment on function private.newest_found(uuid, tsquery, text) is
'is_part: there are older messages, which were not looked at. By rank; by time when `part` is what is looked for.';

-- The planner's guess from statistics, which takes a millisecond where counting takes a hundred.
create function private.expected_hits(owner uuid, wanted tsquery) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
    _plan json;
begin
    execute 'explain (format json) select from private.message_words as message where message.user_id = $1 and message.words @@ $2'
    into _plan using owner, wanted;
    return (_plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
end
$$;

create function private.found(owner uuid, wanted tsquery, part text, page integer, everything boolean)
returns private.found_messages
language plpgsql volatile set search_path = ''
as $$
declare
    _newest private.found_messages := private.newest_found(owner, wanted, part);
    _found private.found_messages;
begin
    if not _newest.is_part or not everything and (
        _newest.matches = 200 or part is null and private.expected_hits(owner, wanted) > 2000
    ) then
        return _newest;
    end if;
    select
        array_agg(
            hit.message_id order by case when part is null then hit.rank else 0 end desc, hit.created_at desc, hit.message_id
        ),
        max(hit.total), max(hit.total) > 2000
    into _found from private.hits(owner, wanted, part) as hit;
    -- More than were counted: which of them were looked at is chance, but these are the newest.
    return case when _found.is_part and _newest.matches >= least(page, 100) then _newest else _found end;
end
$$;

drop function public.search_messages(text, integer);

-- Definer: under row level security no index for words is used. Every statement names auth.uid().
create function public.search_messages(query text, page integer default 20, everything boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _part text := '%' || replace(replace(replace(lower(query), '\', '\\'), '%', '\%'), '_', '\_') || '%';
    _words tsquery := websearch_to_tsquery('pg_catalog.simple', query);
    _last text := lower(substring(query from '[[:alnum:]]{2,}$'));
    _prefix tsquery;
    _found private.found_messages;
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
            select coalesce(jsonb_agg(jsonb_build_object(
                'id', message.id, 'session_id', message.session_id, 'seq', message.seq, 'role', message.role,
                'kind', message.kind, 'created_at', message.created_at, 'session_title', session.title,
                'website_id', session.website_id, 'helper', session.helper,
                'snippet', private.snippet(left(message.content, 20000), query, _words)
            ) order by hit.place), '[]')
            from unnest(_found.messages[:least(page, 100)]) with ordinality as hit (id, place)
            join public.chat_messages as message on message.user_id = _me and message.id = hit.id
            join public.chat_sessions as session on session.user_id = _me and session.id = message.session_id
        ),
        'newest_only', coalesce(_found.is_part, false)
    );
end
$$;
comment on function public.search_messages(text, integer, boolean) is
'Search one''s own chats: {"sessions": whose title has the text, "messages": each with a "snippet", "newest_only"}, messages by rank
among the newest 200 that match; when none has the words, those that contain the text. newest_only: more may match than were looked
at; `everything` looks at more, at its price. Matches in a snippet are between U+E000 and U+E001. Raises PT422 query_too_long.';
grant execute on function public.search_messages(text, integer, boolean) to authenticated;
