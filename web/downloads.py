"""Responses that a browser saves as a file."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from flask import Response


def attachment(
    text: str | Iterable[str] | Iterable[bytes], mimetype: str, title: str, extension: str
) -> Response:
    """Return a file to save, named after a title in any script (RFC 6266)."""
    response = Response(text, mimetype=mimetype)
    file_name = f"{_file_stem(title)}.{extension}"
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    names = (
        {"filename": plain}
        if plain == file_name
        else {"filename": plain, "filename*": f"UTF-8''{quote(file_name)}"}
    )
    response.headers.set("Content-Disposition", "attachment", **names)
    return response


def _file_stem(title: str) -> str:
    """Turn a title into the name of a file, without its extension, that every system accepts."""
    name = re.sub(r"[^\w\- ]+", " ", unicodedata.normalize("NFC", title))
    return "-".join(name.split())[:80].strip("-.") or "sitethread"
