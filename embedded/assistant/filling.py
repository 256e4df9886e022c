"""Fills sections with what the person told: dishes, plans, hours, people, questions, dates."""

import dataclasses
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bs4 import Tag

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.facts import Entry
from embedded.assistant.pages import Page, take_out
from embedded.assistant.section_edits import add, find
from embedded.assistant.sections import render

# Where a section keeps its entries, in its copy and in its markup.
ITEMS = {
    "menu": ".menu li", "pricing": ".plans > li", "team": ".team > li", "faq": "details", "hours": "tbody tr",
    "testimonials": ".quotes figure", "schedule": ".dates > li", "stats": ".stats > div",
    "features": ".features > li", "gallery": ".gallery > li",
}  # fmt: skip
PRICED = ("menu", "pricing")
NAME = "h3, th, summary, dt, strong, figcaption, .dish span"
COPY: dict[str, Callable[[list[Entry]], dict[str, Any]]] = {
    "menu": lambda given: {"groups": [["", [[one.label, one.note, one.value] for one in given]]]},
    "pricing": lambda given: {
        "plans": [[one.label, *sum_of(one.value), "", parts_of(one.note)] for one in given]
    },
    "team": lambda given: {"entries": [[one.label, one.value, one.note] for one in given]},
    "faq": lambda given: {"entries": [[one.label, one.value] for one in given]},
    "testimonials": lambda given: {"entries": [[one.value, one.label, one.note] for one in given]},
    "schedule": lambda given: {"entries": [[one.label, one.value, one.note] for one in given]},
    "stats": lambda given: {"given": [[one.label, one.value] for one in given]},
    "features": lambda given: {"entries": [[one.label, one.value or one.note] for one in given]},
    "gallery": lambda given: {"captions": [one.label for one in given]},
    "hours": lambda given: {"rows": [[one.label, one.value] for one in given]},
}


def sum_of(price: str) -> tuple[str, str]:
    """Return a price and the time it is for: "$9", "/month"."""
    found = re.match(r"^(.*?\d[\d.,]*\s?(?:[€$£¥]|\w{3}\b)?)\s*(.*)$", price)
    return (found[1].strip(), found[2]) if found else (price, "")


def parts_of(note: str) -> list[str]:
    return [part.strip() for part in re.split(r",| and (?=\w)", note) if part.strip()]


def given_copy(changes: list[Change]) -> dict[str, Any]:
    """Return the copy that the facts of a request stand for, for sections that are still to be made."""
    return {
        change.what: COPY[change.what](list(change.entries)) for change in changes if change.verb == "fill"
    }


def fill(page: Page, change: Change, brief: Brief) -> tuple[list[Entry], str]:
    """Put entries into a section: new values for what it has, the others added or in place of all.

    Return what was put there and into which section: "" where that wasn't ours to fill.
    """
    kind, entries = change.what, list(change.entries)
    if kind == "hours":
        set_footer_hours(page, entries)
    if kind in PRICED:
        kind = max(PRICED, key=lambda one: (has_labels(page, one, entries), one == kind))
        change = dataclasses.replace(change, what=kind)
    section = find(page, kind)
    if not section:
        if change.where == "update":
            return [], kind
        add(page, kind, replace(brief, given=given_copy([change])))
        return entries, kind
    old = section.select(ITEMS[kind])
    if not old:
        return [], ""
    holder = old[-1].parent or section
    known = {name_of(item): item for item in old}
    fresh = [entry for entry in entries if entry.label.lower() not in known]
    new = [item for entry in entries for item in rendered(page, kind, brief, entry)]
    for entry, item in zip(entries, new, strict=True):
        if entry.label.lower() in known:
            same = known[entry.label.lower()]
            keep_note(same, item)
            same.replace_with(item)
        elif change.where != "update":
            holder.append(item)
            item.insert_after("\n")
    if change.where == "replace":
        for item in old:
            if item.parent and item not in new:
                drop(item)
    return [entry for entry in entries if entry not in fresh or change.where != "update"], kind


def has_labels(page: Page, kind: str, entries: list[Entry]) -> bool:
    """Whether a section lists one of the entries already."""
    section = find(page, kind)
    known = {name_of(item) for item in section.select(ITEMS[kind])} if section else set()
    return any(entry.label.lower() in known for entry in entries)


def rendered(page: Page, kind: str, brief: Brief, entry: Entry) -> list[Tag]:
    """Return an entry as the section's template writes it."""
    given = {kind: COPY[kind]([entry])}
    (section,) = page.fragment(render(kind, replace(brief, given=given), value="", text="", identity=kind))
    return [item.extract() for item in section.select(ITEMS[kind])]


def keep_note(old: Tag, new: Tag) -> None:
    """Keep what was said of a dish or a plan when only its price is new."""
    for selector in (".note", ".for", "ul"):
        said, now = old.select_one(selector), new.select_one(selector)
        if said and now and not now.get_text(strip=True):
            now.replace_with(said.extract())
        elif said and not now:
            new.append(said.extract())


def name_of(item: Tag) -> str:
    found = item.select_one(NAME)
    return " ".join((found or item).get_text(" ", strip=True).lower().split())


def drop(item: Tag) -> None:
    """Take an entry out, and its list with the heading where it was the last one."""
    group = item.parent
    take_out(item)
    if group and group.name == "ul" and not group.find("li") and group.parent and group.parent.name == "div":
        take_out(group.parent if group.parent.find("h3") else group)


def set_footer_hours(page: Page, entries: list[Entry]) -> None:
    footer = page.footer()
    lines = footer.select_one("ul") if footer else None
    if lines and not lines.find("a"):
        lines.clear()
        for entry in entries:
            line = page.soup.new_tag("li")
            line.string = f"{entry.label}: {entry.value}"
            lines.append(line)
            lines.append("\n")


def take_away(page: Page, words: list[str], within: str = "") -> str:
    """Remove the smallest entry or line whose text has all the words; return its text, "" where there is none."""
    details = {
        "@phone": "a[href^='tel:']",
        "@email": "a[href^='mailto:']:not(.button)",
        "@address": "[data-detail=address]",
    }
    if selector := details.get(words[0]):
        shown = page.body.select(selector)
        text = shown[0].get_text(" ", strip=True) if shown else ""
        for tag in shown:
            holder = (
                tag.parent if tag.parent and tag.parent.name in {"p", "span"} and tag.name == "a" else tag
            )
            take_out(holder)
        return text
    if words[0].startswith("#"):
        section = find(page, within)
        items = section.select(ITEMS[within]) if section and within in ITEMS else []
        at = int(words[0][1:]) - 1
        if at >= len(items) or not items:
            return ""
        text = (items[at].select_one(NAME) or items[at]).get_text(" ", strip=True)
        drop(items[at])
        return text
    place = find(page, within) if within else page.main
    candidates = [
        *(
            place.select("li, tr, details, figure, dl > div, .actions a, p, h3, address span, a")
            if place
            else []
        )
    ]
    if not within and (footer := page.footer()):
        candidates += footer.select("li, p")
    fits = [tag for tag in candidates if has_words(tag, words)]
    if not fits:
        return ""
    best = min(fits, key=lambda tag: (len(tag.get_text()), -len(list(tag.parents))))
    item = best.find_parent(["li", "tr", "details", "figure"]) or best
    if item.get_text(strip=True) != best.get_text(strip=True) and not (
        best.name in {"h3", "p", "a"} and item.name != "body" and starts_with(item, best)
    ):
        item = best
    text = " ".join(best.get_text(" ", strip=True).split())
    drop(item)
    return text if len(text) < 80 else text[:77] + "…"


def starts_with(item: Tag, part: Tag) -> bool:
    """Whether a part is what an entry is called, so that the entry goes with it."""
    return name_of(item) in part.get_text(" ", strip=True).lower()


def has_words(tag: Tag, words: list[str]) -> bool:
    text = tag.get_text(" ").lower()
    return all(re.search(rf"(?<!\w){re.escape(word.lower().removesuffix('s'))}", text) for word in words)
