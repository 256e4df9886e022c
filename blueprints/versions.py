"""/api/versions"""

from flask import Response

from sitethread import versions
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
    """Download a version's page as a file."""
    page, website_name = versions.get_page(current_rows(), version_id)
    response = attachment(page, "text/html", website_name, "html")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
