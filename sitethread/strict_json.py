"""A strict JSON parser, within limits. It takes only what Postgres can store and Python reads in one way."""

import json
import math
import re
from typing import Any, NoReturn

from sitethread import errors
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way

_DIGITS = 308
# After so many tokens, and between the steps for a long text, other requests of this worker run.
_GIVE_WAY_EVERY = 20_000
# A JSON string, also an unterminated one, or punctuation.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def parse_object(data: bytes, line: int = 1) -> dict[str, Any]:
    """Parse a JSON object of UTF-8 text that Postgres can store; `line` is where it begins in a file.

    Raise InvalidEncoding, InvalidJson, JsonTooDeep, DuplicateKey, InvalidBody, InvalidUnicode or BodyTooLarge.
    """
    value = parse_unchecked(data, line)
    # Only an escape can bring a lone surrogate or a NUL.
    if b"\\u" in data:
        check_storable(value)
    return value


def parse_unchecked(data: bytes, line: int = 1) -> dict[str, Any]:
    """Parse a JSON object whose texts may hold what can't be stored: lone surrogates and NULs that were escaped."""
    text = _decoded(data, line)
    if _has_too_many_values(text):
        raise errors.BodyTooLarge("The body has more values than can be read at once.")
    value = _parse(text, line)
    if len(text) > LIMITS.json_values:
        give_way()
    if not isinstance(value, dict):
        raise errors.InvalidBody
    _check_depth(value)
    return value


def _decoded(data: bytes, line: int) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.InvalidEncoding(place=_place(data[: error.start].decode(), line)) from None
    wrong = 0 if text.startswith("\ufeff") else text.find("\0")
    if wrong >= 0:
        raise errors.InvalidEncoding(place=_place(text[:wrong], line))
    return text


def _place(before: str, line: int) -> str:
    """Return the place after a text that begins on that line."""
    column = len(before) - before.rfind("\n")
    return f"line {line + before.count(chr(10))}, column {column}"


def _has_too_many_values(text: str) -> bool:
    """Whether it has more than LIMITS.json_values values: parsing those blocks the worker. Raise JsonTooDeep."""
    if len(text) <= LIMITS.json_values:
        return False
    depth = 0
    for number, token in enumerate(_TOKEN.finditer(text)):
        mark = text[token.start()]
        depth += (mark in "[{") - (mark in "]}")
        if depth > LIMITS.json_depth:
            raise errors.JsonTooDeep
        if depth <= 0 or number > LIMITS.json_values:
            return depth > 0
        if number % _GIVE_WAY_EVERY == 0:
            give_way()
    give_way()
    return False


def check_storable(value: dict[str, Any]) -> None:
    """Raise InvalidUnicode, which names the field, when Postgres can't hold a text within an object."""
    for name, part in value.items():
        _check_text(name, "the name of a field")
        _check_texts(part, name)


def _check_texts(value: Any, field: str) -> None:
    if isinstance(value, str):
        _check_text(value, field)
    elif isinstance(value, list):
        for part in value:
            _check_texts(part, field)
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_text(name, field)
            _check_texts(part, field)


def is_storable(text: str) -> bool:
    """Whether Postgres can hold a text: no lone surrogate, no NUL."""
    return _UNSTORABLE.search(text) is None


def _check_text(text: str, field: str) -> None:
    if not is_storable(text):
        raise errors.InvalidUnicode(
            f"{field}: contains a lone surrogate or a NUL, which can't be stored.",
            field=field.encode("utf-8", "replace").decode(),
        )


def _parse(text: str, line: int) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise errors.JsonTooDeep from None
    except json.JSONDecodeError as error:
        raise errors.InvalidJson(place=_place(text[: error.pos], line)) from None
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


def _check_depth(value: Any) -> None:
    """Raise JsonTooDeep for more than LIMITS.json_depth nested arrays and objects."""
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
