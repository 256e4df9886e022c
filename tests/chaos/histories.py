"""What clients sent, were told and were shown, compared with what is stored once the faults are over.

A history only grows, and any thread may write to it. `violations` knows nothing of faults: it is given the history and
a snapshot of the database, and says what was lost, made up, doubled or turned around.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.chaos.snapshots import Message, Snapshot


@dataclass(frozen=True)
class Sent:
    """A question as a client sent it, under the id that the client made for it. Sending it again adds nothing."""

    number: int
    message_id: str
    content: str


@dataclass(frozen=True)
class Acknowledged:
    """The server said that the question is stored, and where its answer will be."""

    number: int
    message_id: str
    session_id: str
    answer_id: str


@dataclass(frozen=True)
class Piece:
    """Characters that one reading was shown, `offset` characters into the answer."""

    answer_id: str
    reading: int
    offset: int
    text: str


@dataclass(frozen=True)
class Reading:
    """One reading of an answer from some character on: a connection that begins again goes on with it."""

    number: int
    answer_id: str
    start: int


@dataclass(frozen=True)
class Violation:
    """`kind` is lost, phantom, duplicated, reordered, gap, running, unfinished or stale; `subject` an id."""

    kind: str
    subject: str
    detail: str


@dataclass
class History:
    """Everything that the clients of one test remember."""

    sent: dict[str, Sent] = field(default_factory=dict)
    acknowledged: dict[str, Acknowledged] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[str, int]] = field(default_factory=list)
    retried: Counter[str] = field(default_factory=Counter)
    deleted: set[str] = field(default_factory=set)
    models: dict[str, str] = field(default_factory=dict)
    _clock: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def send(self, message_id: str, content: str) -> None:
        with self._lock:
            self.sent.setdefault(message_id, Sent(self._tick(), message_id, content))

    def acknowledge(self, message_id: str, session_id: str, answer_id: str) -> None:
        with self._lock:
            told = Acknowledged(self._tick(), message_id, session_id, answer_id)
            self.acknowledged.setdefault(message_id, told)

    def refuse(self, message_id: str, status: int) -> None:
        with self._lock:
            self.refused.append((message_id, status))

    def begin_reading(self, answer_id: str, start: int) -> int:
        with self._lock:
            self.readings.append(Reading(self._tick(), answer_id, start))
            return self._clock

    def show(self, answer_id: str, reading: int, offset: int, text: str) -> None:
        with self._lock:
            self.pieces.append(Piece(answer_id, reading, offset, text))

    def end(self, answer_id: str, status: str) -> None:
        with self._lock:
            self.ended[answer_id] = status

    def retry(self, message_id: str) -> None:
        """Somebody asked for another answer to this question."""
        with self._lock:
            self.retried[message_id] += 1

    def delete(self, session_id: str) -> None:
        with self._lock:
            self.deleted.add(session_id)

    def expect(self, message_id: str, text: str) -> None:
        """The model says exactly this to a question: no answer may hold anything but its beginning."""
        with self._lock:
            self.models[message_id] = text

    def _tick(self) -> int:
        self._clock += 1
        return self._clock


def violations(history: History, snapshot: Snapshot) -> list[Violation]:
    """Return all that contradicts the promise; nothing is well."""
    checks = (
        _questions(history, snapshot),
        _order(history, snapshot),
        _answers(history, snapshot),
        _readings(history, snapshot),
        _endings(history, snapshot),
        _sessions(snapshot),
    )
    return [violation for check in checks for violation in check]


def _questions(history: History, snapshot: Snapshot) -> Iterator[Violation]:
    """Each acknowledged question is stored once, as sent; nothing else is."""
    stored = {message.id: message for message in snapshot.messages}
    for told in history.acknowledged.values():
        if told.session_id in history.deleted:
            continue
        message = stored.get(told.message_id)
        if message is None:
            yield Violation("lost", told.message_id, "an acknowledged question is not stored")
        elif message.content != history.sent[told.message_id].content:
            yield Violation(
                "phantom", told.message_id, "a question is stored in other words than it was sent in"
            )
        elif told.answer_id not in stored:
            yield Violation("lost", told.answer_id, "an acknowledged answer is not stored")
    asked = [m for m in snapshot.messages if m.role == "user"]
    for message in asked:
        if message.id not in history.sent:
            yield Violation("phantom", message.id, "nobody sent this question")
    contents = Counter((message.session_id, message.content) for message in asked)
    meant = Counter(sent.content for sent in history.sent.values())
    for (session_id, content), count in contents.items():
        if count > max(1, meant[content]):
            yield Violation("duplicated", session_id, f"{content[:60]!r} is stored {count} times")


def _order(history: History, snapshot: Snapshot) -> Iterator[Violation]:
    """A question that was sent after another one was acknowledged comes after it."""
    stored = {message.id: message for message in snapshot.messages}
    chats: dict[str, list[Acknowledged]] = defaultdict(list)
    for told in history.acknowledged.values():
        if told.message_id in stored:
            chats[told.session_id].append(told)
    for chat in chats.values():
        latest = 0
        for told in sorted(chat, key=lambda told: history.sent[told.message_id].number):
            before = [t for t in chat if t.number < history.sent[told.message_id].number]
            latest = max([latest, *(stored[t.message_id].seq for t in before)])
            if stored[told.message_id].seq < latest:
                yield Violation(
                    "reordered", told.message_id, "it stands before a question that was there first"
                )


def _answers(history: History, snapshot: Snapshot) -> Iterator[Violation]:
    """Each question has as many answers as were asked for, and they say what the model said."""
    answers = [m for m in snapshot.messages if m.role == "assistant"]
    for question, count in Counter(answer.reply_to for answer in answers).items():
        if question is not None and count > 1 + history.retried[question]:
            yield Violation("duplicated", question, f"{count} answers to one question")
    for answer in answers:
        whole = history.models.get(answer.reply_to or "")
        if whole is None:
            continue
        if not whole.startswith(answer.content):
            yield Violation(
                _difference(whole, answer.content), answer.id, "it holds what the model did not say"
            )
        elif answer.status == "complete" and answer.content != whole:
            yield Violation("lost", answer.id, "a complete answer misses its end")


def _readings(history: History, snapshot: Snapshot) -> Iterator[Violation]:
    """Each reading is one gapless part of the stored answer."""
    stored = {message.id: message for message in snapshot.messages}
    gone = {t.answer_id for t in history.acknowledged.values() if t.session_id in history.deleted}
    shown: dict[int, list[Piece]] = defaultdict(list)
    for piece in history.pieces:
        shown[piece.reading].append(piece)
    for reading in history.readings:
        position = reading.start
        for piece in shown[reading.number]:
            if piece.offset < position:
                yield Violation("duplicated", reading.answer_id, f"shown again from character {piece.offset}")
            elif piece.offset > position:
                yield Violation("lost", reading.answer_id, f"nothing was shown from character {position} on")
            position = piece.offset + len(piece.text)
            if reading.answer_id in gone:
                continue
            yield from _shown_is_stored(piece, stored.get(reading.answer_id))


def _shown_is_stored(piece: Piece, message: Message | None) -> Iterator[Violation]:
    kept = message.content[piece.offset : piece.offset + len(piece.text)] if message else ""
    if kept != piece.text:
        detail = f"{piece.text[:40]!r} was shown at {piece.offset}, {kept[:40]!r} is stored"
        yield Violation(_difference(piece.text, kept), piece.answer_id, detail)


def _difference(wanted: str, found: str) -> str:
    """Say what happened to a text that should be another one."""
    if len(found) < len(wanted) and (wanted.startswith(found) or not found):
        return "lost"
    if Counter(found) == Counter(wanted[: len(found)]):
        return "reordered"
    doubled = next((i for i, (a, b) in enumerate(zip(wanted, found, strict=False)) if a != b), len(wanted))
    if any(found[doubled:].startswith(found[doubled - n : doubled]) for n in range(3, doubled + 1)):
        return "duplicated"
    return "phantom" if len(found) >= len(wanted) else "lost"


def _endings(history: History, snapshot: Snapshot) -> Iterator[Violation]:
    """Each answer has ended, as its readers were told; a running one would be `unfinished`."""
    for message in snapshot.messages:
        if message.status == "streaming":
            yield Violation("unfinished", message.id, "the answer is still being written")
        elif history.ended.get(message.id) == "complete" != message.status:
            yield Violation("lost", message.id, f"said to be complete, stored as {message.status}")


def _sessions(snapshot: Snapshot) -> Iterator[Violation]:
    """Numbers have no gaps, at most one answer runs, and what a chat says of its messages is so."""
    for session in snapshot.sessions:
        messages = sorted((m for m in snapshot.messages if m.session_id == session.id), key=lambda m: m.seq)
        if [m.seq for m in messages] != list(range(1, len(messages) + 1)):
            yield Violation("gap", session.id, f"messages are numbered {_shortened(m.seq for m in messages)}")
        running = [m.id for m in messages if m.status == "streaming"]
        if len(running) > 1:
            yield Violation("running", session.id, f"{len(running)} answers run at once")
        if session.running_answer_id != next(iter(running), None):
            yield Violation(
                "stale", session.id, "running_answer_id names another answer than the running one"
            )
        if (session.message_count, session.last_seq) != (len(messages), len(messages)):
            yield Violation(
                "stale", session.id, f"it counts {session.message_count} of {len(messages)} messages"
            )
        if session.last_message_preview != session.recomputed_preview:
            yield Violation("stale", session.id, "the preview is not that of the latest message")
    for message_id in snapshot.leftover_chunks:
        yield Violation("phantom", message_id, "chunks are left of an answer that has ended")


def _shortened(numbers: Iterable[int]) -> str:
    text = ",".join(map(str, numbers))
    return text if len(text) < 100 else f"{text[:100]}…"
