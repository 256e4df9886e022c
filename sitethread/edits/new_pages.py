"""A new page of a website that looks like its first one: with its head, header and footer."""

import html
import re
import unicodedata
from collections.abc import Collection, Sequence

from sitethread.edits import tags
from sitethread.edits.addresses import Address, leading_to, with_addresses
from sitethread.edits.changes import Span
from sitethread.edits.links import moved
from sitethread.edits.paths import INDEX, LETTERS
from sitethread.edits.problems import new_problems
from sitethread.edits.tags import Element
from sitethread.scheduling import giving_way

_LONGEST_STEM = 60
_LONGEST_TITLE = 200
# About 5 ms of elements.
_YIELD_EVERY = 10_000
_NOT_IN_NAMES = re.compile(rf"[^{LETTERS}]+")
_BETWEEN_NAMES = re.compile(r"\s+[–—|·-]\s+")
# What is in them is no header or footer of the site.
_PARTS = frozenset({"main", "section", "article", "aside", "form", "dialog"})
_ID = re.compile(r"""\sid\s*+=\s*+["']?([^\s"'>]++)""", re.IGNORECASE)
_CONTENT = frozenset({"section", "article", "h1", "h2", "p"})
# Whatever the page's styles are, the heading isn't at the edge.
_MAIN = """
{}
  <section style="max-width: 64rem; margin: 0 auto; padding: 4rem 1.5rem">
    <h1>{}</h1>
  </section>
</main>
"""
_PLAIN = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title></title>
</head>
<body>
</body>
</html>
"""


def path_for(name: str) -> str:
    """Return the path of a page of that name."""
    stem = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name).lower())
    return f"{stem[:_LONGEST_STEM].strip('-_') or 'page'}.html"


def like(index: str, name: str, path: str, known: Collection[str]) -> str:
    """Return a page with the head, header and footer of index.html and a heading; `known` are paths of all files.

    Links lead to the same files and places as those of index.html.
    """
    page = _made(index, name)
    if page is None or new_problems(index, page):
        page = _made(_PLAIN, name) or ""
    return _with_places(moved(page, known, INDEX, path), path)


def _made(index: str, name: str) -> str | None:
    heading = html.escape(name, quote=False)
    return _with_main(_with_title(index, heading), heading)


def _with_title(index: str, heading: str) -> str:
    title = next(iter(tags.read(index, {"title"}).elements), None)
    if title is None:
        return index
    old = index[title.content_start : title.content_end].strip()[:_LONGEST_TITLE]
    site = _BETWEEN_NAMES.split(old, maxsplit=1)[0]
    new = f"{heading} – {site}" if site else heading
    return index[: title.content_start] + new + index[title.content_end :]


def _with_main(page: str, heading: str) -> str | None:
    """Put the heading in place of what is between the header and the footer; None for a page without a body."""
    elements = tags.read(page).elements
    body = next((one for one in elements if one.tag == "body"), None)
    if body is None:
        return None
    main = next((one for one in elements if one.tag == "main"), None)
    start, end = _between(elements, body, main)
    opening = page[main.start : main.content_start] if main and start <= main.start < end else "<main>"
    return page[:start].rstrip() + _MAIN.format(opening, heading) + page[end:].lstrip()


def _between(elements: Sequence[Element], body: Element, main: Element | None) -> Span:
    outer = _outside_of_parts(elements, body)
    header = _header(elements, outer)
    footer = next((one for one in reversed(outer) if one.tag == "footer"), None)
    start = header.end if header else main.start if main else body.content_start
    end = footer.start if footer else max(main.end, start) if main else body.content_end
    content = main or next((one for one in elements if one.tag in _CONTENT and one.start >= start), body)
    return _of_whole_elements(elements, Span(start, max(start, end)), content.start)


def _outside_of_parts(elements: Sequence[Element], body: Element) -> list[Element]:
    found, until = [], body.content_start
    for one in elements:
        if one.start >= until and one.tag in _PARTS:
            until = one.end
        elif one.start >= until:
            found.append(one)
    return found


def _header(elements: Sequence[Element], outer: Sequence[Element]) -> Element | None:
    """Return the site's header or menu: one with a headline may be the page's own beginning."""
    headlines = [one.start for one in elements if one.tag == "h1"]
    found = [one for one in outer if one.tag in {"header", "nav"}]
    plain = (one for one in found if not any(one.start < headline < one.end for headline in headlines))
    return next(plain, next(iter(found), None))


def _of_whole_elements(elements: Sequence[Element], span: Span, content: int) -> Span:
    """Return the span without the edges of elements that it begins or ends in; `content` is in it."""
    start, end = span
    for one in giving_way(elements, _YIELD_EVERY):
        holds_content = one.start <= content < one.end
        if one.start < start < one.end <= end:
            start, end = (start, one.content_end) if holds_content else (one.end, end)
        elif start <= one.start < end < one.end:
            start, end = (one.content_start, end) if holds_content else (start, one.start)
    return Span(start, max(start, end))


def _with_places(page: str, path: str) -> str:
    """Have links to places that the page lacks lead to those of index.html."""
    ids = set(_ID.findall(page))

    def change(address: Address) -> str:
        place = address.text.removeprefix("#")
        if address.tag not in {"a", "area"} or place == address.text or place in ids:
            return address.text
        return leading_to(address.text if place else "", INDEX, path)

    return with_addresses(page, change)
