-- What the model sees of a website and of a chat: the brief, the latest turns whole, and the beginning of each earlier message, from which
-- the app makes a digest. Each is bounded, so that a question costs the same however long its chat is.

create function private.max_history() returns integer
language sql immutable set search_path = ''
return 12000;
comment on function private.max_history() is 'Of the latest turns, with the question, in characters.';

create function private.max_digest() returns integer
language sql immutable set search_path = ''
return 4000;
comment on function private.max_digest() is 'Of what is told of earlier turns, in characters.';

create or replace function private.without_page(content text, number integer) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _mark text := case when number is null then '[page]' else format('[page: version %s]', number) end;
    _kept text := '';
    _rest text := E'\n' || content;
    _start integer;
    _end integer;
    _block text;
begin
    -- An answer has few blocks; one that is made of them costs no more.
    for _ in 1..20 loop
        _start := least(nullif(strpos(_rest, E'\n```html'), 0), nullif(strpos(_rest, E'\n```edit'), 0));
        exit when _start is null;
        _kept := _kept || left(_rest, _start);
        _rest := substr(_rest, _start + 1);
        _end := strpos(_rest || E'\n', E'\n```\n');
        _block := case when _end = 0 then _rest else left(_rest, _end + 3) end;
        _rest := substr(_rest, char_length(_block) + 1);
        if starts_with(_block, '```html') and left(_block, 400) !~* '^[^\n]*\n[^<]*(<!doctype html|<html|<{5,9} ?SEARCH)' then
            -- An example.
            _kept := _kept || _block;
        else
            _kept := _kept || _mark;
            _mark := '';
        end if;
    end loop;
    return substr(_kept || _rest, 2);
end
$$;
comment on function private.without_page(text, integer) is
'An answer with one mark for its pages and edits: the page that came of them is told separately.';

create function private.start_of_history(seqs integer[], sizes integer[], budget integer) returns integer
language plpgsql immutable set search_path = ''
as $$
declare
    _place integer;
    _size integer;
    _best integer;
begin
    -- The last of `seqs` is that of the message that didn't fit.
    foreach _place in array array[8, 4, 2] loop
        _size := 0;
        for _at in 1..cardinality(sizes) loop
            _size := _size + sizes[_at];
            if _size >= budget * 5 / 6 and (seqs[_at] - 1) / _place <> (seqs[_at + 1] - 1) / _place then
                _best := _at;
            end if;
        end loop;
        exit when _best is not null;
    end loop;
    return coalesce(_best, cardinality(sizes));
end
$$;
comment on function private.start_of_history(integer[], integer[], integer) is
'How many of the latest messages, newest first, the model sees when there are more: up to one that begins eight messages of the chat, or
four, or two, if five sixths of the budget are used by then. So the history begins with the same message for some turns, and a provider
that keeps what it read can go on from there.';

create function private.digest_of(owner uuid, messages uuid[], before_seq integer) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _step record;
    _text text;
    _left integer := private.max_digest();
    _digest jsonb := '[]';
begin
    for _step in
        select message.role, message.version_number, message.content
        from unnest(messages) with ordinality as path (message_id, step)
        join public.chat_messages as message on message.user_id = owner and message.id = path.message_id
        where message.status <> 'streaming' and message.content <> '' and message.seq < before_seq
        order by path.step
    loop
        _text := btrim(regexp_replace(
            split_part(left(_step.content, greatest(_left / 2, 160)), '```', 1), '\s+', ' ', 'g'
        ));
        -- With the words around it.
        _left := _left - char_length(_text) - 30;
        exit when _left < 0;
        _digest := jsonb_build_object('role', _step.role, 'text', _text, 'version', _step.version_number) || _digest;
    end loop;
    return _digest;
end
$$;
comment on function private.digest_of(uuid, uuid[], integer) is
'Of messages (newest first) before a seq the beginnings on one line each, without code, oldest first: [{"role", "text", "version"}].
The newest has up to half of what there is room for, and so on, so that a digest of few messages is as long as one of many.';

create or replace function private.model_context(session public.chat_sessions, question uuid, budget integer) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _most_bytes integer := private.max_history_bytes();
    _asked public.chat_messages;
    _path uuid[];
    _step record;
    _content text;
    _turns jsonb[] := '{}';
    _seqs integer[] := '{}';
    _sizes integer[] := '{}';
    _budget integer := least(budget, private.max_history());
    _left integer;
    _has_page boolean := session.website_id is not null;
    _is_full boolean := false;
    _bytes bigint := 0;
    _digest jsonb := '[]';
begin
    select * into _asked from public.chat_messages as message
    where message.user_id = session.user_id and message.id = model_context.question;
    _left := greatest(_budget - char_length(_asked.content), 0);
    if _asked.follows_id is not null then
        _path := array(
            select path.message_id from private.path_to(session.user_id, model_context.question, 200) as path
            where path.step > 1 order by path.step
        );
        for _step in
            select message.role, message.content, message.version_number, message.seq
            from unnest(_path) with ordinality as path (message_id, step)
            join public.chat_messages as message on message.user_id = session.user_id and message.id = path.message_id
            where message.status <> 'streaming' and message.content <> ''
            order by path.step
        loop
            _seqs := _seqs || _step.seq;
            _bytes := _bytes + octet_length(_step.content);
            _is_full := _bytes > _most_bytes;
            exit when _is_full;
            if not _has_page and strpos(_step.content, '```html') > 0 and octet_length(_step.content) <= private.max_page_for_model() then
                -- The page of a chat about no website is nowhere else.
                _has_page := true;
                _content := _step.content;
                _sizes := _sizes || 0;
            else
                _content := private.without_page(_step.content, _step.version_number);
                if cardinality(_turns) = 0 and char_length(_content) > _left and _left > 100 then
                    -- Rather the beginning of the answer before the question than none of it.
                    _content := left(_content, _left - 4) || E'\n[…]';
                end if;
                _is_full := char_length(_content) > _left;
                exit when _is_full;
                _left := _left - char_length(_content);
                _sizes := _sizes || char_length(_content);
            end if;
            _turns := _turns || jsonb_build_object('role', _step.role, 'content', _content);
        end loop;
        if _is_full then
            _turns := _turns[:private.start_of_history(_seqs, _sizes, _budget - char_length(_asked.content))];
            _digest := private.digest_of(session.user_id, _path, coalesce(_seqs[cardinality(_turns)], _asked.seq));
        end if;
    end if;
    return jsonb_build_object(
        'history', to_jsonb(
            array(select turn from unnest(_turns) with ordinality as newest (turn, place) order by place desc)
            || jsonb_build_object('role', _asked.role, 'content', _asked.content)
        ),
        'earlier', _digest,
        'website', (
            select jsonb_build_object('id', website.id, 'name', website.name, 'brief', coalesce(brief.text, ''))
            from public.websites as website
            left join private.briefs as brief on brief.user_id = website.user_id and brief.website_id = website.id
            where website.user_id = session.user_id and website.id = session.website_id
        )
    );
end
$$;
comment on function private.model_context(public.chat_sessions, uuid, integer) is
'What the model sees besides its instructions: {"history": the latest turns that lead to a question, within `budget` and
max_history(), "earlier": the beginnings of what came before (digest_of), and "website" with its brief}.';
