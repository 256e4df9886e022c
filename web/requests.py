"""The one place where a JSON body is read: strictly, within limits, or refused with a reason."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Request
from gunicorn.http.errors import NoMoreData, ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected

from sitethread import errors
from sitethread.settings import LIMITS
from sitethread.strict_json import parse_object

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# How much of a body that is too large is read and dropped, so that its sender gets to see the answer.
_DRAINED_BYTES = 16 * 1024 * 1024
_PIECE_BYTES = 64 * 1024


class _Input:
    """The body as it arrives; what is not sent as its headers say is the sender's fault."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except (NoMoreData, ParseException):
            raise errors.BadRequest(
                "The body breaks off, or one of its chunks is not as it should be."
            ) from None
        return data


class StrictRequest(Request):
    """A request whose JSON is an object of storable text, or an error that says why not."""

    def __init__(self, environ: "WSGIEnvironment", *args: Any, **kwargs: Any) -> None:
        environ["wsgi.input"] = _Input(environ["wsgi.input"])
        super().__init__(environ, *args, **kwargs)

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Return the body's object; the arguments are the framework's and change nothing."""
        if not hasattr(self, "_strict_json"):
            self._strict_json = parse_object(self._read_json_bytes())
        return self._strict_json

    def pieces(self, limit: int, *types: str) -> Iterator[bytes]:
        """Give a body of one of these types piece by piece.

        Raise UnsupportedMediaType, and BodyTooLarge when there is more than `limit` bytes of it.
        """
        self._check_form(*types)
        self.max_content_length = max(_DRAINED_BYTES, limit + 1)
        left = limit
        while piece := self._piece():
            left -= len(piece)
            if left < 0:
                raise errors.BodyTooLarge(f"The body is larger than {limit} bytes.")
            yield piece

    def drop_the_rest(self, bytes: int = _DRAINED_BYTES) -> None:
        """Read and drop so much of a body that is refused, so that its sender gets to see why."""
        left = bytes
        with suppress(errors.BadRequest, ClientDisconnected):
            while left > 0 and (piece := self._piece(min(left, _PIECE_BYTES))):
                left -= len(piece)

    @property
    def json(self) -> Any:
        return self.get_json()

    def _piece(self, bytes: int = _PIECE_BYTES) -> bytes:
        # Others of this worker get their turn, even when all of the body is there already.
        time.sleep(0)
        return self.stream.read(bytes)

    def _read_json_bytes(self) -> bytes:
        self._check_form("application/json")
        limit = self.max_content_length or LIMITS.body
        self.max_content_length = max(_DRAINED_BYTES, limit + 1)
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            self.drop_the_rest()
            raise errors.BodyTooLarge(f"The body is larger than {limit} bytes.")
        return data

    def _check_form(self, *types: str) -> None:
        charset = self.mimetype_params.get("charset", "utf-8").lower()
        if self.mimetype not in types or charset not in {"utf-8", "utf8"}:
            raise errors.UnsupportedMediaType
        if self.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise errors.UnsupportedMediaType
