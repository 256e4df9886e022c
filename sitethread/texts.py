"""The types of user-supplied text: titles, names, tags, messages; how each is normalised and how long it may be."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from sitethread import errors
from sitethread.limits import LIMITS
from sitethread.validation import EMPTY

# Control characters, line separators and marks of direction; a zero-width joiner is part of emoji and stays.
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
_CONTROL = re.compile(f"[{_CONTROLS}]")
# Composing makes one character of four at most. It sorts runs of combining marks in quadratic time.
_LONGEST_LINE = 4 * max(LIMITS.title, LIMITS.website_name, LIMITS.tag)


def clean_line(text: Any) -> Any:
    """Normalise a title or name: composed characters, single spaces, no control characters or marks of direction.

    One that is too long in any form is not composed, and fails the check of its length.
    """
    if not isinstance(text, str):
        return text
    if len(text) > 20_000:
        raise ValueError("Value should be shorter")
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) > _LONGEST_LINE else " ".join(unicodedata.normalize("NFC", line).split())


def with_line_feeds(text: str) -> str:
    """Return a text with the line ends that are stored."""
    return text.replace("\r\n", "\n")


def check_query(text: str) -> None:
    """Raise QueryTooLong for a text that is too long to search for."""
    if len(text) > LIMITS.query:
        raise errors.QueryTooLong


def check_length(role: str, content: str) -> None:
    """Raise ValueError for a user's message that is too long; an assistant's may be longer, as it may hold a page."""
    if role == "user" and len(content) > LIMITS.message:
        raise ValueError(f"content of a user's message should have at most {LIMITS.message} characters")


def _not_blank(text: str) -> str:
    if not _VISIBLE.search(text):
        raise PydanticCustomError(EMPTY, "empty")
    return text


# The database rejects texts of invisible characters alone, too: `private.is_visible`.
_VISIBLE = re.compile(rf"[^\s{_CONTROLS}]")
_NOT_BLANK = {"pattern": _VISIBLE.pattern}
Title = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.title, json_schema_extra=_NOT_BLANK),
]
WebsiteName = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.website_name, json_schema_extra=_NOT_BLANK),
]
Tag = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.tag, json_schema_extra=_NOT_BLANK),
]
Summary = Annotated[str, BeforeValidator(clean_line), Field(max_length=LIMITS.title)]
"""Of a version."""
PageName = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.page_name, json_schema_extra=_NOT_BLANK),
]
PromptName = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.prompt_name, json_schema_extra=_NOT_BLANK),
]
PromptText = Annotated[
    str, Field(max_length=LIMITS.prompt, json_schema_extra=_NOT_BLANK), AfterValidator(_not_blank)
]
Message = Annotated[
    str, Field(max_length=LIMITS.message, json_schema_extra=_NOT_BLANK), AfterValidator(_not_blank)
]
AssistantText = Annotated[
    str, Field(max_length=LIMITS.answer, json_schema_extra=_NOT_BLANK), AfterValidator(_not_blank)
]
"""An assistant's message, which may hold a page."""
BriefText = Annotated[str, AfterValidator(with_line_feeds), Field(max_length=LIMITS.brief)]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
AuthorName = Annotated[
    str,
    BeforeValidator(clean_line),
    Field(min_length=1, max_length=LIMITS.author, json_schema_extra=_NOT_BLANK),
]
"""Of a comment."""
CommentText = Annotated[
    str,
    Field(max_length=LIMITS.comment, json_schema_extra=_NOT_BLANK),
    AfterValidator(with_line_feeds),
    AfterValidator(_not_blank),
]
