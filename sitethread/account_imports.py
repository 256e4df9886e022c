"""Brings back what an account's zip holds.

Row by row, under the ids it had: what is there already stays as it is, so that a file that was stored in part may be
sent again, and the same file twice adds nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from typing_extensions import TypedDict

from sitethread import contents, media_types, searches, sessions
from sitethread.account_files.reading import Account, Chat, Website
from sitethread.database import RowId, Rows
from sitethread.notices import settings as form_settings

_BATCH_BYTES, _BATCH_MESSAGES = 512 * 1024, 500
_PAGE = 1000


class ImportedRows(TypedDict):
    """How many of each were not there."""

    websites: int
    chats: int
    messages: int
    versions: int
    submissions: int
    comments: int
    figures: int
    publication_events: int
    prompts: int


def bring_back(rows: Rows, account: Account) -> ImportedRows:
    """Store what is missing, and return how much; raise QuotaExceeded, InvalidField, Conflict, TooManyPrompts."""
    added: ImportedRows = {
        "websites": 0, "chats": 0, "messages": 0, "versions": 0, "submissions": 0, "comments": 0, "figures": 0,
        "publication_events": 0, "prompts": 0,
    }  # fmt: skip
    for website in account.websites:
        row = website.row.model_dump(mode="json", exclude={"brief", "forms"})
        added["websites"] += rows.call("import_website", {"website": row})
        if website.row.brief:
            brief = website.row.brief.model_dump(mode="json")
            rows.call("import_brief", {"website_id": website.row.id, **brief})
        if website.row.forms:
            form_settings.bring_back(
                rows, website.row.id, website.row.forms.retention_days, website.row.forms.consent
            )
    for chat in account.chats:
        added["chats"] += rows.call("import_session", {"session": chat.row.model_dump(mode="json")})
        added["messages"] += _import_messages(rows, account, chat)
    stored = _Contents(rows, account)
    for website in account.websites:
        added["versions"] += _import_versions(rows, account, website, stored.put)
        for batch in _batches(account.listed(website, "submissions")):
            params = {"website_id": website.row.id, "submissions": batch}
            added["submissions"] += rows.call("import_submissions", params)
        for batch in _batches(account.listed(website, "comments")):
            params = {"website_id": website.row.id, "comments": batch}
            added["comments"] += rows.call("import_comments", params)
        added["figures"] += _import_figures(rows, account, website)
        added["publication_events"] += rows.call(
            "import_publication_events", {"website_id": website.row.id, "events": account.history(website)}
        )
    searches.catch_up(rows)
    # Last: they may be more than there is room for.
    added["prompts"] = rows.call("import_prompts", {"prompts": account.prompts})
    return added


def _import_messages(rows: Rows, account: Account, chat: Chat) -> int:
    if sessions.get(rows, chat.row.id)["message_count"] >= chat.row.message_count:
        return 0
    added = 0
    for batch in _batches(account.messages(chat)):
        added += rows.call("import_messages", {"session_id": chat.row.id, "messages": batch})
    return added


def _import_versions(rows: Rows, account: Account, website: Website, put: Callable[[str], str]) -> int:
    there, added = _version_ids(rows, website.row.id), 0
    for version in account.versions(website):
        if version.id not in there:
            row = version.model_dump(mode="json", exclude={"files"}) | {
                "website_id": website.row.id,
                "manifest": {path: put(file.entry) for path, file in version.files.items()},
            }
            added += rows.call("import_version", {"version": row})
    return added


def _import_figures(rows: Rows, account: Account, website: Website) -> int:
    added, of_website = 0, {"website_id": website.row.id, "views": [], "referrers": []}
    for name in ("views", "referrers"):
        for batch in _batches(account.listed(website, name)):
            added += rows.call("import_figures", {**of_website, name: batch})
    return added


class _Contents:
    """Stores contents, each when it is first needed."""

    def __init__(self, rows: Rows, account: Account) -> None:
        self._rows = rows
        self._account = account
        self._stored: dict[str, str] = {}

    def put(self, entry: str) -> str:
        """Return the SHA-256 of an entry's content, which may have got other line ends."""
        if entry not in self._stored:
            content = self._account.content(entry)
            media_type = media_types.of_content(content) or ""
            self._stored[entry] = contents.put(self._rows, content, media_type)
        return self._stored[entry]


def _version_ids(rows: Rows, website_id: str) -> set[str]:
    found: set[str] = set()
    before = None
    while True:
        page: list[RowId] = rows.call(
            "read_versions", {"website_id": website_id, "page": _PAGE, "before": before}
        )
        found.update(version["id"] for version in page)
        if len(page) < _PAGE:
            return found
        before = page[-1]["number"]  # type: ignore[typeddict-item]


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Put rows together so that one call of the database takes no longer than another."""
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(msgspec.json.encode(row))
        if size > _BATCH_BYTES or len(batch) == _BATCH_MESSAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
