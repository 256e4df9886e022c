"""Responses over gunicorn: what is sent at once, and that its own checks stay."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidResponseHeader

from web.lean_gunicorn import Response, http_date
from web.security_headers import ALWAYS_SAME


class Client:
    """A socket that keeps what is sent to it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(data)


def respond(*pieces: bytes, method: str = "GET", **headers: str) -> list[bytes]:
    """Send a response as gunicorn's worker does, and return what each call of the socket got."""
    request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    client = Client()
    response = Response(request, client, Config())
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    response.start_response("200 OK", [*named, *ALWAYS_SAME])
    for piece in pieces:
        response.write(piece)
    response.close()
    return client.sent


def test_a_short_response_is_sent_at_once() -> None:
    (sent,) = respond(b"hello", Content_Length="5")
    head, _, body = sent.partition(b"\r\n\r\n")
    assert body == b"hello"
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert {f"{name}: {value}" for name, value in ALWAYS_SAME} <= set(lines)
    assert "Content-Length: 5" in lines


def test_pieces_of_a_stream_are_sent_as_they_come() -> None:
    first, *others = respond(b"one", b"two")
    assert first.endswith(b"\r\n\r\n3\r\none\r\n")
    assert others == [b"3\r\ntwo\r\n", b"0\r\n\r\n"]


@pytest.mark.parametrize("pieces", [(), (b"",)])
def test_a_response_without_a_body_has_its_head(pieces: tuple[bytes, ...]) -> None:
    (sent,) = respond(*pieces, Content_Length="0")
    assert sent.endswith(b"\r\n\r\n")


def test_the_head_of_a_stream_does_not_wait_for_its_first_words() -> None:
    first, *_ = respond(b"", b"one")
    assert first.endswith(b"\r\n\r\n")


def test_a_head_request_gets_no_body() -> None:
    (sent,) = respond(b"hello", method="HEAD", Content_Length="5")
    assert sent.endswith(b"\r\n\r\n")


def test_a_header_with_a_line_break_is_refused() -> None:
    with pytest.raises(InvalidResponseHeader):
        respond(X_Name="a\r\nSet-Cookie: b")


def test_a_date_is_that_of_its_second() -> None:
    assert http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert http_date(59.9) == "Thu, 01 Jan 1970 00:00:59 GMT"
