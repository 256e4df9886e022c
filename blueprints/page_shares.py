"""Links to one page alone: /api/…/shares of versions, and what such a link opens"""

from flask import Blueprint, Response, render_template, url_for

from sitethread import page_shares
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.authentication import current_rows
from web.extensions import database
from web.hosts import own_origin
from web.security_headers import unlisted

bp = ApiBlueprint("page_shares", __name__, "Shares")
# A link needs no sign-in.
public = ApiBlueprint("shared_page_api", __name__, "Shares", is_public=True)
pages = Blueprint("shared_page", __name__)


@bp.post("/versions/<id:version_id>/shares", responses={201: responses.PageShareResponse})
def share_page(version_id: str) -> Response:
    """Share a version's page alone, read-only. The link is in this response alone."""
    made = page_shares.create(current_rows(), version_id)
    return success(
        201, share={**made, "url": own_origin() + url_for("shared_page.show", token=made["token"])}
    )


@bp.get("/websites/<id:website_id>/page-shares", responses={200: responses.PageShareList})
def list_page_shares(website_id: str) -> Response:
    """List the links to a website's pages, the newest first."""
    return success(shares=page_shares.list_of_website(current_rows(), website_id))


@bp.delete("/page-shares/<id:page_share_id>", responses={200: responses.Success})
def revoke_page_share(page_share_id: str) -> Response:
    """Take a link to a page back: it opens nothing any more."""
    page_shares.revoke(current_rows(), page_share_id)
    return success()


@public.get("/shared-pages/<page_token>", responses={200: responses.SharedPageResponse})
def read_shared_page(page_token: str) -> Response:
    """Read a shared page; needs no sign-in."""
    return unlisted(success(page=page_shares.read(database().as_anonymous(), page_token)))


@pages.get("/shared-pages/<token>")
def show(token: str) -> Response:
    """Show a shared page, in the sandbox of previews."""
    page = page_shares.read(database().as_anonymous(), token)
    return unlisted(Response(render_template("shared_page.html", page=page, token=token)))
