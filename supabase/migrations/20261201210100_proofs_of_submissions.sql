-- What comes with the app's proof is trusted. One that is null is none: compared to the hash it is neither right nor wrong, and so passed for
-- right. And where there is nothing to prove, as the app has no secret, the app isn't told more than anybody: whose website it is.

-- Definer and open to anon: visitors have no account.
create or replace function public.submit_form(
    slug text, form text, page text, fields json, marks text[], sender text default '', content_hash text default '', proof text default ''
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _live public.publications := private.live_publication(submit_form.slug);
    _settings private.form_settings;
    _proof_hash text;
    _is_app boolean;
    _is_proven boolean;
    _marks text[];
    _new public.submissions;
begin
    if _live.slug is null then
        raise sqlstate 'PT404' using message = 'not_found';
    elsif num_nulls(
        submit_form.form, submit_form.page, submit_form.fields, submit_form.marks, submit_form.sender, submit_form.content_hash, submit_form.proof
    ) > 0 then
        raise sqlstate 'PT422' using message = 'invalid_field';
    elsif octet_length(submit_form.fields::text) > 65536 then
        -- Before it becomes jsonb, which may take far more memory.
        raise sqlstate 'PT422' using message = 'invalid_field', detail = '{"field": "fields"}';
    end if;
    -- Settings have the hash, too, where a website was published before the app had a secret.
    _proof_hash := coalesce(_live.proof_hash, (
        select nullif(settings.proof_hash, '') from private.form_settings as settings
        where settings.user_id = _live.user_id and settings.website_id = _live.website_id
    ));
    _is_app := _proof_hash is not distinct from encode(sha256(convert_to(submit_form.proof, 'UTF8')), 'hex');
    _is_proven := _is_app or _proof_hash is null;
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
    if not _is_app then
        return jsonb_build_object('is_quarantined', _new.is_quarantined);
    end if;
    return jsonb_build_object(
        'is_quarantined', _new.is_quarantined, 'submission', to_jsonb(_new) - 'bytes', 'sealed', coalesce(_settings.sealed, ''),
        'website_name', (
            select website.name from public.websites as website where website.user_id = _new.user_id and website.id = _new.website_id
        )
    );
end
$$;
comment on function public.submit_form(text, text, text, json, text[], text, text, text) is
'Store what a visitor sent: {"is_quarantined"}, and with the proof also {"submission", "website_name", "sealed" (how its owner hears of
it)}; without "submission" there was no room for it. With marks it is quarantined. "sender" and "content_hash" are hashes of the visitor''s address
and of the text. Where no secret was set there is no proof, and what is sent is taken without one, but nothing told. Raises PT404 not_found (the
slug leads nowhere), PT422 invalid_field.';
