-- Numbers such as 1e131071 are 8 bytes as jsonb and 131,072 as text. What has such numbers, or a thousand brackets, is more than its
-- readers can hold: it is refused before anything makes a text of it.

-- The numbers come as one array: taking rows from a path's results one by one costs the square of how many there are.
create function private.is_readable(given jsonb) returns boolean
language sql immutable set search_path = ''
return case
    when jsonb_path_exists(given, 'strict $.**{128}') then false
    else not exists (
        select 1 from jsonb_array_elements(jsonb_path_query_array(given, 'strict $.** ? (@.type() == "number")')) as number (value)
        where abs(number.value::numeric) > 1.7976931348623157e308 or scale(number.value::numeric) > 400
    )
end;
comment on function private.is_readable(jsonb) is
'Whether it is nested less than 128 deep, and each of its numbers is one that a double can hold, with at most 400 decimals; or null.';

create function private.refuse_unreadable(given jsonb) returns void
language plpgsql immutable strict set search_path = ''
as $$
begin
    if not private.is_readable(given) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
end
$$;

-- What breaks the rule goes, as in 20261121103200_shape_of_attachments.sql.
create function private.readable_part(given jsonb) returns jsonb
language sql immutable set search_path = ''
return (
    select jsonb_agg(kept.entry order by kept.place)
    from jsonb_array_elements(given) with ordinality as kept (entry, place)
    where private.is_readable(kept.entry)
);
alter table public.chat_messages disable trigger user;
with broken as materialized (
    select message.user_id, message.id, private.message_bytes(null, message.tool_calls, message.sources) as bytes
    from public.chat_messages as message
    where not private.is_readable(message.tool_calls) or not private.is_readable(message.sources)
),
cleaned as (
    update public.chat_messages as message set
        tool_calls = private.readable_part(message.tool_calls), sources = private.readable_part(message.sources)
    from broken where message.user_id = broken.user_id and message.id = broken.id
    returning message.user_id, private.message_bytes(null, message.tool_calls, message.sources) - broken.bytes as bytes
)
insert into private.byte_changes (user_id, bytes) select cleaned.user_id, sum(cleaned.bytes) from cleaned group by cleaned.user_id;
alter table public.chat_messages enable trigger user;
with broken as materialized (
    select trashed.user_id, trashed.trash_id, trashed.seq, trashed.bytes from private.trashed_rows as trashed
    where trashed.seq > 0 and not private.is_readable(jsonb_build_array(trashed.data -> 'tool_calls', trashed.data -> 'sources'))
),
cleaned as (
    update private.trashed_rows as trashed set data = trashed.data || '{"tool_calls": null, "sources": null}'
    from broken where trashed.user_id = broken.user_id and trashed.trash_id = broken.trash_id and trashed.seq = broken.seq
    returning trashed.user_id, trashed.bytes - broken.bytes as bytes
)
insert into private.byte_changes (user_id, bytes) select cleaned.user_id, sum(cleaned.bytes) from cleaned group by cleaned.user_id;
update private.shared_messages as shared set sources = private.readable_part(shared.sources)
where not private.is_readable(shared.sources);
drop function private.readable_part(jsonb);

-- Definer: functions are out of clients' reach. A trigger, as policies make texts of a row before its constraints are checked, and so
-- does the error of a constraint.
create function private.check_attachments() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.refuse_unreadable(new.tool_calls), private.refuse_unreadable(new.sources);
    return new;
end
$$;

create trigger attachments_are_readable before insert or update of tool_calls, sources on public.chat_messages
for each row execute function private.check_attachments();

-- What is too large or unreadable is never stored, so that it needs no text to be compared by.
create or replace function private.without_end_zeros(given jsonb) returns text
language sql immutable set search_path = ''
return case
    when pg_column_size(given) > private.max_attachment_size() or not private.is_readable(given) then ''
    else regexp_replace(given::text, '("(?:[^"\\]|\\.)*")|(\.\d*[1-9])0+(?!\d)|\.0+(?!\d)', '\1\2', 'g')
end;

-- Return the row of an earlier, equal request, or nulls for a new key. Of two requests at the same time, the second waits here for
-- the first.
create or replace function private.find_key(owner uuid, key uuid, request jsonb, place jsonb default '{}')
returns private.idempotency_keys
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _first private.idempotency_keys;
    _is_same boolean;
begin
    perform private.refuse_unreadable(request);
    perform pg_advisory_xact_lock(hashtextextended(owner::text || find_key.key::text, 0));
    select * into _first from private.idempotency_keys as first where first.user_id = owner and first.key = find_key.key;
    if found then
        _is_same := _first.request_hash = private.hash_of(request::text)
            and (_first.place = find_key.place or private.is_where(owner, _first.message_id, find_key.place));
    else
        -- A row with that id was made without a key.
        _is_same := not exists (
            select 1 from public.chat_messages as message where message.user_id = owner and message.id = find_key.key
        ) and not exists (
            select 1 from public.chat_sessions as session where session.user_id = owner and session.id = find_key.key
        );
    end if;
    if not _is_same then
        raise sqlstate 'PT422' using message = 'key_reused';
    end if;
    return _first;
end
$$;

-- Definer: it numbers messages, and moves replaced ones to the trash. Every statement names auth.uid().
create or replace function public.save_chat(
    website_id uuid,
    messages jsonb,
    chat_id uuid default null,
    title text default null,
    "replace" boolean default false,
    new_id uuid default null -- a key, and the id of a new chat
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _request jsonb := jsonb_build_array('chat', website_id, messages, chat_id, title, "replace");
    _key private.idempotency_keys;
    _chat public.chat_sessions;
    _is_new boolean := save_chat.chat_id is null;
    _stored integer;
    _same integer;
begin
    perform private.hold_account(_me);
    if save_chat.new_id is not null then
        _key := private.find_key(_me, save_chat.new_id, _request);
        if _key.session_id is not null then
            return jsonb_build_object('result', 'saved', 'id', _key.session_id);
        end if;
    else
        perform private.refuse_unreadable(save_chat.messages);
    end if;
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = save_chat.website_id for key share;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _is_new then
        insert into public.chat_sessions as session (user_id, id, website_id, title)
        values (
            _me, coalesce(save_chat.new_id, gen_random_uuid()), save_chat.website_id,
            coalesce(save_chat.title, 'New chat')
        )
        returning session.* into _chat;
    else
        select * into _chat from public.chat_sessions as session
        where session.user_id = _me and session.id = save_chat.chat_id and session.website_id = save_chat.website_id
        for update;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;

    select count(stored.number), coalesce(min(number) filter (
        where (stored.role, stored.content) is distinct from (given.message ->> 'role', given.message ->> 'content')
    ), count(*) + 1) - 1
    into _stored, _same
    from private.saved_messages(_me, _chat.id) as stored
    full join jsonb_array_elements(save_chat.messages) with ordinality as given (message, number) using (number);

    if _same < jsonb_array_length(save_chat.messages) or (save_chat."replace" and _same < _stored) then
        if _chat.running_answer_id is not null then
            perform private.reap_answers(_me, _chat.id);
            select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
        end if;
        if _chat.running_answer_id is not null then
            raise sqlstate 'PT409' using
                message = 'answer_running', detail = jsonb_build_object('answer_id', _chat.running_answer_id)::text;
        end if;
        if _same < _stored and not save_chat."replace" then
            return jsonb_build_object('result', 'diverged', 'id', _chat.id);
        end if;
        if _same < _stored then
            perform private.put_in_trash(_chat, (
                select array_agg(stored.id) from private.saved_messages(_me, _chat.id) as stored where stored.number > _same
            ));
        end if;
        perform private.append_messages(_chat, (
            select coalesce(jsonb_agg(given.message order by given.number), '[]')
            from jsonb_array_elements(save_chat.messages) with ordinality as given (message, number)
            where given.number > _same
        ));
    end if;
    if save_chat.title is not null then
        update public.chat_sessions as session set title = save_chat.title
        where session.user_id = _me and session.id = _chat.id and session.title <> save_chat.title;
    end if;
    if save_chat.new_id is not null then
        perform private.remember_key(_me, save_chat.new_id, _request, session => _chat.id);
    end if;
    return jsonb_build_object('result', case when _is_new then 'created' else 'saved' end, 'id', _chat.id);
end
$$;

-- Definer: the counter on the website, and the size, are out of clients' reach. What was stored before these limits stays.
create or replace function private.number_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update public.websites as website set latest_version_number = website.latest_version_number + 1
    where website.user_id = new.user_id and website.id = new.website_id
    returning website.latest_version_number into new.number;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if private.has_all_versions(new.number - 1) then
        perform private.refuse('versions');
    end if;
    if not private.is_readable(new.files) or jsonb_typeof(new.files) = 'object' and (
        select count(*) > 100 or count(*) filter (where path.name ~* '\.html?$') > 12 from jsonb_object_keys(new.files) as path (name)
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "files"}';
    end if;
    new.size := octet_length(new.files::text);
    return new;
end
$$;
