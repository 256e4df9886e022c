"""Fills sections with what the person told: dishes, plans, hours, people, questions, dates."""

import re
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from bs4 import Tag

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.facts import Entry
from embedded.assistant.pages import DETAILS, Page, take_out, text_of
from embedded.assistant.section_edits import add, find, take_section
from embedded.assistant.sections import render

# Where a section keeps its entries, in its markup.
ITEMS = {
    "menu": ".menu li", "pricing": ".plans > li", "team": ".team > li", "faq": "details", "hours": "tbody tr",
    "testimonials": ".quotes figure", "schedule": ".dates > li", "stats": ".stats > div",
    "features": ".features > li", "gallery": ".gallery > li",
}  # fmt: skip
PRICED = ("menu", "pricing")
WITH_VALUES = {"menu", "pricing", "hours", "stats", "schedule"}
NAME = "h3, th, summary, dt, strong, figcaption, .dish span"
LINES = "li, tr, details, figure, dl > div, .actions a, p, h3, address span, a"


def copy_of(kind: str, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return the copy of a section that lists these entries, as its template reads it."""
    if kind == "menu":
        return {"groups": [["", [[one.label, one.note, one.value] for one in entries]]]}
    if kind == "pricing":
        return {"plans": [[one.label, *sum_of(one.value), "", parts_of(one.note)] for one in entries]}
    if kind == "gallery":
        return {"captions": [one.label for one in entries]}
    rows = [[*astuple(one)] for one in entries]
    if kind == "testimonials":
        rows = [[said, who, role] for who, said, role in rows]
    if kind in {"faq", "stats", "hours", "features"}:
        rows = [[label, value or note] for label, value, note in rows]
    return {{"hours": "rows", "stats": "given"}.get(kind, "entries"): rows}


def sum_of(price: str) -> tuple[str, str]:
    """Return a price and the time it is for: "$9", "/month"."""
    found = re.match(r"^(.*?\d[\d.,]*\s?(?:[€$£¥]|\w{3}\b)?)\s*(.*)$", price)
    return (found[1].strip(), found[2]) if found else (price, "")


def parts_of(note: str) -> list[str]:
    return [part.strip() for part in re.split(r",| and (?=\w)", note) if part.strip()]


def given_copy(changes: list[Change]) -> dict[str, Any]:
    """Return the copy that the facts of a request stand for, for sections that are still to be made."""
    return {change.what: copy_of(change.what, change.entries) for change in changes if change.verb == "fill"}


def fill(page: Page, change: Change, brief: Brief) -> Said:
    """Put entries into a section: new values for what it has, the others added or in place of all."""
    kind, entries = change.what, list(change.entries)
    if kind == "hours":
        set_footer_hours(page, entries)
    if kind in PRICED:
        labels = {entry.label.lower() for entry in entries}
        kind = max(PRICED, key=lambda one: (bool(labels & {*map(name_of, items(page, one))}), one == kind))
    old = items(page, kind)
    if old:
        entries = put_entries(page, replace(change, what=kind), brief, old)
    elif find(page, kind):
        return said("not_ours", name=brief.part(kind))
    elif change.where == "update":
        entries = []
    else:
        add(page, Change("add", kind), replace(brief, given={kind: copy_of(kind, entries)}))
    if not entries:
        return said("not_found", name=brief.reply.listed([f"“{entry.label}”" for entry in change.entries]))
    shown = [f"{one.label} {one.value if kind in WITH_VALUES else ''}".strip() for one in entries]
    if kind == "hours":
        return said("set_hours", items="; ".join(shown))
    listed = brief.reply.listed([f"**{one}**" for one in shown])
    return said("priced" if change.where == "update" else "filled", items=listed, name=brief.part(kind))


def put_entries(page: Page, change: Change, brief: Brief, old: list[Tag]) -> list[Entry]:
    """Put entries among the old ones of a section; return those that were put there."""
    known, holder, put = {name_of(item): item for item in old}, old[-1].parent, []
    for entry in change.entries:
        (item,) = rendered(page, change.what, brief, entry)
        if same := known.get(entry.label.lower()):
            keep_note(same, item)
            same.replace_with(item)
        elif change.where != "update" and holder:
            holder.append(item)
            item.insert_after("\n")
        else:
            continue
        put.append(entry)
    for item in old if change.where == "replace" else []:
        if item.parent:
            drop(item)
    return put


def items(page: Page, kind: str) -> list[Tag]:
    section = find(page, kind)
    return section.select(ITEMS[kind]) if section and kind in ITEMS else []


def rendered(page: Page, kind: str, brief: Brief, entry: Entry) -> list[Tag]:
    """Return an entry as the section's template writes it."""
    brief = replace(brief, given={kind: copy_of(kind, [entry])})
    (section,) = page.fragment(render(kind, brief, value="", text="", identity=kind))
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
    return text_of(item.select_one(NAME) or item).lower()


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
            lines.extend([line, "\n"])


def remove(page: Page, change: Change, brief: Brief) -> Said:
    if change.value:
        text = take_away(page, change.value.split(), change.what)
        return said("removed_text" if text else "not_found", text=text, name=f"“{change.value}”")
    return said("removed" if take_section(page, change.what) else "not_found", name=brief.part(change.what))


def take_away(page: Page, words: list[str], within: str = "") -> str:
    """Remove the smallest entry or line whose text has all the words; return its text, "" where there is none.

    "@phone" stands for the phone number, "#2" for the second entry.
    """
    mark, name = words[0][0], words[0][1:]
    if mark == "@":
        return take_detail(page, name)
    if mark == "#" and name.isdigit():
        # "#0" is the last one.
        found = items(page, within)[int(name) - 1 :][:1]
        return taken(found[0], found[0].select_one(NAME) or found[0]) if found else ""
    place = find(page, within) if within else page.main
    lines = place.select(LINES) if place else []
    if not within and (footer := page.footer()):
        lines += footer.select("li, p")
    fits = [tag for tag in lines if has_words(tag, words)]
    if not fits:
        return ""
    best = min(fits, key=lambda tag: (len(tag.get_text()), -len(list(tag.parents))))
    item = best.find_parent(["li", "tr", "details", "figure"])
    # An entry goes with what it is called; of its other words, only the line goes.
    return taken(item if item and name_of(item) in text_of(best).lower() else best, best)


def take_detail(page: Page, name: str) -> str:
    shown = page.body.select(DETAILS[name] + (":not(.button)" if name == "email" else ""))
    text = text_of(shown[0]) if shown else ""
    for tag in shown:
        take_out(tag.parent if tag.name == "a" and tag.parent and tag.parent.name in {"p", "span"} else tag)
    return text


def taken(item: Tag, shown: Tag) -> str:
    text = text_of(shown)
    drop(item)
    return text if len(text) < 80 else text[:77] + "…"


def has_words(tag: Tag, words: list[str]) -> bool:
    text = tag.get_text(" ").lower()
    return all(re.search(rf"(?<!\w){re.escape(word.lower().removesuffix('s'))}", text) for word in words)
