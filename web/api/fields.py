"""The types of field that requests share, besides the texts of `sitethread/texts.py`: ids, numbers, flags."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from sitethread import errors
from sitethread.ids import is_id
from sitethread.settings import LIMITS


def _known_form(text: str) -> str:
    # An id of another form can't exist, which is all that anybody learns about any id.
    if not is_id(text):
        raise errors.NotFound
    return text


def _whole(number: Any) -> Any:
    """Take 2.0 for 2: JSON has one kind of number."""
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
Id = Annotated[str, AfterValidator(_known_form), Field(json_schema_extra=_ID_SCHEMA)]
"""The id of something that should exist. Any other text is `not_found`."""
ClientId = Annotated[str, AfterValidator(_uuid), Field(max_length=64, json_schema_extra=_ID_SCHEMA)]
"""An id that the client chooses, so that it can send the same request again safely."""
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True), BeforeValidator(_whole)]
Words = Annotated[str, Field(json_schema_extra={"maxLength": LIMITS.query})]
"""A search text. The domain raises QueryTooLong."""
