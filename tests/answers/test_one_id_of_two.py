"""Ids of answers are unique for each person alone: what somebody else has under the same id is not in the way."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.app_server import AppServer
from tests.chat_client import ChatClient, Shown
from tests.fake_model import words
from tests.stacks import Person, Stack


@pytest.fixture(scope="module")
def server(stack: Stack, model) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, workers=1) as running:
        yield running


@pytest.fixture
def other(server: AppServer, charlie: Person) -> Iterator[ChatClient]:
    with ChatClient(server.url, charlie.access_token) as connected:
        yield connected


@contextmanager
def beginning(asking: Iterator[Shown], shown: Shown) -> Iterator[None]:
    """Read until there is some text, and after the block to the end."""
    while not shown.text:
        next(asking)
    yield
    for _ in asking:
        pass


def test_two_people_whose_answers_have_one_id_read_and_stop_their_own(
    client: ChatClient, other: ChatClient
) -> None:
    earlier = other.ask("60 words, seed 2, 60 a second")
    hers, his = Shown(), Shown()
    asking = client.asking(hers, "90 words, seed 4, 30 a second")
    with ExitStack() as after:
        after.enter_context(beginning(asking, hers))
        after.enter_context(beginning(other.retrying(his, earlier.message_id, hers.message_id), his))
        assert his.message_id == hers.message_id
        seen = Shown(message_id=hers.message_id)
        with client.on_another_device() as second:
            following = second.following(seen)
            while not seen.text:
                next(following)
        assert "".join(words(4, 90)).startswith(seen.text)
        assert other.stop(his.message_id).is_success
    assert hers.text == "".join(words(4, 90))
    assert hers.done and hers.done["status"] == "complete"
    assert "".join(words(2, 60)).startswith(his.text)
