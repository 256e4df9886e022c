"""Links, pictures and other files that a page names: whether they are there."""

import html
import re
from collections.abc import Container, Iterator, Mapping
from urllib.parse import unquote

from sitethread.edits.addresses import Address, addresses_in, file_of
from sitethread.edits.changes import Span
from sitethread.page_checks.findings import Finding, high, medium
from sitethread.page_checks.sources import Source

_LINKS = frozenset({"a", "area"})
_NOWHERE = re.compile(r"\s*(?:#|javascript:.*)?\s*", re.IGNORECASE | re.DOTALL)
_AT_HOME = re.compile(
    r"\s*(?:https?:)?//(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\])(?:[:/]|$)|\s*file:", re.IGNORECASE
)
_WAYS = re.compile(r"\s*(mailto|tel|sms):\s*(.*)", re.IGNORECASE | re.DOTALL)


def references(source: Source, files: Container[str], ids: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Yield what is wrong with a page's addresses; `ids` are those of each page of the site."""
    broken, lost, unset = dict[str, list[Span]](), dict[str, list[Span]](), list[Span]()
    at_home, mute = list[Span](), list[Span]()
    for address in addresses_in(source.html):
        text = html.unescape(address.text)
        file = file_of(address.text, source.path)
        is_link = address.tag in _LINKS and address.attribute in {"href", "xlink:href"}
        if is_link and _NOWHERE.fullmatch(text):
            unset.append(address.span)
        elif _AT_HOME.match(text):
            at_home.append(address.span)
        elif is_link and (way := _WAYS.fullmatch(text)):
            if not re.search(r"@" if way[1].lower() == "mailto" else r"\d", way[2]):
                mute.append(address.span)
        elif file is not None and _is_file(address) and file not in files:
            broken.setdefault(file, []).append(address.span)
        elif (
            is_link
            and file is not None
            and (anchor := _anchor(text))
            and anchor not in ids.get(file, {anchor})
        ):
            lost.setdefault(f"{file}#{anchor}", []).append(address.span)
    yield from _missing(source, broken)
    for place, spans in lost.items():
        yield medium(
            f"A link to a section that isn't there: {place[:80]}",
            "add the section, or change the link",
            spans=spans,
        )
    if at_home:
        yield high("An address of your own computer", "lead it to where visitors can reach it", spans=at_home)
    if mute:
        yield high(
            "A mail or phone link without its address or number", "write whom it should reach", spans=mute
        )
    if unset:
        yield medium("A link that leads nowhere", "give it a destination, or take it out", spans=unset)


def _missing(source: Source, broken: Mapping[str, list[Span]]) -> Iterator[Finding]:
    for file, spans in broken.items():
        what = "page" if _is_link_at(source, spans[0]) else "file"
        yield high(f"There is no {what} {file[:80]}", f"add the {what}, or change what names it", spans=spans)


def _is_link_at(source: Source, span: Span) -> bool:
    start = source.html.rfind("<", 0, span.start)
    return (
        source.html[start + 1 : start + 3].lower() in {"a ", "a\n"}
        or source.html[start + 1 : start + 5].lower() == "area"
    )


def _is_file(address: Address) -> bool:
    """Whether an address is of something that has to be there: not an anchor in a drawing, or an icon's name."""
    return not address.text.startswith(("#", "data:", "blob:", "?"))


def _anchor(text: str) -> str:
    anchor = unquote(text.partition("#")[2])
    return "" if anchor.lower() == "top" else anchor
