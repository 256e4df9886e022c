-- Tool calls and sources are lists of objects, whose names, addresses and titles are text: what shows them relies on it.

create function private.are_tool_calls(given jsonb) returns boolean
language sql immutable strict set search_path = ''
return case
    when jsonb_typeof(given) <> 'array' then false
    else not exists (
        select 1 from jsonb_array_elements(given) as call
        where jsonb_typeof(call) <> 'object'
            or jsonb_typeof(coalesce(nullif(call -> 'name', 'null'), '""')) <> 'string'
            or jsonb_typeof(coalesce(nullif(call -> 'function', 'null'), '{}')) <> 'object'
            or jsonb_typeof(coalesce(nullif(call -> 'function' -> 'name', 'null'), '""')) <> 'string'
    )
end;
comment on function private.are_tool_calls(jsonb) is
'Whether it is a list of objects with a text as `name`, or as `function.name`, if any.';

create function private.are_sources(given jsonb) returns boolean
language sql immutable strict set search_path = ''
return case
    when jsonb_typeof(given) <> 'array' then false
    else not exists (
        select 1 from jsonb_array_elements(given) as source
        where jsonb_typeof(source) <> 'object'
            or jsonb_typeof(coalesce(nullif(source -> 'url', 'null'), '""')) <> 'string'
            or jsonb_typeof(coalesce(nullif(source -> 'title', 'null'), '""')) <> 'string'
    )
end;
comment on function private.are_sources(jsonb) is 'Whether it is a list of objects with texts as `url` and `title`, if any.';

-- Check constraints run with the rights of the user who writes.
grant execute on function private.are_tool_calls(jsonb), private.are_sources(jsonb) to authenticated;

-- What breaks the rule goes, so that its message can still be edited, copied and restored; the others in its list stay.
alter table public.chat_messages disable trigger user;
update public.chat_messages as message set tool_calls = (
    select jsonb_agg(kept.entry order by kept.place)
    from jsonb_array_elements(case jsonb_typeof(message.tool_calls) when 'array' then message.tool_calls else '[]' end)
        with ordinality as kept (entry, place)
    where private.are_tool_calls(jsonb_build_array(kept.entry))
) where not private.are_tool_calls(message.tool_calls);
update public.chat_messages as message set sources = (
    select jsonb_agg(kept.entry order by kept.place)
    from jsonb_array_elements(case jsonb_typeof(message.sources) when 'array' then message.sources else '[]' end)
        with ordinality as kept (entry, place)
    where private.are_sources(jsonb_build_array(kept.entry))
) where not private.are_sources(message.sources);
alter table public.chat_messages enable trigger user;
update private.trashed_rows as trashed set data = trashed.data || '{"tool_calls": null}'
where trashed.seq > 0 and not private.are_tool_calls(nullif(trashed.data -> 'tool_calls', 'null'));
update private.trashed_rows as trashed set data = trashed.data || '{"sources": null}'
where trashed.seq > 0 and not private.are_sources(nullif(trashed.data -> 'sources', 'null'));

alter table public.chat_messages
add constraint chat_messages_tool_calls_shape check (private.are_tool_calls(tool_calls)),
add constraint chat_messages_sources_shape check (private.are_sources(sources));
