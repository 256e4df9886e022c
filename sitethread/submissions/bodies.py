"""Bodies of forms: the fields that a visitor filled in, and those that were added to tell people from machines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from typing_extensions import TypedDict

from sitethread.publishing.forms import CONSENT, HONEYPOT, PAGE, SECONDS

BYTES = 32 * 1024
FIELDS = 50
_LONGEST_NAME, _LONGEST_PAGE = 100, 200
# All but line feeds and tabs. Postgres stores no NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)


class FormField(TypedDict):
    name: str
    value: str


@dataclass
class FormBody:
    """What a form sent. `seconds` is how long it was open, if a script told it; `problems` are words of `marks`."""

    fields: list[FormField] = field(default_factory=list)
    page: str = ""
    honeypot: str = ""
    seconds: int | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(each["value"].strip() for each in self.fields)


def body_of(pairs: Iterable[tuple[str, str]], problems: Iterable[str] = ()) -> FormBody:
    """Make a body of the names and values of fields, in their order."""
    body = FormBody(problems=list(problems))
    _fill(body, pairs)
    return body


def _fill(body: FormBody, pairs: Iterable[tuple[str, str]]) -> None:
    values: dict[str, list[str]] = {}
    for name, text in pairs:
        name, value = (
            line(name)[:_LONGEST_NAME],
            _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")),
        )
        if name == HONEYPOT:
            body.honeypot = body.honeypot or value
        elif name == PAGE:
            body.page = line(value)[:_LONGEST_PAGE]
        elif name == SECONDS:
            body.seconds = int(value) if _SECONDS.fullmatch(value) else None
        elif name in values or len(values) < FIELDS:
            values.setdefault("consent" if name == CONSENT else name or "field", []).append(value)
        elif "many_fields" not in body.problems:
            body.problems.append("many_fields")
    # Boxes that are ticked have one name.
    body.fields = [{"name": name, "value": ", ".join(filter(None, given))} for name, given in values.items()]


def line(text: str) -> str:
    """Return a text that Postgres stores, on one line."""
    return " ".join(_CONTROLS.sub(" ", text).split())
