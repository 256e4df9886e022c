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
    _entries integer := json_array_length(append_chunks.appends);
    _results jsonb;
begin
    if _entries > private.max_appends() then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    -- Looked at before any is made a text: a number may be 10,000 times as long as a text as it is as jsonb.
    if (
        select count(distinct case
            when json_typeof(entry -> 'answer_id') = 'string' and json_typeof(entry -> 'lease') = 'string'
                and json_typeof(entry -> 'offset') = 'number' and json_typeof(entry -> 'text') = 'string'
                then (entry ->> 'answer_id')::uuid
        end) < count(*)
        from json_array_elements(append_chunks.appends) as entry
    ) then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    with held as (
        select lease.user_id, lease.message_id, lease.written, lease.stop_requested_at, given."offset" as at, given.place,
            -- A repeated append (its first reply was lost) brings only what is new.
            case when given."offset" <= lease.written then substr(given.text, lease.written - given."offset" + 1) else '' end as fresh
        from rows from (
            json_to_recordset(append_chunks.appends) as (answer_id uuid, lease text, "offset" integer, text text)
        ) with ordinality as given (answer_id, lease, "offset", text, place)
        join private.answer_leases as lease
            -- hash_of, written out: calling it takes three times as long.
            on lease.lease_hash = sha256(convert_to(given.lease, 'UTF8')) and lease.message_id = given.answer_id
            and lease.ended_at is null
        -- Without waiting: deleting an account locks leases in an order of its own.
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
        'answer_id', judged.message_id,
        'written', judged.written + judged.added,
        'result', case
            when judged.at > judged.written then 'gap'
            when judged.fresh <> '' and judged.added = 0 then 'full'
            when judged.stop_requested_at is not null then 'stopped'
            else 'written'
        end
    ) order by judged.place), '[]')
    into _results
    from judged;
    if jsonb_array_length(_results) < _entries then
        select jsonb_agg(coalesce(result, jsonb_build_object('answer_id', given.answer_id, 'written', null, 'result', case
            when exists (
                select 1 from private.answer_leases as lease
                where lease.lease_hash = private.hash_of(given.lease) and lease.message_id = given.answer_id and lease.ended_at is null
            ) then 'busy'
            else 'lost'
        end)) order by given.place)
        into _results
        from rows from (
            json_to_recordset(append_chunks.appends) as (answer_id uuid, lease text)
        ) with ordinality as given (answer_id, lease, place)
        left join jsonb_array_elements(_results) as result on (result ->> 'answer_id')::uuid = given.answer_id;
    end if;
    return _results;
end
$$;
comment on function public.append_chunks(json) is
'Append to many answers at once: [{"answer_id", "lease", "offset", "text"}], one entry an answer, 500 at most, offset in characters.
Returns for each {"answer_id", "written", "result"}: written; stopped (written too, but the owner asked to stop); lost (the
lease has ended, or never was); busy (somebody else is at that answer this moment: nothing was stored, call again); gap (offset
beyond what is stored); full. Also extends the leases: send "" to keep one. Raises PT422 invalid_field.';

grant execute on function public.append_chunks(json) to anon, authenticated;
