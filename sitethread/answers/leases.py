"""Calls of the database functions that a lease authorises: a user's token may expire during an answer.

How long a lease lasts without a call is `private.lease_term()` in the migrations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NotRequired, cast

from typing_extensions import TypedDict

from sitethread import errors, metrics
from sitethread.answers.turns import CurrentPage
from sitethread.database import Rows
from sitethread.messages import AnswerChanges, Message
from sitethread.model.events import Source


@dataclass(frozen=True)
class Append:
    """Text to store, `offset` characters (code points) into the answer; "" extends the lease."""

    answer_id: str
    lease: str = field(repr=False)
    offset: int
    text: str = field(repr=False)


class AppendResult(TypedDict):
    """What append_chunks says of one answer; `refused` is ours, for text that the database never accepts."""

    answer_id: str
    result: Literal["written", "stopped", "lost", "busy", "gap", "full", "refused"]
    written: NotRequired[int]


class ToolResult(TypedDict):
    """A tool call of the model with its result; `arguments` and `result` are JSON texts."""

    id: str
    name: str
    arguments: str
    result: str


class FinishValues(TypedDict, total=False):
    """The parameters of finish_answer besides the last text; an empty `sealed_thread` clears the stored one."""

    status: Literal["complete", "stopped", "interrupted", "failed"]
    error_code: str
    finish_reason: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    tool_calls: list[ToolResult] | None
    sources: list[Source] | None
    sealed_thread: str
    files: dict[str, str]
    changes: AnswerChanges
    summary: str
    tells_moved: bool
    made_onto: str


class FinishResult(TypedDict):
    """`ended` had ended before; `lost`: no such lease; `gap`: the database has only `written` characters; `moved`: the
    answer would start from the `page` of another version now, and nothing is stored yet."""

    result: Literal["finished", "ended", "lost", "gap", "moved"]
    version_id: NotRequired[str]
    page: NotRequired[CurrentPage | None]
    message: NotRequired[Message]
    written: NotRequired[int]


def append(rows: Rows, appends: Sequence[Append]) -> dict[str, AppendResult]:
    """Store the text of several answers; return what became of each, by answer id."""
    results = rows.call("append_chunks", {"appends": [vars(append) for append in appends]})
    if not isinstance(results, list) or not all(
        isinstance(result, dict) and "answer_id" in result and "result" in result for result in results
    ):
        # Something other than PostgREST replied.
        raise errors.Unexpected
    return {result["answer_id"]: result for result in results}


def finish(rows: Rows, append: Append, values: FinishValues) -> FinishResult:
    """End an answer with its last text; raise TypeError for a reply that isn't of finish_answer's making."""
    reply = rows.call("finish_answer", {**values, **vars(append)})
    match reply:
        case {"result": "lost"} | {"result": "gap", "written": int()}:
            pass
        case {"result": "moved", "version_id": str(), "page": dict()}:
            pass
        case {"result": "finished" | "ended", "message": {"id": str(), "status": str(), "content": str()}}:
            pass
        case _:
            raise TypeError("no reply of finish_answer")
    return cast(FinishResult, reply)


def reclaim(rows: Rows, answer_id: str, lease: str) -> bool:
    """Take back an answer that was ended because its lease expired while the database was out of reach.

    Return whether it is ours again: not when the chat has moved on.
    """
    params = {"answer_id": answer_id, "lease": lease}
    reply = rows.call("reclaim_answer", params)
    is_ours = isinstance(reply, dict) and reply.get("result") == "written"
    if is_ours:
        metrics.reclaimed_answers.inc()
    return is_ours


def is_permanent(error: errors.DomainError) -> bool:
    """Whether retrying is useless because the error is about what was sent."""
    return error.status in {400, 409, 413, 422}
