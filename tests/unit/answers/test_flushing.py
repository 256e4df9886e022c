"""The flusher stores text before anybody sees it, whatever the database replies."""

import pytest

from sitethread.answers.flushing import Flusher
from tests.fake_database import FakeDatabase
from tests.unit.answers.dictation import Worker, wait_until


def test_text_is_shown_once_it_is_stored_and_not_before(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once ")
    database.be_busy(answer.id)
    with database.away():
        answer.say("upon a time")
        assert (answer.shown, answer.stored) == ("Once ", "Once ")
    wait_until(lambda: answer.shown == "Once upon a time")
    assert answer.stored == "Once upon a time"


def test_the_first_text_of_an_answer_is_stored_between_rounds_and_nothing_else(worker: Worker) -> None:
    flusher = worker.answers._flusher = Flusher(worker.answers._anonymous, interval=3600, heartbeat=3600)
    one = worker.ask("One")
    one.say_and_show("Once ")
    one.say("upon a time")
    another = worker.ask("Another")
    another.say_and_show("Hello")
    assert (one.shown, one.stored) == ("Once ", "Once ")
    one.complete()
    another.complete()
    assert one.stored == "Once upon a time"
    flusher.wake()


def test_a_database_that_is_away_is_asked_again_until_it_is_back(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    with database.away():
        answer.say("Once upon")
        before = answer.asked("append_chunks")
        wait_until(lambda: answer.asked("append_chunks") >= before + 3)
        assert answer.shown == ""
        answer.say(" a time")
    wait_until(lambda: answer.shown == "Once upon a time")
    assert answer.complete()["status"] == "complete"


def test_text_whose_reply_was_lost_is_stored_once(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once ")
    database.lose_reply("append_chunks")
    answer.say_and_show("upon ")
    answer.say_and_show("a time")
    assert answer.stored == answer.shown == "Once upon a time"


def test_what_a_database_forgot_is_sent_again(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.fall_back(answer.id, 4)
    answer.say_and_show("a time")
    wait_until(lambda: answer.stored == "Once upon a time")
    assert answer.shown == "Once upon a time"


def test_what_a_database_forgot_is_sent_again_though_the_model_is_silent(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.fall_back(answer.id, 4)
    wait_until(lambda: answer.stored == "Once upon ")


def test_text_of_an_answer_that_is_busy_goes_out_with_the_next_call(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    for _ in range(3):
        database.be_busy(answer.id)
    answer.say_and_show("Once upon a time")
    assert answer.stored == "Once upon a time"
    assert answer.answer.stop_reason is None


def test_a_stop_elsewhere_is_heard_while_the_model_is_silent(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon")
    database.press_stop(answer.id)
    assert answer.outcome()["status"] == "stopped"
    assert (answer.shown, answer.stored) == ("Once upon", "Once upon")


def test_text_that_came_with_a_stop_is_kept(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    with database.away():
        answer.say("Once upon")
        database.press_stop(answer.id)
    assert answer.outcome()["status"] == "stopped"
    assert (answer.shown, answer.stored) == ("Once upon", "Once upon")


def test_an_answer_that_was_given_up_is_taken_back(worker: Worker, database: FakeDatabase) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    database.give_up(answer.id)
    answer.say_and_show("a time")
    assert database.status(answer.id) == "streaming"
    assert answer.complete()["status"] == "complete"
    assert answer.stored == "Once upon a time"


def test_an_answer_that_was_given_up_is_lost_once_the_chat_has_moved_on(
    worker: Worker, database: FakeDatabase
) -> None:
    answer = worker.ask()
    answer.say_and_show("Once upon ")
    with database.away():
        answer.say("a time")
        database.give_up(answer.id)
        database.move_on(answer.id)
    assert answer.outcome()["error_code"] == "worker_lost"
    assert answer.shown == answer.stored == "Once upon "


@pytest.mark.parametrize("order", [1, -1])
def test_a_refused_text_holds_up_no_other_answer(worker: Worker, database: FakeDatabase, order: int) -> None:
    refused, other = [worker.ask(message) for message in ("First", "Second")][::order]
    database.refuse("bad words")
    with database.away():
        refused.say("Some bad words")
        other.say("Once upon a time")
    wait_until(lambda: other.shown == "Once upon a time")
    assert refused.outcome()["status"] == "interrupted"
    assert refused.shown == refused.stored == ""
    assert other.complete()["status"] == "complete"
