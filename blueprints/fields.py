"""The kinds of field that requests share: ids, titles, messages, and what makes a good one."""

import re
import unicodedata
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from blueprints.faults import EMPTY
from sitethread import errors
from sitethread.settings import LIMITS
from sitethread.visible import INKLESS, is_blank

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
# Marks that turn text around or break a line apart; a zero-width joiner is part of emoji and stays.
_TURNING = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_UNSHOWN = re.compile(f"[{_TURNING}]")


def is_id(text: str) -> bool:
    """Whether a text is an id as we write them: a lower-case UUID with hyphens."""
    return _ID.fullmatch(text) is not None


def clean_line(text: Any) -> Any:
    """Normalise a title or name: composed characters, single spaces, no marks that turn text around."""
    if not isinstance(text, str):
        return text
    if len(text) > 20_000:
        raise ValueError("Value should be shorter")
    return " ".join(_UNSHOWN.sub(" ", unicodedata.normalize("NFC", text)).split())


def _known_form(text: str) -> str:
    # An id of another form can't exist, which is all that anybody learns about any id.
    if not is_id(text):
        raise errors.NotFound
    return text


def _seen(text: str) -> str:
    if is_blank(text):
        raise ValueError("Value should have something to read in it")
    return text


def _said(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError(EMPTY, "empty")
    return text


def _whole(number: Any) -> Any:
    """Take 2.0 for 2, as JSON does, which knows one kind of number."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("Value should be a UUID") from None


def absent(**constraints: Any) -> Any:
    """Make a field that may be left out but not be null."""
    return Field(None, **constraints)


_ID_SCHEMA = {"format": "uuid"}
# JSON Schema knows no escapes of eight digits.
_SEEN_SCHEMA = {"pattern": re.sub(r"\\U([0-9a-f]{8})", lambda found: chr(int(found[1], 16)), f"[^{INKLESS}]")}
Id = Annotated[str, AfterValidator(_known_form), Field(json_schema_extra=_ID_SCHEMA)]
"""The id of something that should exist; another form is `not_found`."""
ClientId = Annotated[str, AfterValidator(_uuid), Field(max_length=64, json_schema_extra=_ID_SCHEMA)]
"""An id that the client chooses: it makes sending the same thing twice safe."""
Title = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.title, json_schema_extra=_SEEN_SCHEMA),
    AfterValidator(_seen),
]
WebsiteName = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.website_name, json_schema_extra=_SEEN_SCHEMA),
    AfterValidator(_seen),
]
Tag = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.tag, json_schema_extra=_SEEN_SCHEMA),
    AfterValidator(_seen),
]
Message = Annotated[
    str, Field(max_length=LIMITS.message, json_schema_extra=_SEEN_SCHEMA), AfterValidator(_said)
]
Answer = Annotated[
    str, Field(max_length=LIMITS.answer, json_schema_extra=_SEEN_SCHEMA), AfterValidator(_said)
]
"""What an assistant said; a page makes it longer than what a person types."""
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True), BeforeValidator(_whole)]
Words = Annotated[str, Field(json_schema_extra={"maxLength": LIMITS.query})]
"""What to look for; the domain says when it is too long."""
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
