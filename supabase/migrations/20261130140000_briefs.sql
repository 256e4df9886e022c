-- A brief is what a website is about, in its owner's words. It stays under the website's id while the website is in the trash, and goes
-- when neither is there: so it has no foreign key to the website, and counts as stored all the time.

create table private.briefs (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    text text not null,
    updated_at timestamptz not null,
    bytes integer not null generated always as (octet_length(text)) stored,
    primary key (user_id, website_id),
    constraint briefs_text_length check (char_length(text) <= 4000)
);
comment on column private.briefs.website_id is 'Of a website that is there or in the trash.';

-- As of the other tables when they were empty: all rows are one person's.
do $$
begin
    if to_regproc('pg_catalog.pg_restore_attribute_stats') is not null then -- From Postgres 18 on.
        perform pg_restore_attribute_stats(
            'schemaname', 'private', 'relname', 'briefs', 'attname', 'user_id', 'inherited', false,
            'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real
        );
    end if;
end
$$;

create trigger count_deleted_rows after delete on private.briefs
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');

-- Definer, here and below: briefs are out of clients' reach.
create function private.drop_briefs() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    delete from private.briefs as brief using deleted
    where brief.user_id = deleted.user_id and brief.website_id = (to_jsonb(deleted) ->> tg_argv[0])::uuid
        and not exists (
            select 1 from public.websites as website where website.user_id = brief.user_id and website.id = brief.website_id
        )
        and not exists (
            select 1 from public.trash as item where item.user_id = brief.user_id and item.website_id = brief.website_id
        );
    return null;
end
$$;
comment on function private.drop_briefs() is 'Delete the briefs of deleted websites that aren''t in the trash. The argument names the column of their ids.';

create trigger drop_briefs after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_briefs('id');
create trigger drop_briefs after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_briefs('website_id');

-- Every statement names auth.uid(), here and below.
create function public.read_brief(website_id uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _brief jsonb;
begin
    select jsonb_build_object('text', coalesce(brief.text, ''), 'updated_at', coalesce(brief.updated_at, website.created_at))
    into _brief
    from public.websites as website
    left join private.briefs as brief on brief.user_id = website.user_id and brief.website_id = website.id
    where website.user_id = auth.uid() and website.id = read_brief.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    return _brief;
end
$$;
comment on function public.read_brief(uuid) is
'{"text", "updated_at"}; before the first save an empty text and the time when the website was made. Raises PT404 not_found.';

create function public.save_brief(website_id uuid, text text, read_at timestamptz default null) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _text text := replace(save_brief.text, E'\r\n', E'\n');
    _created_at timestamptz;
    _stored private.briefs;
    _bytes integer;
begin
    perform private.hold_account(_me);
    -- Also serialises the saves of one brief, as its row may not be there yet.
    select website.created_at into _created_at from public.websites as website
    where website.user_id = _me and website.id = save_brief.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _stored from private.briefs as brief where brief.user_id = _me and brief.website_id = save_brief.website_id;
    -- Saving the same again, when the reply to the first call was lost, changes nothing.
    if coalesce(_stored.text, '') = _text then
        return jsonb_build_object('result', 'saved', 'brief', public.read_brief(save_brief.website_id));
    end if;
    if save_brief.read_at <> coalesce(_stored.updated_at, _created_at) then
        return jsonb_build_object('result', 'changed', 'brief', public.read_brief(save_brief.website_id));
    end if;
    insert into private.briefs as brief (user_id, website_id, text, updated_at)
    values (_me, save_brief.website_id, _text, clock_timestamp())
    on conflict (user_id, website_id) do update set text = excluded.text, updated_at = excluded.updated_at;
    _bytes := octet_length(_text) - coalesce(_stored.bytes, 0);
    perform case when _bytes > 0 then private.store(_me, _bytes) else private.list_bytes(_me, _bytes) end;
    return jsonb_build_object('result', 'saved', 'brief', public.read_brief(save_brief.website_id));
end
$$;
comment on function public.save_brief(uuid, text, timestamptz) is
'Save a brief: {"result", "brief"}. With the updated_at that was read, it replaces only what was read: the result is "changed", and the
brief is the stored one, when another device saved another text since. Raises PT404 not_found, PT429 quota_exceeded (stored_bytes).';

create function public.import_brief(website_id uuid, text text, updated_at timestamptz) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
begin
    perform private.hold_account(_me);
    perform 1 from public.websites as website
    where website.user_id = _me and website.id = import_brief.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    insert into private.briefs (user_id, website_id, text, updated_at)
    values (_me, import_brief.website_id, import_brief.text, import_brief.updated_at)
    on conflict (user_id, website_id) do nothing;
    if not found then
        return false;
    end if;
    perform private.store(_me, octet_length(import_brief.text));
    return true;
end
$$;
comment on function public.import_brief(uuid, text, timestamptz) is
'Add the brief that a website had; false when it has one. Raises PT404 not_found, PT429 quota_exceeded (stored_bytes).';

grant execute on function
    public.read_brief(uuid), public.save_brief(uuid, text, timestamptz), public.import_brief(uuid, text, timestamptz)
to authenticated;
