-- What visitors send is bounded whatever the form is called, as anybody may post to a form that no page has. An address has one limit for a
-- whole website, and a website one for all of its forms. What is over them, or has no room, is counted no further: else each text sent
-- would leave a row behind.

insert into private.form_limits (name, allowed, every) values
    ('submissions_of_website', 1000, '1 hour'),
    ('unproven_bytes', 5000000, null);
comment on table private.form_limits is
'Of a website: how many submissions and bytes of them it keeps, in quarantine and out of it, and how much of either comes without the proof. How
often its forms may be used by all, and by one address, one form may be used, and a text may be sent, before what comes is quarantined.';

-- A trigger, as the generated column makes a text of them before constraints are checked.
create function private.check_fields() returns trigger
language plpgsql set search_path = ''
as $$
begin
    perform private.refuse_unreadable(new.fields);
    return new;
end
$$;

create trigger fields_are_readable before insert on public.submissions
for each row execute function private.check_fields();

create function private.is_at_limit(owner uuid, website uuid, "limit" text) returns boolean
language sql stable set search_path = ''
return exists (
    select 1 from private.form_uses as use
    join private.form_limits as limited on limited.name = is_at_limit."limit"
    where use.user_id = owner and use.website_id = website and use.name = limited.name || ':'
        and use.window_start = private.window_start(limited.every) and use.used >= limited.allowed
);
comment on function private.is_at_limit(uuid, uuid, text) is 'Whether a limit without a name of its own is used up; counts nothing.';

create or replace function public.submit_form(
    slug text, form text, page text, fields json, marks text[], sender text default '', content_hash text default '', proof text default ''
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _live public.publications := private.live_publication(submit_form.slug);
    _settings private.form_settings;
    _is_proven boolean;
    _marks text[];
    _new public.submissions;
begin
    if _live.slug is null then
        raise sqlstate 'PT404' using message = 'not_found';
    elsif octet_length(submit_form.fields::text) > 65536 then
        -- Before it becomes jsonb, which may take far more memory.
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "fields"}';
    end if;
    _is_proven := _live.proof_hash is null or _live.proof_hash = encode(sha256(convert_to(submit_form.proof, 'UTF8')), 'hex');
    _marks := array(select left(mark, 40) from unnest(submit_form.marks[1:10]) as mark);
    perform private.hold_account(_live.user_id);
    if not _is_proven then
        _marks := _marks || 'unproven'::text;
        if not private.has_room_for_unproven(_live.user_id, _live.website_id) then
            return jsonb_build_object('is_quarantined', true);
        end if;
    elsif private.is_at_limit(_live.user_id, _live.website_id, 'submissions_of_website') then
        _marks := _marks || 'form_limit'::text;
    end if;
    if _marks = '{}' and not private.has_room(_live.user_id, _live.website_id, false, 'submissions', 'submission_bytes') then
        _marks := _marks || 'no_room'::text;
    end if;
    if _marks <> '{}' and not private.has_room(_live.user_id, _live.website_id, true, 'quarantined', 'quarantined_bytes') then
        return jsonb_build_object('is_quarantined', true);
    end if;
    if _is_proven then
        _marks := _marks || private.marks_of_use(_live, _marks, submit_form.form, submit_form.sender, submit_form.content_hash);
        if _marks <> '{}' and not private.has_room(_live.user_id, _live.website_id, true, 'quarantined', 'quarantined_bytes') then
            return jsonb_build_object('is_quarantined', true);
        end if;
    end if;
    select * into _settings from private.form_settings as settings
    where settings.user_id = _live.user_id and settings.website_id = _live.website_id and _marks = '{}';
    begin
        insert into public.submissions as submission (user_id, website_id, form, page, fields, marks, is_quarantined, mail_notice, webhook_notice)
        values (
            _live.user_id, _live.website_id, submit_form.form, submit_form.page, submit_form.fields::jsonb, _marks, _marks <> '{}',
            case when _settings.has_mail then 'waiting' else 'none' end, case when _settings.has_webhook then 'waiting' else 'none' end
        )
        returning submission.* into _new;
    exception when check_violation or not_null_violation then
        -- Their details tell the row, and so whose it is.
        raise sqlstate 'PT422' using message = 'invalid_field';
    end;
    if not _is_proven then
        return jsonb_build_object('is_quarantined', true);
    end if;
    return jsonb_build_object(
        'is_quarantined', _new.is_quarantined, 'submission', to_jsonb(_new) - 'bytes', 'sealed', coalesce(_settings.sealed, ''),
        'website_name', (
            select website.name from public.websites as website where website.user_id = _new.user_id and website.id = _new.website_id
        )
    );
end
$$;

create function private.has_room_for_unproven(owner uuid, website uuid) returns boolean
language sql stable set search_path = ''
return (
    select count(*) < (select limited.allowed from private.form_limits as limited where limited.name = 'unproven')
        and coalesce(sum(submission.bytes), 0) < (select limited.allowed from private.form_limits as limited where limited.name = 'unproven_bytes')
    from public.submissions as submission
    where submission.user_id = owner and submission.website_id = website
        and submission.is_quarantined and 'unproven' = any(submission.marks)
);

create function private.marks_of_use(live public.publications, marks text[], form text, sender text, content_hash text) returns text[]
language plpgsql set search_path = ''
as $$
declare
    _marks text[] := marks;
begin
    -- In this order, so that no two submissions wait for each other. What a machine sends doesn't use up what people may.
    if _marks = '{}' and sender <> '' and private.is_used_up(
        live.user_id, live.website_id, 'submissions_of_sender', left(sender, 64)
    ) then
        return array['sender_limit'];
    end if;
    if content_hash <> '' and private.is_used_up(
        live.user_id, live.website_id, 'submissions_of_text', left(content_hash, 64)
    ) then
        _marks := _marks || 'repeated'::text;
    end if;
    if _marks = '{}' and (
        private.is_used_up(live.user_id, live.website_id, 'submissions_of_website', '')
        or private.is_used_up(live.user_id, live.website_id, 'submissions_of_form', left(form, 100))
    ) then
        _marks := _marks || 'form_limit'::text;
    end if;
    delete from private.form_uses as use
    where use.user_id = live.user_id and use.website_id = live.website_id and use.window_start < now() - interval '2 days';
    return _marks[coalesce(cardinality(marks), 0) + 1:];
end
$$;
comment on function private.marks_of_use(public.publications, text[], text, text, text) is
'Count a submission, and tell for what it is quarantined beside its marks.';
