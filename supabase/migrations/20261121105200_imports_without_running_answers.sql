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
