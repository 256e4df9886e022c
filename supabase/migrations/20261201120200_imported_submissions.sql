-- Submissions come back with the rest of an account, all of a batch that are missing. Unlike what
-- visitors send they may be refused when the owner's storage is full.

create function private.hold_own_website(website_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
    perform private.hold_account(auth.uid());
    -- Serialises what is added to a website, so that limits can't be raced.
    perform 1 from public.websites as website
    where website.user_id = auth.uid() and website.id = hold_own_website.website_id for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
end
$$;

-- Definer: clients can't write submissions. Every statement names auth.uid().
create function public.import_submissions(website_id uuid, submissions jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _added integer;
begin
    perform private.hold_own_website(import_submissions.website_id);
    -- Numbers that are short as jsonb may be endless as text.
    perform private.refuse_unreadable(import_submissions.submissions);
    insert into public.submissions (user_id, id, website_id, form, page, fields, marks, is_quarantined, is_read, created_at)
    select
        _me, given.id, import_submissions.website_id, given.form, given.page, given.fields, coalesce(given.marks, '{}'),
        coalesce(given.is_quarantined, false), coalesce(given.is_read, true), coalesce(given.created_at, now())
    from jsonb_populate_recordset(null::public.submissions, import_submissions.submissions) as given
    order by given.id
    on conflict (user_id, id) do nothing;
    get diagnostics _added = row_count;
    perform private.spend(_me, 'imported_rows', _added);
    if not private.has_room(_me, import_submissions.website_id, false, 'submissions', 'submission_bytes')
        or not private.has_room(_me, import_submissions.website_id, true, 'quarantined', 'quarantined_bytes') then
        perform private.refuse('submissions');
    end if;
    if _added > 0 then
        -- They are on the list of bytes: here they may be refused.
        perform private.store(_me, 0);
    end if;
    return _added;
end
$$;
comment on function public.import_submissions(uuid, jsonb) is
'Add submissions with the columns they had; returns how many were not there. Raises PT404 not_found, PT422 invalid_field, PT429 quota_exceeded
(imported_rows, submissions, stored_bytes).';

grant execute on function public.import_submissions(uuid, jsonb) to authenticated;
