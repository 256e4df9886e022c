-- An imported message that is 'streaming' had no lease, so that nothing ended it.

alter table public.chat_messages disable trigger user;
alter table public.chat_sessions disable trigger user;
with ended as (
    update public.chat_messages as message set status = 'interrupted', error_code = 'worker_lost'
    where message.status = 'streaming' and not exists (
        select 1 from private.answer_leases as lease where lease.user_id = message.user_id and lease.message_id = message.id
    )
    returning message.user_id, message.id
)
update public.chat_sessions as session set running_answer_id = null
from ended where session.user_id = ended.user_id and session.running_answer_id = ended.id;
alter table public.chat_messages enable trigger user;
alter table public.chat_sessions enable trigger user;
-- Their senders begin again.
delete from private.imports as import using private.staged_messages as staged
where staged.user_id = import.user_id and staged.import_id = import.id
    and (staged.message ->> 'status' = 'streaming' or not private.is_readable(staged.message));

-- Definer: what is staged is out of clients' reach. Every statement names auth.uid(), but for the expired ones.
create or replace function public.stage_import(import_id uuid, at integer, messages jsonb) returns void
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _place integer;
    _field text;
begin
    perform private.hold_account(_me);
    if at = 0 then
        delete from private.imports as expired where (expired.user_id, expired.id) in (
            select old.user_id, old.id from private.imports as old
            where old.touched_at < now() - interval '15 minutes' for update skip locked
        );
        -- Serialises a user's imports, so that the count can't be raced.
        perform pg_advisory_xact_lock(hashtextextended(_me::text || 'imports', 0));
        if (
            select count(*) >= (select allowed from private.quotas where name = 'running_imports')
            from private.imports as running where running.user_id = _me
        ) then
            raise sqlstate 'PT429' using
                message = 'quota_exceeded', detail = '{"quota": "running_imports", "retry_after": 30}';
        end if;
        insert into private.imports (user_id, id) values (_me, stage_import.import_id);
    end if;
    update private.imports as import set
        messages = import.messages + jsonb_array_length(stage_import.messages),
        bytes = import.bytes + pg_column_size(stage_import.messages),
        touched_at = now()
    where import.user_id = _me and import.id = stage_import.import_id and import.messages = at;
    if not found then
        raise sqlstate 'PT409' using message = 'conflict';
    end if;
    select at + given.number - 1, wrong.field into _place, _field
    from jsonb_array_elements(stage_import.messages) with ordinality as given (message, number)
    cross join lateral (select case
        when pg_column_size(given.message -> 'tool_calls') > private.max_attachment_size() then 'tool_calls'
        when pg_column_size(given.message -> 'sources') > private.max_attachment_size() then 'sources'
        when not private.is_readable(given.message -> 'tool_calls') then 'tool_calls'
        when not private.is_readable(given.message -> 'sources') then 'sources'
        when not private.is_readable(given.message) then 'content'
        -- Nobody writes it: it would never end.
        when given.message ->> 'status' = 'streaming' then 'status'
        when coalesce(given.message ->> 'status', 'complete') = 'complete' and not private.is_visible(given.message ->> 'content')
            then 'content'
    end) as wrong (field)
    where wrong.field is not null
    order by given.number limit 1;
    if found then
        raise sqlstate 'PT422' using
            message = 'invalid_import',
            detail = jsonb_build_object('place', format('messages.%s', _place), 'field', _field)::text;
    end if;
    insert into private.staged_messages (user_id, import_id, seq, name, links, message)
    select
        _me, stage_import.import_id, at + given.number, given.message ->> 'id', (
            select coalesce(jsonb_object_agg(link.key, link.value), '{}') from jsonb_each(given.message) as link
            where link.key in ('role', 'reply_to', 'follows_id', 'edit_of')
        ), given.message
    from jsonb_array_elements(stage_import.messages) with ordinality as given (message, number);
end
$$;
