"""The other pages of a site: what they share with the first page changes on them, too."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bs4 import Tag

from embedded.assistant.conversations import Conversation
from embedded.assistant.pages import WRITTEN, Page
from sitethread.edits.addresses import leading_to
from sitethread.edits.changes import Edit
from sitethread.edits.page_parts import Part, parts_of

OUTLINE = re.compile(r"^Outline of the site,[^\n]*\n(.*?)\n\n", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"[\w./ -]+\.html?", re.IGNORECASE)
SAME = re.compile(r"\(as in index\.html: (.*)\)")
OWN = re.compile(
    r"^The (?P<name>(?!beginning )\S+(?: \d+)?) of (?P<path>[^\n:]+):\n"
    r"(?P<fence>~{3,})html\n(?P<text>.*?)\n(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)
WHOLE = re.compile(
    r"^The file (?P<path>[^\n:]+\.html?):\n```\n(?P<text>.*?)\n```"
    r"(?=\n\n(?:The file |What the other |That is version ))",
    re.DOTALL | re.MULTILINE,
)
HEAD = re.compile(r"(?:title|style)\b")


@dataclass
class OtherPage:
    """A page of which the parts are known that it may share with the first one."""

    path: str
    parts: list[Part]

    def edits(self, change: Callable[[Page], object]) -> Iterator[Edit]:
        """Yield the edits that a change comes to on this page."""
        page = Page(
            f"<!doctype html><html><head>{self._source(in_head=True)}</head>"
            f"<body>{self._source(in_head=False)}<main></main></body></html>"
        )
        tags = [*page.head.find_all(True, recursive=False), *page.body.find_all(True, recursive=False)[:-1]]
        if len(tags) != len(self.parts):
            return
        before = [written(tag) for tag in tags]
        change(page)
        new = [one for one in page.head.find_all(["link", "style"]) if not any(one is tag for tag in tags)]
        for link in (one for one in new if one.name == "link"):
            link["href"] = leading_to("", str(link["href"]), self.path)
        added = "".join(f"\n{written(one)}" for one in new)
        last = max((at for at, tag in enumerate(tags) if tag.name == "style"), default=-1)
        for at, (part, tag) in enumerate(zip(self.parts, tags, strict=True)):
            text = part.text if written(tag) == before[at] else written(tag)
            text += added if at == last else ""
            if text != part.text:
                yield Edit(self.path, part.text, text)

    def edits_as_on_first(self, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Edit]:
        """Yield the edits by which its parts that are those of the first page, by name, stay so."""
        for part in self.parts:
            text = new.get(part.name, part.text)
            # A link to a place of the first page would lead nowhere here.
            if old.get(part.name) == part.text != text and 'href="#' not in text:
                yield Edit(self.path, part.text, text)

    def _source(self, *, in_head: bool) -> str:
        return "".join(part.text for part in self.parts if bool(HEAD.match(part.name)) is in_head)


def written(tag: Tag) -> str:
    return "" if tag.decomposed else tag.decode(formatter=WRITTEN)


def others(conversation: Conversation) -> list[OtherPage]:
    """Return the other pages of the site, with the parts that the conversation tells of."""
    found = OUTLINE.search(conversation.system)
    if not found or not conversation.page:
        return []
    firsts = {part.name: part for part in parts_of(conversation.page)}
    own: dict[str, list[Part]] = {}
    for match in OWN.finditer(conversation.system, found.end()):
        own.setdefault(match["path"], []).append(Part(match["name"], match["text"]))
    known = {
        path: [*(firsts[name] for name in names if name in firsts), *own.get(path, [])]
        for path, names in same_parts(found[1]).items()
    }
    known |= {match["path"]: parts_of(match["text"]) for match in WHOLE.finditer(conversation.system)}
    return [OtherPage(path, in_order(parts)) for path, parts in known.items()]


def same_parts(outline: str) -> Mapping[str, list[str]]:
    """Return by path the names of the parts that a page has as the first one does."""
    pages: dict[str, list[str]] = {}
    for line in outline.splitlines():
        if PATH.fullmatch(line):
            pages[line] = []
        elif pages and (found := SAME.fullmatch(line)):
            pages[[*pages][-1]] = found[1].split(", ")
    pages.pop("index.html", None)
    return pages


def in_order(parts: list[Part]) -> list[Part]:
    """Return parts of the head before those of the body, without those that are in another."""
    outer = [part for part in parts if not any(part.text in one.text for one in parts if one is not part)]
    return sorted(outer, key=lambda part: not HEAD.match(part.name))


def edits_of_others(
    conversation: Conversation, html: str, change: Callable[[Page], object] | None
) -> Iterator[Edit]:
    """Yield the edits of the other pages that go with a new first page: those of a change, where it is known."""
    old, new = ({part.name: part.text for part in parts_of(page)} for page in (conversation.page, html))
    for page in others(conversation):
        yield from page.edits(change) if change else page.edits_as_on_first(old, new)
