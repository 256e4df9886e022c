"""/api/websites/…/files"""

import tempfile
from typing import cast

from flask import Response, request
from pydantic import Field

from sitethread import errors, uploads, websites
from sitethread.pictures.process import BYTES
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Query
from web.authentication import current_rows, slow_rows
from web.requests import StrictRequest

bp = ApiBlueprint("website_files", __name__, "Websites")

_SPOOLED_BYTES = 1024 * 1024
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


def _receive(upload: StrictRequest) -> bytes:
    # It may take minutes: meanwhile a large one is on disk.
    with tempfile.SpooledTemporaryFile(_SPOOLED_BYTES) as file:
        for piece in upload.pieces(BYTES, *uploads.TYPES):
            file.write(piece)
        file.seek(0)
        return file.read()
