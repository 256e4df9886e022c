"""What tells a machine's submission from a person's: with enough of it a submission is quarantined, never dropped."""

import hashlib
import hmac
import re
from datetime import UTC, date, datetime

from sitethread.submissions.bodies import FormBody, FormField

ENOUGH = 2
_SECONDS_OF_PEOPLE = 2
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_MARKUP = re.compile(r"\[(?:url|link)[=\]]|<a\s[^<>]{0,200}href|</a>", re.IGNORECASE)
_HEADER = re.compile(r"^(?:b?cc|to|from|subject|content-type|mime-version)\s*:", re.IGNORECASE | re.MULTILINE)
# A field of a page is a line, unless it is a text; header injection needs several in one that is none.
_LINE_FIELDS = re.compile(r"mail|name|subject|betreff|phone|tel", re.IGNORECASE)
# Shorter ones, such as choices of a list, are the same for many people.
_LONG_TEXT = 60


def marks_of(body: FormBody) -> list[str]:
    """Return why a submission is a machine's; nothing if there isn't enough to say so."""
    scores = dict.fromkeys(body.problems, ENOUGH)
    scores["honeypot"] = ENOUGH if body.honeypot else 0
    # Where no script told it, it says nothing.
    scores["too_quick"] = 1 if body.seconds is not None and body.seconds < _SECONDS_OF_PEOPLE else 0
    text = "\n".join(field["value"] for field in body.fields)
    links = len(_LINK.findall(text))
    scores["links"] = ENOUGH if links > 2 else 1 if links else 0
    scores["markup"] = ENOUGH if _MARKUP.search(text) else 0
    scores["headers"] = ENOUGH if any(map(_injects_headers, body.fields)) else 0
    found = [mark for mark, score in scores.items() if score]
    return found if sum(scores.values()) >= ENOUGH else []


def _injects_headers(field: FormField) -> bool:
    value = field["value"]
    return "\n" in value and bool(_LINE_FIELDS.search(field["name"])) and bool(_HEADER.search(value))


def content_hash(body: FormBody) -> str:
    """Return a hash of the longest text, in any case and spacing; of all fields where that is short."""
    longest = max((" ".join(field["value"].split()).lower() for field in body.fields), key=len, default="")
    if len(longest) < _LONG_TEXT:
        longest = "\n".join(f"{field['name']}={field['value']}" for field in body.fields)
    return hashlib.sha256(longest.encode()).hexdigest()


def sender_hash(key: bytes, network: str, today: date | None = None) -> str:
    """Return a hash of a visitor's address that nobody can link to that of another day."""
    day = today or datetime.now(UTC).date()
    of_day = hmac.new(key, f"submissions of {day.isoformat()}".encode(), hashlib.sha256).digest()
    return hmac.new(of_day, network.encode(), hashlib.sha256).hexdigest()
