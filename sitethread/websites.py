"""Websites: what people build."""

from typing import Any

from typing_extensions import TypedDict

from sitethread import filters
from sitethread.database import Rows


class Website(TypedDict):
    id: str
    name: str
    latest_version_number: int
    created_at: str
    updated_at: str


COLUMNS = ",".join(Website.__annotations__)


def list_page(rows: Rows, limit: int, cursor: str | None) -> tuple[list[Any], str | None]:
    """Return the websites last changed, and the cursor to the next ones."""
    query = filters.newest_first(rows.table("websites").select(COLUMNS), limit, cursor)
    return filters.split(rows.fetch(query), limit)


def create(rows: Rows, name: str) -> dict[str, Any]:
    """Make a website and return it."""
    return rows.fetch_one(rows.table("websites").insert({"name": name}).select(COLUMNS))


def get(rows: Rows, website_id: str) -> dict[str, Any]:
    """Return a website; raise NotFound."""
    return rows.fetch_one(rows.table("websites").select(COLUMNS).eq("id", website_id))


def rename(rows: Rows, website_id: str, name: str) -> dict[str, Any]:
    """Give a website another name and return it; raise NotFound."""
    return rows.fetch_one(rows.table("websites").update({"name": name}).eq("id", website_id).select(COLUMNS))


def delete(rows: Rows, website_id: str) -> None:
    """Delete a website with its chats and versions; raise NotFound."""
    rows.fetch_one(rows.table("websites").delete().eq("id", website_id).select("id"))
