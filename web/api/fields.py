"""The types of field that requests share, besides the texts of `sitethread/texts.py`: ids, numbers, flags."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from sitethread import errors
from sitethread.chat_files.format import plausible
from sitethread.ids import is_id
from sitethread.limits import LIMITS


def _known_form(text: str) -> str:
    # No row has such an id: NotFound, as for any unknown one.
    if not is_id(text):
        raise errors.NotFound
    return text


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("Value should be a UUID") from None


def _written(value: object) -> object:
    # A number would be taken for seconds.
    if not isinstance(value, str):
        raise ValueError("Value should be a time as text")
    return value


def as_number(value: object) -> object:
    """Reject what pydantic takes for a number besides: "7" and true, but not 7.0."""
    if isinstance(value, str | bool):
        raise ValueError("Value should be a whole number")
    return value


def optional_not_null(**constraints: Any) -> Any:
    """Make a field that may be left out but not be null."""
    return Field(None, **constraints)


_ID_SCHEMA = {"format": "uuid"}
Id = Annotated[str, AfterValidator(_known_form), Field(json_schema_extra=_ID_SCHEMA)]
"""The id of something that should exist. Any other text is `not_found`."""
ClientId = Annotated[str, AfterValidator(_uuid), Field(max_length=64, json_schema_extra=_ID_SCHEMA)]
"""An id that the client chooses, so that it can send the same request again safely."""
Time = Annotated[datetime, BeforeValidator(_written), AfterValidator(plausible)]
Flag = Annotated[bool, Field(strict=True)]
SearchText = Annotated[str, Field(json_schema_extra={"maxLength": LIMITS.query})]
"""A search text. The domain raises QueryTooLong."""
