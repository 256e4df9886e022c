"""/api/websites"""

from flask import Response

from sitethread import versions, websites
from sitethread.texts import WebsiteName
from web.api import responses
from web.api.blueprints import api_blueprint, success
from web.api.fields import Id
from web.api.request_models import Body, Page, Path
from web.authentication import current_rows

bp = api_blueprint("websites", __name__, "Websites")

PAGE_SIZE = 30


class WebsitePath(Path):
    website_id: Id


class NewWebsite(Body):
    name: WebsiteName


class RenamedWebsite(Body):
    name: WebsiteName


@bp.get("/websites", responses={200: responses.WebsiteList, **responses.ERRORS})
def list_websites(query: Page) -> Response:
    """List websites, the last changed first."""
    found, next_cursor = websites.list_page(current_rows(), query.limit or PAGE_SIZE, query.cursor)
    return success(websites=found, next_cursor=next_cursor)


@bp.post("/websites", responses={201: responses.WebsiteAnswer, **responses.WRITE_ERRORS})
def create_website(body: NewWebsite) -> Response:
    """Make a website."""
    return success(201, website=websites.create(current_rows(), body.name))


@bp.get("/websites/<id:website_id>", responses={200: responses.WebsiteAnswer, **responses.ERRORS})
def get_website(path: WebsitePath) -> Response:
    """Get a website."""
    return success(website=websites.get(current_rows(), path.website_id))


@bp.patch("/websites/<id:website_id>", responses={200: responses.WebsiteAnswer, **responses.WRITE_ERRORS})
def rename_website(path: WebsitePath, body: RenamedWebsite) -> Response:
    """Rename a website."""
    return success(website=websites.rename(current_rows(), path.website_id, body.name))


@bp.delete("/websites/<id:website_id>", responses={200: responses.Success, **responses.WRITE_ERRORS})
def delete_website(path: WebsitePath) -> Response:
    """Delete a website with its chats and versions."""
    websites.delete(current_rows(), path.website_id)
    return success()


@bp.get("/websites/<id:website_id>/versions", responses={200: responses.VersionList, **responses.ERRORS})
def list_versions(path: WebsitePath, query: Page) -> Response:
    """List a website's versions, the newest first."""
    found, next_cursor = versions.list_page(
        current_rows(), path.website_id, query.limit or PAGE_SIZE, query.cursor
    )
    return success(versions=found, next_cursor=next_cursor)
