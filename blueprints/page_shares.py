"""Links to the pages of one version: /api/…/shares of versions, and what such a link opens"""

from typing import Annotated

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BeforeValidator, Field

from sitethread import errors, page_comments, page_shares
from sitethread.versions import INDEX
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import as_number, optional_not_null
from web.api.request_models import Body, OptionalBody, Query
from web.authentication import current_rows
from web.extensions import database
from web.hosts import own_origin
from web.rate_limits import limit_attempts
from web.security_headers import unlisted
from web.share_tickets import keep_ticket, ticket_of

bp = ApiBlueprint("page_shares", __name__, "Shares")
# A link needs no sign-in.
public = ApiBlueprint("shared_page_api", __name__, "Shares", is_public=True)
pages = Blueprint("shared_page", __name__)


class PageShareTerms(OptionalBody):
    expires_in_days: Annotated[int, Field(ge=1, le=365), BeforeValidator(as_number)] | None = Field(
        None, description="Without it, the link stays until it is taken back."
    )
    password: str = optional_not_null(
        min_length=6, max_length=100, description="Asked of whoever opens the link."
    )


class PageOfShare(Query):
    page: str = Field(INDEX, description="A path of `pages`.")


class SharePassword(Body):
    password: str = Field(max_length=100)


@bp.post("/versions/<id:version_id>/shares", responses={201: responses.PageShareResponse})
def share_page(version_id: str, body: PageShareTerms) -> Response:
    """Share a version's pages, read-only, with whoever has the link: they see them, and comment on what is in them.

    The link is in this response alone.
    """
    made = page_shares.create(current_rows(), version_id, body.expires_in_days, body.password)
    return success(
        201, share={**made, "url": own_origin() + url_for("shared_page.show", token=made["token"])}
    )


@bp.get("/websites/<id:website_id>/page-shares", responses={200: responses.PageShareList})
def list_page_shares(website_id: str) -> Response:
    """List the links to a website's pages, the newest first."""
    return success(shares=page_shares.list_of_website(current_rows(), website_id))


@bp.delete("/page-shares/<id:page_share_id>", responses={200: responses.Success})
def revoke_page_share(page_share_id: str) -> Response:
    """Take a link to pages back: it opens nothing any more. Comments that came by it stay."""
    page_shares.revoke(current_rows(), page_share_id)
    return success()


@public.get("/shared-pages/<page_token>", responses={200: responses.SharedPageResponse})
def read_shared_page(page_token: str, query: PageOfShare) -> Response:
    """Read a shared page; needs no sign-in. A link with a password needs its ticket, in `X-Share-Ticket`."""
    page = page_shares.read(database().as_anonymous(), page_token, query.page, ticket_of(page_token))
    return unlisted(success(page=page))


@public.get("/shared-pages/<page_token>/elements", responses={200: responses.SharedElementsResponse})
def read_shared_elements(page_token: str, query: PageOfShare) -> Response:
    """Get a shared page's source and where its elements are in it, as for `/versions/…/elements`; needs no sign-in."""
    rows, ticket = database().as_anonymous(), ticket_of(page_token)
    text, elements = page_shares.read_elements(rows, page_token, query.page, ticket)
    places = [element[1:] for element in elements]
    return unlisted(success(path=query.page, text=text, elements=places))


@public.post("/shared-pages/<page_token>/ticket", responses={200: responses.ShareTicketResponse})
@limit_attempts
def unlock_shared_page(page_token: str, body: SharePassword) -> Response:
    """Exchange the password of a link for the ticket with which its pages are read; needs no sign-in.

    After 10 wrong passwords in a quarter of an hour, the link takes none until that is over.
    """
    return success(ticket=page_shares.unlock(database().as_anonymous(), page_token, body.password))


@pages.get("/shared-pages/<token>")
def show(token: str) -> Response:
    """Show a shared page, in the sandbox of previews, with its comments; or ask for the link's password."""
    rows, ticket = database().as_anonymous(), ticket_of(token)
    try:
        page = page_shares.read(rows, token, request.args.get("page", INDEX), ticket)
    except errors.SharePasswordRequired:
        return _password_form(token)
    comments = page_comments.list_of_share(rows, token, ticket)
    return unlisted(Response(render_template("shared_page.html", page=page, token=token, comments=comments)))


@pages.post("/shared-pages/<token>")
@limit_attempts
def unlock(token: str) -> ResponseReturnValue:
    """Take the password of a link, and lead on to its pages."""
    try:
        password = request.form.get("password", "")[:100]
        ticket = page_shares.unlock(database().as_anonymous(), token, password)
    except (errors.WrongSharePassword, errors.RateLimited) as error:
        response = _password_form(token, error)
        response.status_code = error.status
        return response
    response = unlisted(Response(status=303, headers={"Location": url_for("shared_page.show", token=token)}))
    keep_ticket(response, token, ticket)
    return response


def _password_form(token: str, error: errors.DomainError | None = None) -> Response:
    message = error.message if error else None
    return unlisted(Response(render_template("shared_page_password.html", token=token, error=message)))
