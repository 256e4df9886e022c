"""Slugs: under which websites are published. `private.is_slug` of the database has the same rule."""

import re
import secrets
import unicodedata

PATTERN = r"(?!xn--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
_SLUG = re.compile(PATTERN)
_WORD = re.compile(r"[a-z0-9]+")
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "&": " and "}
)
_LONGEST_SUGGESTION = 40


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def made_from(name: str) -> str:
    """Return a slug that looks like the name of a website."""
    letters = (
        unicodedata.normalize("NFKD", name.lower().translate(_SPELLED_OUT)).encode("ascii", "ignore").decode()
    )
    slug = "-".join(_WORD.findall(letters))[:_LONGEST_SUGGESTION].strip("-")
    return slug if is_slug(slug) else with_ending(slug or "website")


def with_ending(slug: str) -> str:
    """Return a slug like this one that is very likely free."""
    return f"{slug[:50].strip('-')}-{secrets.token_hex(3)}"
