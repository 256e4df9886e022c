-- Whoever has no lease, too, may call append_chunks: it takes so many entries, one an answer, and nothing but what each is said to be.

create function private.max_appends() returns integer
language sql immutable set search_path = ''
return 500;
comment on function private.max_appends() is 'Answers that one call of append_chunks appends to.';

drop function public.append_chunks(jsonb);
-- Definer and open to anon: the lease is the authority, so that a user's token may expire in the middle of an answer. What
-- whoever has no lease sends stays a text: as jsonb, each `{}` takes some 600 bytes.
create function public.append_chunks(appends json) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _results jsonb;
begin
    if json_array_length(append_chunks.appends) > private.max_appends() then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    -- A number may be 10,000 times as long as a text as it is as jsonb.
    if exists (
        select 1 from json_array_elements(append_chunks.appends) as entry
        where (
            json_typeof(entry -> 'answer_id'), json_typeof(entry -> 'lease'), json_typeof(entry -> 'offset'),
            json_typeof(entry -> 'text')
        ) is distinct from ('string', 'string', 'number', 'string')
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    if (
        select count(distinct (entry ->> 'answer_id')::uuid) < count(*) from json_array_elements(append_chunks.appends) as entry
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    with given as (
        select given.answer_id, private.hash_of(given.lease) as lease_hash, given."offset" as at, given.text
        from json_to_recordset(append_chunks.appends) as given (answer_id uuid, lease text, "offset" integer, text text)
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
comment on function public.append_chunks(json) is
'Append to many answers at once: [{"answer_id", "lease", "offset", "text"}], one entry an answer, 500 at most, offset in characters.
Returns for each {"answer_id", "written", "result"}: written; stopped (written too, but the owner asked to stop); lost (the
lease has ended, or never was); busy (somebody else is at that answer this moment: nothing was stored, call again); gap (offset
beyond what is stored); full. Also extends the leases: send "" to keep one. Raises PT422 invalid_field.';

grant execute on function public.append_chunks(json) to anon, authenticated;
