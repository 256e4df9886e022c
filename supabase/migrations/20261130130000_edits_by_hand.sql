-- Edits by hand are made on the version that their author saw: whether it is still the newest one is checked in the
-- transaction that stores what became of it.

-- Definer: the base, and the version that it makes, would count as read. Every statement names auth.uid().
create function public.save_edits(website_id uuid, base_version_id uuid, files jsonb, summary text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _base public.site_versions;
    _new public.site_versions;
begin
    select * into _base from public.site_versions as version
    where version.user_id = _me and version.website_id = save_edits.website_id and version.id = save_edits.base_version_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    _new := private.make_edit(
        _me, _base.website_id, _base.id, coalesce(to_jsonb(_base) -> 'files', '{}') || save_edits.files, save_edits.summary
    );
    return to_jsonb(_new) - 'user_id' - 'files';
end
$$;
comment on function public.save_edits(uuid, uuid, jsonb, text) is
'Make a new version of the newest one with these files changed; returns it without the files. Raises PT409 edit_conflict with the
newest version''s id in its details when that is not the base.';
grant execute on function public.save_edits(uuid, uuid, jsonb, text) to authenticated;
