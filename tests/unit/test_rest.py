"""What comes back from PostgREST is JSON, or a failure that the log explains."""

import pytest

from sitethread import errors
from sitethread.connections import Response
from sitethread.rest import RestClient


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
        client.get("chat_messages", [], None)
    assert raised.value.cause["query"] == "chat_messages"
    assert raised.value.cause["unreadable_bytes"] == len(content)


def test_numbers_that_no_float_can_hold_are_read() -> None:
    client = RestClient("http://database", "key", Replies(b"[" + b"9" * 400 + b"]"))  # type: ignore[arg-type]
    assert client.get("chat_messages", [], None) == [int("9" * 400)]
