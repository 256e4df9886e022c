-- What the owner of a website wrote about it. Before a version is published, prices, quotes and the like that are in none of these
-- texts are shown to the owner as made up by a model.

-- Tags end a piece, as many pages have few lines.
create function private.pieces_of(page text) returns setof text
language sql immutable set search_path = ''
begin atomic
    select piece.text from string_to_table(translate(page, '<>', E'\n\n'), E'\n') as piece (text) where piece.text ~ '[[:alnum:]]';
end;
comment on function private.pieces_of(text) is 'The texts between a page''s tags, and what is in the tags.';

-- Checks read what an owner typed: 2,000 messages may be 200 MB, and 50 versions by hand as much again. The newest 2 MB of each are read.

create function private.max_typed_bytes() returns integer
language sql immutable set search_path = ''
return 2000000;
comment on function private.max_typed_bytes() is 'How much is read of what the owner of a website wrote to helpers, and of what was changed by hand.';

create function private.hand_edits(owner uuid, website_id uuid) returns table (
    path text, sha256 text, base_sha256 text, bytes_so_far bigint
)
language sql stable set search_path = ''
begin atomic
    select
        named.path, named.sha256, base.manifest ->> named.path,
        sum(file.size) over (order by version.number desc, named.path rows unbounded preceding)
    from (
        select made.number, made.manifest, made.base_version_id from public.site_versions as made
        where made.user_id = owner and made.website_id = hand_edits.website_id and made.source = 'edit'
        order by made.number desc limit 50
    ) as version
    left join public.site_versions as base on base.user_id = owner and base.id = version.base_version_id
    cross join lateral jsonb_each_text(version.manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where named.sha256 is distinct from base.manifest ->> named.path and file.media_type = 'text/plain' and file.size <= 300000;
end;
comment on function private.hand_edits(uuid, uuid) is
'The texts that the newest 50 versions made by hand changed, the newest first, each with the bytes of those up to it.';

create function private.typed_by_hand(owner uuid, website_id uuid) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_agg(distinct left(typed.text, 2000)), '[]')
    from private.hand_edits(owner, typed_by_hand.website_id) as edit
    cross join lateral (
        select private.pieces_of(private.text_of_file(owner, edit.sha256))
        except
        select private.pieces_of(private.text_of_file(owner, edit.base_sha256))
    ) as typed (text)
    where edit.bytes_so_far <= private.max_typed_bytes()
);
comment on function private.typed_by_hand(uuid, uuid) is 'What versions made by hand have that the versions before them lack, of the newest 2 MB.';

-- Definer: briefs and contents are out of clients' reach. Every statement names auth.uid().
create function public.read_typed_texts(website_id uuid) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _brief text := public.read_brief(read_typed_texts.website_id) ->> 'text';
    _messages jsonb;
    _is_whole boolean;
begin
    select
        coalesce(jsonb_agg(message.content) filter (where message.bytes_so_far <= private.max_typed_bytes()), '[]'),
        count(*) < 2000 and coalesce(max(message.bytes_so_far), 0) <= private.max_typed_bytes()
    into _messages, _is_whole
    from (
        select
            question.content, sum(octet_length(question.content)) over (order by question.created_at desc rows unbounded preceding) as bytes_so_far
        from public.chat_sessions as session
        join public.chat_messages as question on question.user_id = session.user_id and question.session_id = session.id
        where session.user_id = _me and session.website_id = read_typed_texts.website_id and question.role = 'user'
        order by question.created_at desc limit 2000
    ) as message;
    -- A chat that was deleted may have said what a page still says.
    _is_whole := _is_whole and not exists (
        select 1 from public.site_versions as version
        where version.user_id = _me and version.website_id = read_typed_texts.website_id and version.source = 'answer'
            and not exists (
                select 1 from public.chat_messages as answer where answer.user_id = _me and answer.id = version.message_id
            )
    );
    return jsonb_build_object(
        'brief', _brief, 'messages', _messages, 'by_hand', private.typed_by_hand(_me, read_typed_texts.website_id),
        'is_whole', _is_whole and 50 >= (
            select count(*) from public.site_versions as version
            where version.user_id = _me and version.website_id = read_typed_texts.website_id and version.source = 'edit'
        ) and not exists (
            select 1 from private.hand_edits(_me, read_typed_texts.website_id) as edit where edit.bytes_so_far > private.max_typed_bytes()
        )
    );
end
$$;
comment on function public.read_typed_texts(uuid) is
'{"brief", "messages" (the owner''s, newest first), "by_hand" (texts that hand edits put into pages), "is_whole": whether that is all that
was ever written; of messages and of hand edits it is the newest 2 MB}. Raises PT404 not_found.';

grant execute on function public.read_typed_texts(uuid) to authenticated;
