"""/api/versions"""

from flask import Response
from pydantic import Field

from sitethread import errors, versions
from sitethread.edits.paths import is_page
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Query
from web.authentication import current_rows
from web.downloads import attachment
from web.security_headers import SANDBOX

bp = ApiBlueprint("versions", __name__, "Versions")


class PageOfVersion(Query):
    path: str = Field(versions.INDEX, max_length=200)


class Download(Query):
    path: str | None = Field(None, max_length=200, description="A page, to have it alone.")


@bp.get("/versions/<id:version_id>", responses={200: responses.VersionFilesResponse})
def get_version(version_id: str) -> Response:
    """Get a version with its files."""
    return success(version=versions.get(current_rows(), version_id))


@bp.get("/versions/<id:version_id>/elements", responses={200: responses.ElementsResponse})
def get_elements(version_id: str, query: PageOfVersion) -> Response:
    """Get a page's source and where its elements are in it.

    For each element that can be pointed at, in the order of the source: where its start tag begins, where that ends,
    where its end tag begins, and where that ends, in code points.
    """
    text, elements = versions.get_elements(current_rows(), version_id, query.path)
    places = [element[1:] for element in elements]
    return success(version_id=version_id, path=query.path, text=text, elements=places)


@bp.post("/versions/<id:version_id>/restore", responses={201: responses.VersionResponse})
def restore_version(version_id: str) -> Response:
    """Make a new version with this one's files."""
    return success(201, version=versions.restore(current_rows(), version_id))


@bp.get("/versions/<id:version_id>/download", responses={200: responses.PAGE_FILE})
def download_version(version_id: str, query: Download) -> Response:
    """Download a version's page as a file, or a zip of its files where there is more than one."""
    rows, path = current_rows(), query.path or versions.INDEX
    found = versions.get_page(rows, version_id, path)
    if not query.path and found["manifest"] and list(found["manifest"]) != [versions.INDEX]:
        return attachment(versions.download(rows, found), "application/zip", found["name"], "zip")
    if found["page"] is None or not is_page(path):
        raise errors.NotFound
    response = attachment(found["page"], "text/html", found["name"], "html")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
