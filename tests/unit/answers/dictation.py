"""A worker in memory: a fake database, and a model that says what the test dictates."""

import queue
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from sitethread import errors
from sitethread.answers import following
from sitethread.answers.engine import AnswerEngine
from sitethread.answers.flushing import Flusher
from sitethread.answers.polling import Polls
from sitethread.answers.running import RunningAnswer
from sitethread.answers.stored import Outcome
from sitethread.answers.turns import StartedTurn
from sitethread.model.client import Stream
from sitethread.model.events import ChatMessage, Event, Finish, ModelError, Text
from tests.fake_database import FakeDatabase


def wait_until(is_so: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


class DictatedModel:
    """Streams what is put into the queue of the question that it is asked."""

    name, problem, keeps_threads, makes_edits, sees_pictures = "dictated-1", None, False, True, False

    def __init__(self) -> None:
        self.queues: dict[str, queue.SimpleQueue[Event | ModelError]] = {}

    def stream(self, messages: Sequence[ChatMessage], *_: object) -> Stream:
        said = self.queues[str(messages[-1]["content"])]
        return Stream(lambda stream: self._events(stream, said))

    def _events(self, stream: Stream, said: "queue.SimpleQueue[Event | ModelError]") -> Iterator[Event]:
        while not stream.is_aborted:
            try:
                event = said.get(timeout=0.001)
            except queue.Empty:
                continue
            if isinstance(event, ModelError):
                raise event
            yield event
            if isinstance(event, Finish):
                return


class Dictation:
    """One answer that a worker writes from dictation."""

    def __init__(
        self, worker: "Worker", answer: RunningAnswer, said: "queue.SimpleQueue[Event | ModelError]"
    ):
        self.database, self.answer, self._said = worker.database, answer, said

    @property
    def id(self) -> str:
        return self.answer.id

    @property
    def shown(self) -> str:
        """What a reader on this worker may see now."""
        return self.answer.read(0, 0, 0)[0]

    @property
    def stored(self) -> str:
        return self.database.text(self.id)

    def say(self, text: str) -> None:
        """Have the model say something, and wait until the worker has read it."""
        length = self.answer.length + len(text)
        self._said.put(Text(text))
        wait_until(lambda: self.answer.length >= length)

    def say_and_show(self, text: str) -> None:
        self.say(text)
        wait_until(lambda: self.answer.stored_length == self.answer.length)

    def fail(self, code: str) -> None:
        """Have the model fail."""
        self._said.put(ModelError(code))

    def hear_end(self) -> None:
        """Have the model come to its end."""
        self._said.put(Finish("stop", "dictated-1"))

    def complete(self) -> Outcome:
        """Have the model come to its end, and return how the answer ended."""
        self.hear_end()
        return self.outcome()

    def outcome(self) -> Outcome:
        """Wait until the answer has ended; return the data of its `done` event."""
        self.answer.wait_for_end(5)
        assert self.answer.outcome, "it never came to an end"
        return self.answer.outcome

    def asked(self, function: str) -> int:
        """Count the calls of a database function so far."""
        return sum(name == function for name, _ in self.database.calls)


class Worker:
    """A process that writes answers."""

    def __init__(self, database: FakeDatabase) -> None:
        self.database = database
        self.rows: Any = database.as_user("alice's token")
        self.model: Any = DictatedModel()
        anonymous: Any = database.as_anonymous()
        self.answers = AnswerEngine(self.model, anonymous, retry_pauses=(0.001,) * 3)
        self.followers = following.Followers(Polls(0.001, 0.001))
        self.answers._flusher = Flusher(anonymous, interval=0.001, heartbeat=0.001)

    def close(self) -> None:
        """End its threads: with pauses of a millisecond they would slow down all tests that follow."""
        self.answers.close(0)
        wait_until(lambda: not len(self.answers) and self.answers._flusher._thread is None)

    def ask(self, message: str = "Hello") -> Dictation:
        """Ask a question, whose answer is then dictated."""
        said = self.model.queues[message] = queue.SimpleQueue()
        turn = self._start(message)
        return self._dictation(turn["answer"]["id"], said)

    def ask_in_vain(self, message: str = "Hello") -> Dictation:
        """Ask a question that nobody replies to, though it is stored."""
        said = self.model.queues[message] = queue.SimpleQueue()
        with pytest.raises(errors.DatabaseUnavailable):
            self._start(message)
        _, asked = self.database.calls[0]
        wait_until(lambda: self.answers.find(self.rows.user_id, asked["answer_id"]) is not None)
        return self._dictation(asked["answer_id"], said)

    def _start(self, message: str) -> StartedTurn:
        return self.answers.start(self.rows, {"message": message, "message_id": str(uuid.uuid4())})

    def _dictation(self, answer_id: str, said: "queue.SimpleQueue[Event | ModelError]") -> Dictation:
        answer = self.answers.find(self.rows.user_id, answer_id)
        assert answer
        return Dictation(self, answer, said)

    def follow(self, answer_id: str, after: int = 0) -> following.Stream:
        """Follow an answer as a reader on this worker does."""
        return self.followers.follow(
            self.rows, answer_id, after, self.answers.find(self.rows.user_id, answer_id)
        )


def read_all(events: Iterable[following.Event | None]) -> tuple[str, list[tuple[str, Mapping[str, Any]]]]:
    """Read events to their end; return all text and the other events."""
    seen = [event for event in events if event is not None]
    text = "".join(event.data["text"] for event in seen if event.name == "delta")
    return text, [(event.name, event.data) for event in seen if event.name != "delta"]
