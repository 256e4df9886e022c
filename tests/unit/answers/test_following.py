"""A reader is shown an answer once, from any character on, from memory or from the database."""

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from sitethread import errors
from sitethread.answers import stored
from sitethread.answers.following import MAX_ANSWERS, MAX_STREAMS
from tests.fake_database import FakeDatabase
from tests.unit.answers.dictation import Dictation, Worker, read_all, wait_until

WHOLE = "Once 🎉 upon a time"


@pytest.fixture(params=["the worker that writes it", "another worker"])
def reader(request: pytest.FixtureRequest, worker: Worker, database: FakeDatabase) -> Worker:
    return worker if request.param == "the worker that writes it" else Worker(database)


class Reader(threading.Thread):
    """Reads events to their end."""

    def __init__(self, events: Iterable[Any]) -> None:
        super().__init__(daemon=True)
        self._events = events
        self.text = ""
        self.events: list[tuple[str, Mapping[str, Any]]] = []
        self.start()

    def run(self) -> None:
        for event in self._events:
            if event is None:
                continue
            if event.name == "delta":
                self.text += event.data["text"]
                continue
            self.events.append((event.name, event.data))

    def outcome(self) -> Mapping[str, Any]:
        self.join(5)
        assert not self.is_alive(), "it never came to an end"
        name, data = self.events[-1]
        assert name == "done"
        return data


def written(worker: Worker) -> Dictation:
    answer = worker.ask()
    for piece in (WHOLE[:5], WHOLE[5:7], WHOLE[7:]):
        answer.say_and_show(piece)
    return answer


def test_a_reader_sees_the_same_from_any_character_on(worker: Worker, reader: Worker) -> None:
    answer = written(worker)
    readers = [Reader(reader.follow(answer.id, after)) for after in range(len(WHOLE) + 1)]
    wait_until(lambda: readers[0].text == WHOLE)
    answer.say_and_show(", there")
    answer.complete()
    assert {each.outcome()["status"] for each in readers} == {"complete"}
    assert [each.text for each in readers] == [(WHOLE + ", there")[after:] for after in range(len(readers))]


def test_an_answer_that_nobody_writes_has_no_length_and_is_read_from_its_beginning(
    worker: Worker, reader: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = written(worker)
    answer.complete()
    wait_until(lambda: worker.answers.find(worker.rows.user_id, answer.id) is None)
    read = stored.read
    monkeypatch.setattr(stored, "read", lambda *given: {**read(*given), "length": None})
    assert read_all(reader.follow(answer.id))[0] == WHOLE
    with pytest.raises(errors.BadCursor):
        reader.follow(answer.id, 1)


def test_an_answer_that_has_ended_is_read_from_the_database(worker: Worker, reader: Worker) -> None:
    answer = written(worker)
    answer.complete()
    wait_until(lambda: worker.answers.find(worker.rows.user_id, answer.id) is None)
    text, events = read_all(reader.follow(answer.id))
    assert text == WHOLE
    assert [name for name, _ in events] == ["session", "done"]
    assert read_all(reader.follow(answer.id, 7))[0] == WHOLE[7:]


def test_a_reader_gets_over_a_database_that_is_away(
    worker: Worker, reader: Worker, database: FakeDatabase
) -> None:
    answer = written(worker)
    following = Reader(reader.follow(answer.id))
    wait_until(lambda: following.text == WHOLE)
    with database.away():
        answer.say(", there was")
        before = len(database.calls)
        wait_until(lambda: len(database.calls) > before + 3)
        assert following.text == WHOLE
    answer.complete()
    assert following.outcome()["status"] == "complete"
    assert following.text == WHOLE + ", there was"


def test_a_reader_is_told_that_the_answer_was_deleted(
    worker: Worker, reader: Worker, database: FakeDatabase
) -> None:
    answer = written(worker)
    following = Reader(reader.follow(answer.id))
    wait_until(lambda: following.text == WHOLE)
    database.delete(answer.id)
    assert following.outcome()["error_code"] == "answer_deleted"
    with pytest.raises(errors.NotFound):
        reader.follow(answer.id)


def test_a_position_beyond_the_answer_is_refused(worker: Worker, reader: Worker) -> None:
    answer = written(worker)
    with pytest.raises(errors.BadCursor):
        reader.follow(answer.id, len(WHOLE) + 1)


def test_a_reader_here_may_know_more_than_a_database_that_fell_back(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = written(worker)
    with database.away():
        answer.say(", there")
        database.fall_back(answer.id, 4)
    following = Reader(worker.follow(answer.id, len(WHOLE)))
    answer.complete()
    following.outcome()
    assert following.text == ", there"


def test_a_reader_elsewhere_whose_token_runs_out_has_to_ask_again(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = written(worker)
    following = Reader(Worker(database).follow(answer.id))
    wait_until(lambda: following.text == WHOLE)
    database.expire_tokens()
    following.join(5)
    assert not following.is_alive()
    assert [name for name, _ in following.events] == ["session"]
    assert answer.complete()["status"] == "complete", "the worker needs no token of anybody's"


def test_readers_elsewhere_share_one_poll_which_ends_with_the_last(
    worker: Worker, database: FakeDatabase
) -> None:
    answer, elsewhere = written(worker), Worker(database)
    streams = [elsewhere.follow(answer.id, after % len(WHOLE)) for after in range(20)]
    readers = [Reader(stream) for stream in streams]
    wait_until(lambda: all(len(reader.text) >= 1 for reader in readers))
    answer.say_and_show(", there")
    wait_until(lambda: all(reader.text.endswith(", there") for reader in readers))
    assert polling(answer) == 1
    for stream in streams[1:]:
        stream.end()
    wait_until(lambda: sum(reader.is_alive() for reader in readers) == 1)
    assert polling(answer) == 1
    streams[0].end()
    wait_until(lambda: polling(answer) == 0)
    assert [name for name, _ in readers[0].events] == ["session"], "it may be followed again"
    again = Reader(elsewhere.follow(answer.id, len(WHOLE)))
    answer.complete()
    assert again.outcome()["status"] == "complete" and again.text == ", there"


def test_the_eleventh_answer_that_somebody_follows_ends_the_streams_of_the_first(
    worker: Worker, reader: Worker
) -> None:
    answers = [written_to(worker, f"Question {number}") for number in range(MAX_ANSWERS + 1)]
    first = [Reader(reader.follow(answers[0].id)) for _ in range(3)]
    others = [Reader(reader.follow(answer.id)) for answer in answers[1:-1]]
    wait_until(lambda: all(each.text == WHOLE for each in first + others))
    assert all(each.is_alive() for each in first)
    eleventh = Reader(reader.follow(answers[-1].id))
    for each in first:
        each.join(5)
        assert not each.is_alive() and [name for name, _ in each.events] == ["session"]
    for answer, each in zip(answers[1:], [*others, eleventh], strict=True):
        answer.complete()
        assert each.outcome()["status"] == "complete" and each.text == WHOLE


def test_the_fifty_first_stream_of_somebody_ends_the_first(worker: Worker, reader: Worker) -> None:
    answer = written(worker)
    readers = []
    for _ in range(MAX_STREAMS + 1):
        readers.append(Reader(reader.follow(answer.id)))
        wait_until(lambda: readers[-1].text == WHOLE)
    readers[0].join(5)
    assert [each.is_alive() for each in readers] == [False] + [True] * MAX_STREAMS
    answer.complete()
    assert {each.outcome()["status"] for each in readers[1:]} == {"complete"}


def test_streams_that_have_ended_count_no_more(worker: Worker, reader: Worker) -> None:
    answer = written(worker)
    for _ in range(2 * MAX_STREAMS):
        next(iter(reader.follow(answer.id)))
    kept = Reader(reader.follow(answer.id))
    answer.complete()
    assert kept.outcome()["status"] == "complete"
    assert reader.followers._streams == {}


def written_to(worker: Worker, question: str) -> Dictation:
    answer = worker.ask(question)
    answer.say_and_show(WHOLE)
    return answer


def polling(answer: Dictation) -> int:
    """Count the threads that poll an answer."""
    return sum(thread.name == f"poll {answer.id}" for thread in threading.enumerate())
