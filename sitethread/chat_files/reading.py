"""Reads the file of an exported chat as it arrives: one of 64 MiB must not take many times that in memory."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from pydantic import ValidationError

from sitethread import errors
from sitethread.chat_files.arrays import begins_array
from sitethread.chat_files.format import (
    CountedSession,
    ExportedChat,
    ExportedHead,
    ExportedMessage,
    ExportedSession,
)
from sitethread.limits import LIMITS
from sitethread.strict_json import check_storable, parse_object, parse_unchecked
from sitethread.validation import to_domain_error

_LONGEST_HEAD = 64 * 1024
# 1,000,000 characters of 12 bytes (two escapes, such as \ud83d\ude00), and the other fields.
_LONGEST_LINE = 16 * 1024 * 1024


def is_array(pieces: Iterator[bytes]) -> tuple[bool, Iterator[bytes]]:
    """Return whether a file is a JSON array, as ChatGPT's is, and all of its pieces."""
    first = next(pieces, b"")
    while first and not first.strip() and (more := next(pieces, b"")):
        first += more
        if len(first) > _LONGEST_HEAD:
            break
    return begins_array(first), chain((first,), pieces)


def read(pieces: Iterator[bytes]) -> tuple[ExportedSession, Iterator[dict[str, object]]]:
    """Return the chat of a file and, as they are read, its messages: the fields of `ExportedMessage` that are there.

    Whatever is wrong with the file is raised with its `place`, such as "line 3, column 7" or "messages.12.content",
    but for BodyTooLarge.
    """
    lines = lines_of(pieces)
    first = next(lines, b"")
    head = _head(first)
    if head is None:
        chat = _whole_file(chain((first,), lines))
        return chat.session, _messages(chat.messages, lambda message, _: _storable(message))
    with _at():
        session = ExportedHead.model_validate(_storable(head)).session
    return session, _counted(
        session, _messages(lines, lambda line, at: parse_object(line.rstrip(b"\r\n"), at + 2))
    )


def lines_of(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give each line with its end."""
    line = bytearray()
    for piece in pieces:
        for part in io.BytesIO(piece):
            line += part
            if len(line) > _LONGEST_LINE:
                raise errors.BodyTooLarge("The file has a line that is too long to be read at once.")
            if part.endswith(b"\n"):
                yield bytes(line)
                line.clear()
    if line:
        yield bytes(line)


def _head(line: bytes) -> dict[str, object] | None:
    """Return what the first line of a file of format 2 holds; None for the beginning of one of format 1."""
    if len(line) > _LONGEST_HEAD:
        return None
    with _at():
        try:
            head = parse_unchecked(line)
        except errors.InvalidJson:
            return None
    return None if "messages" in head or head.get("version") == 1 else head


def _whole_file(lines: Iterable[bytes]) -> ExportedChat:
    """Read a file of format 1; its messages are yet to be checked."""
    data = bytearray()
    for line in lines:
        data += line
        if len(data) > LIMITS.saved_chat:
            raise errors.BodyTooLarge(
                "A file that is one JSON object may have 8 MiB at most; one with a message on each line, 64 MiB."
            )
    with _at():
        found = parse_unchecked(bytes(data))
        _storable({name: value for name, value in found.items() if name != "messages"})
        return ExportedChat.model_validate(found)


def _messages(given: Iterable[Any], load: Callable[[Any, int], Any]) -> Iterator[dict[str, object]]:
    """Check what `load` makes of each of them and of its number, which begins at 0."""
    ids = set()
    for number, one in enumerate(given):
        if number == LIMITS.saved_messages:
            raise errors.InvalidField(
                f"messages: There are more than {LIMITS.saved_messages} messages.", place="messages"
            )
        with _at(f"messages.{number}"):
            message = ExportedMessage.model_validate(load(one, number))
            if message.id in ids:
                # What refers to it would be ambiguous.
                raise errors.InvalidField("An earlier message has the same id.", field="id")
        if message.id is not None:
            ids.add(message.id)
        yield message.model_dump(mode="json", exclude_unset=True)


def _counted(session: CountedSession, found: Iterator[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Raise InvalidField when there are fewer messages than the file says: it was cut off between two lines."""
    count = 0
    for count, message in enumerate(found, 1):  # noqa: B007
        yield message
    if count < (session.message_count or 0):
        with _at(f"messages.{count}"):
            raise errors.InvalidField(f"The file ends after {count} of its {session.message_count} messages.")


def _storable(value: Any) -> Any:
    """Return a JSON value, unless it is an object with a text that can't be stored: raise InvalidUnicode."""
    if isinstance(value, dict):
        check_storable(value)
    return value


@contextmanager
def _at(place: str = "") -> Iterator[None]:
    """Add `place` to the errors that are raised in this block; what has no field gets line 1, column 1."""
    try:
        yield
    except (ValidationError, errors.DomainError) as error:
        wrong = to_domain_error(error) if isinstance(error, ValidationError) else error
        if isinstance(wrong, errors.BodyTooLarge) or "place" in wrong.extra:
            raise wrong from None
        field = wrong.extra.get("field", "body")
        at = ".".join(part for part in (place, field) if part not in {"", "body"}) or "line 1, column 1"
        raise type(wrong)(f"{at}: {wrong.message.removeprefix(f'{field}: ')}", place=at) from None
