"""PostgREST filters that several queries share."""

import re

from sitethread import texts

# Of an item of an array, and of what looks like an operator (`like.`, `match(any)`), which gateways may refuse.
_ENDS = re.compile(r'[\\".(]')
_ESCAPED = r"\\\g<0>"
_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")


def has_item(item: str) -> str:
    """Return a filter for arrays that hold this item."""
    return f'cs.{{"{_ENDS.sub(_ESCAPED, item)}"}}'


def contains(columns: tuple[str, ...], text: str) -> str:
    """Return an `or` filter for rows with the text in any of these columns, ignoring case; raise QueryTooLong."""
    texts.check_query(text)
    # A regular expression, because `ilike` in PostgREST gives * and % a meaning that can't be escaped.
    pattern = _SPECIAL.sub(_ESCAPED, text).replace("\\", "\\\\").replace('"', '\\"')
    return ",".join(f'{column}.imatch."{pattern}"' for column in columns)
