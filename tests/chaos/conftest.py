"""A Supabase of its own, whose quotas don't get in the way, and a model that does as told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chaos.devices import Crowd, Device
from tests.chaos.histories import History
from tests.stacks import Person, Stack


def lift_quotas(stack: Stack) -> None:
    """Leave limits to the tests of limits."""
    stack.sql("update private.quotas set allowed = greatest(allowed, 1000000)")


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("chaos")) as running:
        lift_quotas(running)
        yield running


@pytest.fixture
def in_time(request: pytest.FixtureRequest) -> Callable[[float, float], None]:
    """Hold a run to a bound in seconds; a short one, which shares its machine with others, to ten times the bound."""
    is_long = request.node.get_closest_marker("chaos") is not None

    def check(seconds: float, at_most: float) -> None:
        assert seconds <= at_most * (1 if is_long else 10)

    return check


@pytest.fixture
def history() -> History:
    return History()


@dataclass
class People:
    """Some people, and who they are."""

    ids: list[str]
    tokens: list[str]


@pytest.fixture
def people(stack: Stack) -> Callable[[int], People]:
    def sign_up(count: int) -> People:
        signed_up: list[Person] = [stack.sign_up() for _ in range(count)]
        return People([p.id for p in signed_up], [p.access_token for p in signed_up])

    return sign_up


@pytest.fixture
def device(history: History) -> Iterator[Callable[..., Device]]:
    """Open tabs: device(url, token)."""
    with ExitStack() as opened:

        def open_one(url: str, token: Callable[[], str] | str) -> Device:
            made = Device(url, token, history)
            opened.callback(made.close)
            return made

        yield open_one


@pytest.fixture
def crowd(history: History) -> Iterator[Callable[..., Crowd]]:
    """Have chats go on and on: crowd(url, people, chats)."""
    with ExitStack() as opened:

        def gather(url: str, people: People, chats: int, **order: Any) -> Crowd:
            made = Crowd(url, people.tokens, chats, history, **order)
            opened.callback(made.close)
            made.come()
            return made

        yield gather
