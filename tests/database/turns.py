"""Answers as a worker writes them: the worker holds the lease, the owner the token."""

from dataclasses import dataclass
from typing import Any

import psycopg

from tests.database.callers import Caller, Json, new_id


@dataclass
class Answer:
    """One running answer."""

    nobody: Caller
    turn: Json
    id: str
    lease: str

    @property
    def session_id(self) -> str:
        return str(self.turn["session"]["id"])

    @property
    def question_id(self) -> str:
        return str(self.turn["user_message"]["id"])

    def append(self, offset: int, text: str) -> str:
        """Append as the worker does, without any user's token; return the result's word."""
        return str(self.appended(offset, text)["result"])

    def appended(self, offset: int, text: str) -> Json:
        entry = {"answer_id": self.id, "lease": self.lease, "offset": offset, "text": text}
        return dict(self.nobody.called("append_chunks", appends=[entry])[0])

    def finish(self, offset: int = 0, text: str = "", status: str = "complete", **more: object) -> Any:
        return self.nobody.called(
            "finish_answer",
            answer_id=self.id,
            lease=self.lease,
            status=status,
            offset=offset,
            text=text,
            **more,
        )


def start(caller: Caller, message: str = "Hello", **more: object) -> Answer:
    """Start a turn."""
    answer_id, lease = new_id(), new_id()
    given = {"message": message, "message_id": new_id(), "answer_id": answer_id, "lease": lease, **more}
    turn = caller.called("start_turn", **given)
    return Answer(Caller(caller.http), turn, answer_id, lease)


def answered(
    caller: Caller,
    message: str = "Hello",
    text: str = "Fine.",
    *,
    files: Json | None = None,
    finish_reason: str = "stop",
    **more: object,
) -> Answer:
    """Start a turn and finish it."""
    answer = start(caller, message, **more)
    assert answer.finish(0, text, files=files, finish_reason=finish_reason)["result"] == "finished"
    return answer


def read(caller: Caller, answer: Answer, after: int = 0) -> Json:
    """Read an answer as its owner does."""
    return dict(caller.called("read_answer", answer_id=answer.id, after=after))


def expire(owner: psycopg.Connection, answer_id: str) -> None:
    """Let the time of the answer's worker run out."""
    owner.execute(
        "update private.answer_leases set expires_at = now() - interval '1 second' where message_id = %s",
        (answer_id,),
    )
