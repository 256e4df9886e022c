"""What requests may hold: the bases of the models that check requests and describe them in the OpenAPI document."""

import re
from typing import Annotated, Any
from uuid import UUID, uuid5

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
from sitethread.field_names import Fields
from sitethread.limits import LIMITS

_PAGE_FIELDS = {"limit", "cursor", "order", "tag"}
_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)


class Body(Fields):
    """A JSON body. Unknown fields are rejected, so that a misspelt one isn't dropped silently."""


class OptionalBody(Body):
    """A body that may be missing."""


class Query(Fields):
    """A query string. Unknown parameters are ignored."""

    model_config = ConfigDict(extra="ignore")


class IdempotencyHeaders(BaseModel):
    idempotency_key: str = Field(
        "", alias="Idempotency-Key", description="A request sent twice under one key is carried out once."
    )

    def key(self, user_id: str, message_id: str | None = None) -> str | None:
        """Return the client's key for what it sends: the header, or `message_id` of its body; None when there is none.

        A header that is no UUID becomes one, the same for the same user. Raise InvalidField when the two differ.
        """
        text = self.idempotency_key.strip()
        if not text:
            return message_id
        try:
            key = str(UUID(text))
        except ValueError:
            key = str(uuid5(UUID(user_id), text))
        if message_id is not None and key != message_id:
            raise errors.InvalidField("message_id: differs from Idempotency-Key.", field="message_id")
        return key


def in_digits(text: Any) -> Any:
    """Reject other ways to write a number, such as +5 or 1_0."""
    if not _NUMBER.fullmatch(str(text)):
        raise ValueError("Value should be digits")
    return text


_Limit = Annotated[int, Field(ge=1, le=LIMITS.page), BeforeValidator(in_digits)]


class PageQuery(Query):
    """A page of a list: newest first, at most `limit` items, after `cursor`."""

    limit: _Limit | None = Field(None, description=f"How many, 1 to {LIMITS.page}.")
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    order: str | None = Field(None, pattern="^newest$", description="Lists are newest first.")

    @model_validator(mode="wrap")
    @classmethod
    def _raise_invalid_page(cls, given: Any, validate: ModelWrapValidatorHandler["PageQuery"]) -> "PageQuery":
        try:
            return validate(given)
        except ValidationError as error:
            if error.errors()[0]["loc"][:1] and error.errors()[0]["loc"][0] in _PAGE_FIELDS:
                raise errors.InvalidPage from None
            raise
