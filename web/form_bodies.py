"""Bodies of forms on the wire: urlencoded, or multipart without files.

Nothing is refused here: what is too much is left out and said.
"""

from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from sitethread.submissions.bodies import BYTES, FIELDS, FormBody, body_of

# What is more, no page sends: reading it would take long.
_MOST_PARTS = 10 * FIELDS
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def parse(data: bytes, media_type: str, boundary: str = "") -> FormBody:
    """Read the first BYTES of a body; of a type that no form has, all is one text."""
    problems = ["too_large"] if len(data) > BYTES else []
    data = data[:BYTES]
    if media_type == _URLENCODED:
        if data.count(b"&") >= _MOST_PARTS:
            problems.append("many_fields")
        return body_of(_urlencoded(data), problems)
    if media_type == _MULTIPART and boundary:
        return body_of(_multipart(data, boundary), problems)
    return body_of([("message", data.decode(errors="replace"))], [*problems, "no_form"])


def _urlencoded(data: bytes) -> Iterator[tuple[str, str]]:
    for pair in data.split(b"&", _MOST_PARTS)[:_MOST_PARTS]:
        if pair:
            name, _, value = pair.partition(b"=")
            yield _unquoted(name), _unquoted(value)


def _unquoted(text: bytes) -> str:
    return unquote_to_bytes(text.replace(b"+", b" ")).decode(errors="replace")


def _multipart(data: bytes, boundary: str) -> Iterator[tuple[str, str]]:
    decoder = MultipartDecoder(boundary.encode(errors="replace")[:200], max_parts=_MOST_PARTS)
    decoder.receive_data(data)
    name, pieces = "", list[bytes]()
    try:
        while not isinstance(event := decoder.next_event(), NeedData):
            if isinstance(event, Field):
                name, pieces = event.name, []
            elif isinstance(event, File):
                # Its content is not delivered.
                name, pieces = "", []
                yield event.name or "", event.filename or ""
            elif isinstance(event, Data):
                pieces.append(event.data)
                if not event.more_data and name:
                    yield name, b"".join(pieces).decode(errors="replace")
                    name = ""
            elif isinstance(event, Epilogue):
                break
    except (ValueError, RequestEntityTooLarge):
        # It breaks off, has too many parts, or isn't framed as it says: what came before counts.
        pass
    if name and pieces:
        yield name, b"".join(pieces).decode(errors="replace")
