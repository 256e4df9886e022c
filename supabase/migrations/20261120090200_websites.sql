-- A website is what a builder works on: it owns versions and chats.

create table public.websites (
    user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    name text not null,
    latest_version_number integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (user_id, id),
    constraint websites_name_length check (char_length(name) <= 120),
    constraint websites_name_not_blank check (private.is_visible(name))
);
comment on table public.websites is 'Keyed by owner first, like every table here: see docs/decisions.';
comment on column public.websites.latest_version_number is '0 until the first version; raised under this row''s lock.';

create index websites_newest on public.websites (user_id, updated_at desc, id desc);

create trigger keep_identity before update on public.websites
for each row execute function private.keep_identity();
create trigger touch_updated_at before update on public.websites
for each row execute function private.touch_updated_at();
create trigger hold_account before update or delete on public.websites
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

alter table public.websites enable row level security;

create policy "Owners see their websites" on public.websites
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners make websites" on public.websites
for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "Owners rename their websites" on public.websites
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete their websites" on public.websites
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.websites to authenticated;
grant insert (id, name), update (name) on public.websites to authenticated;
