"""The fake database answers one script as the real one does, so that tests with the fake mean something."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from sitethread import errors
from sitethread.database import Database
from sitethread.settings import Settings
from tests.database.callers import Json, new_id
from tests.database.stalls import stalled
from tests.database.turns import expire
from tests.fake_database import FakeDatabase
from tests.stacks import Person, Stack

# Rows, of which the fake has fewer columns.
ROWS = {"answer", "message", "user_message", "session"}


class RealDatabase:
    """The real functions, with the verbs of the fake."""

    def __init__(self, stack: Stack, owner: psycopg.Connection, person: Person) -> None:
        database = Database(Settings(stack.supabase_url, stack.publishable_key))
        self.stack, self.owner = stack, owner
        self.as_anonymous, self.rows = database.as_anonymous, database.as_user(person.access_token)

    def give_up(self, answer_id: str) -> None:
        expire(self.owner, answer_id)
        self.rows.call("read_answer", {"answer_id": answer_id})

    def fall_back(self, answer_id: str, length: int) -> None:
        self.owner.execute(
            "delete from public.message_chunks where message_id = %s and start_offset >= %s",
            (answer_id, length),
        )
        self.owner.execute(
            "update private.answer_leases set written = %s where message_id = %s", (length, answer_id)
        )

    def delete(self, answer_id: str) -> None:
        self.owner.execute(
            "delete from public.chat_sessions where id = "
            "(select session_id from public.chat_messages where id = %s)",
            (answer_id,),
        )

    @contextlib.contextmanager
    def busy(self, answer_id: str) -> Iterator[None]:
        with stalled(
            self.stack, "select 1 from private.answer_leases where message_id = %s for update", answer_id
        ):
            yield


class FakeSide(FakeDatabase):
    """The fake, called in the same way."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = self.as_user("a token")

    @contextlib.contextmanager
    def busy(self, answer_id: str) -> Iterator[None]:
        self.be_busy(answer_id)
        yield


class Script:
    """Plays one life of some answers, and keeps what every call returned or raised."""

    def __init__(self, database: RealDatabase | FakeSide, ids: dict[str, str]) -> None:
        self.database, self.ids = database, ids
        self.results: list[tuple[str, Any]] = []
        self.session_id: str | None = None

    def play(self) -> None:
        self.ask("first", "Hello")
        self.ask("first", "Hello")
        self.ask("first", "Hello", lease="another worker's")
        self.append("first", 0, "x", lease="not the lease")
        self.append("first", 0, "Once ")
        self.append("first", 2, "ce upon 🎉")
        self.append("first", 100, "beyond")
        with self.database.busy(self.ids["first"]):
            self.append("first", 11, " a time")
        self.ask("second", "Too early")
        self.database.fall_back(self.ids["first"], 5)
        self.append("first", 11, " a time")
        self.finish("first", 11, " a time", "complete")
        self.append("first", 5, "upon 🎉 a time")
        for after in (0, 7, 18, 100):
            self.read("first", after)
        self.call("read_answer", is_signed_in=False, answer_id=self.ids["first"])
        self.database.give_up(self.ids["first"])
        self.read("first")
        self.append("first", 18, ", late")
        self.finish("first", 18, ", late", "complete")
        self.reclaim("first")
        self.append("first", 18, ", there")
        self.call("stop_answer", answer_id=self.ids["first"])
        self.append("first", 25, " was")
        self.finish("first", 25, " was a", "stopped", model="fake-1", prompt_tokens=3, completion_tokens=5)
        self.finish("first", 25, " was a", "failed", error_code="model_error")
        self.reclaim("first")
        self.call("stop_answer", answer_id=self.ids["first"])
        self.ask("second", "And now?")
        self.finish("second", 0, " \n", "complete")
        self.ask("third", "Again")
        self.append("third", 0, "Half")
        self.database.give_up(self.ids["third"])
        self.ask("fourth", "Never mind")
        self.reclaim("third")
        self.database.delete(self.ids["fourth"])
        self.append("fourth", 0, "x")
        self.finish("fourth", 0, "x", "complete")
        self.reclaim("fourth")
        self.read("fourth")
        self.call("stop_answer", answer_id=self.ids["fourth"])

    def ask(self, name: str, message: str, lease: str | None = None) -> None:
        given = {"message": message, "message_id": self.ids[f"{name} question"], "answer_id": self.ids[name]}
        if self.session_id and name != "first":
            given["session_id"] = self.session_id
        turn = self.call("start_turn", **given, lease=lease or self.lease(name))
        if isinstance(turn, dict):
            self.session_id = turn["session"]["id"]

    def append(self, name: str, offset: int, text: str, lease: str | None = None) -> None:
        entry = {
            "answer_id": self.ids[name],
            "lease": lease or self.lease(name),
            "offset": offset,
            "text": text,
        }
        self.call("append_chunks", is_signed_in=False, appends=[entry])

    def finish(self, name: str, offset: int, text: str, status: str, **facts: Any) -> None:
        given = {"answer_id": self.ids[name], "lease": self.lease(name), "offset": offset, "text": text}
        self.call("finish_answer", is_signed_in=False, **given, status=status, **facts)

    def reclaim(self, name: str) -> None:
        self.call("reclaim_answer", is_signed_in=False, answer_id=self.ids[name], lease=self.lease(name))

    def read(self, name: str, after: int = 0) -> None:
        self.call("read_answer", answer_id=self.ids[name], after=after)

    def lease(self, name: str) -> str:
        return f"{name} {self.ids[name]}"

    def call(self, function: str, is_signed_in: bool = True, **params: Any) -> Any:
        result: Any
        try:
            rows = self.database.rows if is_signed_in else self.database.as_anonymous()
            result = rows.call(function, params)
        except errors.DomainError as error:
            result = type(error).__name__
        self.results.append((function, result))
        return result


def comparable(function: str, result: Any, fake: Any) -> Any:
    """Leave out the columns of rows that the fake doesn't have, and the ids that each makes for itself."""
    if not isinstance(result, dict):
        return result
    if function == "stop_answer":
        return row(result, fake)
    return {name: row(value, fake[name]) if name in ROWS else value for name, value in result.items()}


def row(columns: Json, fake: Json) -> Json:
    left_out = {"session_id", "id"} if "helper" in columns else {"session_id"}
    return {name: value for name, value in columns.items() if name in fake and name not in left_out}


@pytest.fixture
def person(stack: Stack) -> Person:
    return stack.sign_up()


@pytest.mark.usefixtures("postgres_is_up_for_a_while")
def test_the_fake_returns_what_the_real_functions_return(
    stack: Stack, owner: psycopg.Connection, person: Person
) -> None:
    names = ("first", "second", "third", "fourth")
    ids = {name: new_id() for each in names for name in (each, f"{each} question")}
    real, fake = Script(RealDatabase(stack, owner, person), ids), Script(FakeSide(), ids)
    real.play()
    fake.play()
    for number, ((function, theirs), (_, ours)) in enumerate(zip(real.results, fake.results, strict=True)):
        expected, found = comparable(function, theirs, ours), comparable(function, ours, ours)
        assert found == expected, (number, function)
