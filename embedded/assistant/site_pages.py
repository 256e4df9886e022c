"""Another page of the site: with the header, navigation and footer of the first one, which links to it."""

import re
from copy import copy
from typing import NamedTuple

from embedded.assistant.briefs import Brief
from embedded.assistant.conversations import Conversation
from embedded.assistant.pages import Page, item_of, take_out, text_of
from embedded.assistant.section_edits import find, put
from embedded.assistant.section_names import mentioned
from sitethread.edits import new_pages

_ASKS = re.compile(
    r"^\W*(?:please )?(?:add|create|make|build|write)(?: me| us)? (?:an?|another|the|our|my) "
    r"(?:(?:new|separate|extra|second) )?(?:(?P<name>[\w&’'-]+(?: [\w&’'-]+){0,3}) page"
    r"|page (?:for|about|on|called|named) (?:our |the |my )?(?P<about>[\w&’'-]+(?: [\w&’'-]+){0,3}?))"
    r"(?P<more> with\b[^.!?\n]*)?\W*$",
    re.IGNORECASE,
)
# What is no other page, but the one that there is.
_FIRST = frozenset(
    [
        "landing",
        "home",
        "start",
        "main",
        "web",
        "index",
        "new",
        "another",
        "second",
        "single",
        "one",
        "whole",
        "first",
    ]
)


def asked(request: str) -> str:
    """Return the name of the page that a request asks for, "" where it asks for none."""
    found = _ASKS.match(request.strip()[:200])
    name = (found["name"] or found["about"]) if found else ""
    # "Make a page for a shop with …" begins anew.
    if found and found["more"] and not re.match(r"(?i)\W*(?:please )?add\b", request):
        name = ""
    return "" if set(name.lower().split()) & _FIRST else name[:1].upper() + name[1:]


def link(page: Page, name: str) -> bool:
    """Link to the page of a name in the navigation, as its last link is made; say whether there was no such link.

    A link of that name to a section leads to the page from now on.
    """
    nav, path = page.nav(), new_pages.path_for(name)
    links = nav.find_all("a", href=True) if nav else []
    if page.body.find("a", href=path):
        return False
    if not links:
        return True
    if named := next((one for one in links if text_of(one).lower() == name.lower()), None):
        named["href"] = path
        return True
    last = item_of(links[-1])
    made = copy(last)
    anchor = made if made.name == "a" else made.find("a")
    if anchor:
        anchor["href"], anchor.string = path, name
        last.insert_after("\n", made)
    return True


def made(page: Page, name: str, brief: Brief) -> tuple[str, str]:
    """Return the path and the text of the page of a name, with a section of that kind if there is one."""
    path = new_pages.path_for(name)
    new = Page(new_pages.like(page.html(), name, path, {"index.html", path}))
    for kind in [one for one in mentioned(name) if one not in {"hero", "nav", "footer"}][:1]:
        put(new, kind, brief)
        section, nav = find(new, kind), new.nav()
        if section and nav and (own := nav.find("a", href=f"#{section['id']}")):
            take_out(item_of(own))
    return path, new.html()


class SectionLinks(NamedTuple):
    """What a new first page has the menus of the others lead to: sections that were added, by id, and those gone."""

    added: dict[str, str]
    gone: set[str]

    def follow(self, other: Page) -> None:
        """Change the links of another page."""
        nav = other.nav()
        for target in self.gone:
            if nav and (link := nav.find("a", href=f"index.html#{target}")):
                take_out(item_of(link))
        for target, label in self.added.items():
            other.link_to(f"index.html#{target}", label)


def section_links(conversation: Conversation, page: Page) -> SectionLinks:
    """Return how the sections that the first page's menu leads to have changed."""
    old, new = _sections_in_menu(Page(conversation.page or "")), _sections_in_menu(page)
    return SectionLinks({target: new[target] for target in new if target not in old}, {*old} - {*new})


def _sections_in_menu(page: Page) -> dict[str, str]:
    nav = page.nav()
    links = nav.find_all("a", href=re.compile("^#.")) if nav else []
    return {str(link["href"])[1:]: text_of(link) for link in links}
