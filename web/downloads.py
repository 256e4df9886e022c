"""Responses that a browser saves as a file."""

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response

from sitethread.file_names import stem_of


def attachment(
    text: str | Iterable[str] | Iterable[bytes], mimetype: str, title: str, extension: str
) -> Response:
    """Return a file to save, named after a title in any script (RFC 6266)."""
    response = Response(text, mimetype=mimetype)
    file_name = f"{stem_of(title)}.{extension}"
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    names = (
        {"filename": plain}
        if plain == file_name
        else {"filename": plain, "filename*": f"UTF-8''{quote(file_name)}"}
    )
    response.headers.set("Content-Disposition", "attachment", **names)
    return response
