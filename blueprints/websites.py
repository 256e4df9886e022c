"""/api/websites"""

from flask import Response
from pydantic import Field

from sitethread import briefs, trash, versions, websites
from sitethread.texts import AssistantText, BriefText, Summary, WebsiteName
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Time, optional_not_null
from web.api.request_models import Body, PageQuery
from web.authentication import current_rows, slow_rows

bp = ApiBlueprint("websites", __name__, "Websites")

PAGE_SIZE = 30


class NamedWebsite(Body):
    name: WebsiteName


class NewBrief(Body):
    text: BriefText
    updated_at: Time = optional_not_null(
        description="The `updated_at` that was read: nothing that was saved since is replaced."
    )


class NewVersion(Body):
    page: AssistantText = Field(description="The HTML of the whole page.")
    summary: Summary | None = None


@bp.get("/websites", responses={200: responses.WebsiteList})
def list_websites(query: PageQuery) -> Response:
    """List websites, the last changed first."""
    found, next_cursor = websites.list_page(current_rows(), query.limit or PAGE_SIZE, query.cursor)
    return success(websites=found, next_cursor=next_cursor)


@bp.post("/websites", responses={201: responses.WebsiteResponse})
def create_website(body: NamedWebsite) -> Response:
    """Make a website."""
    return success(201, website=websites.create(current_rows(), body.name))


@bp.get("/websites/<id:website_id>", responses={200: responses.WebsiteResponse})
def get_website(website_id: str) -> Response:
    """Get a website."""
    return success(website=websites.get(current_rows(), website_id))


@bp.patch("/websites/<id:website_id>", responses={200: responses.WebsiteResponse})
def rename_website(website_id: str, body: NamedWebsite) -> Response:
    """Rename a website."""
    return success(website=websites.rename(current_rows(), website_id, body.name))


@bp.delete("/websites/<id:website_id>", responses={200: responses.Trashed})
def delete_website(website_id: str) -> Response:
    """Put a website with its chats and versions in the trash."""
    return success(trash_id=trash.delete_website(slow_rows(), website_id))


@bp.get("/websites/<id:website_id>/brief", responses={200: responses.BriefResponse})
def get_brief(website_id: str) -> Response:
    """Get a website's brief."""
    brief = briefs.read(current_rows(), website_id)
    return success(brief=brief, **brief)


@bp.put("/websites/<id:website_id>/brief", responses={200: responses.BriefResponse})
def save_brief(website_id: str, body: NewBrief) -> Response:
    """Save a website's brief; `409 brief_changed` brings the stored one when it changed after `updated_at`."""
    read_at = body.updated_at.isoformat() if body.updated_at else None
    brief = briefs.save(current_rows(), website_id, body.text, read_at)
    return success(brief=brief, **brief)


@bp.get("/websites/<id:website_id>/versions", responses={200: responses.VersionList})
def list_versions(website_id: str, query: PageQuery) -> Response:
    """List a website's versions, the newest first."""
    found, next_cursor = versions.list_page(
        current_rows(), website_id, query.limit or PAGE_SIZE, query.cursor
    )
    return success(versions=found, next_cursor=next_cursor)


@bp.post("/websites/<id:website_id>/versions", responses={201: responses.VersionResponse})
def save_version(website_id: str, body: NewVersion) -> Response:
    """Make a page the website's next version; it may come from anywhere, such as an imported chat."""
    return success(201, version=versions.save(current_rows(), website_id, body.page, body.summary))
