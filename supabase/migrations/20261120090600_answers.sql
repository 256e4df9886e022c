-- An answer is shown only once it is safe. start_turn writes the question and an empty answer before any model is
-- called; the one worker that holds the answer's lease appends chunks to it; finishing folds them into the message.
-- A lease is a random secret known to that worker alone; only its hash is stored.
--
-- Locks are always taken website first, then session, then lease, so that a finish can't deadlock with a new turn or
-- with the deletion of the website. append_chunks has many answers at once, and waits for no lock at all.

create table public.message_chunks (
    user_id uuid not null,
    message_id uuid not null,
    start_offset integer not null,
    text text not null,
    primary key (user_id, message_id, start_offset),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade
);
comment on table public.message_chunks is 'Durable pieces of the answers still being written; gone once an answer has ended.';
comment on column public.message_chunks.start_offset is 'Characters (code points) of the answer before this piece.';

alter table public.message_chunks enable row level security;
create policy "Owners see their answers' chunks" on public.message_chunks
for select to authenticated using ((select auth.uid()) = user_id);
grant select on public.message_chunks to authenticated;

create table private.answer_leases (
    user_id uuid not null,
    message_id uuid not null,
    session_id uuid not null,
    lease_hash bytea not null unique,
    written integer not null,
    expires_at timestamptz not null default now() + interval '15 seconds',
    stop_requested_at timestamptz,
    ended_at timestamptz,
    primary key (user_id, message_id),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade
) with (fillfactor = 50);
comment on table private.answer_leases is 'Who may write which answer. Kept after the end so that a repeated finish is answered.';
comment on column private.answer_leases.written is 'Characters of the answer stored so far.';

create function private.hash_of(lease text) returns bytea
language sql immutable set search_path = ''
return sha256(convert_to(lease, 'UTF8'));

-- The same worker calls again because the first reply was lost: nobody else can write that answer.
create function private.holds_lease(owner uuid, message uuid, lease text) returns boolean
language sql stable set search_path = ''
return exists (
    select 1 from private.answer_leases as held
    where held.user_id = owner and held.message_id = message
        and held.lease_hash = private.hash_of(lease) and held.ended_at is null
);

create function private.message_json(message public.chat_messages) returns jsonb
language sql stable set search_path = ''
return to_jsonb(message) - 'user_id';

create function private.session_json(session public.chat_sessions) returns jsonb
language sql stable set search_path = ''
return to_jsonb(session) - 'user_id';

-- All the text of an answer: what the message holds (when continued) and the chunks after it.
create function private.text_of(message public.chat_messages) returns text
language sql stable set search_path = ''
return message.content || coalesce((
    select string_agg(chunk.text, '' order by chunk.start_offset) from public.message_chunks as chunk
    where chunk.user_id = message.user_id and chunk.message_id = message.id
), '');

-- End the answers of a session whose worker is gone, keeping every stored character. The caller holds the session's
-- lock. Leases that ran out while Postgres itself was away get one more term: their workers may be alive.
create function private.reap_answers(owner uuid, session uuid) returns void
language plpgsql set search_path = ''
as $$
declare
    _lease private.answer_leases;
begin
    if pg_postmaster_start_time() > now() - interval '15 seconds' then
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

-- A page in an old answer is a stale copy: the model gets the current one separately.
create function private.without_page(content text, number integer) returns text
language plpgsql immutable set search_path = ''
as $$
declare
    _start integer := strpos(content, '```html');
    _length integer;
begin
    if number is null or _start = 0 then
        return content;
    end if;
    _length := strpos(substr(content, _start + 7), E'\n```');
    return left(content, _start - 1) || format('[page: version %s]', number)
        || case when _length = 0 then '' else substr(content, _start + 7 + _length + 3) end;
end
$$;

-- The messages from the first one to a given one, along follows_id.
create function private.path_to(owner uuid, message uuid, steps integer) returns table (message_id uuid, step integer)
language sql stable set search_path = ''
as $$
    with recursive path as (
        select last.id, last.session_id, last.seq, last.follows_id, 1 as step from public.chat_messages as last
        where last.user_id = owner and last.id = message
        union all
        select before.id, before.session_id, before.seq, before.follows_id, path.step + 1
        from path cross join lateral (
            select earlier.* from public.chat_messages as earlier
            where earlier.user_id = owner and earlier.session_id = path.session_id and earlier.seq < path.seq
                and (earlier.id = path.follows_id or not exists (
                    select 1 from public.chat_messages as there where there.user_id = owner and there.id = path.follows_id
                ))
            order by earlier.seq desc limit 1
        ) as before
        where path.follows_id is not null and path.step < steps
    )
    select path.id, path.step from path
$$;

-- What the model sees besides its instructions: the conversation that leads to a question, newest kept when it is over
-- the budget, and the website's current page.
create function private.model_context(session public.chat_sessions, question uuid, budget integer) returns jsonb
language sql stable set search_path = ''
return jsonb_build_object(
    'history', (
        with recent as (
            select path.step, message.role,
                private.without_page(message.content, message.version_number) as content
            from private.path_to(session.user_id, question, 200) as path
            join public.chat_messages as message on message.user_id = session.user_id and message.id = path.message_id
            where message.status <> 'streaming' and message.content <> ''
        ), counted as (
            select recent.*, sum(char_length(content)) over (order by step) as so_far from recent
        )
        select coalesce(jsonb_agg(jsonb_build_object('role', role, 'content', content) order by step desc), '[]')
        from counted where so_far <= budget or step = 1
    ),
    'website', (
        select jsonb_build_object('id', website.id, 'name', website.name) from public.websites as website
        where website.user_id = session.user_id and website.id = session.website_id
    ),
    'page', (
        select jsonb_build_object('number', version.number, 'files', version.files)
        from public.site_versions as version
        where version.user_id = session.user_id and version.website_id = session.website_id
        order by version.number desc limit 1
    )
);

-- What whoever starts an answer gets: the rows as they stand and, when the answer is theirs to write, what the model
-- should see.
create function private.started_turn(
    session public.chat_sessions,
    question public.chat_messages,
    answer public.chat_messages,
    is_theirs boolean,
    budget integer
) returns jsonb
language sql stable set search_path = ''
return jsonb_build_object(
    'replayed', not is_theirs,
    'session', private.session_json(session),
    'user_message', private.message_json(question),
    'answer', private.message_json(answer)
) || case when is_theirs then private.model_context(session, question.id, budget) else '{}' end;

-- May this user start one more answer in this session, whose lock the caller holds? Spends a turn.
create function private.admit_answer(session public.chat_sessions) returns void
language plpgsql set search_path = ''
as $$
declare
    _running uuid;
begin
    -- Also serialises a user's turns, so that the count below can't be raced.
    perform private.spend(session.user_id, 'turns');
    perform private.reap_answers(session.user_id, session.id);
    select message.id into _running from public.chat_messages as message
    where message.user_id = session.user_id and message.session_id = session.id and message.status = 'streaming';
    if found then
        raise sqlstate 'PT409' using
            message = 'answer_running', detail = jsonb_build_object('answer_id', _running)::text;
    end if;
    if (
        select count(*) >= (select allowed from private.quotas where name = 'running_answers')
        from public.chat_messages as message
        join private.answer_leases as lease on lease.user_id = message.user_id and lease.message_id = message.id
        where message.user_id = session.user_id and message.status = 'streaming'
            and lease.ended_at is null and lease.expires_at > now()
    ) then
        raise sqlstate 'PT429' using
            message = 'quota_exceeded', detail = '{"quota": "running_answers", "retry_after": 10}';
    end if;
end
$$;

create function private.grant_lease(message public.chat_messages, lease text) returns void
language plpgsql set search_path = ''
as $$
begin
    delete from private.answer_leases as old
    where old.user_id = message.user_id and old.session_id = message.session_id
        and old.ended_at < now() - interval '1 hour';
    insert into private.answer_leases as held (user_id, message_id, session_id, lease_hash, written)
    values (message.user_id, message.id, message.session_id, private.hash_of(lease), char_length(message.content))
    on conflict (user_id, message_id) do update set
        lease_hash = excluded.lease_hash, written = excluded.written, expires_at = excluded.expires_at,
        stop_requested_at = null, ended_at = null;
end
$$;
create index answer_leases_of_session on private.answer_leases (user_id, session_id);

create function private.kind_of(helper text) returns text
language sql immutable set search_path = ''
return case helper
    when 'copywriter' then 'copy' when 'designer' then 'design' when 'seo' then 'seo' when 'reviewer' then 'review'
    else 'chat'
end;
comment on function private.kind_of(text) is 'What a helper''s answers are; one that makes a page becomes ''code''.';

-- Definer: it writes an answer's status and lease, which clients must not. Every statement names auth.uid().
create function public.start_turn(
    message text,
    message_id uuid,
    answer_id uuid,
    lease text,
    session_id uuid default null,
    website_id uuid default null,
    helper text default null,
    kind text default null,
    edits uuid default null, -- a question of this chat, to be asked in another way
    after uuid default null, -- the answer to go on from, when it isn't the latest
    history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session_id uuid := start_turn.session_id;
    _session public.chat_sessions;
    _question public.chat_messages;
    _answer public.chat_messages;
begin
    if _me is null then
        raise sqlstate 'PT401' using message = 'auth_required';
    end if;
    -- The same message sent twice at once: the second waits here, then finds the first.
    perform pg_advisory_xact_lock(hashtextextended(_me::text || start_turn.message_id::text, 0));

    select * into _question from public.chat_messages as asked
    where asked.user_id = _me and asked.id = start_turn.message_id;
    if found then
        select * into _answer from public.chat_messages as answer
        where answer.user_id = _me and answer.reply_to = _question.id order by answer.seq desc limit 1;
        select * into _session from public.chat_sessions as session
        where session.user_id = _me and session.id = _question.session_id;
        if _answer.id is null or _question.content <> start_turn.message
            or _session.id <> coalesce(start_turn.session_id, _session.id)
            or _session.helper <> coalesce(start_turn.helper, _session.helper)
            or (start_turn.session_id is null and _session.website_id is distinct from start_turn.website_id)
        then
            raise sqlstate 'PT422' using message = 'key_reused';
        end if;
        return private.started_turn(
            _session, _question, _answer, private.holds_lease(_me, _answer.id, start_turn.lease), history_characters
        );
    end if;

    if start_turn.edits is not null or start_turn.after is not null then
        select message.session_id into _session_id from public.chat_messages as message
        where message.user_id = _me and message.id = coalesce(start_turn.edits, start_turn.after)
            and message.session_id = coalesce(start_turn.session_id, message.session_id)
            and message.role = case when start_turn.edits is null then 'assistant' else 'user' end;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    if _session_id is null then
        if start_turn.website_id is not null and not exists (
            select 1 from public.websites as website where website.user_id = _me and website.id = start_turn.website_id
        ) then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
        insert into public.chat_sessions as session (user_id, website_id, helper)
        values (_me, start_turn.website_id, coalesce(start_turn.helper, 'builder'))
        returning session.* into _session;
    else
        select * into _session from public.chat_sessions as session
        where session.user_id = _me and session.id = _session_id for update;
        if not found then
            raise sqlstate 'PT404' using message = 'not_found';
        end if;
    end if;
    perform private.admit_answer(_session);

    insert into public.chat_messages as asked (user_id, id, session_id, role, kind, content, edit_of, follows_id)
    values (
        _me, start_turn.message_id, _session.id, 'user', coalesce(start_turn.kind, 'chat'), start_turn.message,
        start_turn.edits, start_turn.after
    )
    returning asked.* into _question;
    insert into public.chat_messages as answer (user_id, id, session_id, role, kind, status, reply_to)
    values (
        _me, start_turn.answer_id, _session.id, 'assistant',
        coalesce(start_turn.kind, private.kind_of(_session.helper)), 'streaming', _question.id
    )
    returning answer.* into _answer;
    perform private.grant_lease(_answer, start_turn.lease);

    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _session.id;
    return private.started_turn(_session, _question, _answer, true, history_characters);
end
$$;
comment on function public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer) is
'Store a question and an empty answer under a lease, before any model is called. The same message_id and message again
return the first result with "replayed": true. Raises PT404 not_found, PT409 answer_running, PT422 key_reused, PT429 quota_exceeded.';

-- Definer, as above.
create function public.retry_answer(
    answer_id uuid, new_answer_id uuid, lease text, history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session public.chat_sessions;
    _question public.chat_messages;
    _old public.chat_messages;
    _answer public.chat_messages;
begin
    select * into _old from public.chat_messages as answer
    where answer.user_id = _me and answer.id = retry_answer.answer_id and answer.role = 'assistant';
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _session from public.chat_sessions as session
    where session.user_id = _me and session.id = _old.session_id for update;
    select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _old.reply_to;
    if not found then
        raise sqlstate 'PT409' using message = 'no_question';
    end if;
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _me and answer.id = retry_answer.new_answer_id;
    if found then
        if _answer.reply_to is distinct from _question.id or _answer.id = _old.id then
            raise sqlstate 'PT422' using message = 'key_reused';
        end if;
        return private.started_turn(
            _session, _question, _answer, private.holds_lease(_me, _answer.id, retry_answer.lease), history_characters
        );
    end if;
    perform private.admit_answer(_session);

    insert into public.chat_messages as answer (user_id, id, session_id, role, kind, status, reply_to)
    values (_me, retry_answer.new_answer_id, _session.id, 'assistant', _old.kind, 'streaming', _question.id)
    returning answer.* into _answer;
    perform private.grant_lease(_answer, retry_answer.lease);

    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _session.id;
    return private.started_turn(_session, _question, _answer, true, history_characters);
end
$$;
comment on function public.retry_answer(uuid, uuid, text, integer) is
'Start another answer to the same question; the old one is kept. Returns and raises what start_turn does, and PT409 no_question.';

-- Definer, as above.
create function public.continue_answer(
    answer_id uuid, lease text, history_characters integer default 200000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _session public.chat_sessions;
    _question public.chat_messages;
    _answer public.chat_messages;
begin
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _me and answer.id = continue_answer.answer_id and answer.role = 'assistant';
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _session from public.chat_sessions as session
    where session.user_id = _me and session.id = _answer.session_id for update;
    if not private.holds_lease(_me, _answer.id, continue_answer.lease) then
        perform private.admit_answer(_session);
        select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _answer.id;
        if _answer.status = 'complete' and _answer.finish_reason is distinct from 'length' then
            raise sqlstate 'PT409' using message = 'answer_complete';
        end if;
    end if;
    select * into _question from public.chat_messages as asked where asked.user_id = _me and asked.id = _answer.reply_to;
    if not found then
        raise sqlstate 'PT409' using message = 'no_question';
    end if;

    update public.chat_messages as answer set status = 'streaming', error_code = null, finish_reason = null
    where answer.user_id = _me and answer.id = _answer.id
    returning answer.* into _answer;
    perform private.grant_lease(_answer, continue_answer.lease);

    select * into _session from public.chat_sessions as session where session.user_id = _me and session.id = _session.id;
    return private.started_turn(_session, _question, _answer, true, history_characters);
end
$$;
comment on function public.continue_answer(uuid, text, integer) is
'Go on writing an answer that did not complete, from the text it kept. Returns and raises what start_turn does, and PT409
answer_complete, no_question.';

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
        -- Waiting for no one: who deletes an account locks its messages before its leases, in an order of their own.
        for key share of message skip locked
        for update of lease skip locked
    ),
    -- Everything is said here, once: joining what the two writes below return would compare each answer with each.
    judged as (
        select held.*, case when held.written + char_length(held.fresh) <= 1000000 then char_length(held.fresh) else 0 end as added
        from held
    ),
    added as (
        insert into public.message_chunks (user_id, message_id, start_offset, text)
        select judged.user_id, judged.message_id, judged.written, judged.fresh from judged where judged.added > 0
    ),
    extended as (
        update private.answer_leases as lease set
            written = judged.written + judged.added, expires_at = now() + interval '15 seconds'
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

-- Definer and open to anon, as above.
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
    thread_id text default null, -- '' forgets the one there is
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
    if finish_answer.thread_id is not null then
        update public.chat_sessions as session set thread_id = nullif(finish_answer.thread_id, '')
        where session.user_id = _session.user_id and session.id = _session.id
            and session.thread_id is distinct from nullif(finish_answer.thread_id, '');
    end if;
    -- What a model may send must not keep an answer from ending: too much is cut, nothing is a failure.
    _content := left(
        private.text_of(_answer) || substr(finish_answer.text, _lease.written - finish_answer."offset" + 1), 1000000
    );
    _is_blank := finish_answer.status = 'complete' and _content !~ '[^\s\u200b-\u200f\u2060\ufeff]';
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
        expires_at = now() + interval '15 seconds'
    where held.lease_hash = _hash;
    return jsonb_build_object('result', 'written', 'written', char_length(_answer.content));
end
$$;
comment on function public.reclaim_answer(uuid, text) is
'Take back an answer that was ended as interrupted while its worker was only out of touch, unless the chat has moved on.
Returns {"result": "written", "written"}, or {"result": "lost"}.';

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
    -- A cursor from outside, kept where adding 1 to it can't overflow.
    _after integer := least(greatest(read_answer.after, 0), 1000000);
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
        -- Also when it was just ended here: a worker that takes it back must still hear of the stop.
        update private.answer_leases as held set stop_requested_at = coalesce(held.stop_requested_at, now())
        where held.user_id = _me and held.message_id = _answer.id;
        select * into _answer from public.chat_messages as answer where answer.user_id = _me and answer.id = _answer.id;
    end if;
    return private.message_json(_answer);
end
$$;
comment on function public.stop_answer(uuid) is
'Ask the worker that writes an answer to stop, wherever it runs; returns the message as it stands. Raises PT404 not_found.';

-- Columns that only the functions above write stay out of reach; the functions themselves are granted one by one.
grant execute on function
    public.start_turn(text, uuid, uuid, text, uuid, uuid, text, text, uuid, uuid, integer),
    public.retry_answer(uuid, uuid, text, integer),
    public.continue_answer(uuid, text, integer),
    public.read_answer(uuid, integer),
    public.stop_answer(uuid)
to authenticated;
grant execute on function
    public.append_chunks(jsonb),
    public.reclaim_answer(uuid, text),
    public.finish_answer(uuid, text, text, integer, text, text, text, text, integer, integer, jsonb, jsonb, text, jsonb, text)
to anon, authenticated;
