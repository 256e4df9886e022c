-- Restoring a chat without messages doesn't spend the day's new chats.

-- Definer: clients can't write to the trash. Every statement names auth.uid().
create or replace function public.restore_trash(trash_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
    _me uuid := auth.uid();
    _item public.trash;
    _chat public.chat_sessions;
    _last_seq integer;
begin
    perform private.hold_account(_me);
    select * into _item from public.trash as item
    where item.user_id = _me and item.id = restore_trash.trash_id for update;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _item.kind = 'chat' then
        select was.* into _chat
        from private.trashed_rows as stored
        cross join jsonb_populate_record(null::public.chat_sessions, stored.data) as was
        where stored.user_id = _me and stored.trash_id = _item.id and stored.seq = 0;
        -- What it belonged to may be gone in the meantime.
        perform 1 from public.websites as website
        where website.user_id = _me and website.id = _chat.website_id for key share;
        if not found then
            _chat.website_id := null;
        end if;
        perform 1 from public.chat_sessions as origin
        where origin.user_id = _me and origin.id = _chat.branched_from_session_id for key share;
        if not found then
            _chat.branched_from_session_id := null;
        end if;
        _last_seq := _chat.last_seq;
        -- Only a chat that has had no message yet is counted as a new one.
        _chat.last_seq := greatest(_last_seq, 1);
        insert into public.chat_sessions select (_chat).*;
        insert into private.provider_threads (user_id, session_id, sealed)
        select _me, _chat.id, stored.data ->> 'sealed_thread' from private.trashed_rows as stored
        where stored.user_id = _me and stored.trash_id = _item.id and stored.seq = 0
            and stored.data ->> 'sealed_thread' is not null;
        -- Its trigger takes any title that comes with a new chat for a person's.
        update public.chat_sessions as session set title_source = _chat.title_source, last_seq = _last_seq
        where session.user_id = _me and session.id = _chat.id;
    else
        select * into _chat from public.chat_sessions as session
        where session.user_id = _me and session.id = _item.session_id for update;
        if not found then
            raise sqlstate 'PT409' using message = 'chat_in_trash';
        end if;
    end if;
    insert into public.chat_messages
    select was.*
    from private.trashed_rows as stored
    cross join jsonb_populate_record(null::public.chat_messages, stored.data) as was
    where stored.user_id = _me and stored.trash_id = _item.id and stored.seq > 0
    order by stored.seq;
    update public.site_versions as version set session_id = message.session_id, message_id = message.id
    from private.trashed_rows as stored
    join public.chat_messages as message on message.user_id = stored.user_id and message.id = (stored.data ->> 'id')::uuid
    where stored.user_id = _me and stored.trash_id = _item.id and stored.seq > 0
        and version.user_id = _me and version.id = message.version_id and version.message_id is null;
    perform private.recount(_me, _chat.id);
    delete from public.trash as item where item.user_id = _me and item.id = _item.id;
    select * into _chat from public.chat_sessions as session where session.user_id = _me and session.id = _chat.id;
    return private.session_json(_chat);
end
$$;
