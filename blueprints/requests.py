"""The one place where a JSON body is read: strictly, within limits, or refused with a reason."""

import json
import math
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from flask import Request
from gunicorn.http.errors import NoMoreData, ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import ClientDisconnected

from sitethread import errors
from sitethread.settings import LIMITS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# How much of a body that is too large is read and dropped, so that its sender gets to see the answer.
_DRAINED_BYTES = 16 * 1024 * 1024
_DIGITS = 308
_PIECE_BYTES = 64 * 1024
# A text, even one without an end, or a mark between values.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


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

    def json_pieces(self, limit: int) -> Iterator[bytes]:
        """Give the body piece by piece; raise BodyTooLarge when there is more than `limit` bytes of it."""
        self._check_form()
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
        self._check_form()
        limit = self.max_content_length or LIMITS.body
        self.max_content_length = max(_DRAINED_BYTES, limit + 1)
        data = self.stream.read(limit + 1)
        if len(data) > limit:
            self.drop_the_rest()
            raise errors.BodyTooLarge(f"The body is larger than {limit} bytes.")
        return data

    def _check_form(self) -> None:
        charset = self.mimetype_params.get("charset", "utf-8").lower()
        if self.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
            raise errors.UnsupportedMediaType
        if self.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise errors.UnsupportedMediaType


def parse_object(data: bytes) -> dict[str, Any]:
    """Parse a JSON object of text that Postgres can store."""
    if data.startswith(b"\xef\xbb\xbf") or b"\0" in data:
        raise errors.InvalidEncoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise errors.InvalidEncoding from None
    if has_too_many_values(text):
        raise errors.BodyTooLarge("The body has more values than can be read at once.")
    value = _parse(text)
    if not isinstance(value, dict):
        raise errors.InvalidBody
    check_depth(value)
    # Only an escape can bring a lone surrogate or a NUL.
    if "\\u" in text:
        for name, part in value.items():
            check_text(name, "the name of a field")
            check_texts(part, name)
    return value


def has_too_many_values(text: str, at: int = 0) -> bool:
    """Whether the JSON value that begins there has so many in it that reading it would hold up everybody else.

    Raise JsonTooDeep.
    """
    if len(text) - at <= LIMITS.json_values:
        return False
    depth = 0
    for number, token in enumerate(_TOKEN.finditer(text, at)):
        mark = text[token.start()]
        depth += (mark in "[{") - (mark in "]}")
        if depth > LIMITS.json_depth:
            raise errors.JsonTooDeep
        if depth <= 0 or number > LIMITS.json_values:
            return depth > 0
    return False


def check_texts(value: Any, field: str) -> None:
    """Raise InvalidUnicode when any text within can't be stored."""
    if isinstance(value, str):
        check_text(value, field)
    elif isinstance(value, list):
        for part in value:
            check_texts(part, field)
    elif isinstance(value, dict):
        for name, part in value.items():
            check_text(name, field)
            check_texts(part, field)


def is_storable(text: str) -> bool:
    """Whether Postgres can hold a text: no lone surrogate, no NUL."""
    return _UNSTORABLE.search(text) is None


def check_text(text: str, field: str) -> None:
    if not is_storable(text):
        raise errors.InvalidUnicode(
            f"{field}: contains a lone surrogate or a NUL, which can't be stored.",
            field=field.encode("utf-8", "replace").decode(),
        )


def parse_value(text: str, at: int) -> tuple[Any, int]:
    """Parse the JSON value that begins there and return it with where it ends; raise JSONDecodeError, too."""
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise errors.JsonTooDeep from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        raise errors.InvalidJson from None


def _parse(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise errors.JsonTooDeep from None
    except json.JSONDecodeError as error:
        raise errors.InvalidJson(place=f"line {error.lineno}, column {error.colno}") from None
    except ValueError:
        raise errors.InvalidJson from None


def _refuse(_: str) -> NoReturn:
    raise errors.InvalidJson("NaN and Infinity are not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise errors.InvalidJson("A number in the body is too large.")
    return number


def _bounded(text: str) -> int:
    if len(text) > _DIGITS:
        raise errors.InvalidJson("A number in the body is too large.")
    return int(text)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise errors.DuplicateKey
    return found


def check_depth(value: Any) -> None:
    """Raise JsonTooDeep when there is more in one another than anybody needs."""
    level, depth = [value], 0
    while level:
        if depth > LIMITS.json_depth:
            raise errors.JsonTooDeep
        parts = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [child for part in parts for child in part if isinstance(child, dict | list)]
        depth += 1


_DECODER = json.JSONDecoder(
    parse_constant=_refuse, parse_float=_finite, parse_int=_bounded, object_pairs_hook=_without_duplicates
)
