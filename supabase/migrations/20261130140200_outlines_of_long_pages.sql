-- A page that is too long for the model is told by its outline: the app gets its title, headings and sections with ids alone.

create function private.skeleton_of(page text) returns text
language sql immutable set search_path = ''
return (
    select coalesce(string_agg(left(tag.found[1], 300), ''), '')
    from (
        select regexp_matches(
            left(page, 1000000),
            '(</?(?:title|h[1-3])(?:\s[^<>]*)?>[^<]*|<(?:header|main|section|article|footer)\s[^<>]*>)', 'gi'
        ) as found
        limit 500
    ) as tag
);
comment on function private.skeleton_of(text) is 'Of a page''s first million characters, the tags that its outline is made of, with their texts.';

create or replace function private.started_turn(
    question public.chat_messages, answer public.chat_messages, is_theirs boolean, budget integer, page_version_id uuid
) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
    _session public.chat_sessions;
    _page jsonb;
    _turn jsonb;
begin
    select * into _session from public.chat_sessions as session
    where session.user_id = answer.user_id and session.id = answer.session_id;
    _turn := jsonb_build_object(
        'replayed', not is_theirs,
        'session', private.session_json(_session),
        'user_message', private.message_json(question),
        'answer', private.message_json(answer),
        'sealed_thread', (
            select thread.sealed from private.provider_threads as thread
            where thread.user_id = _session.user_id and thread.session_id = _session.id
        )
    );
    if is_theirs then
        _page := private.page_of_version(_session.user_id, page_version_id);
        if _page ? 'too_long' then
            _page := _page || jsonb_build_object('skeleton', private.skeleton_of(
                private.text_in_version(_session.user_id, _session.website_id, page_version_id, 'index.html')
            ));
        end if;
        _turn := _turn || private.model_context(_session, question.id, budget) || jsonb_build_object('page', _page);
    end if;
    return _turn;
end
$$;
