"""What requests may hold: the base of every model.

The models check requests and describe them in the OpenAPI document. A field's other names (the camelCase of
`website_id`, and what other clients call it) are accepted everywhere and written down in one table.
"""

import re
from functools import cache
from typing import Annotated, Any, Self

from flask import request
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from sitethread import errors
from sitethread.settings import LIMITS
from sitethread.validation import Fields, given_twice, names_of

_PAGE_FIELDS = {"limit", "cursor", "order", "tag"}
_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)


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
            if name in names_of(cls) and len(set(values)) > 1:
                raise given_twice(names_of(cls)[name])
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
