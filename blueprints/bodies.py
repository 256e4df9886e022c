"""What requests may hold: the base of every model, and the kinds of field they share.

The models check requests and describe them in the OpenAPI document. A field's other names (the camelCase of
`website_id`, and what other clients call it) are accepted everywhere and written down in one table.
"""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any, Self
from uuid import UUID

from flask import request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from blueprints.faults import EMPTY
from sitethread import errors
from sitethread.settings import LIMITS
from sitethread.visible import INKLESS, is_blank

_ALSO: dict[str, tuple[str, ...]] = {
    "website_id": ("project_id", "event_id"),
    "session_id": ("chat_session_id",),
    "title": ("name",),
    "kind": ("type",),
    "completion_tokens": ("tokens",),
}
_PAGE_FIELDS = {"limit", "cursor", "order", "tag"}
_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
# Marks that turn text around or break a line apart; a zero-width joiner is part of emoji and stays.
_TURNING = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_UNSHOWN = re.compile(f"[{_TURNING}]")


class Fields(BaseModel):
    """A request's fields under any of their names; a field given twice with different values is refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _use_our_names(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        names = _names(cls)
        found: dict[str, Any] = {}
        for name, value in given.items():
            ours = str(names.get(name, name))
            if ours in found and found[ours] != value:
                raise _given_twice(ours)
            found[ours] = value
        return found


class Body(Fields):
    """A JSON body; unknown fields are refused, so that a typing error is not silently dropped."""


class _Described(BaseModel):
    """Its schema is asked for on every request, and so made once."""

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return _schema(cls, args, tuple(kwargs.items()))


class Query(_Described, Fields):
    """A query string; parameters we don't know are left alone."""

    model_config = ConfigDict(extra="ignore")

    @classmethod
    def model_validate(cls, obj: Any, *args: Any, **kwargs: Any) -> Self:
        """Validate what the framework made of the address, unless a name is there twice: it takes the first."""
        for name, values in request.args.lists():
            if name in _names(cls) and len(set(values)) > 1:
                raise _given_twice(_names(cls)[name])
        return super().model_validate(obj, *args, **kwargs)


class Headers(_Described):
    """Headers that say something beyond who is asking."""


class Keyed(Headers):
    idempotency_key: str = Field(
        "", alias="Idempotency-Key", description="Sending the same again under one key does it once."
    )


def _in_digits(text: Any) -> Any:
    """Refuse other ways to write a number, such as +5 or 1_0."""
    if not _NUMBER.fullmatch(str(text)):
        raise ValueError("Value should be digits")
    return text


_Limit = Annotated[int, BeforeValidator(_in_digits), Field(ge=1, le=LIMITS.page)]


class Page(Query):
    """Which part of a list: newest first, `limit` at a time, from where `cursor` says."""

    limit: _Limit | None = Field(None, description=f"How many, 1 to {LIMITS.page}.")
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    order: str | None = Field(None, pattern="^newest$", description="Lists are newest first.")

    @model_validator(mode="wrap")
    @classmethod
    def _name_the_page(cls, given: Any, validate: ModelWrapValidatorHandler["Page"]) -> "Page":
        try:
            return validate(given)
        except ValidationError as error:
            if error.errors()[0]["loc"][:1] and error.errors()[0]["loc"][0] in _PAGE_FIELDS:
                raise errors.InvalidPage from None
            raise


class Path(BaseModel):
    """The ids in an address; the route's converter has checked their form."""


@cache
def _schema(model: type[_Described], args: Any, options: Any) -> dict[str, Any]:
    return super(_Described, model).model_json_schema(*args, **dict(options))


@cache
def _names(model: type[Fields]) -> dict[str, str]:
    names: dict[str, str] = {}
    for ours in model.model_fields:
        for name in (ours, *_ALSO.get(ours, ())):
            if name == ours or name not in model.model_fields:
                names[name] = names[to_camel(name)] = ours
    return names


def _given_twice(field: str) -> errors.InvalidField:
    return errors.InvalidField(f"{field}: given twice, with different values.", field=field)


def is_id(text: str) -> bool:
    """Whether a text is an id as we write them: a lower-case UUID with hyphens."""
    return _ID.fullmatch(text) is not None


def clean_line(text: Any) -> Any:
    """Normalise a title or name: composed characters, single spaces, no marks that turn text around."""
    if not isinstance(text, str):
        return text
    if len(text) > 20_000:
        raise ValueError("too long")
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
