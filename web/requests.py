"""The request class: reads JSON bodies strictly and within limits. Nothing else reads a JSON body."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, request
from gunicorn.http.errors import NoMoreData, ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected

from sitethread import errors
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way
from sitethread.strict_json import parse_object
from web import slow_clients

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# How much of a rejected body is read and dropped: a client that is still sending sees the response only afterwards.
_DRAINED_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 64 * 1024


class _Input:
    """The input stream; a body that comes too slowly raises RequestTooSlow, and one that is not framed as its headers
    say raises BadRequest, not an error of gunicorn's."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except slow_clients.RequestTimeout:
            raise errors.RequestTooSlow from None
        except (NoMoreData, ParseException):
            raise errors.BadRequest(
                "The body breaks off, or one of its chunks is not as it should be."
            ) from None
        return data


class StrictRequest(Request):
    """A request whose JSON body is an object of storable text; anything else raises a coded error."""

    def __init__(self, environ: "WSGIEnvironment", *args: Any, **kwargs: Any) -> None:
        environ["wsgi.input"] = _Input(environ["wsgi.input"])
        super().__init__(environ, *args, **kwargs)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Return the body's object. The arguments are those of Flask and change nothing."""
        if not hasattr(self, "_strict_json"):
            self._strict_json = parse_object(self._read_json_bytes())
        return self._strict_json

    def pieces(self, limit: int, *types: str) -> Iterator[bytes]:
        """Yield a body of one of these media types in pieces, as it arrives, which may take minutes.

        Raise UnsupportedMediaType, and BodyTooLarge for more than `limit` bytes.
        """
        self._check_media_type(*types)
        slow_clients.expect_upload(self.environ.get("gunicorn.socket"))
        self._let_through(limit)
        left = limit
        while piece := self._piece():
            left -= len(piece)
            if left < 0:
                raise errors.BodyTooLarge(f"The body is larger than {limit} bytes.")
            yield piece

    def beginning(self, bytes: int) -> bytes:
        """Return up to so many bytes of a body of any type, and drop the rest."""
        self._let_through(bytes)
        data = b""
        while len(data) < bytes and (piece := self._piece(bytes - len(data))):
            data += piece
        self.drop_the_rest()
        return data

    def drop_the_rest(self, bytes: int = _DRAINED_BYTES) -> None:
        """Read and drop up to so many bytes of a rejected body, so that its sender sees the response."""
        self._let_through(bytes)
        left = bytes
        with suppress(errors.BadRequest, errors.RequestTooSlow, ClientDisconnected):
            while left > 0 and (piece := self._piece(min(left, _PIECE_BYTES))):
                left -= len(piece)

    @property
    def json(self) -> Any:
        return self.get_json()

    def _let_through(self, bytes: int) -> None:
        """Have the stream give one byte more than that: a body that is too large is told from one that is not."""
        self.max_content_length = max(self.max_content_length or 0, _DRAINED_BYTES, bytes + 1)

    def _piece(self, bytes: int = _PIECE_BYTES) -> bytes:
        # Yield to the other greenlets of this worker, even when all of the body has arrived.
        give_way()
        return self.stream.read(bytes)

    def _read_json_bytes(self) -> bytes:
        self._check_media_type("application/json")
        limit = self.max_content_length or LIMITS.body
        self._let_through(limit)
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            self.drop_the_rest()
            raise errors.BodyTooLarge(f"The body is larger than {limit} bytes.")
        return data

    def _check_media_type(self, *types: str) -> None:
        charset = self.mimetype_params.get("charset", "utf-8").lower()
        if self.mimetype not in types or charset not in {"utf-8", "utf8"}:
            raise errors.UnsupportedMediaType
        if self.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise errors.UnsupportedMediaType


def init_app(app: Flask) -> None:
    app.before_request(check_query_encoding)


def check_query_encoding() -> None:
    """Raise InvalidEncoding for a query string that is not UTF-8: Flask would replace its bytes silently."""
    if not request.query_string:
        return
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        raise errors.InvalidEncoding("The address has a query that is not UTF-8 text.") from None
