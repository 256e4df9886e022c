-- What an answer changed of its page is kept with it. An answer whose page has moved while it was written, as another version became
-- current on its path, makes none of it before its worker has seen that page.

alter table public.chat_messages add column changes jsonb;
comment on column public.chat_messages.changes is
'What an answer changed of the page: {"places", "left_out": [{"path", "start", "end"}], "tokens_saved", …}; null without a version.';
alter table public.chat_messages
add constraint chat_messages_changes_shape check (changes is null or coalesce(
    jsonb_typeof(changes -> 'places') = 'array' and jsonb_typeof(changes -> 'left_out') = 'array'
    and jsonb_typeof(changes -> 'tokens_saved') = 'number', false
)),
add constraint chat_messages_changes_size check (pg_column_size(changes) <= private.max_attachment_size());

-- The version that an answer would start from now. The one it was given where its question is gone, or that one is another website's:
-- the chat was moved.
create function private.page_now(answer public.chat_messages, website uuid, given uuid) returns uuid
language plpgsql stable set search_path = ''
as $$
declare
    _question public.chat_messages;
begin
    select * into _question from public.chat_messages as asked
    where asked.user_id = answer.user_id and asked.id = answer.reply_to;
    if not found or exists (
        select 1 from public.site_versions as version
        where version.user_id = answer.user_id and version.id = page_now.given and version.website_id <> page_now.website
    ) then
        return page_now.given;
    end if;
    return private.version_to_start_from(_question);
end
$$;
comment on function private.page_now(public.chat_messages, uuid, uuid) is
'The version that an answer, which was given one, would start from now.';

drop function public.finish_answer(
    uuid, text, text, integer, text, text, text, text, integer, integer, json, json, text, json, text
);
-- Definer and open to anon: the lease is the authority, as it is for append_chunks. What comes with it becomes jsonb, each `{}` of
-- which takes some 600 bytes, only for whoever has one.
create function public.finish_answer(
    answer_id uuid,
    lease text,
    status text,
    "offset" integer,
    text text,
    error_code text default null,
    finish_reason text default null,
    model text default null,
    prompt_tokens integer default null,
    completion_tokens integer default null,
    tool_calls json default null,
    sources json default null,
    sealed_thread text default null, -- '' forgets the one there is
    files json default null,
    summary text default null,
    changes json default null, -- what the files change of the page that was given
    tells_moved boolean default false, -- make no version where another page has become current
    made_onto uuid default null -- that other page's version, from which the files were made
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _hash bytea := private.hash_of(finish_answer.lease);
    _lease private.answer_leases;
    _session public.chat_sessions;
    _answer public.chat_messages;
    _version public.site_versions;
    _content text;
    _is_blank boolean;
    _has_begun boolean;
    _page_version_id uuid;
    -- Null without new files, or without a website that they could be of.
    _is_full boolean;
begin
    if finish_answer.status not in ('complete', 'stopped', 'interrupted', 'failed') then
        raise sqlstate 'PT422' using message = 'invalid_field';
    end if;
    select * into _lease from private.answer_leases as held
    where held.lease_hash = _hash and held.message_id = finish_answer.answer_id;
    if not found then
        return '{"result": "lost"}';
    end if;
    -- The first lock, as everywhere: usage refers to the account.
    perform 1 from auth.users as account where account.id = _lease.user_id for key share;
    if not found then
        return '{"result": "lost"}';
    end if;
    if finish_answer.files is not null then
        -- Numbering the version locks the website; deleting a website locks it before its chats.
        perform 1 from public.websites as website
        join public.chat_sessions as session on session.user_id = website.user_id and session.website_id = website.id
        where session.user_id = _lease.user_id and session.id = _lease.session_id
        for no key update of website;
    end if;
    select * into _session from public.chat_sessions as session
    where session.user_id = _lease.user_id and session.id = _lease.session_id for update;
    select * into _lease from private.answer_leases as held where held.lease_hash = _hash for update;
    if not found then
        return '{"result": "lost"}';
    end if;
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id;
    if _lease.ended_at is not null then
        return jsonb_build_object('result', 'ended', 'message', private.message_json(_answer));
    end if;
    if finish_answer."offset" > _lease.written then
        return jsonb_build_object('result', 'gap', 'written', _lease.written);
    end if;

    if finish_answer.files is not null and _session.website_id is not null then
        _lease.page_version_id := coalesce(finish_answer.made_onto, _lease.page_version_id);
        _version := private.version_given(_lease, _session.website_id, finish_answer.files::jsonb);
        if _version.id is null and finish_answer.tells_moved then
            _page_version_id := private.page_now(_answer, _session.website_id, _lease.page_version_id);
            if _page_version_id is not null and _page_version_id is distinct from _lease.page_version_id then
                return jsonb_build_object(
                    'result', 'moved', 'version_id', _page_version_id,
                    'page', private.page_of_version(_lease.user_id, _page_version_id)
                );
            end if;
        end if;
        if _version.id is null then
            select private.has_all_versions(website.latest_version_number) into _is_full from public.websites as website
            where website.user_id = _lease.user_id and website.id = _session.website_id;
        end if;
    end if;
    if not _is_full then
        -- The base of the version.
        update private.answer_leases as held set page_version_id = _lease.page_version_id where held.lease_hash = _hash;
        insert into public.site_versions as version (user_id, website_id, source, summary, files, session_id, message_id)
        values (
            _lease.user_id, _session.website_id, 'answer', left(finish_answer.summary, 200), finish_answer.files::jsonb,
            _session.id, _answer.id
        )
        returning version.* into _version;
    end if;
    if finish_answer.sealed_thread = '' then
        delete from private.provider_threads as thread
        where thread.user_id = _session.user_id and thread.session_id = _session.id;
    elsif finish_answer.sealed_thread is not null then
        insert into private.provider_threads (user_id, session_id, sealed)
        values (_session.user_id, _session.id, finish_answer.sealed_thread)
        on conflict (user_id, session_id) do update set sealed = excluded.sealed;
    end if;
    -- Whatever a model sends, the answer must end: too much text is cut, none is a failure.
    _content := left(
        private.text_of(_answer) || substr(finish_answer.text, _lease.written - finish_answer."offset" + 1), private.max_answer_length()
    );
    _is_blank := finish_answer.status = 'complete' and not private.is_visible(_content);
    -- What the model doesn't report is guessed from the text, unless it failed before its first word.
    _has_begun := finish_answer.status <> 'failed' or _content <> _answer.content;
    perform private.settle(
        _lease,
        coalesce(finish_answer.prompt_tokens, case when _has_begun then _lease.reading else 0 end),
        coalesce(finish_answer.completion_tokens, greatest(octet_length(_content) - octet_length(_answer.content), 0) / 4)
    );
    update public.chat_messages as answer set
        content = _content,
        kind = case when _version.id is not null and answer.kind = 'chat' then 'code' else answer.kind end,
        status = case when _is_blank then 'failed' else finish_answer.status end,
        error_code = case
            when _is_blank then 'model_said_nothing'
            when _is_full then coalesce(finish_answer.error_code, 'too_many_versions')
            else finish_answer.error_code
        end,
        finish_reason = left(finish_answer.finish_reason, 200),
        model = left(finish_answer.model, 200),
        prompt_tokens = finish_answer.prompt_tokens,
        completion_tokens = finish_answer.completion_tokens,
        tool_calls = finish_answer.tool_calls::jsonb,
        sources = finish_answer.sources::jsonb,
        version_id = coalesce(_version.id, answer.version_id),
        version_number = coalesce(_version.number, answer.version_number),
        changes = case when _version.id is null then answer.changes else finish_answer.changes::jsonb end
    where answer.user_id = _lease.user_id and answer.id = _lease.message_id
    returning answer.* into _answer;
    delete from public.message_chunks as chunk
    where chunk.user_id = _lease.user_id and chunk.message_id = _lease.message_id;
    update private.answer_leases as held set ended_at = now(), written = char_length(_answer.content)
    where held.lease_hash = _hash;
    return jsonb_build_object('result', 'finished', 'message', private.message_json(_answer));
end
$$;
comment on function public.finish_answer(
    uuid, text, text, integer, text, text, text, text, integer, integer, json, json, text, json, text, json, boolean, uuid
) is
'End an answer: fold its chunks and the last text into the message and, when files are given, make a version of its website.
Returns {"result", "message"}: finished; ended (already, by this or by reaping); lost (no such lease); gap (text is missing before offset);
moved (`tells_moved`, and the answer would start from another page now: {"result", "version_id", "page"}; nothing was stored).';
grant execute on function
    public.finish_answer(
        uuid, text, text, integer, text, text, text, text, integer, integer, json, json, text, json, text, json, boolean, uuid
    )
to anon, authenticated;
