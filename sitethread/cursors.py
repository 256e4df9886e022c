"""Opaque positions in a list: where the next page begins, by the sort key of the last row seen."""

import base64
import json
import re
from typing import Any

from sitethread import errors
from sitethread.ids import is_id

# Postgres knows no offset of 16 hours or more.
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+(0\d|1[0-5]):[0-5]\d", re.ASCII)
_BIGGEST_INTEGER = 2**31 - 1


def to_time(updated_at: str, id: str) -> str:
    """Make the cursor after a row of a list sorted by a time and an id."""
    return _encode([updated_at, id])


def to_number(number: int) -> str:
    """Make the cursor after a row of a list sorted by a number."""
    return _encode([number])


def from_time(cursor: str) -> tuple[str, str]:
    """Read time and id; raise InvalidPage for anything that `to_time` did not make."""
    match _decode(cursor):
        case [str(time), str(id)] if _TIME.fullmatch(time) and is_id(id):
            return time, id
    raise errors.InvalidPage


def from_number(cursor: str) -> int:
    """Read the number; raise InvalidPage for anything that `to_number` did not make."""
    match _decode(cursor):
        case [int(number)] if not isinstance(number, bool) and 0 <= number <= _BIGGEST_INTEGER:
            return number
    raise errors.InvalidPage


def _encode(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str) -> Any:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise errors.InvalidPage from None
