-- An answer's chunks refer to its message by triggers, one check a statement: a foreign key looks for the message of each chunk, and 500
-- answers append ten times a second. Whoever appends has locked the lease. It goes with its message, and takes the chunks along.

create function private.check_chunks() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if exists (
        select 1 from added
        where not exists (
            select 1 from private.answer_leases as lease
            where lease.user_id = added.user_id and lease.message_id = added.message_id
        )
    ) then
        raise foreign_key_violation using message = 'A chunk has no lease.';
    end if;
    return null;
end
$$;

-- Definer: clients, who delete chats and messages, can't delete chunks.
create function private.delete_chunks() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    delete from public.message_chunks as chunk where chunk.user_id = old.user_id and chunk.message_id = old.message_id;
    return null;
end
$$;

alter table public.message_chunks drop constraint message_chunks_user_id_message_id_fkey;
create trigger check_chunks after insert on public.message_chunks
referencing new table as added
for each statement execute function private.check_chunks();
create trigger delete_chunks after delete on private.answer_leases
for each row execute function private.delete_chunks();
