"""Undoes the last change: replays the conversation to see what it did, and reverses just that."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from bs4 import Tag

from embedded.assistant.pages import Page, read_css, take_out
from embedded.assistant.readings import read_request
from embedded.assistant.request_parser import asks_to_redo, asks_to_undo, parse
from embedded.assistant.section_edits import ensure_art, fix_links, reorder_links

Step = Callable[[Page | None, str, Sequence[str]], Page | None]


def undo(page: Page, website: str, requests: list[str], step: Step) -> str:
    """Reverse what the last change did to the page; return the request it came from, "" if there is none."""
    kept, _ = effects(requests)
    if len(kept) < 2:
        return ""
    before, after = replay(kept[:-1], website, step), replay(kept, website, step)
    if not before or not after:
        return ""
    return kept[-1] if merge(page, before, after) else ""


def effects(requests: list[str]) -> tuple[list[str], list[str]]:
    """Return the requests that changed the page and were not taken back, and those that were and still are."""
    kept: list[str] = []
    undone: list[str] = []
    for request in requests:
        reading = read_request(request, bool(kept))
        if asks_to_undo(reading.english):
            undone += kept[-1:]
            kept = kept[:-1]
        elif asks_to_redo(reading.english):
            kept += undone[-1:]
            undone = undone[:-1]
        elif any(change.verb != "cannot" for change in parse(reading, bool(kept))[0]):
            kept.append(request)
            undone = []
    return kept, undone


def replay(requests: list[str], website: str, step: Step) -> Page | None:
    page = None
    for count in range(1, len(requests) + 1):
        page = step(page, website, requests[:count])
    return page


def merge(page: Page, before: Page, after: Page) -> bool:
    """Carry the difference from `after` back to `before` over to the page; say whether it moved."""
    start = page.html()
    old, new = by_id(before), by_id(after)
    for identity in new.keys() - old.keys():
        drop(page, identity)
    for identity in [identity for identity in old if identity not in new]:
        bring_back(page, before, identity)
    for identity in old.keys() & new.keys():
        restore_part(page, f"#{identity}", before, after)
    for part in ("title", "header.top", "footer", "body > a.skip"):
        restore_part(page, part, before, after)
    restore_styles(page, before, after)
    restore_order(page, list(old), list(new))
    fix_links(page)
    return page.html() != start


def by_id(page: Page) -> dict[str, Tag]:
    return {str(section["id"]): section for section in page.sections() if section.get("id")}


def drop(page: Page, identity: str) -> None:
    section = by_id(page).get(identity)
    if section:
        take_out(section)
        page.unlink(identity)


def bring_back(page: Page, before: Page, identity: str) -> None:
    """Put a removed section back in front of the one it stood before."""
    old = by_id(before)
    if identity in by_id(page):
        return
    followers = list(old)[list(old).index(identity) + 1 :]
    here = by_id(page)
    anchor = next((here[name] for name in followers if name in here), None)
    ensure_art(page, [str(use["href"]).removeprefix("#art-") for use in old[identity].find_all("use")])
    page.put(str(old[identity]), anchor)
    link = before.nav().find("a", href=f"#{identity}") if before.nav() else None  # type: ignore[union-attr]
    if link:
        page.link_to(identity, link.get_text())
        reorder_links(page)


def restore_part(page: Page, selector: str, before: Page, after: Page) -> None:
    """Put a part back as it was, if it still is as the change left it."""
    here, old, new = (source.soup.select_one(selector) for source in (page, before, after))
    if here and old and new and str(old) != str(new) and str(here) == str(new):
        if here.name == "title":
            here.string = old.get_text()
        else:
            here.replace_with(page.fragment(str(old))[0])


def restore_styles(page: Page, before: Page, after: Page) -> None:
    for name in {
        str(style["id"]) for style in after.soup.select("style[id]") + before.soup.select("style[id]")
    }:
        old, new, here = (source.style(name) for source in (before, after, page))
        was, became = (read_css(style) for style in (old, new))
        if was != became and (read_css(here)) == became:
            page.set_style(name, was.strip())


def restore_order(page: Page, old: list[str], new: list[str]) -> None:
    here = by_id(page)
    if sorted(old) != sorted(new) or old == new or any(name not in here for name in old):
        return
    for earlier, later in pairwise(old):
        here[earlier].insert_after("\n", here[later].extract())
    reorder_links(page)
