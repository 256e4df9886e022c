"""Websites: what people build."""

from typing_extensions import TypedDict

from sitethread import pagination
from sitethread.database import Rows, pick
from sitethread.pagination import Page


class Website(TypedDict):
    id: str
    name: str
    latest_version_number: int
    created_at: str
    updated_at: str


def list_page(rows: Rows, limit: int, cursor: str | None) -> Page[Website]:
    """Return websites, the last changed first; raise InvalidPage."""
    return pagination.page_of(rows.select("websites", pagination.newest_first(limit, cursor), Website), limit)


def create(rows: Rows, name: str) -> Website:
    """Make a website and return it."""
    return pick(rows.fetch_one(rows.table("websites").insert({"name": name}), Website), Website)


def get(rows: Rows, website_id: str) -> Website:
    """Return a website; raise NotFound."""
    return rows.select_one("websites", [("id", f"eq.{website_id}")], Website)


def rename(rows: Rows, website_id: str, name: str) -> Website:
    """Give a website another name and return it; raise NotFound."""
    query = rows.table("websites").update({"name": name}).eq("id", website_id)
    return pick(rows.fetch_one(query, Website), Website)
