-- While an answer is being written: its worker appends, its owner reads it from any character on, and may stop it from any device.

-- Definer and open to anon: the lease is the authority, so that a user's token may expire in the middle of an answer.
create function public.append_chunks(appends jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _results jsonb;
begin
    with given as (
        select given.answer_id, private.hash_of(given.lease) as lease_hash, given."offset" as at, given.text
        from jsonb_to_recordset(append_chunks.appends) as given (answer_id uuid, lease text, "offset" integer, text text)
    ),
    held as (
        select lease.user_id, lease.message_id, lease.lease_hash, lease.written, lease.stop_requested_at, given.at,
            -- A repeated append (its first reply was lost) brings only what is new.
            case when given.at <= lease.written then substr(given.text, lease.written - given.at + 1) else '' end as fresh
        from given
        join private.answer_leases as lease
            on lease.lease_hash = given.lease_hash and lease.message_id = given.answer_id and lease.ended_at is null
        join public.chat_messages as message on message.user_id = lease.user_id and message.id = lease.message_id
        -- Without waiting: deleting an account locks messages before leases, in an order of its own.
        for key share of message skip locked
        for update of lease skip locked
    ),
    -- Results are computed here, once: joining what the two writes below return would compare each answer with each.
    judged as (
        select held.*, case when held.written + char_length(held.fresh) <= private.max_answer_length() then char_length(held.fresh) else 0 end as added
        from held
    ),
    added as (
        insert into public.message_chunks (user_id, message_id, start_offset, text)
        select judged.user_id, judged.message_id, judged.written, judged.fresh from judged where judged.added > 0
    ),
    extended as (
        update private.answer_leases as lease set
            written = judged.written + judged.added, expires_at = now() + private.lease_term()
        from judged
        where lease.user_id = judged.user_id and lease.message_id = judged.message_id
    )
    select coalesce(jsonb_agg(jsonb_build_object(
        'answer_id', given.answer_id,
        'written', judged.written + judged.added,
        'result', case
            when judged.message_id is null then case
                when exists (
                    select 1 from private.answer_leases as lease
                    where lease.lease_hash = given.lease_hash and lease.message_id = given.answer_id and lease.ended_at is null
                ) then 'busy'
                else 'lost'
            end
            when given.at > judged.written then 'gap'
            when judged.fresh <> '' and judged.added = 0 then 'full'
            when judged.stop_requested_at is not null then 'stopped'
            else 'written'
        end
    )), '[]')
    into _results
    from given left join judged on judged.message_id = given.answer_id and judged.lease_hash = given.lease_hash;
    return _results;
end
$$;
comment on function public.append_chunks(jsonb) is
'Append to many answers at once: [{"answer_id", "lease", "offset", "text"}], one entry an answer, offset in characters.
Returns for each {"answer_id", "written", "result"}: written; stopped (written too, but the owner asked to stop); lost (the
lease has ended, or never was); busy (somebody else is at that answer this moment: nothing was stored, call again); gap (offset
beyond what is stored); full. Also extends the leases: send "" to keep one.';

-- Definer: it looks at the lease, and ends the answer when that has run out.
create function public.read_answer(answer_id uuid, after integer default 0) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _answer public.chat_messages;
    _lease private.answer_leases;
    _stored record;
    -- Clamped, so that adding 1 can't overflow.
    _after integer := least(greatest(read_answer.after, 0), private.max_answer_length());
begin
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _me and answer.id = read_answer.answer_id and answer.role = 'assistant';
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _answer.status = 'streaming' then
        select * into _lease from private.answer_leases as held where held.user_id = _me and held.message_id = _answer.id;
        if _lease.ended_at is null and _lease.expires_at < now() then
            perform 1 from public.chat_sessions as session
            where session.user_id = _me and session.id = _answer.session_id for update;
            perform private.reap_answers(_me, _answer.session_id);
        end if;
    end if;
    -- One statement, so one snapshot: a finish in between must not show the text twice or not at all.
    select answer, held.written, substr(answer.content, _after + 1) || coalesce((
        -- Only the first of these chunks can begin before `after`.
        select string_agg(
            substr(chunk.text, greatest(_after - chunk.start_offset, 0) + 1), '' order by chunk.start_offset
        )
        from public.message_chunks as chunk
        where chunk.user_id = _me and chunk.message_id = answer.id and chunk.start_offset >= coalesce((
            select max(before.start_offset) from public.message_chunks as before
            where before.user_id = _me and before.message_id = answer.id and before.start_offset <= _after
        ), 0)
    ), '') as text
    into _stored
    from public.chat_messages as answer
    left join private.answer_leases as held on held.user_id = answer.user_id and held.message_id = answer.id
    where answer.user_id = _me and answer.id = read_answer.answer_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return jsonb_build_object(
        'answer', private.message_json(_stored.answer) - 'content',
        'text', _stored.text,
        'title', (
            select session.title from public.chat_sessions as session
            where session.user_id = _me and session.id = _answer.session_id
        ),
        'length', case
            when (_stored.answer).status = 'streaming' then _stored.written
            else char_length((_stored.answer).content)
        end
    );
end
$$;
comment on function public.read_answer(uuid, integer) is
'An answer as it stands: {"answer": the message without content, "text": what comes after that many characters, "length":
how many there were when asked, "title": the title of the chat}. An answer whose lease has run out is ended as interrupted first. Raises PT404 not_found.';

-- Definer: the lease is out of clients' reach.
create function public.stop_answer(answer_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _answer public.chat_messages;
begin
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _me and answer.id = stop_answer.answer_id and answer.role = 'assistant';
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _answer.status = 'streaming' then
        perform 1 from public.chat_sessions as session
        where session.user_id = _me and session.id = _answer.session_id for update;
        perform private.reap_answers(_me, _answer.session_id);
        -- Also for an answer that was just ended here: a worker that reclaims it must still see the stop.
        update private.answer_leases as held set stop_requested_at = coalesce(held.stop_requested_at, now())
        where held.user_id = _me and held.message_id = _answer.id;
        select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _answer.id;
    end if;
    return private.message_json(_answer);
end
$$;
comment on function public.stop_answer(uuid) is
'Ask the worker that writes an answer to stop, wherever it runs; returns the message as it stands. Raises PT404 not_found.';

grant execute on function public.append_chunks(jsonb) to anon, authenticated;
grant execute on function public.read_answer(uuid, integer), public.stop_answer(uuid) to authenticated;
