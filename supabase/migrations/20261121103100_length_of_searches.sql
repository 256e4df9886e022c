-- The length of a search is checked before it is parsed.

create function private.max_query_length() returns integer
language sql immutable set search_path = ''
return 200;
comment on function private.max_query_length() is 'Of what is searched for, in characters.';

-- Definer: under row level security no index for words is used. Every statement names auth.uid().
create or replace function public.search_messages(query text, page integer default 20, everything boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = ''
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
    _words := websearch_to_tsquery('pg_catalog.simple', query);
    _last := lower(substring(query from '[[:alnum:]]{2,}$'));
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
