-- A search costs no more than a page of text does, whatever is searched for in whatever was written: so many words are looked
-- for, and a snippet of a long text that repeats them is made of a part of it.

create function private.max_query_words() returns integer
language sql immutable set search_path = ''
return 20;
comment on function private.max_query_words() is 'Of what is searched for; further words are ignored.';

create function private.parsed_query(query text) returns tsquery
language plpgsql immutable set search_path = ''
as $$
declare
    -- Two dashes or more before a word are a line that was pasted, not "without": the parser gives up on a long one.
    _query text := regexp_replace(query, '(^|[^[:alnum:]])-[-\s!&|()]*-[-\s!&|()]*', '\1 ', 'g');
begin
    if _query ~ '^[[:alnum:][:space:]]+$' and _query !~* '\mor\M' then
        select string_agg(said.word, ' ' order by said.place) into _query
        from (
            select lower(part.word) as word, min(part.place) as place
            from regexp_split_to_table(_query, '[[:space:]]+') with ordinality as part (word, place) group by 1
        ) as said;
    end if;
    if regexp_count(_query, '[[:alnum:]]+') > private.max_query_words() then
        _query := substring(_query from format('^(?:[^[:alnum:]]*[[:alnum:]]+){%s}', private.max_query_words()));
    end if;
    return websearch_to_tsquery('pg_catalog.simple', _query);
end
$$;
comment on function private.parsed_query(text) is 'Repeated words count once, unless there are operators.';

-- The part of a text that a snippet is made of: all of it, or 2,000 characters around the first match where matches are so many
-- that ts_headline, which tries them with each other, would take seconds.
create function private.part_to_quote(content text, query text, words tsquery) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _wanted text[] := tsvector_to_array(to_tsvector('pg_catalog.simple', query));
    _last text := coalesce(lower(substring(query from '[[:alnum:]]+$')), _wanted[1]);
    _matches bigint;
    _at integer;
begin
    if char_length(content) <= 2000 then
        return content;
    end if;
    -- Positions end at 256 a word.
    select sum(cardinality(word.positions)) into _matches from unnest(to_tsvector('pg_catalog.simple', content)) as word
    where word.lexeme = any(_wanted) or starts_with(word.lexeme, _last);
    if coalesce(_matches, 0) <= 250 and coalesce(_matches, 0) * numnode(words) <= 1000 then
        return content;
    end if;
    _at := regexp_instr(lower(content), '\m(?:' || (
        select string_agg(regexp_replace(word, '([^[:alnum:]])', '\\\1', 'g'), '|') from unnest(_wanted || _last) as word
    ) || ')');
    return substr(content, greatest(_at - 200, 1), 2000);
end
$$;

-- A comment that is opened and not closed costs Postgres's parser the square of what follows it.
create function private.without_comments(content text) returns text
language sql immutable set search_path = ''
return replace(content, '<!--', U&'<\2060!--');
comment on function private.without_comments(text) is 'The text with an invisible character in `<!--`, so that what follows is read as words.';

create or replace function private.index_message(message public.chat_messages) returns void
language sql set search_path = ''
as $$
    insert into private.message_words (user_id, message_id, session_id, created_at, beginning, words)
    values (
        message.user_id, message.id, message.session_id, message.created_at, lower(left(message.content, 2000)),
        to_tsvector('pg_catalog.simple', private.without_comments(left(message.content, 20000)))
    )
    on conflict (user_id, message_id) do update set beginning = excluded.beginning, words = excluded.words
$$;

create or replace function private.snippet(content text, query text, words tsquery) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _content text := translate(content, U&'\E000\E001', '');
    _snippet text;
    _at integer;
begin
    if numnode(words) > 0 then
        _snippet := replace(ts_headline(
            'pg_catalog.simple', private.part_to_quote(private.without_comments(_content), query, words), words,
            U&'StartSel=\E000, StopSel=\E001, MaxWords=24, MinWords=12'
        ), U&'\2060', '');
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

-- Definer: under row level security no index for words is used. Every statement names auth.uid(). The timeout is PostgREST's to
-- apply: it sets that of a function before it calls it. Postgres alone would not end a statement that runs already.
create or replace function public.search_messages(query text, page integer default 20, everything boolean default false) returns jsonb
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
