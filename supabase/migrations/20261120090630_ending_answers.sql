-- An answer is ended once: by its worker, which joins the chunks into the message, or, when that is gone, by its owner's next
-- read. A worker that was only disconnected may reclaim it.

-- End the answers of a session whose worker is gone, keeping every stored character. The caller holds the session's
-- lock. Leases that ran out while Postgres itself was away get one more term: their workers may be alive.
create function private.reap_answers(owner uuid, session uuid) returns void
language plpgsql set search_path = ''
as $$
declare
    _lease private.answer_leases;
begin
    if pg_postmaster_start_time() > now() - private.lease_term() then
        return;
    end if;
    for _lease in
        select lease.* from private.answer_leases as lease
        join public.chat_messages as message on message.user_id = lease.user_id and message.id = lease.message_id
        where message.user_id = owner and message.session_id = session and message.status = 'streaming'
            and lease.ended_at is null and lease.expires_at < now()
        for update of lease
    loop
        update public.chat_messages as message set
            content = private.text_of(message),
            status = 'interrupted',
            error_code = 'worker_lost'
        where message.user_id = owner and message.id = _lease.message_id;
        delete from public.message_chunks where user_id = owner and message_id = _lease.message_id;
        update private.answer_leases set ended_at = now() where user_id = owner and message_id = _lease.message_id;
    end loop;
end
$$;

-- Definer and open to anon: the lease is the authority, as it is for append_chunks.
create function public.finish_answer(
    answer_id uuid,
    lease text,
    status text,
    "offset" integer,
    text text,
    error_code text default null,
    finish_reason text default null,
    model text default null,
    prompt_tokens integer default null,
    completion_tokens integer default null,
    tool_calls jsonb default null,
    sources jsonb default null,
    sealed_thread text default null, -- '' forgets the one there is
    files jsonb default null,
    summary text default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _hash bytea := private.hash_of(finish_answer.lease);
    _lease private.answer_leases;
    _session public.chat_sessions;
    _answer public.chat_messages;
    _version public.site_versions;
    _content text;
    _is_blank boolean;
begin
    if finish_answer.status not in ('complete', 'stopped', 'interrupted', 'failed') then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    select * into _lease from private.answer_leases as held
    where held.lease_hash = _hash and held.message_id = finish_answer.answer_id;
    if not found then
        return '{"result": "lost"}';
    end if;
    if finish_answer.files is not null then
        -- Numbering the version locks the website; deleting a website locks it before its chats.
        perform 1 from public.websites as website
        join public.chat_sessions as session on session.user_id = website.user_id and session.website_id = website.id
        where session.user_id = _lease.user_id and session.id = _lease.session_id
        for no key update of website;
    end if;
    select * into _session from public.chat_sessions as session
    where session.user_id = _lease.user_id and session.id = _lease.session_id for update;
    select * into _lease from private.answer_leases as held where held.lease_hash = _hash for update;
    if not found then
        return '{"result": "lost"}';
    end if;
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id;
    if _lease.ended_at is not null then
        return jsonb_build_object('result', 'ended', 'message', private.message_json(_answer));
    end if;
    if finish_answer."offset" > _lease.written then
        return jsonb_build_object('result', 'gap', 'written', _lease.written);
    end if;

    if finish_answer.files is not null and _session.website_id is not null then
        insert into public.site_versions as version (user_id, website_id, source, summary, files, session_id, message_id)
        values (
            _lease.user_id, _session.website_id, 'answer', left(finish_answer.summary, 200), finish_answer.files,
            _session.id, _answer.id
        )
        returning version.* into _version;
    end if;
    if finish_answer.sealed_thread = '' then
        delete from private.provider_threads as thread
        where thread.user_id = _session.user_id and thread.session_id = _session.id;
    elsif finish_answer.sealed_thread is not null then
        insert into private.provider_threads (user_id, session_id, sealed)
        values (_session.user_id, _session.id, finish_answer.sealed_thread)
        on conflict (user_id, session_id) do update set sealed = excluded.sealed;
    end if;
    -- Whatever a model sends, the answer must end: too much text is cut, none is a failure.
    _content := left(
        private.text_of(_answer) || substr(finish_answer.text, _lease.written - finish_answer."offset" + 1), private.max_answer_length()
    );
    _is_blank := finish_answer.status = 'complete' and not private.is_visible(_content);
    update public.chat_messages as answer set
        content = _content,
        kind = case when _version.id is not null and answer.kind = 'chat' then 'code' else answer.kind end,
        status = case when _is_blank then 'failed' else finish_answer.status end,
        error_code = case when _is_blank then 'model_said_nothing' else finish_answer.error_code end,
        finish_reason = left(finish_answer.finish_reason, 200),
        model = left(finish_answer.model, 200),
        prompt_tokens = finish_answer.prompt_tokens,
        completion_tokens = finish_answer.completion_tokens,
        tool_calls = finish_answer.tool_calls,
        sources = finish_answer.sources,
        version_id = coalesce(_version.id, answer.version_id),
        version_number = coalesce(_version.number, answer.version_number)
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id
    returning answer.* into _answer;
    delete from public.message_chunks as chunk
    where chunk.user_id = _lease.user_id and chunk.message_id = _lease.message_id;
    update private.answer_leases as held set ended_at = now(), written = char_length(_answer.content)
    where held.lease_hash = _hash;
    return jsonb_build_object('result', 'finished', 'message', private.message_json(_answer));
end
$$;
comment on function public.finish_answer(
    uuid, text, text, integer, text, text, text, text, integer, integer, jsonb, jsonb, text, jsonb, text
) is
'End an answer: fold its chunks and the last text into the message and, when files are given, make a version of its website.
Returns {"result", "message"}: finished; ended (already, by this or by reaping); lost (no such lease); gap (text is missing before offset).';

-- Definer and open to anon, as above.
create function public.reclaim_answer(answer_id uuid, lease text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _hash bytea := private.hash_of(reclaim_answer.lease);
    _lease private.answer_leases;
    _answer public.chat_messages;
begin
    select * into _lease from private.answer_leases as held
    where held.lease_hash = _hash and held.message_id = reclaim_answer.answer_id;
    if not found then
        return '{"result": "lost"}';
    end if;
    perform 1 from public.chat_sessions as session
    where session.user_id = _lease.user_id and session.id = _lease.session_id for update;
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id for update;
    if _answer.status is distinct from 'interrupted' or _answer.error_code is distinct from 'worker_lost'
        or exists (
            select 1 from public.chat_messages as later
            where later.user_id = _answer.user_id and later.session_id = _answer.session_id
                and (later.seq > _answer.seq or later.status = 'streaming')
        )
    then
        return '{"result": "lost"}';
    end if;
    update public.chat_messages as answer set status = 'streaming', error_code = null
    where answer.user_id = _answer.user_id and answer.id = _answer.id;
    update private.answer_leases as held set
        ended_at = null, written = char_length(_answer.content),
        expires_at = now() + private.lease_term()
    where held.lease_hash = _hash;
    return jsonb_build_object('result', 'written', 'written', char_length(_answer.content));
end
$$;
comment on function public.reclaim_answer(uuid, text) is
'Take back an answer that was ended as interrupted while its worker was only out of touch, unless the chat has moved on.
Returns {"result": "written", "written"}, or {"result": "lost"}.';

grant execute on function
    public.finish_answer(uuid, text, text, integer, text, text, text, text, integer, integer, jsonb, jsonb, text, jsonb, text),
    public.reclaim_answer(uuid, text)
to anon, authenticated;
