-- An answer is put in the trash with all the text that was stored, and so shown. Its lease is locked first: an append that is under
-- way is waited for, and one that comes meanwhile stores nothing, is told so, and finds the lease gone.

-- Move a chat, or the given messages of it, to the trash. The caller holds the session's lock.
create or replace function private.put_in_trash(chat public.chat_sessions, messages uuid[] default null) returns uuid
language plpgsql set search_path = ''
as $$
declare
    _item uuid;
begin
    delete from public.trash as old where old.user_id = chat.user_id and old.deleted_at < now() - interval '30 days';
    perform 1 from private.answer_leases as lease
    where lease.user_id = chat.user_id and lease.session_id = chat.id and lease.ended_at is null
        and (messages is null or lease.message_id = any(messages))
    order by lease.message_id for update;
    -- An answer being written ends here with what it says so far; its worker finds its lease gone.
    update public.chat_messages as message set content = private.text_of(message), status = 'stopped'
    where message.user_id = chat.user_id and message.session_id = chat.id and message.status = 'streaming'
        and (messages is null or message.id = any(messages));

    insert into public.trash as item (user_id, kind, session_id, title, message_count)
    values (
        chat.user_id, case when messages is null then 'chat' else 'messages' end, chat.id, chat.title,
        coalesce(cardinality(messages), chat.message_count)
    )
    returning item.id into _item;
    insert into private.trashed_rows (user_id, trash_id, seq, data)
    select message.user_id, _item, message.seq, to_jsonb(message) from public.chat_messages as message
    where message.user_id = chat.user_id and message.session_id = chat.id
        and (messages is null or message.id = any(messages));
    if messages is null then
        insert into private.trashed_rows (user_id, trash_id, seq, data)
        values (chat.user_id, _item, 0, to_jsonb(chat) || jsonb_build_object('running_answer_id', null, 'sealed_thread', (
            select thread.sealed from private.provider_threads as thread
            where thread.user_id = chat.user_id and thread.session_id = chat.id
        )));
        delete from public.chat_sessions as gone where gone.user_id = chat.user_id and gone.id = chat.id;
    else
        delete from public.chat_messages as gone where gone.user_id = chat.user_id and gone.id = any(messages);
    end if;
    return _item;
end
$$;
