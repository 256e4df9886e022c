"""/api/versions"""

from flask import Response

from sitethread import errors, versions
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.authentication import current_rows
from web.downloads import attachment
from web.security_headers import SANDBOX

bp = ApiBlueprint("versions", __name__, "Versions")


@bp.get("/versions/<id:version_id>", responses={200: responses.VersionFilesResponse})
def get_version(version_id: str) -> Response:
    """Get a version with its files."""
    return success(version=versions.get(current_rows(), version_id))


@bp.post("/versions/<id:version_id>/restore", responses={201: responses.VersionResponse})
def restore_version(version_id: str) -> Response:
    """Make a new version with this one's files."""
    return success(201, version=versions.restore(current_rows(), version_id))


@bp.get("/versions/<id:version_id>/download", responses={200: responses.PAGE_FILE})
def download_version(version_id: str) -> Response:
    """Download a version's page as a file, or a zip of its files where there is more than one."""
    rows = current_rows()
    found = versions.get_page(rows, version_id)
    if list(found["manifest"]) != [versions.INDEX] or found["page"] is None:
        if not found["manifest"]:
            raise errors.NotFound
        return attachment(versions.download(rows, found), "application/zip", found["name"], "zip")
    response = attachment(found["page"], "text/html", found["name"], "html")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
