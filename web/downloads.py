"""Responses that a browser saves as a file."""

import unicodedata
from urllib.parse import quote

from flask import Response


def attachment(text: str, mimetype: str, file_name: str) -> Response:
    """Return a file to save, under a name in any script (RFC 6266)."""
    response = Response(text, mimetype=mimetype)
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    names = (
        {"filename": plain}
        if plain == file_name
        else {"filename": plain, "filename*": f"UTF-8''{quote(file_name)}"}
    )
    response.headers.set("Content-Disposition", "attachment", **names)
    return response
