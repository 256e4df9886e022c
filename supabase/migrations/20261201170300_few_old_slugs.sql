-- Slugs that lead on, or are kept for a website that went offline, are few for each person: 50 new ones a day would be 1,500 in 30 days, which
-- nobody else may have. The oldest go first.

create function private.most_old_slugs() returns integer
language sql immutable set search_path = ''
return 50;

-- Definer: slugs are out of clients' reach.
create or replace function private.replace_slug() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if tg_op = 'DELETE' or old.slug <> new.slug then
        update private.slugs as held set replaced_at = now() where held.slug = old.slug and held.user_id = old.user_id;
        delete from private.slugs as held where held.slug in (
            select older.slug from private.slugs as older
            where older.user_id = old.user_id and older.replaced_at is not null
            order by older.replaced_at desc, older.slug offset private.most_old_slugs()
            -- Two websites may go offline at once.
            for update skip locked
        );
    end if;
    return null;
end
$$;
