"""Writes a person's whole account as a zip, piece by piece while it is read from the database."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import Any, TypeVar

import msgspec
from typing_extensions import TypedDict

from sitethread import briefs, contents, errors, messages, sessions
from sitethread.account_files.format import FORMAT, HEAD, HISTORY, PROMPTS
from sitethread.account_files.zip_writing import ZipStream
from sitethread.briefs import Brief
from sitethread.chat_files import writing
from sitethread.database import Rows, pick
from sitethread.edits.paths import is_inside
from sitethread.file_names import stem_of
from sitethread.limits import LIMITS
from sitethread.messages import Message
from sitethread.notices import settings as form_settings
from sitethread.notices.settings import FormRules
from sitethread.publishing.publications import PublicationEvent
from sitethread.saved_prompts import SavedPrompt
from sitethread.sessions import Session, SessionRow
from sitethread.submissions import inbox
from sitethread.submissions.inbox import Submission
from sitethread.versions import Version
from sitethread.websites import Website

_PAGE, _FIGURES = 100, 1000
# Each may have 100 files.
_VERSIONS = 20
_PIECE_BYTES = 64 * 1024
_SPOOLED_BYTES = 1024 * 1024
# Where a content was written is remembered of so many; one that comes again later is written again.
_REMEMBERED_CONTENTS = 50_000


class _Comment(TypedDict):
    """A comment on a page, without the link that it came by, which is not in the zip."""

    id: str
    version_id: str
    version_number: int
    path: str
    start_offset: int
    end_offset: int
    author: str | None
    text: str
    is_read: bool
    is_resolved: bool
    created_at: str


class _Views(TypedDict):
    day: str
    path: str
    views: int


class _Referrer(TypedDict):
    day: str
    host: str
    views: int


Kept = TypeVar("Kept", Website, SessionRow, SavedPrompt, _Comment)
Figure = TypeVar("Figure", _Views, _Referrer)


class _ListedVersion(Version):
    """A version with the SHA-256 of its files by path."""

    manifest: dict[str, str]


def archive(rows: Rows) -> Iterator[bytes]:
    """Yield the zip of websites, chats and prompts, without the trash. What changes meanwhile may be in it or not."""
    zip = ZipStream()
    head = {"format": FORMAT, "version": 1, "exported_at": datetime.now(UTC).isoformat()}
    yield from zip.file(HEAD, [msgspec.json.encode(head) + b"\n"])
    folders, written = _Names(), _Contents()
    for website in _all(rows, "websites", Website):
        folder = f"websites/{folders.take(website['name'])}"
        kept = {**pick(website, Website), "brief": _brief(rows, website), "forms": _form_rules(rows, website)}
        yield from zip.file(f"{folder}/website.json", [msgspec.json.encode(kept) + b"\n"])
        yield from _versions(zip, rows, website, folder, written)
        for name, listed in _lists(rows, website):
            yield from zip.file(f"{folder}/{name}", (msgspec.json.encode(each) + b"\n" for each in listed))
        yield from _chats(zip, rows, f"eq.{website['id']}", f"{folder}/chats")
    yield from _chats(zip, rows, "is.null", "chats")
    prompts = (pick(prompt, SavedPrompt) for prompt in _all(rows, "prompts", SavedPrompt))
    yield from zip.file(PROMPTS, (msgspec.json.encode(prompt) + b"\n" for prompt in prompts))
    yield from zip.end()


def _brief(rows: Rows, website: Website) -> Brief | None:
    """Return a website's brief if it has one; the website may be deleted in the middle."""
    with suppress(errors.NotFound):
        brief = briefs.read(rows, website["id"])
        return brief if brief["text"] else None
    return None


def _form_rules(rows: Rows, website: Website) -> FormRules | None:
    # As of its brief.
    with suppress(errors.NotFound):
        return form_settings.read_rules(rows, website["id"])
    return None


def _lists(rows: Rows, website: Website) -> Iterator[tuple[str, Iterable[Mapping[str, object]]]]:
    """Yield what a website has beside its versions and chats, with the names of the files that list it."""
    of_website = ("website_id", f"eq.{website['id']}")
    yield "submissions.jsonl", _submissions(rows, website)
    comments = _all(rows, "page_comments", _Comment, of_website)
    yield "comments.jsonl", (pick(comment, _Comment) for comment in comments)
    yield "views.jsonl", _figures(rows, "site_views", "path", _Views, of_website)
    yield "referrers.jsonl", _figures(rows, "site_referrers", "host", _Referrer, of_website)
    # There are no more of them.
    events = [("order", "number.asc"), ("limit", str(LIMITS.publication_events)), of_website]
    found = rows.select("publication_events", events, PublicationEvent)
    yield HISTORY, (pick(event, PublicationEvent) for event in found)


def _figures(
    rows: Rows, table: str, name: str, row: type[Figure], of_website: tuple[str, str]
) -> Iterator[Figure]:
    """Read all figures of a table whose rows are named by a day and `name`, the oldest first."""
    filters: list[tuple[str, str]] = [("order", f"day.asc,{name}.asc"), ("limit", str(_FIGURES)), of_website]
    after: list[tuple[str, str]] = []
    while True:
        page: list[Any] = rows.select(table, [*filters, *after], row)
        yield from (pick(each, row) for each in page)
        if len(page) < _FIGURES:
            return
        day, last = page[-1]["day"], page[-1][name]
        after = [("day", f"gte.{day}"), ("or", f'(day.gt.{day},{name}.gt."{last}")')]


def _submissions(rows: Rows, website: Website) -> Iterator[Submission]:
    # It may be deleted in the middle.
    with suppress(errors.NotFound):
        yield from inbox.all_of(rows, website["id"])


class _Names:
    """Names of files in one folder, each taken once on systems that take A for a, too."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str) -> str:
        stem = stem_of(title)
        name, number = stem, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name.casefold())
        return name


class _Contents:
    """The entries of the contents that were written, by hash."""

    def __init__(self) -> None:
        self._entries: dict[bytes, str] = {}

    def find(self, sha256: str) -> str | None:
        return self._entries.get(bytes.fromhex(sha256))

    def add(self, sha256: str, entry: str) -> None:
        if len(self._entries) >= _REMEMBERED_CONTENTS:
            self._entries.clear()
        self._entries[bytes.fromhex(sha256)] = entry


def _versions(
    zip: ZipStream, rows: Rows, website: Website, folder: str, written: _Contents
) -> Iterator[bytes]:
    """Write the contents of a website's versions, and then the list that refers to them."""
    with SpooledTemporaryFile(_SPOOLED_BYTES) as lines:
        # It may be deleted in the middle.
        with suppress(errors.NotFound):
            for version in _versions_of(rows, website):
                names = _file_names(version, folder)
                for path, sha256 in version["manifest"].items():
                    if written.find(sha256) is None:
                        yield from zip.file(names[path], [contents.get(rows, sha256)])
                        written.add(sha256, names[path])
                files = {
                    path: {"entry": written.find(sha256), "sha256": sha256}
                    for path, sha256 in version["manifest"].items()
                }
                lines.write(msgspec.json.encode({**pick(version, Version), "files": files}) + b"\n")
        yield from zip.file(f"{folder}/versions.jsonl", _pieces(lines))


def _file_names(version: _ListedVersion, folder: str) -> dict[str, str]:
    """Return where each of a version's files would be, by path."""
    taken = set[str]()
    return {
        path: f"{folder}/versions/{version['number']}/{_file_name(path, sha256, taken)}"
        for path, sha256 in version["manifest"].items()
    }


def _file_name(path: str, sha256: str, taken: set[str]) -> str:
    """Return the path of a version's file, or its hash where some system would not take it beside the others."""
    folders = path.casefold().split("/")
    ways = ["/".join(folders[:depth]) for depth in range(1, len(folders) + 1)]
    is_free = ways[-1] not in taken and f"{ways[-1]}/" not in taken and not taken.intersection(ways[:-1])
    if not is_inside(path) or path.startswith("_") or not is_free:
        return f"_/{sha256}"
    taken.update([ways[-1], *(f"{way}/" for way in ways[:-1])])
    return path


def _chats(zip: ZipStream, rows: Rows, website: str, folder: str) -> Iterator[bytes]:
    names = _Names()
    for row in _all(rows, "chat_sessions", SessionRow, ("website_id", website)):
        session = sessions.from_row(row)
        path = f"{folder}/{names.take(session['title'])}"
        with SpooledTemporaryFile(_SPOOLED_BYTES) as markdown:
            found = _copied(rows, session, markdown)
            yield from zip.file(f"{path}.jsonl", writing.as_json_lines(session, found))
            yield from zip.file(f"{path}.md", _pieces(markdown))


def _copied(rows: Rows, session: Session, markdown: "SpooledTemporaryFile[bytes]") -> Iterator[Message]:
    """Read a chat's messages, those that were there with the session, and write them as Markdown, too."""
    markdown.write(writing.markdown_head(session).encode())
    pages = messages.in_order(rows, session["id"], until=session["last_seq"])
    # It may be deleted in the middle.
    with suppress(errors.NotFound):
        for message in chain.from_iterable(pages):
            markdown.write(writing.markdown_message(session, message).encode())
            yield message


def _pieces(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _all(rows: Rows, table: str, row: type[Kept], *filters: tuple[str, str]) -> Iterator[Kept]:
    """Read all rows of a table in the order of their ids, which don't change meanwhile."""
    after: list[tuple[str, str]] = []
    while True:
        page = rows.select(table, [("order", "id.asc"), ("limit", str(_PAGE)), *filters, *after], row)
        yield from page
        if len(page) < _PAGE:
            return
        after = [("id", f"gt.{page[-1]['id']}")]


def _versions_of(rows: Rows, website: Website) -> Iterator[_ListedVersion]:
    """Read a website's versions, oldest first, those that were there with the website."""
    number = 0
    while number < website["latest_version_number"]:
        filters = [
            ("website_id", f"eq.{website['id']}"),
            ("number", f"gt.{number}"),
            ("number", f"lte.{website['latest_version_number']}"),
            ("order", "number.asc"),
            ("limit", str(_VERSIONS)),
        ]
        found = rows.select("site_versions", filters, _ListedVersion)
        yield from found
        if len(found) < _VERSIONS:
            return
        number = found[-1]["number"]
