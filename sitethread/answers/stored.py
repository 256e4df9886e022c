"""Answers as the database has them, for the user they belong to."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import errors
from sitethread.database import Rows, pick
from sitethread.messages import AnswerChanges

# Beyond the end of any answer: reads its state alone.
_END = 1_000_000


class AnswerState(TypedDict):
    """What a stream tells of an answer's message, besides its text."""

    id: str
    session_id: str
    reply_to: str | None
    status: str
    tool_calls: list[Any] | None
    prompt_tokens: int | None
    completion_tokens: int | None
    finish_reason: str | None
    error_code: str | None
    version_id: str | None
    version_number: int | None
    changes: AnswerChanges | None


class StoredAnswer(TypedDict):
    """What read_answer returns: `text` after an offset; `length` of all stored text, in characters.

    An answer that is being written without a lease has no length.
    """

    answer: AnswerState
    text: str
    title: str
    length: int | None


class TokenUsage(TypedDict):
    prompt_tokens: int | None
    completion_tokens: int | None


class Outcome(TypedDict):
    """How an answer ended: the data of its `done` event, and of the `version` event before it."""

    status: str
    message_id: str
    usage: TokenUsage
    finish_reason: str | None
    error_code: str | None
    version_id: str | None
    version_number: int | None
    version_changes: AnswerChanges | None


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
        pass
    return True


def outcome_of(answer: AnswerState) -> Outcome:
    """Return the outcome of an answer that has ended."""
    usage = pick(answer, TokenUsage)
    more = {"message_id": answer["id"], "usage": usage, "version_changes": answer.get("changes")}
    return pick({**answer, **more}, Outcome)


def interrupted(answer_id: str, error_code: str) -> Outcome:
    """Return the outcome of an answer whose end could not be stored."""
    row = {"id": answer_id, "status": "interrupted", "error_code": error_code}
    return outcome_of(pick(row, AnswerState))
