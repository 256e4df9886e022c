"""How every blueprint of the JSON API is made."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from sitethread import errors
from web.api.request_models import Keyed
from web.authentication import current_user, require_user

SECURITY: list[dict[str, list[Any]]] = [{"bearer": []}, {"cookie": []}]
SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Supabase access token.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sitethread_access",
        "description": "Signed in by the pages.",
    },
}


def api_blueprint(name: str, import_name: str, tag: str, url_prefix: str = "/api") -> APIBlueprint:
    """Make a blueprint whose doors are documented and closed to nobody in particular but the signed-in."""
    bp = APIBlueprint(
        name, import_name, url_prefix=url_prefix, abp_tags=[Tag(name=tag)], abp_security=SECURITY
    )
    bp.before_request(require_user)
    return bp


def success(status: int = 200, **values: object) -> Response:
    """Answer with the success envelope."""
    response = jsonify(success=True, **values)
    response.status_code = status
    return response


def idempotency_key(header: Keyed, message_id: str | None = None) -> str | None:
    """Return the client's id for what it sends: the field, or the Idempotency-Key header.

    A header that is no UUID names one of this user's.
    """
    text = header.idempotency_key.strip()
    if not text:
        return message_id
    try:
        key = str(UUID(text))
    except ValueError:
        key = str(uuid5(UUID(current_user().id), text))
    if message_id is not None and key != message_id:
        raise errors.InvalidField("message_id: differs from Idempotency-Key.", field="message_id")
    return key


def attachment(text: str | Iterable[str], mimetype: str, title: str, extension: str) -> Response:
    """Answer with a file to save, under a name in any script (RFC 6266)."""
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
    """Turn a title into the name of a file, without its extension, that every system takes."""
    name = re.sub(r"[^\w\- ]+", " ", unicodedata.normalize("NFC", title))
    return "-".join(name.split())[:80].strip("-.") or "sitethread"
