-- Whoever knows a link that has ended can't make it lead to something of theirs.

create table private.ended_links (
    token_hash bytea primary key,
    ended_at timestamptz not null default now()
);
comment on table private.ended_links is 'Links of shares that were taken back, or went with what they shared. They are nobody''s.';

-- Definer: ended links are out of clients' reach.
create function private.keep_ended_links() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    insert into private.ended_links (token_hash) select ended.token_hash from ended on conflict do nothing;
    return null;
end
$$;
create trigger keep_ended_links after delete on public.chat_shares
referencing old table as ended for each statement execute function private.keep_ended_links();
create trigger keep_ended_links after delete on public.page_shares
referencing old table as ended for each statement execute function private.keep_ended_links();

create function private.refuse_ended_link() returns trigger
language plpgsql set search_path = ''
as $$
begin
    if exists (select 1 from private.ended_links as ended where ended.token_hash = new.token_hash) then
        raise sqlstate 'PT409' using message = 'conflict';
    end if;
    return new;
end
$$;
create trigger refuse_ended_link before insert on public.chat_shares
for each row execute function private.refuse_ended_link();
create trigger refuse_ended_link before insert on public.page_shares
for each row execute function private.refuse_ended_link();
