"""Long chats, written straight into the tables."""

import uuid

from tests.stacks import Person, Stack

# A hundred words, as in a short answer.
TEXT = "lorem ipsum dolor sit amet " * 20


def add_chat(
    stack: Stack,
    person: Person,
    messages: int,
    title: str = "Long chat",
    website: str | None = None,
    question: str = TEXT,
    answer: str = TEXT,
) -> str:
    """Store a chat with so many messages, questions and answers in turn, each with its number; return its id."""
    session = str(uuid.uuid4())
    stack.sql(
        "insert into public.chat_sessions (user_id, id, website_id, title, message_count, last_seq, last_read_seq,"
        " last_message_at, last_message_preview) values (%s, %s, %s, %s, %s, %s, %s, now(), 'lorem ipsum')",
        *(person.id, session, website, title, messages, messages, messages),
    )
    stack.sql(
        "insert into public.chat_messages (user_id, id, session_id, seq, role, content, follows_id, reply_to)"
        " select %s, id, %s, n, case n %% 2 when 1 then 'user' else 'assistant' end,"
        " case n %% 2 when 1 then %s else %s end || n,"
        " lag(id) over (order by n), case n %% 2 when 0 then lag(id) over (order by n) end"
        " from (select n, gen_random_uuid() as id from generate_series(1, %s) as n) as numbered",
        *(person.id, session, question, answer, messages),
    )
    return session
