"""Pieces of PostgREST queries that several lists share."""

import re
from typing import Any

from sitethread import cursors, errors
from sitethread.settings import LIMITS

_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")


def newest_first(query: Any, limit: int, cursor: str | None, by: str = "updated_at") -> Any:
    """Sort by a time and `id`, start after the cursor, and ask for one row more than shown."""
    query = query.order(by, desc=True).order("id", desc=True).limit(limit + 1)
    if cursor is None:
        return query
    time, id = cursors.from_time(cursor)
    # The first condition is implied by the second; it lets the index be entered at the right place.
    return query.lte(by, time).or_(f'{by}.lt."{time}",id.lt.{id}')


def split(
    rows: list[dict[str, Any]], limit: int, by: str = "updated_at"
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the rows to show and the cursor to the next page, if any."""
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, cursors.to_time(shown[-1][by], shown[-1]["id"]) if more else None


def contains(columns: tuple[str, ...], text: str) -> str:
    """Make an `or` filter: any of these columns contains the text, upper and lower case alike."""
    if len(text) > LIMITS.query:
        raise errors.QueryTooLong
    # A regular expression, as PostgREST's `ilike` gives * and % a meaning that can't be escaped.
    pattern = _SPECIAL.sub(r"\\\g<0>", text).replace("\\", "\\\\").replace('"', '\\"')
    return ",".join(f'{column}.imatch."{pattern}"' for column in columns)
