"""/api/versions"""

from flask import Response
from pydantic import Field

from sitethread import errors, version_checks, versions
from sitethread.edits.paths import is_page
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Query
from web.authentication import current_rows
from web.downloads import attachment
from web.extensions import settings
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


@bp.get("/versions/<id:version_id>/checks", responses={200: responses.ChecksResponse})
def check_version(version_id: str) -> Response:
    """Check all pages of a version, before everybody sees them.

    Of each finding: the `rule`, its `severity` (error or warning), the page, and the elements that have the problem,
    from start to end in code points of the page's source. Besides the rules of pages: links and files that aren't
    there, forms that don't deliver, samples left over, facts of the brief that are missing, and prices, figures,
    quotes, hours and contacts that are neither in the brief nor in anything that the owner wrote or edited by hand.
    """
    has_own_host = settings().sites_origin is not None
    found = version_checks.check(current_rows(), version_id, has_own_host=has_own_host)
    return success(version_id=version_id, findings=found)


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
