-- Prompts that people save to begin chats with: at most 100 a person, of 10,000 characters, so that they need no count of bytes.

create table public.prompts (
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null,
    text text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (user_id, id),
    constraint prompts_name_length check (char_length(name) <= 80),
    constraint prompts_name_not_blank check (private.is_visible(name)),
    constraint prompts_text_length check (char_length(text) <= 10000),
    constraint prompts_text_not_blank check (private.is_visible(text))
);

create index prompts_newest on public.prompts (user_id, updated_at desc, id desc);

-- Definer: accounts and counters are out of clients' reach.
create function private.count_prompts() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    _owner uuid;
begin
    for _owner in select distinct added.user_id from added
    loop
        perform private.open_storage(_owner);
        -- Serialises a user's new prompts, so that the count can't be raced.
        perform 1 from private.storage as stored where stored.user_id = _owner for no key update;
        if (select count(*) > 100 from public.prompts as prompt where prompt.user_id = _owner) then
            raise sqlstate 'PT409' using message = 'too_many_prompts';
        end if;
    end loop;
    return null;
end
$$;

create trigger keep_identity before update on public.prompts
for each row execute function private.keep_identity();
create trigger touch_updated_at before update on public.prompts
for each row execute function private.touch_updated_at();
create trigger hold_account before update or delete on public.prompts
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();
create trigger count_prompts after insert on public.prompts
referencing new table as added
for each statement execute function private.count_prompts();

alter table public.prompts enable row level security;

create policy "Owners see their prompts" on public.prompts
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners save prompts" on public.prompts
for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "Owners change their prompts" on public.prompts
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete their prompts" on public.prompts
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.prompts to authenticated;
grant insert (id, name, text), update (name, text) on public.prompts to authenticated;
