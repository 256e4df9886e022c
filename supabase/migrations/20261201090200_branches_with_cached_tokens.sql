-- A branch has all that its answers say of themselves.

-- Definer: it copies what clients can't write (statuses, versions, times). Every statement names auth.uid().
create or replace function public.branch_chat(message_id uuid, session_id uuid default gen_random_uuid()) returns jsonb
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
    _me uuid := auth.uid();
    _last public.chat_messages;
    _session public.chat_sessions;
begin
    select * into _last from public.chat_messages as message
    where message.user_id = _me and message.id = branch_chat.message_id;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found';
    end if;
    if _last.status = 'streaming' then
        raise sqlstate 'PT409' using
            message = 'answer_running', detail = jsonb_build_object('answer_id', _last.id)::text;
    end if;
    insert into public.chat_sessions as branch (
        user_id, id, website_id, helper, title, title_source, tags, branched_from_session_id, branched_from_message_id
    )
    select
        _me, branch_chat.session_id, origin.website_id, origin.helper, private.branch_title(_me, origin.title), 'user',
        origin.tags, origin.id, _last.id
    from public.chat_sessions as origin where origin.user_id = _me and origin.id = _last.session_id;

    insert into public.chat_messages (
        user_id, session_id, role, kind, content, status, tool_calls, sources, model, prompt_tokens, completion_tokens,
        finish_reason, error_code, version_id, version_number, created_at, target, changes, cached_tokens
    )
    select
        _me, branch_chat.session_id, copied.role, copied.kind, copied.content, copied.status, copied.tool_calls,
        copied.sources, copied.model, copied.prompt_tokens, copied.completion_tokens, copied.finish_reason,
        copied.error_code, copied.version_id, copied.version_number, copied.created_at, copied.target, copied.changes,
        copied.cached_tokens
    from private.path_to(_me, _last.id) as path
    join public.chat_messages as copied on copied.user_id = _me and copied.id = path.message_id
    where copied.status <> 'streaming'
    order by path.step desc;

    -- An answer of the copy answers the question before it, as in the original.
    update public.chat_messages as answer set reply_to = answer.follows_id
    from public.chat_messages as asked
    where answer.user_id = _me and answer.session_id = branch_chat.session_id and answer.role = 'assistant'
        and asked.user_id = _me and asked.id = answer.follows_id and asked.role = 'user';

    select * into _session from public.chat_sessions as branch
    where branch.user_id = _me and branch.id = branch_chat.session_id;
    return private.session_json(_session);
end
$$;
