-- Whoever reads messages straight from the table gets 4 MB of text at most in one request. PostgREST makes one JSON array of
-- all rows: a thousand messages may have a gigabyte.

-- Runs with the rights of the user who reads, as all policies do. Its count begins anew in each transaction, which is one request.
create function private.count_text(bytes bigint) returns boolean
language plpgsql set search_path = ''
as $$
declare
    _before bigint := coalesce(nullif(current_setting('sitethread.text_read', true), ''), '0');
begin
    -- One row is always let through.
    if _before > 0 and _before + bytes > 4000000 then
        raise sqlstate 'PT413' using
            message = 'too_much_text', hint = 'Ask for fewer messages or versions, or call read_chat or read_versions.';
    end if;
    perform set_config('sitethread.text_read', (_before + bytes)::text, true);
    return true;
end
$$;
comment on function private.count_text(bigint) is
'Raise PT413 too_much_text when a request reads more than 4 MB of messages'' text and versions'' files.';
grant execute on function private.count_text(bigint) to authenticated;

alter policy "Owners see their messages" on public.chat_messages using (
    (select auth.uid()) = user_id
    and private.count_text(
        octet_length(content) + coalesce(octet_length(tool_calls::text), 0) + coalesce(octet_length(sources::text), 0)
    )
);
