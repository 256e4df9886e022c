"""Streams an answer from any character on: from memory in the process that writes it, from the database elsewhere."""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from sitethread import errors, metrics
from sitethread.answers import explanations, stored
from sitethread.answers.running import RunningAnswer
from sitethread.answers.stored import AnswerState, Outcome, StoredAnswer
from sitethread.answers.turns import StartedTurn
from sitethread.database import Rows

KEEPALIVE_SECONDS = 10.0
FASTEST_POLL = 0.15
SLOWEST_POLL = 0.6

log = logging.getLogger("sitethread")


@dataclass(frozen=True)
class Event:
    """A server-sent event; `id` is the number of characters (code points) shown up to and with it."""

    name: str
    data: Mapping[str, object]
    id: int | None = None


Events = Iterator[Event | None]
"""None keeps the connection alive: nothing new for KEEPALIVE_SECONDS."""


def follow(rows: Rows, answer_id: str, after: int, running: RunningAnswer | None) -> Events:
    """Stream an answer from `after` characters on, up to its `done` event.

    `running` is the answer when this process writes it; the database is asked first all the same, because it knows
    whose it is. Raise NotFound for another user's answer, BadCursor beyond the answer's length.
    """
    answer = stored.read(rows, answer_id, after)
    # A database that was restored to an earlier state lacks text that is in memory, and will be stored again.
    if after > max(answer["length"], running.stored_length if running is not None else 0):
        raise errors.BadCursor
    if running is not None and answer["answer"]["status"] == "streaming":
        events = from_memory(running, after)
    else:
        events = from_database(rows, answer, after)
    if after:
        metrics.resumed_streams.labels("memory" if running is not None else "database").inc()
        return events
    return chain([_session_event(answer["answer"], answer["answer"]["reply_to"], answer["title"])], events)


def follow_turn(rows: Rows, turn: StartedTurn, running: RunningAnswer | None) -> Events:
    """Stream the answer of a turn that was just started, or the first one's when the call is a repetition."""
    session, answer = turn["session"], turn["answer"]
    if turn["replayed"] or running is None:
        return follow(rows, answer["id"], 0, running)
    events = [_session_event(answer, turn["user_message"]["id"], session["title"])]
    if session["title_source"] == "auto" and turn["user_message"]["seq"] == 1:
        events.append(Event("title", {"title": session["title"]}))
    return chain(events, from_memory(running))


def from_memory(answer: RunningAnswer, after: int = 0, keepalive: float = KEEPALIVE_SECONDS) -> Events:
    """Stream an answer that this process writes."""
    notices_seen = 0
    while True:
        text, notices, outcome = answer.read(after, notices_seen, keepalive)
        notices_seen += len(notices)
        for name, data in notices:
            yield Event(name, data)
        if text:
            after += len(text)
            yield Event("delta", {"text": text}, after)
        if outcome is not None:
            yield from _end_events(outcome)
            return
        if not text and not notices:
            yield None


def from_database(
    rows: Rows,
    answer: StoredAnswer,
    after: int,
    keepalive: float = KEEPALIVE_SECONDS,
    polls: tuple[float, float] = (FASTEST_POLL, SLOWEST_POLL),
) -> Events:
    """Stream an answer that another process writes, or that has ended, by polling; `polls` are pauses in seconds."""
    fastest, slowest = polls
    wait, quiet_since, is_away = fastest, time.monotonic(), False
    while True:
        state, text = answer["answer"], answer["text"]
        if text:
            after += len(text)
            yield Event("delta", {"text": text}, after)
            wait, quiet_since = fastest, time.monotonic()
        if state["status"] != "streaming":
            for call in state["tool_calls"] or ():
                yield Event("tool", {"tool_call": call})
            yield from _end_events(stored.outcome_of(state))
            return
        if time.monotonic() - quiet_since >= keepalive:
            yield None
            quiet_since = time.monotonic()
        time.sleep(wait)
        wait = min(slowest, wait * 1.3)
        try:
            answer = stored.read(rows, state["id"], after)
            is_away = False
        except errors.DatabaseUnavailable as error:
            if not is_away:
                log.warning("following an answer waits for the database", exc_info=error)
            is_away = True
            answer = {**answer, "text": ""}
        except errors.NotFound:
            yield from _end_events(stored.interrupted(state["id"], "answer_deleted"))
            return
        except errors.DomainError as error:
            if error.status >= 500:
                log.error("following an answer failed", exc_info=error)
            # Else the token expired: the reader connects again and is told.
            return


def _session_event(answer: AnswerState, user_message_id: str | None, title: str) -> Event:
    """Say which session and which messages the stream is about."""
    data = {
        "session_id": answer["session_id"],
        "message_id": answer["id"],
        "user_message_id": user_message_id,
        "title": title,
    }
    return Event("session", data, 0)


def _end_events(outcome: Outcome) -> Iterator[Event]:
    if outcome["version_id"]:
        yield Event("version", {"version_id": outcome["version_id"], "number": outcome["version_number"]})
    if code := outcome["error_code"]:
        yield Event("error", {"code": code, "message": explanations.explain(code)})
    yield Event("done", {k: v for k, v in outcome.items() if not k.startswith("version_")})
