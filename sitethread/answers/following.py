"""Shows an answer from any character on: from memory where it is written, from the database anywhere else."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sitethread import errors, metrics
from sitethread.answers import explanations
from sitethread.answers.running import RunningAnswer
from sitethread.answers.writing import deleted, done
from sitethread.database import Database

HEARTBEAT_SECONDS = 10.0
FASTEST_POLL = 0.15
SLOWEST_POLL = 0.6


@dataclass(frozen=True)
class Event:
    """One server-sent event; `id` is the number of characters shown with it."""

    name: str
    data: Mapping[str, Any]
    id: int | None = None


BEYOND = 1_000_000  # As many characters as an answer can have: asks for none of them.


Events = Iterator[Event | None]  # None: nothing new for a while, say that we are still there.


def open_at(
    database: Database, access_token: str, answer_id: str, after: int, local: RunningAnswer | None
) -> Events:
    """Follow an answer from `after` characters on, until its `done` event.

    Raises NotFound for what is not the asking person's, BadCursor beyond what there is. `local` is the answer
    when this process writes it; the database is asked first all the same, as it knows whose it is.
    """
    stored = database.rpc(access_token, "read_answer", {"answer_id": answer_id, "after": after})
    # What a database forgot when it fell back is in memory still, and is about to be stored again.
    if after > max(stored["length"], local.written if local is not None else 0):
        raise errors.BadCursor
    if local is not None and stored["answer"]["status"] == "streaming":
        events = from_memory(local, after)
    else:
        events = _from_database(database, access_token, stored, after)
    if after:
        metrics.resumed_streams.labels("memory" if local is not None else "database").inc()
        return events
    answer = stored["answer"]
    return chain([beginning(answer, answer["reply_to"], stored["title"])], events)


def beginning(answer: Mapping[str, Any], user_message_id: str | None, title: str) -> Event:
    """Tell which chat and which messages this is about, before any text."""
    data = {
        "session_id": answer["session_id"],
        "message_id": answer["id"],
        "user_message_id": user_message_id,
        "title": title,
    }
    return Event("session", data, 0)


def from_memory(answer: RunningAnswer, after: int = 0) -> Events:
    """Follow an answer that this process writes."""
    notices_seen = 0
    while True:
        text, notices, outcome = answer.read(after, notices_seen, HEARTBEAT_SECONDS)
        notices_seen += len(notices)
        for name, data in notices:
            yield Event(name, data)
        if text:
            after += len(text)
            yield Event("delta", {"text": text}, after)
        if outcome is not None:
            yield from ending(outcome)
            return
        if not text and not notices:
            yield None


def _from_database(database: Database, access_token: str, stored: Mapping[str, Any], after: int) -> Events:
    answer_id = stored["answer"]["id"]
    wait, quiet_since = FASTEST_POLL, time.monotonic()
    while True:
        if stored["text"]:
            after += len(stored["text"])
            yield Event("delta", {"text": stored["text"]}, after)
            wait, quiet_since = FASTEST_POLL, time.monotonic()
        if stored["answer"]["status"] != "streaming":
            for call in stored["answer"]["tool_calls"] or ():
                yield Event("tool", {"tool_call": call})
            yield from ending(done(stored["answer"]))
            return
        if time.monotonic() - quiet_since >= HEARTBEAT_SECONDS:
            yield None
            quiet_since = time.monotonic()
        time.sleep(wait)
        wait = min(SLOWEST_POLL, wait * 1.3)
        try:
            stored = database.rpc(access_token, "read_answer", {"answer_id": answer_id, "after": after})
        except errors.DatabaseUnavailable:
            stored = {**stored, "text": ""}
        except errors.NotFound:
            yield from ending(deleted(answer_id))
            return
        except errors.DomainError:
            return  # The token ran out: whoever reads asks again and is told.


def look_at(database: Database, access_token: str, answer_id: str) -> Mapping[str, Any]:
    """Return an answer as it stands, without its text; raise NotFound."""
    params = {"answer_id": answer_id, "after": BEYOND}
    answer: Mapping[str, Any] = database.rpc(access_token, "read_answer", params)["answer"]
    return answer


def is_there(database: Database, access_token: str, answer_id: str) -> bool:
    """Whether an answer may be there still: not when its owner can't find it."""
    try:
        look_at(database, access_token, answer_id)
    except errors.NotFound:
        return False
    except errors.DomainError:
        return True  # Nobody knows: the token ran out, or the database is away.
    return True


def ending(outcome: Mapping[str, Any]) -> Iterator[Event]:
    """Tell of the version an answer made, of what went wrong, and that it is done."""
    if outcome.get("version_id"):
        yield Event("version", {"version_id": outcome["version_id"], "number": outcome["version_number"]})
    if outcome.get("error_code"):
        code = outcome["error_code"]
        yield Event("error", {"code": code, "message": explanations.explain(code)})
    yield Event("done", {k: v for k, v in outcome.items() if not k.startswith("version_")})
