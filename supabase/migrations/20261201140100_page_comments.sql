-- Whoever has a link to pages says what they think of an element. Comments are the owner's: they stay when the link is taken back, and
-- under the website's id while it is in the trash. So they have no foreign key to it, nor to the version, which goes with it.

create table public.page_comments (
    user_id uuid not null references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    share_id uuid,
    website_id uuid not null,
    version_id uuid not null,
    version_number integer not null,
    path text not null,
    start_offset integer not null,
    end_offset integer not null,
    author text,
    text text not null,
    is_read boolean not null default false,
    is_resolved boolean not null default false,
    created_at timestamptz not null default now(),
    bytes integer not null generated always as (octet_length(text) + coalesce(octet_length(author), 0)) stored,
    primary key (user_id, id),
    foreign key (user_id, share_id) references public.page_shares (user_id, id) on delete set null (share_id),
    constraint page_comments_author_length check (char_length(author) <= 60),
    constraint page_comments_author_not_blank check (private.is_visible(author)),
    constraint page_comments_text_length check (char_length(text) <= 2000),
    constraint page_comments_text_not_blank check (private.is_visible(text))
);
comment on column public.page_comments.user_id is 'Whose page it is.';
comment on column public.page_comments.share_id is 'The link that it came by; null when that is gone.';
comment on column public.page_comments.start_offset is 'Where the element begins in the page''s source, in code points; end_offset is behind it.';
comment on column public.page_comments.author is 'The name that the visitor typed; null for what the owner replied.';

create index page_comments_newest on public.page_comments (user_id, website_id, created_at desc, id desc);
create index page_comments_of_share on public.page_comments (user_id, share_id, created_at);

create trigger hold_account before update or delete on public.page_comments
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();
create trigger count_deleted_rows after delete on public.page_comments
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');

-- Definer: it acts for the cascades of other tables.
create function private.drop_rows_of_websites() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    execute format(
        'delete from public.%I as gone using deleted
        where gone.user_id = deleted.user_id and gone.website_id = (to_jsonb(deleted) ->> %L)::uuid
            and not exists (
                select 1 from public.websites as website where website.user_id = gone.user_id and website.id = gone.website_id
            )
            and not exists (
                select 1 from public.trash as item where item.user_id = gone.user_id and item.website_id = gone.website_id
            )', tg_argv[0], tg_argv[1]
    );
    return null;
end
$$;
comment on function private.drop_rows_of_websites() is
'Delete the rows of a table that are about deleted websites, unless these are in the trash. The arguments name the table, and the column of
the websites'' ids.';

-- What was live when goes with its website, too.
create trigger drop_publication_events after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('publication_events', 'id');
create trigger drop_publication_events after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('publication_events', 'website_id');

create trigger drop_page_comments after delete on public.websites
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('page_comments', 'id');
create trigger drop_page_comments after delete on public.trash
referencing old table as deleted
for each statement execute function private.drop_rows_of_websites('page_comments', 'website_id');

alter table public.page_comments enable row level security;

create policy "Owners see comments on their pages" on public.page_comments
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners mark comments on their pages" on public.page_comments
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete comments on their pages" on public.page_comments
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, update (is_read, is_resolved), delete on public.page_comments to authenticated;

-- Definer and open to anon, here and below: the token is the authority.
create function public.comment_on_page(
    token text, path text, start_offset integer, end_offset integer, author text, text text, ticket uuid default null
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _share public.page_shares := private.opened_share(comment_on_page.token, comment_on_page.ticket);
begin
    -- Before the share's own lock: deleting an account takes its rows in this order.
    perform private.hold_account(_share.user_id);
    -- Serialises a link's comments, so that the counts can't be raced.
    perform 1 from public.page_shares as share where share.user_id = _share.user_id and share.id = _share.id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if comment_on_page.author is null or comment_on_page.start_offset < 0 or comment_on_page.end_offset <= comment_on_page.start_offset
        or comment_on_page.end_offset > coalesce(char_length(private.text_of_share(_share, comment_on_page.path)), 0)
    then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    if (
        select count(*) >= 200 or count(*) filter (where comment.created_at > now() - interval '1 day') >= 50
        from public.page_comments as comment
        where comment.user_id = _share.user_id and comment.share_id = _share.id and comment.author is not null
    ) then
        raise sqlstate 'PT429' using message = 'too_many_comments';
    end if;
    begin
        insert into public.page_comments (
            user_id, share_id, website_id, version_id, version_number, path, start_offset, end_offset, author, text
        )
        values (
            _share.user_id, _share.id, _share.website_id, _share.version_id, _share.version_number, comment_on_page.path,
            comment_on_page.start_offset, comment_on_page.end_offset, comment_on_page.author, comment_on_page.text
        );
    exception when check_violation or not_null_violation then
        -- Their details tell the row, and so whose it is.
        raise sqlstate 'PT422' using message = 'invalid_field';
    end;
    perform private.store(
        _share.user_id, octet_length(comment_on_page.text) + octet_length(comment_on_page.author)
    );
    return public.read_shared_comments(comment_on_page.token, comment_on_page.ticket);
end
$$;
comment on function public.comment_on_page(text, text, integer, integer, text, text, uuid) is
'Say something about the part of a shared page from one code point to another, under a name: read_shared_comments. Raises PT404 not_found, PT403
share_password_required, PT422 invalid_field, PT429 too_many_comments (200 a link, 50 of it in 24 hours), quota_exceeded (stored_bytes, of
the page''s owner).';

create function public.read_shared_comments(token text, ticket uuid default null) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _share public.page_shares := private.opened_share(read_shared_comments.token, read_shared_comments.ticket);
begin
    return (
        select coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'path', comment.path, 'start', comment.start_offset, 'end', comment.end_offset, 'author', comment.author,
                    'text', comment.text, 'is_resolved', comment.is_resolved, 'created_at', comment.created_at
                ) order by comment.created_at, comment.id
            ), '[]'
        )
        from (
            -- The newest ones, with the owner's replies.
            select * from public.page_comments as said
            where said.user_id = _share.user_id and said.share_id = _share.id
            order by said.created_at desc, said.id desc limit 400
        ) as comment
    );
end
$$;
comment on function public.read_shared_comments(text, uuid) is
'The comments that came by a link, oldest first, at most 400: [{"path", "start", "end", "author" (null for the owner), "text", "is_resolved",
"created_at"}]; no ids. Raises PT404 not_found, PT403 share_password_required.';

-- Definer: clients can't write comments. Every statement names auth.uid().
create function public.reply_to_comment(comment_id uuid, text text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _reply public.page_comments;
begin
    perform private.hold_account(_me);
    insert into public.page_comments as said (
        user_id, share_id, website_id, version_id, version_number, path, start_offset, end_offset, text, is_read
    )
    select
        _me, comment.share_id, comment.website_id, comment.version_id, comment.version_number, comment.path, comment.start_offset,
        comment.end_offset, reply_to_comment.text, true
    from public.page_comments as comment where comment.user_id = _me and comment.id = reply_to_comment.comment_id
    returning said.* into _reply;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    perform private.store(_me, _reply.bytes);
    return to_jsonb(_reply) - 'user_id' - 'bytes';
end
$$;
comment on function public.reply_to_comment(uuid, text) is
'Say something about the same element, as the owner: the comment. Raises PT404 not_found, PT429 quota_exceeded (stored_bytes).';

grant execute on function
    public.comment_on_page(text, text, integer, integer, text, text, uuid), public.read_shared_comments(text, uuid)
to anon, authenticated;
grant execute on function public.reply_to_comment(uuid, text) to authenticated;
