"""The sections of a page by name, those that a request names, and those that were changed besides."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.differences import Region, regions
from sitethread.scheduling import giving_way

_TAGS = frozenset({"header", "nav", "section", "article", "aside", "footer", "form"})
_SAY_THEMSELVES = {"header": "header", "nav": "navigation", "footer": "footer"}
_NAME = re.compile(r"""\s(?:id|aria-label)\s*=\s*["']?([^"'<>]{1,80})""", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SAY_NOTHING = frozenset(_WORD.findall("section block area container wrapper content main part the our your"))
# A request with one of these words is about more than the section that it names.
_EVERYWHERE = frozenset(
    _WORD.findall("page site website everything everywhere whole entire all section colour color theme")
)
_MOST_SECTIONS = 200
_LONGEST_TAG = 1_000
# About 5 ms of changes.
_YIELD_EVERY = 200


class Section(NamedTuple):
    name: str
    start: int
    end: int


class Other(NamedTuple):
    """A change in a section besides those that a request names."""

    section: str
    region: Region


def also_changed(old: str, new: str, request: str) -> list[Other]:
    """Return the changes of a page in other sections than those that a request names.

    None when it names none, or is about more; styles, and what is in no section, don't count.
    """
    words = {word.removesuffix("s") for word in _words(request)}
    if words & _EVERYWHERE or old == new:
        return []
    sections = _sections(old)
    named = [one for one in sections if {word.removesuffix("s") for word in _words(one.name)} <= words]
    if not named:
        return []
    return [
        Other(section.name, region)
        for region in giving_way(regions(old, new), _YIELD_EVERY)
        if not _at(named, region) and (section := _at(sections, region))
    ]


def without(old: str, new: str, others: Sequence[Other]) -> str:
    """Return the new page with the old text in place of these changes."""
    pieces, done = [], 0
    for _, region in others:
        pieces += [new[done : region.start], old[region.old_start : region.old_end]]
        done = region.end
    return "".join([*pieces, new[done:]])


def _sections(html: str) -> list[Section]:
    found = []
    for element in tags.read(html, _TAGS).elements:
        tag = html[element.start : min(element.content_start, element.start + _LONGEST_TAG)]
        name = _SAY_THEMSELVES.get(element.tag) or _name_in(tag)
        if name:
            found.append(Section(name, element.start, element.end))
    return found[:_MOST_SECTIONS]


def _name_in(tag: str) -> str:
    match = _NAME.search(tag)
    words = _words(_CAMEL.sub(" ", match[1])) if match else []
    return " ".join(word for word in words if word not in _SAY_NOTHING)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text[:_LONGEST_TAG])]


def _at(sections: Sequence[Section], region: Region) -> Section | None:
    """Return the outermost section around a change."""
    return next(
        (one for one in sections if one.start <= region.old_start and region.old_end <= one.end), None
    )
