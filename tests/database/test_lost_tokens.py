"""What a model wrote is counted, also when nobody is left to report it."""

from collections.abc import Callable

import psycopg
import pytest

from tests.database.callers import Caller, new_id
from tests.database.turns import Answer, expire, read, start

WRITTEN = 100_000


def tokens(owner: psycopg.Connection, caller: Caller) -> int:
    row = owner.execute(
        "select used from private.usage_counters where user_id = %s and name = 'model_tokens'", (caller.id,)
    ).fetchone()
    assert row
    return int(row[0])


@pytest.fixture
def running(alice: Caller) -> Answer:
    """An answer of which much is written."""
    website = alice.insert("websites", name="Luna")["id"]
    answer = start(alice, website_id=website)
    answer.append(0, "x" * WRITTEN)
    return answer


def lose(alice: Caller, owner: psycopg.Connection, answer: Answer) -> None:
    expire(owner, answer.id)
    read(alice, answer)


LOSSES: dict[str, Callable[[Caller, psycopg.Connection, Answer], object]] = {
    "chat deleted": lambda alice, _, answer: alice.delete(f"chat_sessions?id=eq.{answer.session_id}"),
    "message deleted": lambda alice, _, answer: alice.delete(f"chat_messages?id=eq.{answer.id}"),
    "chat trashed": lambda alice, _, answer: alice.called("trash_chats", session_ids=[answer.session_id]),
    "chat cleared": lambda alice, _, answer: alice.called("clear_chat", session_id=answer.session_id),
    "worker lost": lose,
}


@pytest.mark.usefixtures("postgres_is_up_for_a_while")
@pytest.mark.parametrize("loss", LOSSES)
def test_what_was_written_is_counted_once(
    alice: Caller, owner: psycopg.Connection, running: Answer, loss: str
) -> None:
    reserved = tokens(owner, alice)
    LOSSES[loss](alice, owner, running)
    assert tokens(owner, alice) == reserved - 4_000 + WRITTEN // 4
    alice.delete(f"chat_sessions?id=eq.{running.session_id}")
    assert tokens(owner, alice) == reserved - 4_000 + WRITTEN // 4
    assert running.finish(WRITTEN)["result"] == "lost"


@pytest.mark.usefixtures("postgres_is_up_for_a_while")
def test_a_worker_that_comes_back_reports_instead(
    alice: Caller, owner: psycopg.Connection, running: Answer
) -> None:
    reserved = tokens(owner, alice)
    for _ in range(2):
        lose(alice, owner, running)
        again = running.nobody.called("reclaim_answer", answer_id=running.id, lease=running.lease)
        assert again == {"result": "written", "written": WRITTEN}
        assert tokens(owner, alice) == reserved - 4_000 + WRITTEN // 4
    running.finish(WRITTEN, prompt_tokens=70, completion_tokens=30_000)
    reading = owner.execute("select reading from private.answer_leases where message_id = %s", (running.id,))
    (expected,) = reading.fetchone() or (0,)
    assert tokens(owner, alice) == reserved - 4_000 - expected + 30_070


@pytest.mark.usefixtures("postgres_is_up_for_a_while")
def test_what_was_there_before_it_was_continued_is_not_counted_again(
    alice: Caller, owner: psycopg.Connection, running: Answer
) -> None:
    lose(alice, owner, running)
    lease = new_id()
    alice.called("continue_answer", answer_id=running.id, lease=lease)
    reserved = tokens(owner, alice)
    continued = Answer(running.nobody, running.turn, running.id, lease)
    continued.append(WRITTEN, "y" * 400)
    alice.delete(f"chat_sessions?id=eq.{running.session_id}")
    assert tokens(owner, alice) == reserved, "less than was reserved"
