-- An answer whose worker is lost, or that is deleted while it is written, counts what was written of it when that is more than what was
-- reserved. Counted when the transaction ends: the counter stays the last lock that it takes.

alter table private.answer_leases
add column begun_with integer not null default 0,
add column added bigint not null default 0;
comment on column private.answer_leases.begun_with is 'Characters that the answer had when this lease began.';
comment on column private.answer_leases.added is 'Tokens that were counted besides those reserved, as the worker was lost.';

create function private.tokens_to_add(lease private.answer_leases) returns bigint
language sql immutable set search_path = ''
return greatest((lease.written - lease.begun_with) / 4 - private.expected_answer(), lease.added);

create or replace function private.grant_lease(message public.chat_messages, lease text, begun_by text, reading bigint) returns void
language plpgsql set search_path = ''
as $$
begin
    delete from private.answer_leases as old
    where old.user_id = message.user_id and old.session_id = message.session_id
        and old.ended_at < now() - interval '1 hour';
    insert into private.answer_leases as held (
        user_id, message_id, session_id, lease_hash, written, begun_with, begun_by, reading, tokens_window
    )
    values (
        message.user_id, message.id, message.session_id, private.hash_of(lease), char_length(message.content),
        char_length(message.content), begun_by, reading,
        private.window_start((select quota.every from private.quotas as quota where quota.name = 'model_tokens'))
    )
    on conflict (user_id, message_id) do update set
        lease_hash = excluded.lease_hash, written = excluded.written, expires_at = excluded.expires_at,
        stop_requested_at = null, ended_at = null, begun_by = excluded.begun_by, reading = excluded.reading,
        tokens_window = excluded.tokens_window, begun_with = excluded.begun_with, added = 0;
end
$$;

create or replace function private.settle(lease private.answer_leases, read bigint, written bigint) returns void
language plpgsql set search_path = ''
as $$
begin
    update private.usage_counters as counter
    set used = greatest(counter.used + read + written - lease.reading - private.expected_answer() - lease.added, 0)
    where counter.user_id = lease.user_id and counter.name = 'model_tokens' and counter.window_start = lease.tokens_window;
    insert into private.daily_usage as usage (user_id, day, questions, answers, prompt_tokens, completion_tokens)
    values (
        lease.user_id, (now() at time zone 'utc')::date, (lease.begun_by = 'start_turn')::integer,
        (lease.begun_by <> 'continue_answer')::integer, read, written
    )
    on conflict (user_id, day) do update set
        questions = usage.questions + excluded.questions, answers = usage.answers + excluded.answers,
        prompt_tokens = usage.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = usage.completion_tokens + excluded.completion_tokens;
end
$$;

create or replace function private.reap_answers(owner uuid, session uuid) returns void
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
        update private.answer_leases set ended_at = now(), added = private.tokens_to_add(_lease)
        where user_id = owner and message_id = _lease.message_id;
    end loop;
end
$$;

-- Definer: counters are out of clients' reach.
create function private.count_lost_answer() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    update private.usage_counters as counter
    set used = counter.used - old.added + case when tg_op = 'DELETE' then private.tokens_to_add(old) else new.added end
    where counter.user_id = old.user_id and counter.name = 'model_tokens' and counter.window_start = old.tokens_window;
    return null;
end
$$;

create constraint trigger count_lost_answer after update of added on private.answer_leases deferrable initially deferred
for each row when (new.added > old.added) execute function private.count_lost_answer();
create constraint trigger count_deleted_answer after delete on private.answer_leases deferrable initially deferred
for each row when (old.ended_at is null) execute function private.count_lost_answer();
