"""Briefs: what a website is about, in its owner's words; a part of every question about it."""

from typing_extensions import TypedDict

from sitethread import errors
from sitethread.database import Rows


class Brief(TypedDict):
    """Before the first save `text` is empty, and `updated_at` is when the website was made."""

    text: str
    updated_at: str


def read(rows: Rows, website_id: str) -> Brief:
    """Return a website's brief; raise NotFound."""
    brief: Brief = rows.call("read_brief", {"website_id": website_id})
    return brief


def save(rows: Rows, website_id: str, text: str, read_at: str | None = None) -> Brief:
    """Replace a website's brief and return it; raise NotFound.

    With `read_at`, the `updated_at` that was read, raise BriefChanged when another text was saved since.
    """
    params = {"website_id": website_id, "text": text, "read_at": read_at}
    saved = rows.call("save_brief", params)
    brief: Brief = saved["brief"]
    if saved["result"] == "changed":
        raise errors.BriefChanged(brief=brief)
    return brief
