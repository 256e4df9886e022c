"""Keyset pagination: a page of a list, and the opaque cursor to the next one.

A cursor is URL-safe base64 of a JSON array that holds the sort key of the last row on the page: a time and an id, or
a number.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from sitethread import errors
from sitethread.ids import is_id

T = TypeVar("T")
Row = TypeVar("Row", bound=Mapping[str, Any])

# Postgres accepts no UTC offset of 16 hours or more.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+(0\d|1[0-5]):[0-5]\d", re.ASCII)
BIGGEST_INTEGER = 2**31 - 1


class Page(NamedTuple, Generic[T]):
    """Part of a list; `next_cursor` is None on its last page."""

    items: list[T]
    next_cursor: str | None


def newest_first(limit: int, cursor: str | None, by: str = "updated_at") -> list[tuple[str, str]]:
    """Return filters that sort by a time and `id`, start after the cursor, and let one row more than a page through.

    Raise InvalidPage for a cursor that is none of ours.
    """
    filters = [("order", f"{by}.desc,id.desc"), ("limit", str(limit + 1))]
    if cursor is not None:
        time, id = read_time_cursor(cursor)
        # The second condition implies the first, which lets Postgres start at the right place of the index.
        filters += [(by, f"lte.{time}"), ("or", f'({by}.lt."{time}",id.lt.{id})')]
    return filters


def page_of(rows: list[Row], limit: int, by: str = "updated_at") -> Page[Row]:
    """Make a page of the rows that a `newest_first` query returned."""
    items = rows[:limit]
    return Page(items, time_cursor(items[-1][by], items[-1]["id"]) if len(rows) > limit else None)


def numbered_page_of(rows: list[Row], limit: int) -> Page[Row]:
    """Make a page of the rows, one more than fit on it, of a list that is sorted by `number`, the highest first."""
    items = rows[:limit]
    return Page(items, number_cursor(items[-1]["number"]) if len(rows) > limit else None)


def time_cursor(time: str, id: str) -> str:
    """Make the cursor after a row of a list that is sorted by a time and an id."""
    return _encode([time, id])


def number_cursor(number: int) -> str:
    """Make the cursor after a row of a list that is sorted by a number."""
    return _encode([number])


def read_time_cursor(cursor: str) -> tuple[str, str]:
    """Return a cursor's time and id; raise InvalidPage for anything that `time_cursor` did not make."""
    match _decode(cursor):
        case [str(time), str(id)] if _is_time(time) and is_id(id):
            return time, id
    raise errors.InvalidPage


def read_number_cursor(cursor: str) -> int:
    """Return a cursor's number; raise InvalidPage for anything that `number_cursor` did not make."""
    match _decode(cursor):
        case [int(number)] if not isinstance(number, bool) and 0 <= number <= BIGGEST_INTEGER:
            return number
    raise errors.InvalidPage


def _is_time(text: str) -> bool:
    try:
        return _TIME.fullmatch(text) is not None and datetime.fromisoformat(text).year > 0
    except ValueError:
        # No such day or hour.
        return False


def _encode(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _decode(cursor: str) -> object:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise errors.InvalidPage from None
