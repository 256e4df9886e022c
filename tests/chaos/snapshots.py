"""What is stored of some people's chats, at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from tests.stacks import Stack


@dataclass(frozen=True)
class Message:
    """A message with all its text, that in chunks too."""

    id: str
    session_id: str
    seq: int
    role: str
    status: str
    content: str
    reply_to: str | None
    error_code: str | None = None


@dataclass(frozen=True)
class Session:
    """What a chat says about its messages, and what its preview should be."""

    id: str
    message_count: int
    last_seq: int
    running_answer_id: str | None
    last_message_preview: str | None
    recomputed_preview: str | None


@dataclass(frozen=True)
class Snapshot:
    messages: list[Message]
    sessions: list[Session]
    leftover_chunks: list[str]

    @classmethod
    def of(cls, stack: Stack, user_ids: Iterable[str]) -> "Snapshot":
        """Read it as the database's owner, in one transaction."""
        people = list(user_ids)
        with psycopg.connect(stack.db_url) as owner:
            owner.execute("set transaction isolation level repeatable read")
            messages = owner.cursor(row_factory=class_row(Message)).execute(_MESSAGES, [people]).fetchall()
            sessions = owner.cursor(row_factory=class_row(Session)).execute(_SESSIONS, [people]).fetchall()
            leftover = [str(row[0]) for row in owner.execute(_LEFTOVER, [people]).fetchall()]
        return cls(messages, sessions, leftover)


_MESSAGES = """
select id::text, session_id::text, seq, role, status, reply_to::text, error_code, content || coalesce((
    select string_agg(chunk.text, '' order by chunk.start_offset) from message_chunks as chunk
    where chunk.user_id = message.user_id and chunk.message_id = message.id
), '') as content
from chat_messages as message where user_id = any(%s::uuid[])
"""
_SESSIONS = """
select id::text, message_count, last_seq, running_answer_id::text, last_message_preview,
    (select left(coalesce(private.preview_of(content), ''), 140) from chat_messages as message
     where message.user_id = session.user_id and message.session_id = session.id
        and private.preview_of(content) is not null
     order by seq desc limit 1) as recomputed_preview
from chat_sessions as session where user_id = any(%s::uuid[])
"""
_LEFTOVER = """
select distinct chunk.message_id from message_chunks as chunk
join chat_messages as message on message.user_id = chunk.user_id and message.id = chunk.message_id
where chunk.user_id = any(%s::uuid[]) and message.status <> 'streaming'
"""
