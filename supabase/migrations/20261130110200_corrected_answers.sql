-- What an answer changed outside of what its question pointed at was left out, and its owner may have it made after all; what it changed
-- besides the section that its question names may be taken back.

-- Definer: it writes what an answer changed, which clients can't. Every statement names auth.uid().
create function public.correct_changes(answer_id uuid, base_version_id uuid, summary text, files jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _answer public.chat_messages;
    _website uuid;
    _newest uuid;
    _version public.site_versions;
begin
    perform private.hold_account(_me);
    select version.website_id into _website from public.chat_messages as answer
    join public.site_versions as version on version.user_id = answer.user_id and version.id = answer.version_id
    where answer.user_id = _me and answer.id = correct_changes.answer_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    perform 1 from public.websites as website where website.user_id = _me and website.id = _website for no key update;
    select * into _answer from public.chat_messages as answer
    where answer.user_id = _me and answer.id = correct_changes.answer_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select * into _version from public.site_versions as version
    where version.user_id = _me and version.id = (_answer.changes ->> 'corrected')::uuid;
    if not found then
        select version.id into _newest from public.site_versions as version
        where version.user_id = _me and version.website_id = _website order by version.number desc limit 1;
        if _newest <> correct_changes.base_version_id then
            raise sqlstate 'PT409' using message = 'edit_conflict', detail = jsonb_build_object('version_id', _newest)::text;
        end if;
        insert into public.site_versions as version (user_id, website_id, source, summary, files)
        values (_me, _website, 'edit', correct_changes.summary, correct_changes.files)
        returning version.* into _version;
        update public.chat_messages as answer
        set changes = coalesce(answer.changes, '{}') || jsonb_build_object('corrected', _version.id)
        where answer.user_id = _me and answer.id = _answer.id;
    end if;
    return to_jsonb(_version) - 'user_id' - 'files';
end
$$;
comment on function public.correct_changes(uuid, uuid, text, jsonb) is
'Make the files by which its owner corrects an answer the next version, once: called again, return that version. Raises PT404
not_found, PT409 edit_conflict (another version than base_version_id is the newest: its id is told).';
grant execute on function public.correct_changes(uuid, uuid, text, jsonb) to authenticated;
