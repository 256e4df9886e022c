-- Submissions count as stored bytes of the website's owner. What a visitor sends is taken also when these are used up, as long as there is
-- room in its website: a visitor who is refused is lost, and whose storage is full is the owner's business. What is brought back with an account may
-- be refused.

-- Definer: counters are out of clients' reach.
create function private.count_added_submissions() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    perform private.list_bytes(taken.user_id, taken.bytes)
    from (
        select added.user_id, sum(added.bytes)::bigint as bytes from added group by added.user_id
    ) as taken;
    return null;
end
$$;

create trigger count_added_submissions after insert on public.submissions
referencing new table as added
for each statement execute function private.count_added_submissions();
create trigger count_deleted_rows after delete on public.submissions
referencing old table as deleted
for each statement execute function private.count_deleted_rows('bytes');

insert into private.byte_changes (user_id, bytes)
select submission.user_id, sum(submission.bytes) from public.submissions as submission group by submission.user_id;

comment on table private.quotas is
'stored_bytes: of messages and of versions'' files, those in the trash too, of what shares show, of imports under way, of comments on pages and
of submissions. versions: of one website. messages: added by any means but a running answer. model_tokens: what models read and write.';

-- Definer: clients can't write submissions. Every statement names auth.uid().
create or replace function public.import_submissions(website_id uuid, submissions jsonb) returns integer
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
