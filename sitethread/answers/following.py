"""Streams an answer from any character on: from memory in the process that writes it, from the database elsewhere."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from sitethread import errors, metrics
from sitethread.answers import explanations, stored
from sitethread.answers.polling import Polls
from sitethread.answers.running import Progress, RunningAnswer
from sitethread.answers.stored import AnswerState, Outcome
from sitethread.answers.turns import StartedTurn
from sitethread.database import Rows

KEEPALIVE_SECONDS = 10.0
# At once, of one person, in this process.
MAX_ANSWERS = 10
MAX_STREAMS = 50


@dataclass(frozen=True)
class Event:
    """A server-sent event; `id` is the number of characters (code points) shown up to and with it."""

    name: str
    data: Mapping[str, object]
    id: int | None = None


Events = Iterator[Event | None]
"""None keeps the connection alive: nothing new for KEEPALIVE_SECONDS."""


class Source(Protocol):
    """Where the rest of an answer comes from: RunningAnswer or PolledAnswer."""

    def read(self, after: int, notices_seen: int, timeout: float) -> Progress: ...

    def wake(self) -> None: ...


class Stream:
    """The events of an answer for one connection: some at once, the rest from a source after `after` characters.

    It counts for its owner while it is iterated.
    """

    def __init__(
        self,
        followers: "Followers",
        owner: str,
        answer_id: str,
        opening: list[Event],
        after: int,
        source: AbstractContextManager[Source] | None,
    ) -> None:
        self.owner = owner
        self.answer_id = answer_id
        self._followers = followers
        self._opening = opening
        self._after = after
        self._source = source
        self._joined: Source | None = None
        self._is_over = False
        self._is_urged = False

    def __iter__(self) -> Events:
        self._followers.add(self)
        try:
            yield from self._opening
            if self._source is not None:
                with self._source as self._joined:
                    yield from self._rest(self._joined)
        finally:
            self._followers.remove(self)

    def end(self) -> None:
        """End it without `done`, from any thread."""
        self._is_over = True
        self.wake()

    def wake(self) -> None:
        """Have it send something now, if only a comment."""
        self._is_urged = True
        if self._joined is not None:
            self._joined.wake()

    def _rest(self, source: Source) -> Events:
        after, notices_seen, quiet_since = self._after, 0, time.monotonic()
        while not self._is_over:
            quiet_until = quiet_since + KEEPALIVE_SECONDS
            try:
                text, notices, outcome = source.read(
                    after, notices_seen, max(0.0, quiet_until - time.monotonic())
                )
            except errors.DomainError:
                # The token expired: the reader connects again and is told.
                return
            notices_seen += len(notices)
            for name, data in notices:
                yield Event(name, data)
            if text:
                after += len(text)
                yield Event("delta", {"text": text}, after)
            if outcome is not None:
                yield from _end_events(outcome)
                return
            if text or notices:
                quiet_since = time.monotonic()
            elif self._is_urged or time.monotonic() >= quiet_until:
                # Another stream of the answer may be the one that was urged.
                self._is_urged, quiet_since = False, time.monotonic()
                yield None


class Followers:
    """The streams of this process."""

    def __init__(self, polls: Polls | None = None) -> None:
        self._polls = polls or Polls()
        self._lock = threading.Lock()
        self._streams: dict[str, list[Stream]] = {}

    def follow(self, rows: Rows, answer_id: str, after: int, running: RunningAnswer | None) -> Stream:
        """Stream an answer from `after` characters on, up to its `done` event.

        `running` is the answer when this process writes it; the database is asked first all the same, because it knows
        whose it is. Raise NotFound for another user's answer, BadCursor beyond the answer's length.
        """
        answer = stored.read(rows, answer_id, after)
        state = answer["answer"]
        # A database that was restored to an earlier state lacks text that is in memory, and will be stored again.
        if after > max(answer["length"] or 0, running.stored_length if running is not None else 0):
            raise errors.BadCursor
        opening: list[Event] = []
        if after:
            metrics.resumed_streams.labels("memory" if running is not None else "database").inc()
        else:
            opening.append(_session_event(state, state["reply_to"], answer["title"]))
        if running is not None and state["status"] == "streaming":
            return Stream(self, rows.user_id, answer_id, opening, after, nullcontext(running))
        if text := answer["text"]:
            after += len(text)
            opening.append(Event("delta", {"text": text}, after))
        source = None
        if state["status"] == "streaming":
            source = self._polls.joined(rows, answer_id, after)
        else:
            opening += [Event("tool", {"tool_call": call}) for call in state["tool_calls"] or ()]
            opening += _end_events(stored.outcome_of(state))
        return Stream(self, rows.user_id, answer_id, opening, after, source)

    def follow_turn(self, rows: Rows, turn: StartedTurn, running: RunningAnswer | None) -> Stream:
        """Stream the answer of a turn that was just started, or the first one's when the call is a repetition."""
        session, answer = turn["session"], turn["answer"]
        if turn["replayed"] or running is None:
            return self.follow(rows, answer["id"], 0, running)
        opening = [_session_event(answer, turn["user_message"]["id"], session["title"])]
        if session["title_source"] == "auto" and turn["user_message"]["seq"] == 1:
            opening.append(Event("title", {"title": session["title"]}))
        return Stream(self, rows.user_id, answer["id"], opening, 0, nullcontext(running))

    def add(self, stream: Stream) -> None:
        """Count a stream; end its owner's oldest when there are too many."""
        with self._lock:
            streams = self._streams.setdefault(stream.owner, [])
            streams.append(stream)
            answers = list(dict.fromkeys(each.answer_id for each in streams))
            kept = answers[-MAX_ANSWERS:]
            surplus = [
                each
                for number, each in enumerate(streams, start=1)
                if each.answer_id not in kept or number <= len(streams) - MAX_STREAMS
            ]
            self._streams[stream.owner] = [each for each in streams if each not in surplus]
        for each in surplus:
            each.end()

    def remove(self, stream: Stream) -> None:
        """Count a stream no more."""
        with self._lock:
            left = [each for each in self._streams.get(stream.owner, ()) if each is not stream]
            if left:
                self._streams[stream.owner] = left
            else:
                self._streams.pop(stream.owner, None)


def _session_event(answer: AnswerState, user_message_id: str | None, title: str) -> Event:
    """Say which session and which messages the stream is about."""
    data = {
        "session_id": answer["session_id"],
        "message_id": answer["id"],
        "user_message_id": user_message_id,
        "title": title,
    }
    return Event("session", data, 0)


def _version_event(outcome: Outcome) -> Event:
    """Say which version was made, what it changed, and how much was left out."""
    data: dict[str, object] = {"version_id": outcome["version_id"], "number": outcome["version_number"]}
    if changes := outcome["version_changes"]:
        data |= {
            "changes": changes["places"],
            "left_out": len(changes["left_out"]),
            "tokens_saved": changes["tokens_saved"],
        }
        data |= {name: changes[name] for name in ("also_changed", "beside") if name in changes}
    return Event("version", data)


def _end_events(outcome: Outcome) -> Iterator[Event]:
    if outcome["version_id"]:
        yield _version_event(outcome)
    if code := outcome["error_code"]:
        yield Event("error", {"code": code, "message": explanations.explain(code)})
    yield Event("done", {k: v for k, v in outcome.items() if not k.startswith("version_")})
