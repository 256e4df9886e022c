"""Saved prompts: texts of one's own to begin chats with."""

from collections.abc import Mapping

from typing_extensions import TypedDict

from sitethread import pagination
from sitethread.database import RowId, Rows, pick
from sitethread.pagination import Page


class SavedPrompt(TypedDict):
    id: str
    name: str
    text: str
    created_at: str
    updated_at: str


def list_page(rows: Rows, limit: int, cursor: str | None) -> Page[SavedPrompt]:
    """Return prompts, the last changed first; raise InvalidPage."""
    found = rows.select("prompts", pagination.newest_first(limit, cursor), SavedPrompt)
    page = pagination.page_of(found, limit)
    return Page([pick(row, SavedPrompt) for row in page.items], page.next_cursor)


def create(rows: Rows, name: str, text: str) -> SavedPrompt:
    """Save a prompt and return it; raise TooManyPrompts."""
    query = rows.table("prompts").insert({"name": name, "text": text})
    return pick(rows.fetch_one(query, SavedPrompt), SavedPrompt)


def get(rows: Rows, prompt_id: str) -> SavedPrompt:
    """Return a prompt; raise NotFound."""
    return pick(rows.select_one("prompts", [("id", f"eq.{prompt_id}")], SavedPrompt), SavedPrompt)


def change(rows: Rows, prompt_id: str, changes: Mapping[str, str]) -> SavedPrompt:
    """Give a prompt another name or text and return it; raise NotFound."""
    query = rows.table("prompts").update(dict(changes)).eq("id", prompt_id)
    return pick(rows.fetch_one(query, SavedPrompt), SavedPrompt)


def delete(rows: Rows, prompt_id: str) -> None:
    """Delete a prompt; raise NotFound."""
    rows.fetch_one(rows.table("prompts").delete().eq("id", prompt_id).select("id"), RowId)
