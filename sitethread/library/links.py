"""The links by which an answer's pages use the library, also in place of links to where others have its files."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_plus

from sitethread.edits import tags
from sitethread.edits.addresses import leading_to
from sitethread.edits.changes import Place
from sitethread.edits.paths import is_page
from sitethread.edits.tags import Element
from sitethread.library import catalogue, uses

# Of a page. Longer tags and addresses aren't read either.
_MOST_LINKS, _LONGEST = 100, 2_000
_HREF = re.compile(r"\bhref\s*+=\s*+[\"']?([^\"'\s>]++)", re.IGNORECASE)
_GOOGLE = re.compile(r"(?:https?:)?//fonts\.googleapis\.com/(css2?)\?(.*)", re.IGNORECASE)
_GOOGLE_HOSTS = re.compile(r"(?:https?:)?//fonts\.(?:googleapis|gstatic)\.com/?", re.IGNORECASE)
_BOOTSTRAP_ICONS = re.compile(r"(?:https?:)?//\S*/bootstrap-icons(?:\.min)?\.css", re.IGNORECASE)
_IMPORT = re.compile(
    r"@import\s{1,9}(?:url\(\s{0,9})?[\"']?((?:https?:)?//fonts\.googleapis\.com/[^\"')\s]{1,2000}+)[\"']?\s{0,9}\)?"
    r"\s{0,9};[ \t]{0,9}\n?",
    re.IGNORECASE,
)
_HEAD_END = re.compile(r"</head\s*+>", re.IGNORECASE)


class Insertion(NamedTuple):
    """So many characters were added to a page in one place."""

    at: int
    length: int


class _Change(NamedTuple):
    start: int
    end: int
    text: str


def brought_home(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the new files, whose new links to fonts and icons elsewhere lead to the library where it has them."""
    return {
        path: _brought_home(text, path, old.get(path, ""))
        if is_page(path) and text != old.get(path)
        else text
        for path, text in new.items()
    }


def _brought_home(page: str, path: str, old: str) -> str:
    if not any(host in page for host in ("fonts.g", "bootstrap-icons")):
        return page
    elements = tags.read(page, {"link", "style"}).elements
    changes = [*islice(_changes(page, path, old, elements), _MOST_LINKS)]
    made = _with(page, changes)
    if not changes or "fonts.googleapis.com/css" in made:
        return made
    # Nothing is loaded from there any more.
    return _with(made, _connections(made, old))


def _changes(page: str, path: str, old: str, elements: Iterable[Element]) -> Iterator[_Change]:
    linked = {*uses.files_in(page, path)}
    for element in elements:
        if element.tag == "style":
            yield from _imports(page, path, old, element, linked)
            continue
        tag = page[element.start : element.content_start]
        href = _HREF.search(tag) if len(tag) <= _LONGEST and "stylesheet" in tag.lower() else None
        if href is None or tag in old:
            continue
        address = html.unescape(href[1])
        if _BOOTSTRAP_ICONS.match(address) and catalogue.icons():
            yield _Change(element.start, element.content_start, _links([catalogue.ICONS], path, linked))
        elif (ours := _families_of(address)).files:
            rest = [tag[: href.start(1)] + html.escape(ours.rest) + tag[href.end(1) :]] if ours.rest else []
            links = [one for one in (_links(ours.files, path, linked), *rest) if one]
            yield _Change(element.start, element.content_start, "\n".join(links))


def _imports(page: str, path: str, old: str, style: Element, linked: set[str]) -> Iterator[_Change]:
    """Yield links before a style for what it imports; an @import that names other families, too, stays."""
    found = [
        (match, ours.files)
        for match in islice(_IMPORT.finditer(page, style.content_start, style.content_end), _MOST_LINKS)
        if match[0] not in old and (ours := _families_of(html.unescape(match[1]))).files and not ours.rest
    ]
    if links := _links([file for _, files in found for file in files], path, linked):
        yield _Change(style.start, style.start, links + "\n")
    yield from (_Change(*match.span(), "") for match, _ in found)


class _Families(NamedTuple):
    """The library's files for what an address of Google Fonts names, and the address for the rest, if there is any."""

    files: list[str]
    rest: str


def _families_of(address: str) -> _Families:
    match = _GOOGLE.fullmatch(address)
    files, rest = list[str](), list[str]()
    for parameter in match[2].split("&") if match else []:
        name, _, value = parameter.partition("=")
        for family in value.split("|") if name == "family" else []:
            ours = catalogue.named(unquote_plus(family.partition(":")[0]))
            if ours:
                files.append(ours.path)
            else:
                rest.append(f"family={quote_plus(unquote_plus(family), safe=':;,@')}")
    # The old address has all families in one parameter.
    there = (
        [f"family={'|'.join(one.removeprefix('family=') for one in rest)}"]
        if match and match[1] == "css"
        else rest
    )
    address = (
        f"https://fonts.googleapis.com/{match[1]}?{'&'.join([*there, 'display=swap'])}"
        if match and rest
        else ""
    )
    return _Families(files, address)


def _links(files: Iterable[str], path: str, linked: set[str]) -> str:
    """Return links to files that the page doesn't have, a line each."""
    new = [file for file in dict.fromkeys(files) if file not in linked]
    linked |= {*new}
    return "\n".join(link_to(file, path) for file in new)


def link_to(file: str, path: str) -> str:
    return f'<link rel="stylesheet" href="{leading_to("", file, path)}">'


def _connections(page: str, old: str) -> Iterator[_Change]:
    """Yield the removal of links that prepare for what is loaded from Google Fonts."""
    for element in tags.read(page, {"link"}).elements[:_MOST_LINKS]:
        tag = page[element.start : element.content_start]
        href = _HREF.search(tag) if len(tag) <= _LONGEST else None
        if href and tag not in old and _GOOGLE_HOSTS.fullmatch(html.unescape(href[1])):
            end = element.content_start
            line = page[end : end + _LONGEST]
            yield _Change(element.start, end + len(line) - len(line.lstrip()), "")


def _with(page: str, changes: Iterable[_Change]) -> str:
    pieces, done = [], 0
    for start, end, text in changes:
        pieces += [page[done:start], text]
        done = end
    return "".join([*pieces, page[done:]])


def icons_linked(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Insertion]:
    """Return where a link to the icons is to stand in pages that changed and show some, and have no such link."""
    found = {}
    for path, text in new.items():
        if (
            is_page(path)
            and text != old.get(path)
            and "bootstrap-icons" not in text
            and uses.shows_icons(text)
        ):
            end = _HEAD_END.search(text)
            if end:
                found[path] = Insertion(end.start(), len(_line(path)))
    return found


def _line(path: str) -> str:
    return link_to(catalogue.ICONS, path) + "\n"


def with_icons_linked(files: Mapping[str, str], insertions: Mapping[str, Insertion]) -> dict[str, str]:
    return {
        path: _with(text, [_Change(insertions[path].at, insertions[path].at, _line(path))])
        if path in insertions
        else text
        for path, text in files.items()
    }


def moved(places: Iterable[Place], insertions: Mapping[str, Insertion]) -> list[Place]:
    """Return where places of the files are once the links stand in them."""

    def now(path: str, at: int) -> int:
        there = insertions.get(path)
        return at + there.length if there and at >= there.at else at

    return [Place(path, now(path, start), now(path, end)) for path, start, end in places]
