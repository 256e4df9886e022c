"""Page shares: links to the pages of one version. What a link shows is decided in SQL, by `read_page_share`."""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from typing_extensions import TypedDict

from sitethread import errors, websites
from sitethread.database import RowId, Rows, pick
from sitethread.edits.paths import is_inside, is_page
from sitethread.edits.selectable import selectable
from sitethread.edits.tags import Element
from sitethread.shares import is_token
from sitethread.versions import INDEX, Asset


class PageShare(TypedDict):
    """`expires_at` is null for a link that stays until it is taken back."""

    id: str
    website_id: str
    version_id: str
    version_number: int
    created_at: str
    expires_at: str | None
    has_password: bool


class PageShareWithToken(PageShare):
    token: str


class NewPageShare(PageShareWithToken):
    url: str


class SharedWebsitePage(TypedDict):
    """A page, and the name of its website; `page` is HTML, null when there is none at the path.

    `pages` are the paths of all pages behind the link.
    """

    name: str
    version_number: int
    created_at: str
    expires_at: str | None
    page: str | None
    path: str
    pages: list[str]


class ShownPage(SharedWebsitePage):
    """`assets` are those of PageOfVersion."""

    assets: list[Asset]


def create(
    rows: Rows, version_id: str, expires_in_days: int | None = None, password: str | None = None
) -> PageShareWithToken:
    """Share a version's pages; only its hash is stored of the token. Raise NotFound, TooManyShares."""
    token = secrets.token_urlsafe(24)
    ends = None if expires_in_days is None else datetime.now(UTC) + timedelta(days=expires_in_days)
    params = {
        "version_id": version_id,
        "token": token,
        "expires_at": ends and ends.isoformat(),
        "password_proof": None if password is None else _proof(password, token),
    }
    return {**pick(rows.call("share_page", params), PageShare), "token": token}


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


def unlock(rows: Rows, token: str, password: str) -> str:
    """Return the ticket of a link's password, to read with.

    Raise LinkOver, WrongSharePassword, and RateLimited after too many guesses.
    """
    with opening(token):
        found = rows.call("open_page_share", {"token": token, "password_proof": _proof(password, token)})
    if found["result"] == "locked":
        raise errors.RateLimited(
            "The password was guessed at too often. Try again later.", retry_after=found["retry_after"]
        )
    if found["result"] == "wrong":
        raise errors.WrongSharePassword
    return str(found["ticket"])


def read(rows: Rows, token: str, path: str = INDEX, ticket: str | None = None) -> SharedWebsitePage:
    """Return a page that a token shares, to anybody who has the token.

    Raise LinkOver, and SharePasswordRequired without the ticket of its password.
    """
    return pick(read_shown(rows, token, path, ticket), SharedWebsitePage)


def read_shown(rows: Rows, token: str, path: str = INDEX, ticket: str | None = None) -> ShownPage:
    """Return that page with what it shows; raise as `read`, and NotFound for a path that no page can have."""
    if not (is_inside(path) and is_page(path)):
        raise errors.NotFound
    with opening(token):
        found = rows.call("read_page_share", {"token": token, "path": path, "ticket": ticket})
    return pick(found, ShownPage)


def read_elements(rows: Rows, token: str, path: str, ticket: str | None) -> tuple[str, list[Element]]:
    """Return a shared page's text and its elements that can be pointed at; raise as `read_shown`, and NotFound."""
    text = read(rows, token, path, ticket)["page"]
    if text is None:
        raise errors.NotFound
    return text, selectable(text)


@contextmanager
def opening(token: str) -> Iterator[None]:
    """Raise LinkOver for what can't be a share's token, and where the database finds none within."""
    if not is_token(token):
        raise errors.LinkOver
    try:
        yield
    except errors.NotFound:
        raise errors.LinkOver from None


def _proof(password: str, token: str) -> str:
    text = unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
    # About 8 ms and 4 MB. The salt is stored nowhere: nobody can guess at what is stored.
    return hashlib.scrypt(text, salt=token.encode(errors="surrogatepass"), n=2**12, r=8, p=1, dklen=32).hex()
