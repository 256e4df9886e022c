"""The inbox of a website: its owner reads, marks and deletes what visitors sent."""

from collections.abc import Iterator, Mapping

from typing_extensions import TypedDict

from sitethread import pagination, texts
from sitethread.database import RowId, Rows, pick
from sitethread.pagination import Page
from sitethread.submissions.bodies import FormField

_PAGE = 100


class Submission(TypedDict):
    """`mail_notice` and `webhook_notice` are none, waiting, sent or failed; `marks` say why it is quarantined."""

    id: str
    website_id: str
    form: str
    page: str
    fields: list[FormField]
    marks: list[str]
    is_quarantined: bool
    is_read: bool
    mail_notice: str
    webhook_notice: str
    created_at: str


class InboxCounts(TypedDict):
    """`forms` are the names of those that sent something, at most 100."""

    unread: int
    quarantined: int
    forms: list[str]


def list_page(
    rows: Rows,
    website_id: str,
    limit: int,
    cursor: str | None,
    query: str | None = None,
    form: str | None = None,
    is_quarantined: bool | None = None,
) -> Page[Submission]:
    """Return submissions, the newest first, those that hold a text if one is given; raise NotFound, InvalidPage."""
    texts.check_query(query or "")
    time, id = pagination.read_time_cursor(cursor) if cursor is not None else (None, None)
    params = {
        "website_id": website_id,
        "most": limit,
        "form": form,
        "query": query or None,
        "is_quarantined": is_quarantined,
        "before_time": time,
        "before_id": id,
    }
    found = rows.read_page("read_submissions", params, is_search=bool(query))
    items: list[Submission] = [pick(row, Submission) for row in found["submissions"]]
    last = items[-1] if items and found["has_more"] else None
    return Page(items, last and pagination.time_cursor(last["created_at"], last["id"]))


def count(rows: Rows, website_id: str) -> InboxCounts:
    """Return how many submissions of a website wait to be read, and how many are quarantined."""
    counts: InboxCounts = rows.call("count_submissions", {"website_id": website_id})
    return counts


def sweep(rows: Rows, website_id: str) -> None:
    """Delete what is older than the website's owner wants it kept."""
    rows.call("sweep_submissions", {"website_id": website_id})


def get(rows: Rows, submission_id: str) -> Submission:
    """Return a submission; raise NotFound."""
    return pick(rows.select_one("submissions", [("id", f"eq.{submission_id}")], Submission), Submission)


def change(rows: Rows, submission_id: str, changes: Mapping[str, bool]) -> Submission:
    """Mark a submission as read, or as no spam, or take that back; return it. Raise NotFound."""
    query = rows.table("submissions").update(dict(changes)).eq("id", submission_id)
    return pick(rows.fetch_one(query, Submission), Submission)


def delete(rows: Rows, submission_id: str) -> None:
    """Delete a submission; raise NotFound."""
    rows.fetch_one(rows.table("submissions").delete().eq("id", submission_id).select("id"), RowId)


def empty_quarantine(rows: Rows, website_id: str) -> int:
    """Delete all that is quarantined of a website, and return how many that were."""
    deleted: int = rows.call("empty_quarantine", {"website_id": website_id})
    return deleted


def all_of(
    rows: Rows, website_id: str, form: str | None = None, *, is_quarantined: bool | None = None
) -> Iterator[Submission]:
    """Yield submissions, the newest first, while they are read page by page; raise NotFound."""
    cursor: str | None = None
    while True:
        page = list_page(rows, website_id, _PAGE, cursor, form=form, is_quarantined=is_quarantined)
        yield from page.items
        if page.next_cursor is None:
            return
        cursor = page.next_cursor
