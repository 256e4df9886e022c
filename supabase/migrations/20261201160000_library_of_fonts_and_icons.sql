-- A website's fonts and icons are files that the app puts there (sitethread/library/). The model doesn't read them: they would be tens of
-- thousands of tokens. The app gets what it needs to add to them.

-- As sitethread/library/catalogue.py: what they are called, and how they begin.
create function private.is_path_of_library(path text) returns boolean
language sql immutable set search_path = ''
return path ~ '^(fonts|icons)/[^/]+\.css$';

create function private.is_from_library(path text, content bytea) returns boolean
language sql immutable set search_path = ''
return private.is_path_of_library(path) and substr(content, 1, 11) = '/*! Library'::bytea;
comment on function private.is_from_library(text, bytea) is 'Whether a file has a path of the library''s, and begins as its files do.';

create function private.library_in(owner uuid, manifest jsonb) returns jsonb
language sql stable set search_path = ''
return (
    select coalesce(jsonb_object_agg(
        named.path,
        case
            when starts_with(named.path, 'icons/') and private.is_from_library(named.path, file.content)
                then convert_from(file.content, 'UTF8')
            else ''
        end
    ), '{}')
    from jsonb_each_text(manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = owner and file.sha256 = named.sha256
    where private.is_path_of_library(named.path)
);
comment on function private.library_in(uuid, jsonb) is 'The files at the library''s paths: its icons as they are, all others as "".';

create or replace function private.page_of_version(owner uuid, version_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _version public.site_versions;
    _page text;
    _assets jsonb;
    _library jsonb;
    _for_model bigint;
    _all bigint;
begin
    select * into _version from public.site_versions as version
    where version.user_id = page_of_version.owner and version.id = page_of_version.version_id;
    if not found then
        return null;
    end if;
    select
        coalesce(sum(file.size) filter (where not private.is_from_library(named.path, file.content)), 0), coalesce(sum(file.size), 0)
    into _for_model, _all
    from jsonb_each_text(_version.manifest) as named (path, sha256)
    join public.site_files as file on file.user_id = page_of_version.owner and file.sha256 = named.sha256
    where file.media_type = 'text/plain';
    _page := private.text_of_file(page_of_version.owner, _version.manifest ->> 'index.html');
    _assets := private.assets_of(page_of_version.owner, _version.manifest);
    _library := private.library_in(page_of_version.owner, _version.manifest);
    return jsonb_build_object('number', _version.number)
    || case when _assets = '[]' then '{}' else jsonb_build_object('assets', _assets) end
    || case when _library = '{}' then '{}' else jsonb_build_object('library', _library) end
    || case
        when _for_model <= private.max_page_for_model() then jsonb_build_object('files', (
            select coalesce(jsonb_object_agg(named.path, convert_from(file.content, 'UTF8')), '{}')
            from jsonb_each_text(_version.manifest) as named (path, sha256)
            join public.site_files as file on file.user_id = page_of_version.owner and file.sha256 = named.sha256
            where file.media_type = 'text/plain' and not private.is_from_library(named.path, file.content)
        ))
        else jsonb_build_object('room', private.max_text_size() - _all) || case
            when octet_length(_page) <= private.max_page_for_model()
                then jsonb_build_object('files', jsonb_build_object('index.html', _page))
            else jsonb_strip_nulls(jsonb_build_object('files', '{}'::jsonb, 'too_long', octet_length(_page)))
        end
    end;
end
$$;
comment on function private.page_of_version(uuid, uuid) is
'A version''s texts: {"number", "files", "too_long", "assets", "library", "room"}. Of too many, "files" has index.html alone, or nothing when
that is too long itself: "too_long" then are its bytes, and "room" how many bytes of text the version can have more. "assets", if there are any,
are what is no text (assets_of), "library" what is at the paths of the library of fonts and icons (library_in): its files are no others of
these. Null when there is no such version.';

create or replace function private.begin_answer(
    question public.chat_messages, answer_id uuid, kind text, lease text, budget integer, begun_by text
) returns jsonb
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _answer public.chat_messages;
    _page_version_id uuid;
    _turn jsonb;
    _unseen jsonb;
    _reading bigint;
begin
    if begin_answer.begun_by = 'continue_answer' then
        update public.chat_messages as answer set status = 'streaming', error_code = null, finish_reason = null
        where answer.user_id = question.user_id and answer.id = begin_answer.answer_id
        returning answer.* into _answer;
    else
        insert into public.chat_messages as answer (user_id, id, session_id, role, kind, status, reply_to)
        values (
            question.user_id, begin_answer.answer_id, question.session_id, 'assistant', begin_answer.kind, 'streaming', question.id
        )
        returning answer.* into _answer;
    end if;
    _page_version_id := private.version_to_start_from(question);
    _turn := private.started_turn(question, _answer, true, budget, _page_version_id)
        || private.target_of(question, _page_version_id);
    _unseen := coalesce(private.unseen_of(_turn, question.user_id, _page_version_id), '{}');
    -- About four bytes make a token. The rows in it stand for the instructions, which the database doesn't know. Of a file that the model
    -- doesn't see it gets the part that is pointed at, and nothing of the library's files.
    _reading := (
        pg_column_size(_turn #- '{page,library}')
        + case when _unseen = '{}' then 0 else (_turn #>> '{target,end}')::integer - (_turn #>> '{target,start}')::integer end
    ) / 4;
    perform private.spend(question.user_id, 'model_tokens', _reading + private.expected_answer());
    perform private.grant_lease(_answer, begin_answer.lease, begin_answer.begun_by, _reading, _page_version_id);
    return private.with_unseen(_turn, _unseen);
end
$$;
