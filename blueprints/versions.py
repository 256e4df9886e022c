"""/api/versions"""

from flask import Response

from sitethread import versions
from web.api import responses
from web.api.blueprints import api_blueprint, attachment, success
from web.api.fields import Id
from web.api.request_models import Path
from web.authentication import current_rows
from web.security import SANDBOX

bp = api_blueprint("versions", __name__, "Versions")


class VersionPath(Path):
    version_id: Id


@bp.get("/versions/<id:version_id>", responses={200: responses.VersionFilesAnswer, **responses.ERRORS})
def get_version(path: VersionPath) -> Response:
    """Get a version with its files."""
    return success(version=versions.get(current_rows(), path.version_id))


@bp.post(
    "/versions/<id:version_id>/restore", responses={201: responses.VersionAnswer, **responses.WRITE_ERRORS}
)
def restore_version(path: VersionPath) -> Response:
    """Make a new version with this one's files."""
    return success(201, version=versions.restore(current_rows(), path.version_id))


@bp.get("/versions/<id:version_id>/download", responses={200: responses.PAGE_FILE, **responses.ERRORS})
def download_version(path: VersionPath) -> Response:
    """Download a version's page as a file."""
    page, website_name = versions.get_page(current_rows(), path.version_id)
    response = attachment(page, "text/html", website_name, "html")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
