"""Queries for the bytes of a person (`id`): as they are counted, and as they are stored."""

COUNTED = """
select coalesce((select bytes from private.storage where user_id = %(id)s), 0)
    + coalesce((select sum(bytes) from private.byte_changes where user_id = %(id)s), 0)
"""
STORED = """
select coalesce((
    select sum(
        octet_length(content) + coalesce(octet_length(tool_calls::text), 0) + coalesce(octet_length(sources::text), 0)
    )
    from public.chat_messages where user_id = %(id)s
), 0) + coalesce((
    select sum(octet_length(manifest::text)) from public.site_versions where user_id = %(id)s
), 0) + coalesce((
    select sum(octet_length(content)) from public.site_files where user_id = %(id)s
), 0) + coalesce((
    select sum(
        octet_length(data ->> 'content') + coalesce(octet_length(nullif(data -> 'tool_calls', 'null')::text), 0)
        + coalesce(octet_length(nullif(data -> 'sources', 'null')::text), 0)
    ) from private.trashed_rows where user_id = %(id)s and seq > 0 and not data ? 'manifest'
), 0) + coalesce((
    select sum(octet_length((data -> 'manifest')::text)) from private.trashed_rows
    where user_id = %(id)s and data ? 'manifest'
), 0) + coalesce((
    select sum(case when shared.content is null
        then octet_length(message.content) + coalesce(octet_length(message.sources::text), 0)
        else octet_length(shared.content) + coalesce(octet_length(shared.sources::text), 0)
    end)
    from private.shared_messages as shared
    left join public.chat_messages as message on message.user_id = shared.user_id and message.id = shared.message_id
    where shared.user_id = %(id)s
), 0) + coalesce((
    select sum(bytes) from private.imports where user_id = %(id)s
), 0) + coalesce((
    select sum(octet_length(fields::text)) from public.submissions where user_id = %(id)s
), 0)
"""
