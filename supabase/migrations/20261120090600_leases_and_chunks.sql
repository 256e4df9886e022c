-- Leases and chunks of answers that are being written. An answer's text is shown only after it is stored: the one worker with
-- its lease appends chunks, and finishing joins them into the message. A lease is a random secret that only that worker knows;
-- its hash is stored.
--
-- Locks are always taken in one order, account, idempotency key, website, session, lease, so that a finish can't deadlock with
-- a new turn or with the deletion of the website. append_chunks, which writes many answers, never waits for a lock.

create table public.message_chunks (
    user_id uuid not null,
    message_id uuid not null,
    start_offset integer not null,
    text text not null,
    primary key (user_id, message_id, start_offset),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade
);
comment on table public.message_chunks is 'Stored pieces of answers that are being written; deleted when the answer ends.';
comment on column public.message_chunks.start_offset is 'Characters (code points) of the answer before this piece.';

alter table public.message_chunks enable row level security;
create policy "Owners see their answers' chunks" on public.message_chunks
for select to authenticated using ((select auth.uid()) = user_id);
grant select on public.message_chunks to authenticated;

create function private.lease_term() returns interval
language sql immutable set search_path = ''
return interval '15 seconds';
comment on function private.lease_term() is 'How long a lease lasts after its last append.';

create table private.answer_leases (
    user_id uuid not null,
    message_id uuid not null,
    session_id uuid not null,
    lease_hash bytea not null unique,
    written integer not null,
    expires_at timestamptz not null default now() + private.lease_term(),
    stop_requested_at timestamptz,
    ended_at timestamptz,
    primary key (user_id, message_id),
    foreign key (user_id, message_id) references public.chat_messages (user_id, id) on delete cascade
) with (fillfactor = 50);
comment on table private.answer_leases is 'Who may write which answer. Kept after the end so that a repeated finish is answered.';
comment on column private.answer_leases.written is 'Characters of the answer stored so far.';
create index answer_leases_of_session on private.answer_leases (user_id, session_id);

create function private.hash_of(lease text) returns bytea
language sql immutable set search_path = ''
return sha256(convert_to(lease, 'UTF8'));

-- True for the worker that started the answer: it repeats the call when the reply was lost.
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
