"""PostgREST filters that several queries share."""

import re

from sitethread import texts

_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")


def has_item(item: str) -> str:
    """Return a filter for arrays that hold this item."""
    quoted = item.replace("\\", "\\\\").replace('"', '\\"')
    return f'cs.{{"{quoted}"}}'


def contains(columns: tuple[str, ...], text: str) -> str:
    """Return an `or` filter for rows with the text in any of these columns, ignoring case; raise QueryTooLong."""
    texts.check_query(text)
    # A regular expression, because `ilike` in PostgREST gives * and % a meaning that can't be escaped.
    pattern = _SPECIAL.sub(r"\\\g<0>", text).replace("\\", "\\\\").replace('"', '\\"')
    return ",".join(f'{column}.imatch."{pattern}"' for column in columns)
