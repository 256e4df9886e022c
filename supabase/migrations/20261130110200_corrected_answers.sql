-- What an answer changed outside of what its question pointed at was left out, and its owner may have it made after all; what it changed
-- besides the section that its question names may be taken back.

create function private.make_edit(owner uuid, website uuid, base uuid, files jsonb, summary text) returns public.site_versions
language plpgsql set search_path = ''
as $$
declare
    _newest uuid;
    _version public.site_versions;
begin
    -- The lock that numbering a version takes.
    perform 1 from public.websites as numbered
    where numbered.user_id = make_edit.owner and numbered.id = make_edit.website for no key update;
    select version.id into _newest from public.site_versions as version
    where version.user_id = make_edit.owner and version.website_id = make_edit.website order by version.number desc limit 1;
    if _newest <> make_edit.base then
        raise sqlstate 'PT409' using message = 'edit_conflict', detail = jsonb_build_object('version_id', _newest)::text;
    end if;
    insert into public.site_versions (user_id, website_id, source, summary, files)
    values (make_edit.owner, make_edit.website, 'edit', make_edit.summary, make_edit.files)
    returning * into _version;
    return _version;
end
$$;
comment on function private.make_edit(uuid, uuid, uuid, jsonb, text) is
'Make files that were made of a version the next version. Raises PT409 edit_conflict with the newest version''s id in its details when
that is not the base.';

-- Definer: it writes what an answer changed, which clients can't. Every statement names auth.uid().
create function public.correct_changes(answer_id uuid, base_version_id uuid, summary text, files jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _answer public.chat_messages;
    _website uuid;
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
        _version := private.make_edit(
            _me, _website, correct_changes.base_version_id, correct_changes.files, correct_changes.summary
        );
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
