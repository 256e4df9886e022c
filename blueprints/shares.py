"""/api/…/shares, and what a share's link opens"""

from flask import Blueprint, Response, render_template, request, url_for

from sitethread import errors, helpers, shares
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import PageQuery
from web.authentication import current_rows
from web.error_handlers import wants_json
from web.extensions import database
from web.hosts import own_origin

bp = ApiBlueprint("shares", __name__, "Shares")
# A link needs no sign-in.
public = ApiBlueprint("shared", __name__, "Shares", is_public=True)
pages = Blueprint("shared_pages", __name__)

PAGE_SIZE = 100


@bp.post("/chat/sessions/<id:session_id>/shares", responses={201: responses.ShareResponse})
def share(session_id: str) -> Response:
    """Share a chat as it is now, read-only; later changes don't show. The link is in this response alone."""
    made = shares.create(current_rows(), session_id)
    return success(
        201, share={**made, "url": own_origin() + url_for("shared_pages.show", token=made["token"])}
    )


@bp.get("/chat/sessions/<id:session_id>/shares", responses={200: responses.ShareList})
def list_shares(session_id: str) -> Response:
    """List a chat's shares, the newest first."""
    return success(shares=shares.list_of_session(current_rows(), session_id))


@bp.post("/shares/<id:share_id>/update", responses={200: responses.ShareUpdate})
def update(share_id: str) -> Response:
    """Have a link show its chat as it is now."""
    return success(share=shares.update(current_rows(), share_id))


@bp.delete("/shares/<id:share_id>", responses={200: responses.Success})
def revoke(share_id: str) -> Response:
    """Take a share back: its link opens nothing any more."""
    shares.revoke(current_rows(), share_id)
    return success()


@public.get("/shared/<token>", responses={200: responses.SharedChatResponse})
def read(token: str, query: PageQuery) -> Response:
    """Read a shared chat, its latest messages in order; needs no sign-in."""
    chat, next_cursor = shares.read(database().as_anonymous(), token, query.limit or PAGE_SIZE, query.cursor)
    return _unlisted(success(chat=chat, next_cursor=next_cursor))


@pages.get("/shared/<token>")
def show(token: str) -> Response:
    """Show a shared chat, or say that its link opens nothing."""
    try:
        chat, next_cursor = shares.read(
            database().as_anonymous(), token, PAGE_SIZE, request.args.get("cursor")
        )
    except errors.NotFound:
        if wants_json():
            raise
        return _unlisted(Response(render_template("shared_link_over.html"), 404))
    helper = helpers.find(chat["helper"]).label
    return _unlisted(
        Response(render_template("shared.html", chat=chat, helper=helper, next_cursor=next_cursor))
    )


def _unlisted(response: Response) -> Response:
    """Keep a link that is a secret out of search engines and of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
