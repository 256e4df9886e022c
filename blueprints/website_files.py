"""/api/websites/…/files, /api/files"""

import re
import tempfile
from typing import cast

from flask import Response, request
from pydantic import Field

from sitethread import contents, errors, media_types, uploads, versions, websites
from sitethread.pictures.process import BYTES
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Query
from web.authentication import current_rows, slow_rows
from web.requests import StrictRequest
from web.security_headers import SANDBOX

bp = ApiBlueprint("website_files", __name__, "Websites")

_SPOOLED_BYTES = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BODY = {
    "description": f"The file, at most {BYTES} bytes.",
    "content": {type: {"schema": {"type": "string", "format": "binary"}} for type in uploads.TYPES},
}


class Place(Query):
    path: str = Field(max_length=200, description="Such as `images/logo.png`.")


@bp.post("/websites/<id:website_id>/files", responses={201: responses.FileResponse}, file_description=_BODY)
def add_file(website_id: str, query: Place) -> Response:
    """Upload a file: the website's next version has it.

    Pictures are encoded anew as WebP, upright, at most 2,560 pixels wide and high, of an animation the first one,
    without what else was in the file: `file.path` ends with `.webp`. Others keep their path, which must end as their
    type does.
    """
    upload = cast(StrictRequest, request)
    try:
        websites.get(current_rows(), website_id)
        uploads.check(query.path, upload.mimetype)
        data = _receive(upload)
    except errors.DomainError:
        upload.drop_the_rest()
        raise
    file, version = uploads.add(slow_rows(), website_id, query.path, upload.mimetype, data)
    return success(201, file=file, version=version)


@bp.delete("/websites/<id:website_id>/files", responses={200: responses.VersionResponse})
def remove_file(website_id: str, query: Place) -> Response:
    """Remove a file: the website's next version is without it, those before it have it still."""
    return success(version=versions.remove_file(current_rows(), website_id, query.path))


@bp.get("/files/<sha256>", responses={200: responses.PICTURE})
def get_picture(sha256: str) -> Response:
    """Get a picture of one's own by its `sha256`."""
    if not _SHA256.fullmatch(sha256):
        raise errors.NotFound
    content = contents.get(current_rows(), sha256)
    media_type = media_types.of_content(content) or ""
    if not media_type.startswith("image/"):
        raise errors.NotFound
    response = Response(content, mimetype=media_type)
    # It never changes, but whether this person may see it can.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Authorization"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _receive(upload: StrictRequest) -> bytes:
    # It may take minutes: meanwhile a large one is on disk.
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as file:
        for piece in upload.pieces(BYTES, *uploads.TYPES):
            file.write(piece)
        file.seek(0)
        return file.read()
