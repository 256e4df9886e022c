"""What comes back from PostgREST is JSON, or a failure that the log explains."""

from typing import Any

import pytest
from typing_extensions import TypedDict

from sitethread import errors
from sitethread.connections import Response
from sitethread.rest import RestClient


class Item(TypedDict):
    id: str
    number: Any


class Replies:
    """A pool whose every reply is the same."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def send(self, *_: object) -> Response:
        return Response(200, {}, self.content)


@pytest.mark.parametrize(
    "content", [b"[" + b"9" * 5000 + b"]", b"[" * 100_000, b"<html>"], ids=["digits", "depth", "HTML"]
)
def test_a_reply_that_can_not_be_read_is_a_failure_with_a_cause(content: bytes) -> None:
    client = RestClient("http://database", "key", Replies(content))  # type: ignore[arg-type]
    with pytest.raises(errors.Unexpected) as raised:
        client.rows("chat_messages", [], None, Item)
    assert raised.value.cause["query"] == "chat_messages"
    assert raised.value.cause["unreadable_bytes"] == len(content)


@pytest.mark.parametrize("content", [b'[{"id": 1}]', b'[{"name": null}]', b'{"id": "a"}', b"null", b""])
def test_rows_that_are_not_what_their_type_says_are_a_failure(content: bytes) -> None:
    with pytest.raises(errors.Unexpected):
        rows(content)


def test_rows_have_the_columns_that_are_named() -> None:
    assert rows(b'[{"id": "a", "name": "b", "number": null}]') == [{"id": "a", "number": None}]


def test_numbers_that_no_float_can_hold_are_read() -> None:
    assert rows(b'[{"id": "a", "number": ' + b"9" * 400 + b"}]") == [{"id": "a", "number": int("9" * 400)}]


def rows(content: bytes) -> list[Item]:
    client = RestClient("http://database", "key", Replies(content))  # type: ignore[arg-type]
    return client.rows("chat_messages", [], None, Item)
