-- A submission is what a visitor sent by a form of a published page. Machines send, too: what looks like theirs is quarantined, never
-- dropped, as long as there is room. Visitors have no account, so one function takes all of it, and anybody can call it: what comes
-- without the app's proof is quarantined.

create table private.form_limits (
    name text primary key,
    allowed bigint not null,
    every interval
);
comment on table private.form_limits is
'Of a website: how many submissions and bytes of them it keeps, in quarantine and out of it, and how much of either comes without the proof. How
often its forms may be used by all, and by one address, one form may be used, and a text may be sent, before what comes is quarantined.';
comment on column private.form_limits.every is 'The window; null for a limit on how much there is at once.';

insert into private.form_limits (name, allowed, every) values
    ('submissions', 20000, null),
    ('submission_bytes', 50000000, null),
    ('quarantined', 3000, null),
    ('quarantined_bytes', 20000000, null),
    ('unproven', 300, null),
    ('submissions_of_form', 300, '1 hour'),
    ('submissions_of_sender', 120, '1 hour'),
    ('submissions_of_text', 2, '1 day'),
    ('submissions_of_website', 1000, '1 hour'),
    ('unproven_bytes', 5000000, null);

create table public.submissions (
    user_id uuid not null references auth.users (id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    website_id uuid not null,
    form text not null,
    page text not null,
    fields jsonb not null,
    marks text[] not null default '{}',
    is_quarantined boolean not null default false,
    is_read boolean not null default false,
    mail_notice text not null default 'none',
    webhook_notice text not null default 'none',
    created_at timestamptz not null default now(),
    bytes integer not null generated always as (octet_length(fields::text)) stored,
    primary key (user_id, id),
    constraint submissions_form check (char_length(form) <= 100),
    constraint submissions_page check (char_length(page) <= 200),
    constraint submissions_fields check (
        jsonb_typeof(fields) = 'array' and jsonb_array_length(fields) <= 50 and octet_length(fields::text) <= 65536
        and jsonb_array_length(jsonb_path_query_array(
            fields, '$[*] ? (@.name.type() == "string" && @.value.type() == "string")'
        )) = jsonb_array_length(fields)
    ),
    constraint submissions_mail_notice check (mail_notice = any(array['none', 'waiting', 'sent', 'failed'])),
    constraint submissions_webhook_notice check (webhook_notice = any(array['none', 'waiting', 'sent', 'failed']))
);
comment on column public.submissions.website_id is 'Of a website that is there or in the trash.';
comment on column public.submissions.form is 'The form''s name in its page''s address.';
comment on column public.submissions.page is 'The path of the page that it was sent from, as the visitor said.';
comment on column public.submissions.fields is '[{"name", "value"}], in the order of the form.';
comment on column public.submissions.marks is 'Why it was quarantined.';
comment on column public.submissions.mail_notice is 'waiting: a worker sends it, for 71 minutes at most.';

create index submissions_newest on public.submissions (user_id, website_id, created_at desc, id desc);
create index submissions_unread on public.submissions (user_id, website_id) where not is_read and not is_quarantined;
create index submissions_sizes on public.submissions (user_id, website_id, is_quarantined) include (bytes);

create table private.form_uses (
    user_id uuid not null references auth.users (id) on delete cascade,
    website_id uuid not null,
    name text not null,
    window_start timestamptz not null,
    used integer not null,
    primary key (user_id, website_id, name)
) with (fillfactor = 70);
comment on table private.form_uses is
'How often a form was used, a text was sent, and by an address that the app hashed with a key of the day. Gone after a day.';
create index form_uses_by_age on private.form_uses (user_id, website_id, window_start);

create trigger hold_account before update or delete on public.submissions
for each statement when (current_user = 'authenticated') execute function private.hold_own_account();

-- They count as stored bytes of the website's owner. What a visitor sends is taken also when these are used up, as long as there is room in its
-- website: a visitor who is refused is lost, and whose storage is full is the owner's business.

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

comment on table private.quotas is
'stored_bytes: of messages and of versions'' files, those in the trash too, of what shares show, of imports under way, of comments on pages and
of submissions. versions: of one website. messages: added by any means but a running answer. model_tokens: what models read and write.';

alter table public.submissions enable row level security;

create policy "Owners see their submissions" on public.submissions
for select to authenticated using ((select auth.uid()) = user_id);
create policy "Owners mark their submissions" on public.submissions
for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "Owners delete their submissions" on public.submissions
for delete to authenticated using ((select auth.uid()) = user_id);

grant select, delete on public.submissions to authenticated;
grant update (is_read, is_quarantined) on public.submissions to authenticated;

create function private.is_used_up(owner uuid, website uuid, "limit" text, name text) returns boolean
language plpgsql set search_path = ''
as $$
declare
    _limit private.form_limits;
    _used integer;
begin
    select * into strict _limit from private.form_limits as limited where limited.name = is_used_up."limit";
    insert into private.form_uses as use (user_id, website_id, name, window_start, used)
    values (owner, website, _limit.name || ':' || is_used_up.name, private.window_start(_limit.every), 1)
    on conflict on constraint form_uses_pkey do update set
        used = excluded.used + case when use.window_start = excluded.window_start then use.used else 0 end,
        window_start = excluded.window_start
    returning use.used into _used;
    return _used > _limit.allowed;
end
$$;
comment on function private.is_used_up(uuid, uuid, text, text) is 'Count one use, and tell whether that is more than a limit allows.';

create function private.has_room(owner uuid, website uuid, quarantined boolean, rows text, bytes text) returns boolean
language sql stable set search_path = ''
return (
    select count(*) < (select limited.allowed from private.form_limits as limited where limited.name = rows)
        and coalesce(sum(submission.bytes), 0) < (select limited.allowed from private.form_limits as limited where limited.name = has_room.bytes)
    from public.submissions as submission
    where submission.user_id = owner and submission.website_id = website and submission.is_quarantined = quarantined
);

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

-- What visitors send is bounded whatever the form is called, as anybody may post to a form that no page has. An address has one limit for a
-- whole website, and a website one for all of its forms. What is over them, or has no room, is counted no further: else each text sent
-- would leave a row behind.
create function private.is_at_limit(owner uuid, website uuid, "limit" text) returns boolean
language sql stable set search_path = ''
return exists (
    select 1 from private.form_uses as use
    join private.form_limits as limited on limited.name = is_at_limit."limit"
    where use.user_id = owner and use.website_id = website and use.name = limited.name || ':'
        and use.window_start = private.window_start(limited.every) and use.used >= limited.allowed
);
comment on function private.is_at_limit(uuid, uuid, text) is 'Whether a limit without a name of its own is used up; counts nothing.';

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

-- Definer and open to anon, here and below: visitors have no account. What comes with the app's proof is trusted; one that is null would be
-- neither right nor wrong. Where there is nothing to prove, as the app has no secret, the app isn't told more than anybody: whose website it is.
create function public.submit_form(
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

create function public.record_notice(website_id uuid, submission_id uuid, proof text, mail text, webhook text) returns boolean
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
begin
    update public.submissions as submission set
        mail_notice = coalesce(record_notice.mail, submission.mail_notice),
        webhook_notice = coalesce(record_notice.webhook, submission.webhook_notice)
    from private.form_settings as settings
    where settings.website_id = record_notice.website_id
        and settings.proof_hash = encode(sha256(convert_to(record_notice.proof, 'UTF8')), 'hex')
        and submission.user_id = settings.user_id and submission.website_id = settings.website_id
        and submission.id = record_notice.submission_id;
    return found;
end
$$;
comment on function public.record_notice(uuid, uuid, text, text, text) is
'Say what became of the notices of a submission, each waiting, sent or failed, null where nothing did. False without the right proof.';

create function public.read_submissions(
    website_id uuid, most integer, form text default null, query text default null, is_quarantined boolean default null,
    before_time timestamptz default null, before_id uuid default null
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _found jsonb;
    _query text := lower(btrim(to_jsonb(read_submissions.query)::text, '"'));
begin
    perform 1 from public.websites as website where website.user_id = (select auth.uid()) and website.id = read_submissions.website_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    select jsonb_build_object(
        'submissions', coalesce(jsonb_agg(
            to_jsonb(each) - array['user_id', 'bytes', 'bytes_so_far', 'place'] order by each.place
        ) filter (where each.place <= read_submissions.most and each.bytes_so_far < 1000000), '[]'),
        'has_more', coalesce(bool_or(each.place > read_submissions.most or each.bytes_so_far >= 1000000), false)
    ) into _found
    from (
        select found.*, row_number() over newest as place, sum(found.bytes) over newest - found.bytes as bytes_so_far
        from (
            select * from public.submissions as submission
            where submission.user_id = (select auth.uid()) and submission.website_id = read_submissions.website_id
                and (read_submissions.form is null or submission.form = read_submissions.form)
                and (read_submissions.is_quarantined is null or submission.is_quarantined = read_submissions.is_quarantined)
                and (_query is null or position(_query in lower(submission.fields::text)) > 0)
                and (
                    read_submissions.before_time is null
                    or (submission.created_at, submission.id) < (read_submissions.before_time, read_submissions.before_id)
                )
            order by submission.created_at desc, submission.id desc limit least(read_submissions.most, 100) + 1
        ) as found
        window newest as (order by found.created_at desc, found.id desc)
    ) as each;
    return _found;
end
$$;
comment on function public.read_submissions(uuid, integer, text, text, boolean, timestamptz, uuid) is
'{"submissions", "has_more"}: a website''s, the newest first, at most so many and about 1 MB in all. Raises PT404 not_found.';

create function public.empty_quarantine(website_id uuid) returns integer
language plpgsql set search_path = ''
as $$
#variable_conflict use_column
declare
    _deleted integer;
begin
    delete from public.submissions as submission
    where submission.user_id = (select auth.uid()) and submission.website_id = empty_quarantine.website_id and submission.is_quarantined;
    get diagnostics _deleted = row_count;
    return _deleted;
end
$$;
comment on function public.empty_quarantine(uuid) is 'Delete all that is quarantined of a website, and return how many that were.';

create function public.count_submissions(website_id uuid) returns jsonb
language sql stable set search_path = ''
return jsonb_build_object(
    'unread', (
        select count(*) from public.submissions as submission
        where submission.user_id = (select auth.uid()) and submission.website_id = count_submissions.website_id
            and not submission.is_read and not submission.is_quarantined
    ),
    'quarantined', (
        select count(*) from public.submissions as submission
        where submission.user_id = (select auth.uid()) and submission.website_id = count_submissions.website_id
            and submission.is_quarantined
    ),
    'forms', (
        select coalesce(jsonb_agg(named.form order by named.form), '[]')
        from (
            select distinct submission.form from public.submissions as submission
            where submission.user_id = (select auth.uid()) and submission.website_id = count_submissions.website_id
                and not submission.is_quarantined
            limit 100
        ) as named
    )
);
comment on function public.count_submissions(uuid) is '{"unread", "quarantined", "forms": [name]}.';

-- Definer: the settings are out of clients' reach.
create function public.sweep_submissions(website_id uuid) returns integer
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _deleted integer;
begin
    perform private.hold_account(_me);
    delete from public.submissions as submission
    where submission.user_id = _me and submission.id in (
        select old.id from public.submissions as old
        where old.user_id = _me and old.website_id = sweep_submissions.website_id and old.created_at < now() - case
            when old.is_quarantined then interval '30 days'
            else interval '1 day' * coalesce((
                select settings.retention_days from private.form_settings as settings
                where settings.user_id = _me and settings.website_id = sweep_submissions.website_id
            ), 365)
        end
        order by old.created_at limit 1000
    );
    get diagnostics _deleted = row_count;
    return _deleted;
end
$$;
comment on function public.sweep_submissions(uuid) is
'Delete submissions that are older than their owner wants them kept, and quarantined ones after 30 days; 1,000 at most. Returns how many.';

grant execute on function
    public.read_submissions(uuid, integer, text, text, boolean, timestamptz, uuid), public.count_submissions(uuid),
    public.sweep_submissions(uuid), public.empty_quarantine(uuid)
to authenticated;
grant execute on function
    public.submit_form(text, text, text, json, text[], text, text, text), public.record_notice(uuid, uuid, text, text, text)
to anon, authenticated;
