"""Answers as the database has them, for the user they belong to."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import errors
from sitethread.database import Rows, pick

# As many characters as an answer can have: reading after them returns no text.
_END = 1_000_000


class Outcome(TypedDict):
    """How an answer ended: columns of its message."""

    id: str
    status: str
    finish_reason: str | None
    error_code: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    version_id: str | None
    version_number: int | None


class AnswerState(Outcome):
    """What else of an answer's message a stream tells, besides its text."""

    session_id: str
    reply_to: str | None
    tool_calls: list[Any] | None


class StoredAnswer(TypedDict):
    """What read_answer returns: `text` after an offset; `length` of all stored text, in characters."""

    answer: AnswerState
    text: str
    title: str
    length: int


def read(rows: Rows, answer_id: str, after: int = _END) -> StoredAnswer:
    """Return an answer with its text after so many characters; raise NotFound."""
    answer: StoredAnswer = rows.call("read_answer", {"answer_id": answer_id, "after": after})
    return answer


def may_exist(rows: Rows, answer_id: str) -> bool:
    """Whether an answer may exist: yes unless its owner can't find it."""
    try:
        read(rows, answer_id)
    except errors.NotFound:
        return False
    except errors.DomainError:
        # Unknown: the token expired, or the database is unavailable.
        return True
    return True


def interrupted(answer_id: str, error_code: str) -> Outcome:
    """Return the outcome of an answer whose end could not be stored."""
    return pick({"id": answer_id, "status": "interrupted", "error_code": error_code}, Outcome)
