"""Page shares: links to one version's page alone. What a link shows is decided in SQL, by `read_page_share`."""

import secrets

from typing_extensions import TypedDict

from sitethread import errors, websites
from sitethread.database import RowId, Rows, pick
from sitethread.shares import is_token
from sitethread.versions import Asset


class PageShare(TypedDict):
    id: str
    website_id: str
    version_id: str
    version_number: int
    created_at: str


class PageShareWithToken(PageShare):
    token: str


class NewPageShare(PageShareWithToken):
    url: str


class SharedWebsitePage(TypedDict):
    """A page, and the name of its website; `page` is HTML, null in a version without a page."""

    name: str
    version_number: int
    created_at: str
    page: str | None


class ShownPage(SharedWebsitePage):
    """`assets` are those of PageOfVersion."""

    assets: list[Asset]


def create(rows: Rows, version_id: str) -> PageShareWithToken:
    """Share a version's page; only its hash is stored of the token. Raise NotFound, TooManyShares."""
    token = secrets.token_urlsafe(24)
    share: PageShare = rows.call("share_page", {"version_id": version_id, "token": token})
    return {**share, "token": token}


def list_of_website(rows: Rows, website_id: str) -> list[PageShare]:
    """Return the shares of a website's pages, at most 20, the newest first; raise NotFound."""
    websites.get(rows, website_id)
    query = [
        ("website_id", f"eq.{website_id}"),
        ("order", "created_at.desc,id.desc"),
        ("select", ",".join(PageShare.__annotations__)),
    ]
    return [pick(row, PageShare) for row in rows.select("page_shares", query, PageShare)]


def revoke(rows: Rows, share_id: str) -> None:
    """Delete a share, so that its link stops working; raise NotFound."""
    rows.fetch_one(rows.table("page_shares").delete().eq("id", share_id).select("id"), RowId)


def read(rows: Rows, token: str) -> SharedWebsitePage:
    """Return the page that a token shares, to anybody who has the token; raise LinkOver."""
    return pick(read_shown(rows, token), SharedWebsitePage)


def read_shown(rows: Rows, token: str) -> ShownPage:
    """Return that page with what it shows; raise LinkOver."""
    if not is_token(token):
        raise errors.LinkOver
    try:
        return pick(rows.call("read_page_share", {"token": token}), ShownPage)
    except errors.NotFound:
        raise errors.LinkOver from None
