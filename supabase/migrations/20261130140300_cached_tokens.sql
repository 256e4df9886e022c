-- Of the tokens that a model read, a provider may have kept some since an earlier question: they cost less, and people see how many.

alter table public.chat_messages
add column cached_tokens integer,
add constraint chat_messages_cached_tokens check (cached_tokens >= 0);
comment on column public.chat_messages.cached_tokens is 'How many of prompt_tokens the provider read from its cache; null when it didn''t say.';

alter table private.daily_usage add column cached_tokens bigint not null default 0;

-- Definer and open to anon: the lease is the authority, as it is for append_chunks.
create function public.count_cached_tokens(answer_id uuid, lease text, tokens integer) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    _hash bytea := private.hash_of(count_cached_tokens.lease);
    _lease private.answer_leases;
begin
    select * into _lease from private.answer_leases as held
    where held.lease_hash = _hash and held.message_id = count_cached_tokens.answer_id;
    if not found then
        return false;
    end if;
    -- In the order of finish_answer's locks: the account, the lease, the answer, the usage.
    perform 1 from auth.users as account where account.id = _lease.user_id for key share;
    perform 1 from private.answer_leases as held where held.lease_hash = _hash and held.ended_at is null for update;
    if not found then
        return false;
    end if;
    update public.chat_messages as answer set cached_tokens = count_cached_tokens.tokens
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id;
    insert into private.daily_usage as usage (user_id, day, questions, answers, prompt_tokens, completion_tokens, cached_tokens)
    values (_lease.user_id, (now() at time zone 'utc')::date, 0, 0, 0, 0, count_cached_tokens.tokens)
    on conflict (user_id, day) do update set cached_tokens = usage.cached_tokens + excluded.cached_tokens;
    return true;
end
$$;
comment on function public.count_cached_tokens(uuid, text, integer) is
'Store with an answer, before it is finished, how many tokens its model''s provider read from a cache; false when the lease has ended.';
grant execute on function public.count_cached_tokens(uuid, text, integer) to anon, authenticated;
