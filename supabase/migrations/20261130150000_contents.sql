-- The contents of files, by hash: each is stored and counted once for a person, however many versions name it, and never shared
-- between people, which would tell what others have. Nothing about a content is believed: its hash, type and size are computed from it.

-- A text is UTF-8 without NUL; what is no text is known by how it begins. So a type can't lie.
create function private.is_text(content bytea) returns boolean
language plpgsql immutable strict set search_path = ''
as $$
begin
    perform convert_from(content, 'UTF8');
    return true;
exception
    when character_not_in_repertoire then
        return false;
end
$$;

create function private.media_type_of(content bytea) returns text
language sql immutable set search_path = ''
return case
    when private.is_text(content) then 'text/plain'
    when substr(content, 1, 8) = '\x89504e470d0a1a0a' then 'image/png'
    when substr(content, 1, 3) = '\xffd8ff' then 'image/jpeg'
    when substr(content, 1, 6) in ('\x474946383761', '\x474946383961') then 'image/gif'
    when substr(content, 1, 4) = '\x52494646' and substr(content, 9, 4) = '\x57454250' then 'image/webp'
    when substr(content, 5, 8) in ('\x6674797061766966', '\x6674797061766973') then 'image/avif'
    when substr(content, 1, 4) = '\x00000100' then 'image/x-icon'
    when substr(content, 1, 4) = '\x774f4632' then 'font/woff2'
    when substr(content, 1, 4) = '\x774f4646' then 'font/woff'
    when substr(content, 1, 5) = '\x255044462d' then 'application/pdf'
end;
comment on function private.media_type_of(bytea) is
'What a content is; null for what no website may have. A text is text/plain: which text it is, is said by the path of a file.';

create function private.number_at(content bytea, at integer, bytes integer, is_little_endian boolean) returns integer
language sql immutable set search_path = ''
return (
    select sum(get_byte(content, at + place) << 8 * case when is_little_endian then place else bytes - 1 - place end)
    from generate_series(0, bytes - 1) as place
);

-- Of a JPEG, the size is in the first segment that begins a frame.
create function private.jpeg_size(content bytea) returns integer[]
language plpgsql immutable set search_path = ''
as $$
declare
    _at integer := 2;
    _marker integer;
begin
    -- A picture has some twenty segments before it.
    for _ in 1..1000 loop
        _marker := get_byte(content, _at + 1);
        if _marker between 192 and 207 and _marker not in (196, 200, 204) then
            return array[private.number_at(content, _at + 7, 2, false), private.number_at(content, _at + 5, 2, false)];
        end if;
        _at := _at + 2 + private.number_at(content, _at + 2, 2, false);
    end loop;
    return null;
end
$$;

create function private.picture_size(content bytea) returns integer[]
language plpgsql immutable set search_path = ''
as $$
declare
    _size integer[];
begin
    _size := case
        when substr(content, 1, 8) = '\x89504e470d0a1a0a'
            then array[private.number_at(content, 16, 4, false), private.number_at(content, 20, 4, false)]
        when substr(content, 1, 3) = '\xffd8ff' then private.jpeg_size(content)
        when substr(content, 1, 4) = '\x47494638'
            then array[private.number_at(content, 6, 2, true), private.number_at(content, 8, 2, true)]
        -- WebP: extended, lossless, lossy. https://developers.google.com/speed/webp/docs/riff_container
        when substr(content, 9, 8) = '\x5745425056503858'
            then array[private.number_at(content, 24, 3, true) + 1, private.number_at(content, 27, 3, true) + 1]
        when substr(content, 9, 8) = '\x574542505650384c' then array[
            (private.number_at(content, 21, 2, true) & 16383) + 1, ((private.number_at(content, 22, 3, true) >> 6) & 16383) + 1
        ]
        when substr(content, 9, 8) = '\x5745425056503820'
            then array[private.number_at(content, 26, 2, true) & 16383, private.number_at(content, 28, 2, true) & 16383]
    end;
    return case when _size[1] > 0 and _size[2] > 0 then _size end;
exception
    -- It says of itself what it is not.
    when array_subscript_error or numeric_value_out_of_range then
        return null;
end
$$;
comment on function private.picture_size(bytea) is 'Width and height of a picture in pixels, as it says itself; null where it doesn''t.';

create function private.max_file_size() returns integer
language sql immutable set search_path = ''
return 4194304;
comment on function private.max_file_size() is 'In bytes.';

create table public.site_files (
    user_id uuid not null references auth.users (id) on delete cascade,
    sha256 text not null generated always as (encode(sha256(content), 'hex')) stored,
    media_type text not null generated always as (private.media_type_of(content)) stored,
    size integer not null generated always as (octet_length(content)) stored,
    width integer generated always as ((private.picture_size(content))[1]) stored,
    height integer generated always as ((private.picture_size(content))[2]) stored,
    content bytea not null,
    created_at timestamptz not null default now(),
    primary key (user_id, sha256),
    constraint site_files_size check (size <= private.max_file_size()),
    constraint site_files_line_ends check (media_type <> 'text/plain' or position('\x0d'::bytea in content) = 0)
);
comment on table public.site_files is 'Contents of files of websites. One is there as long as a website, the trash or an upload holds it.';
comment on column public.site_files.sha256 is 'In hexadecimal digits.';
comment on column public.site_files.content is 'Out of clients'' reach, as JSON would double it: put_file and get_file move bytes.';
comment on column public.site_files.width is 'Of a picture, in pixels, as it says itself; null for anything else.';
comment on column public.site_files.height is 'As width.';

create function private.keep_content() returns trigger
language plpgsql set search_path = ''
as $$
begin
    raise sqlstate 'PT403' using message = 'immutable_column';
end
$$;

-- Added contents are listed: whoever adds them counts something else then, which may be refused for both.
-- Definer: counters are out of clients' reach.
create function private.count_added_files() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.list_bytes(stored.user_id, stored.bytes)
    from (
        select added.user_id, sum(added.size)::bigint as bytes from added group by added.user_id
    ) as stored;
    return null;
end
$$;

create trigger keep_content before update on public.site_files
for each row execute function private.keep_content();
create trigger count_added_files after insert on public.site_files
referencing new table as added
for each statement execute function private.count_added_files();
create trigger count_deleted_rows after delete on public.site_files
referencing old table as deleted
for each statement execute function private.count_deleted_rows('size');

alter table public.site_files enable row level security;

create policy "Owners see their files" on public.site_files
for select to authenticated using ((select auth.uid()) = user_id);

grant select (user_id, sha256, media_type, size, width, height, created_at) on public.site_files to authenticated;

-- Who holds contents. A version goes only with its website, so a website holds what any of its versions names. The foreign keys to
-- contents wait for the end of a transaction, as an account takes them and their holders along in any order.

create table private.website_files (
    user_id uuid not null,
    website_id uuid not null,
    sha256 text not null,
    primary key (user_id, website_id, sha256),
    foreign key (user_id, website_id) references public.websites (user_id, id) on delete cascade,
    foreign key (user_id, sha256) references public.site_files (user_id, sha256) deferrable initially deferred
);
create index website_files_by_content on private.website_files (user_id, sha256);

create table private.trashed_files (
    user_id uuid not null,
    trash_id uuid not null,
    sha256 text not null,
    primary key (user_id, trash_id, sha256),
    foreign key (user_id, trash_id) references public.trash (user_id, id) on delete cascade,
    foreign key (user_id, sha256) references public.site_files (user_id, sha256) deferrable initially deferred
);
create index trashed_files_by_content on private.trashed_files (user_id, sha256);

create table private.uploads (
    user_id uuid not null,
    sha256 text not null,
    uploaded_at timestamptz not null default now(),
    primary key (user_id, sha256),
    foreign key (user_id, sha256) references public.site_files (user_id, sha256) on delete cascade
);
comment on table private.uploads is 'Contents that no version has named since they were uploaded; they may go after a day.';

-- Remove contents that nobody holds any more. They are locked first: whoever is about to name one has locked it and is waited for,
-- and of two who let go of the last two holds, the second finds none.
create function private.release(owner uuid, hashes text[]) returns void
language plpgsql set search_path = ''
as $$
begin
    perform 1 from public.site_files as file
    where file.user_id = owner and file.sha256 = any(hashes) order by file.sha256 for update;
    delete from public.site_files as file
    where file.user_id = owner and file.sha256 = any(hashes)
        and not exists (
            select 1 from private.website_files as held where held.user_id = owner and held.sha256 = file.sha256
        )
        and not exists (
            select 1 from private.trashed_files as held where held.user_id = owner and held.sha256 = file.sha256
        )
        and not exists (
            select 1 from private.uploads as held where held.user_id = owner and held.sha256 = file.sha256
        );
end
$$;

-- Definer: contents are out of clients' reach.
create function private.release_files() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.release(gone.user_id, gone.hashes)
    from (
        select deleted.user_id, array_agg(distinct deleted.sha256) as hashes from deleted group by deleted.user_id
    ) as gone;
    return null;
end
$$;

create trigger release_files after delete on private.website_files
referencing old table as deleted
for each statement execute function private.release_files();
create trigger release_files after delete on private.trashed_files
referencing old table as deleted
for each statement execute function private.release_files();

create function private.with_lf(given text) returns text
language sql immutable set search_path = ''
return replace(replace(given, E'\r\n', E'\n'), E'\r', E'\n');

-- Add contents, and lock them and those of these hashes until the end of the transaction: one may be about to go. One by one, as all
-- take these locks in the order of hashes: else two of them could wait for each other.
create function private.add_files(owner uuid, contents bytea[], hashes text[] default '{}') returns void
language plpgsql set search_path = ''
as $$
declare
    _file record;
begin
    for _file in
        select given.sha256, (array_agg(given.content) filter (where given.content is not null))[1] as content
        from (
            select encode(sha256(added.content), 'hex'), added.content from unnest(contents) as added (content)
            union all
            select named.sha256, null from unnest(hashes) as named (sha256)
        ) as given (sha256, content)
        group by given.sha256 order by given.sha256
    loop
        loop
            perform 1 from public.site_files as file where file.user_id = owner and file.sha256 = _file.sha256 for key share;
            exit when found or _file.content is null;
            insert into public.site_files (user_id, content) values (owner, _file.content) on conflict (user_id, sha256) do nothing;
            exit when found;
        end loop;
    end loop;
end
$$;

create function private.file_json(file public.site_files) returns jsonb
language sql stable set search_path = ''
return jsonb_build_object(
    'media_type', file.media_type, 'size', file.size, 'sha256', file.sha256, 'width', file.width, 'height', file.height
);

-- Definer: contents are out of clients' reach. Its one parameter has no name, so that PostgREST hands the body over as it is.
create function public.put_file(bytea) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _content bytea := $1;
    _type text := private.media_type_of($1);
    _said text := nullif(current_setting('request.headers', true), '')::jsonb ->> 'x-media-type';
    _file public.site_files;
begin
    perform private.hold_account(_me);
    perform private.open_storage(_me);
    if _type is null or _said <> _type and not (_type = 'text/plain' and (_said like 'text/%' or _said = 'application/json')) then
        raise sqlstate 'PT415' using message = 'unsupported_file';
    elsif octet_length(_content) > private.max_file_size() then
        raise sqlstate 'PT413' using message = 'body_too_large';
    end if;
    if _type = 'text/plain' then
        _content := convert_to(private.with_lf(convert_from(_content, 'UTF8')), 'UTF8');
    end if;
    perform private.forget_uploads(_me);
    perform private.add_files(_me, array[_content]);
    insert into private.uploads (user_id, sha256) values (_me, encode(sha256(_content), 'hex'))
    on conflict (user_id, sha256) do update set uploaded_at = now();
    if (select count(*) > 1000 from private.uploads as upload where upload.user_id = _me) then
        raise sqlstate 'PT409' using message = 'too_many_uploads';
    end if;
    perform private.store(_me, 0);
    select * into _file from public.site_files as file
    where file.user_id = _me and file.sha256 = encode(sha256(_content), 'hex');
    return private.file_json(_file);
end
$$;
comment on function public.put_file(bytea) is
'Store a content, the body of the request, for a version to name: {"media_type", "size", "sha256", "width", "height"}. Texts get LF line
ends. A header X-Media-Type must say what it is, if it is there. Unless a version names it, it may go after a day. Raises PT409
too_many_uploads (1,000 that no version has named), PT413 body_too_large, PT415 unsupported_file, PT429 quota_exceeded (stored_bytes).';

create function private.forget_uploads(owner uuid) returns void
language plpgsql set search_path = ''
as $$
declare
    _hashes text[];
begin
    with old as (
        delete from private.uploads as upload
        where upload.user_id = owner and upload.uploaded_at < now() - interval '1 day' returning upload.sha256
    )
    select array_agg(old.sha256) into _hashes from old;
    if _hashes is not null then
        perform private.release(owner, _hashes);
    end if;
end
$$;
comment on function private.forget_uploads(uuid) is 'Let go of what no version has named within a day.';

-- PostgREST sends a function's result as it is when its type is a domain with the name of a media type.
create domain public."*/*" as bytea;

create function private.bytes_of_file(owner uuid, sha256 text) returns bytea
language plpgsql stable set search_path = ''
as $$
declare
    _content bytea;
begin
    select file.content into _content from public.site_files as file
    where file.user_id = owner and file.sha256 = bytes_of_file.sha256;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    -- The type that PostgREST sends, application/octet-stream, is one that no browser runs.
    perform set_config('response.headers', '[{"X-Content-Type-Options": "nosniff"}]', true);
    return _content;
end
$$;
comment on function private.bytes_of_file(uuid, text) is 'A content, for PostgREST to send. Raises PT404 not_found.';

-- Definer: contents are out of clients' reach. It names auth.uid().
create function public.get_file(sha256 text) returns public."*/*"
language sql stable security definer set search_path = ''
return private.bytes_of_file(auth.uid(), sha256);
comment on function public.get_file(text) is 'The bytes of a content of one''s own. Raises PT404 not_found.';

grant execute on function public.put_file(bytea), public.get_file(text) to authenticated;
