"""The writer stores how an answer ended, whatever the database replies."""

import inspect
from typing import Any

import pytest

from sitethread.answers import leases
from tests.fake_database import FakeDatabase
from tests.unit.answers.dictation import Worker, wait_until


def test_an_answer_ends_with_its_last_text_and_all_that_is_known_of_it(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    with database.away():
        answer.say("a time")
        database.be_busy(answer.id)
    ended = answer.complete()
    assert (ended["status"], ended["message_id"], ended["finish_reason"]) == ("complete", answer.id, "stop")
    assert answer.shown == answer.stored == "Once upon a time"
    function, finished = database.calls[-1]
    assert (function, finished["model"], finished["status"]) == ("finish_answer", "dictated-1", "complete")


def test_an_end_whose_reply_was_lost_is_taken_as_finished(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.lose_reply("finish_answer")
    with database.away():
        answer.say("a time")
        answer.hear_end()
    assert answer.outcome()["status"] == "complete"
    assert answer.asked("finish_answer") >= 2
    assert answer.shown == answer.stored == "Once upon a time"


def test_an_end_waits_for_a_database_that_is_away(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    with database.away():
        answer.say("a time")
        answer.hear_end()
        wait_until(lambda: answer.asked("finish_answer") >= 3)
        assert (answer.shown, answer.answer.outcome) == ("Once upon ", None)
    assert answer.outcome()["status"] == "complete"
    assert answer.shown == answer.stored == "Once upon a time"


def test_the_end_brings_what_a_database_forgot(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon a time")
    with database.away():
        answer.hear_end()
        wait_until(lambda: answer.asked("finish_answer") >= 1)
        database.fall_back(answer.id, 4)
    assert answer.outcome()["status"] == "complete"
    assert answer.shown == answer.stored == "Once upon a time"


def test_an_answer_that_was_given_up_just_before_its_end_is_finished(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    with database.away():
        answer.say("a time")
        answer.hear_end()
        wait_until(lambda: answer.asked("finish_answer") >= 1)
        database.give_up(answer.id)
    assert answer.outcome()["status"] == "complete"
    assert answer.shown == answer.stored == "Once upon a time"


def test_an_end_that_is_refused_is_stored_without_what_came_with_it(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon a time")
    database.refuse("dictated-1")
    assert answer.complete()["status"] == "complete"
    assert answer.stored == "Once upon a time"


def test_readers_are_told_when_an_answer_was_deleted(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.delete(answer.id)
    ended = answer.outcome()
    assert (ended["status"], ended["error_code"]) == ("interrupted", "answer_deleted")


@pytest.mark.parametrize(("text", "code"), [("Once upon", "model_disconnected"), ("", "model_busy")])
def test_a_model_that_fails_loses_no_text(worker: Worker, text: str, code: str) -> None:
    answer = worker.ask()
    answer.say(text)
    answer.fail(code)
    ended = answer.outcome()
    assert (ended["status"], ended["error_code"]) == ("failed", code)
    assert answer.shown == answer.stored == text


def test_an_answer_that_says_nothing_has_failed(worker: Worker) -> None:
    answer = worker.ask()
    ended = answer.complete()
    assert (ended["status"], ended["error_code"]) == ("failed", "model_said_nothing")


def test_a_question_whose_reply_was_lost_is_answered(worker: Worker, database: FakeDatabase) -> None:
    """Nobody else holds the lease: the answer would stay empty."""
    database.lose_reply("start_turn")
    answer = worker.ask_in_vain()
    answer.say("Once upon a time")
    assert answer.complete()["status"] == "complete"
    assert answer.stored == "Once upon a time"


@pytest.mark.parametrize(
    "reply",
    [
        None,
        "nonsense",
        [],
        ["nonsense"],
        7,
        {},
        {"result": "finished"},
        {"result": "gap"},
        {"result": "gap", "written": "x"},
        {"result": "ended", "message": {"id": 1}},
        {"result": ["lost"]},
    ],
)
def test_a_reply_that_makes_no_sense_ends_the_answer_and_readers_are_told(
    worker: Worker, database: FakeDatabase, reply: object
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon a time")
    database.garble("finish_answer", reply)
    ended = answer.complete()
    assert (ended["status"], ended["error_code"]) == ("interrupted", "answer_lost")
    assert answer.asked("finish_answer") == 1
    assert answer.shown == "Once upon a time"


def test_an_end_that_keeps_missing_text_is_sent_again_without_recursion(
    worker: Worker, database: FakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths: list[int] = []
    send = leases.finish

    def watched(*arguments: Any) -> Any:
        depths.append(len(inspect.stack(0)))
        return send(*arguments)

    monkeypatch.setattr(leases, "finish", watched)
    answer = worker.ask()
    answer.say_and_show("Once upon a time")
    database.garble("finish_answer", {"result": "gap", "written": 0}, times=3)
    assert answer.complete()["status"] == "complete"
    assert len(depths) == 4 and len(set(depths)) == 1


def test_a_garbled_reclaim_is_none(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.garble("reclaim_answer", None, times=100)
    database.give_up(answer.id)
    assert answer.outcome()["status"] == "interrupted"
