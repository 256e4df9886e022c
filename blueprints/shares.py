"""/api/…/shares, and what a share's link opens"""

from flask import Blueprint, Response, render_template, request, url_for
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from sitethread import helpers, shares
from web.api import responses
from web.api.blueprints import api_blueprint, success
from web.api.fields import Id
from web.api.request_models import Page, Path
from web.authentication import current_rows
from web.extensions import database
from web.security import own_origin

bp = api_blueprint("shares", __name__, "Shares")
# Whoever has a link may read what it opens, signed in or not.
public = APIBlueprint("shared", __name__, url_prefix="/api", abp_tags=[Tag(name="Shares")], abp_security=[])
pages = Blueprint("shared_pages", __name__)

PAGE_SIZE = 100


class SessionPath(Path):
    session_id: Id


class SharePath(Path):
    share_id: Id


class TokenPath(Path):
    token: str = Field(description="The end of the link.")


@bp.post(
    "/chat/sessions/<id:session_id>/shares", responses={201: responses.ShareAnswer, **responses.WRITE_ERRORS}
)
def share(path: SessionPath) -> Response:
    """Share a chat as it is now, read-only; only this answer has the link."""
    made = shares.create(current_rows(), path.session_id)
    return success(
        201, share={**made, "url": own_origin() + url_for("shared_pages.show", token=made["token"])}
    )


@bp.get("/chat/sessions/<id:session_id>/shares", responses={200: responses.ShareList, **responses.ERRORS})
def list_shares(path: SessionPath) -> Response:
    """List a chat's shares, the newest first."""
    return success(shares=shares.list_of_chat(current_rows(), path.session_id))


@bp.delete("/shares/<id:share_id>", responses={200: responses.Success, **responses.WRITE_ERRORS})
def revoke(path: SharePath) -> Response:
    """Take a share back: its link opens nothing any more."""
    shares.revoke(current_rows(), path.share_id)
    return success()


@public.get("/shared/<token>", responses={200: responses.SharedChatAnswer, **responses.ERRORS})
def read(path: TokenPath, query: Page) -> Response:
    """Read a shared chat, its latest messages in order; needs no sign-in."""
    chat, next_cursor = shares.read(
        database().as_anonymous(), path.token, query.limit or PAGE_SIZE, query.cursor
    )
    return _unlisted(success(chat=chat, next_cursor=next_cursor))


@pages.get("/shared/<token>")
def show(token: str) -> Response:
    """Show a shared chat to whoever has the link."""
    chat, next_cursor = shares.read(database().as_anonymous(), token, PAGE_SIZE, request.args.get("cursor"))
    helper = helpers.find(chat["helper"]).label
    return _unlisted(
        Response(render_template("shared.html", chat=chat, helper=helper, next_cursor=next_cursor))
    )


def _unlisted(response: Response) -> Response:
    """Keep a link that is a secret out of search engines and of other sites' logs."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
