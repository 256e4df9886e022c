"""Applies changes to a page, and says of each in a few words what was done or why it wasn't."""

from collections.abc import Callable
from dataclasses import dataclass

from embedded.assistant import filling, look_edits, section_edits, text_edits
from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.request_parser import BESIDE
from embedded.assistant.responsive import make_responsive
from embedded.assistant.section_names import NAMES

REFUSALS = {"already", "not_ours", "not_found", "already_there", "no_detail", "theme_already", "nav_already"}
BARE = {"pricing", "opening hours and location", "training"}
ENDS = {"first": "to the top", "last": "to the end", "up": "up one place", "down": "down one place"}
WITH_VALUES = {"menu", "pricing", "hours", "stats", "schedule"}


@dataclass(frozen=True)
class Outcome:
    """What came of a change: what was done ("added a menu"), or a sentence on why it wasn't."""

    change: Change
    done: str = ""
    refusal: str = ""


def apply(page: Page, change: Change, brief: Brief) -> Outcome:
    if change.verb == "cannot":
        return Outcome(change, refusal=change.value)
    key, words = DOERS.get(change.verb, look)(page, change, brief)
    said = brief.reply.say(key, **words)
    return Outcome(change, refusal=said) if key in REFUSALS else Outcome(change, said)


Said = tuple[str, dict[str, str]]


def said(key: str, **words: str) -> Said:
    """Return the key of a reply, and the words it is said with."""
    return key, words


def add(page: Page, change: Change, brief: Brief) -> Said:
    if change.what == "nav":
        return said("nav_already" if page.nav() else "not_found", name=NAMES["nav"])
    part = a_part(change.what, brief)
    if not section_edits.add(page, change.what, brief, change.value, change.where == "another", change.other):
        return said("already", part=part)
    return said("added_custom" if change.what == "custom" else "added", part=part, value=change.value)


def fill(page: Page, change: Change, brief: Brief) -> Said:
    entries, kind = filling.fill(page, change, brief)
    if not kind:
        return said("not_ours", name=part_name(change.what, brief))
    if not entries:
        return said("not_found", name=brief.reply.listed([f"“{entry.label}”" for entry in change.entries]))
    shown = [f"{one.label} {one.value if kind in WITH_VALUES else ''}".strip() for one in entries]
    if kind == "hours":
        return said("set_hours", items="; ".join(shown))
    items = brief.reply.listed([f"**{one}**" for one in shown])
    return said("priced" if change.where == "update" else "filled", items=items, name=part_name(kind, brief))


def part_name(kind: str, brief: Brief) -> str:
    """Return what a part is called in a sentence; a menu is one only where people eat."""
    is_english = brief.reply.code == "en" == brief.trade.copy["ui"]["lang"]
    return (
        str(brief.trade.copy["labels"]["menu"]).lower()
        if kind == "menu" and is_english
        else brief.reply.part(kind)
    )


def a_part(kind: str, brief: Brief) -> str:
    name = part_name(kind, brief)
    is_bare = brief.reply.code != "en" or name in BARE or name.endswith("s")
    return name if is_bare else f"{'an' if name[0] in 'aeF' else 'a'} {name}"


def remove(page: Page, change: Change, brief: Brief) -> Said:
    if change.value:
        text = filling.take_away(page, change.value.split(), change.what)
        return said("removed_text" if text else "not_found", text=text, name=f"“{change.value}”")
    removed = section_edits.remove(page, change.what)
    return said("removed" if removed else "not_found", name=part_name(change.what, brief))


def move(page: Page, change: Change, brief: Brief) -> Said:
    kinds = [kind for kind in (change.what, change.other) if kind]
    names = [part_name(kind, brief) for kind in kinds]
    if missing := [
        name for kind, name in zip(kinds, names, strict=True) if not section_edits.find(page, kind)
    ]:
        return said("not_found", name=brief.reply.listed(missing))
    if not section_edits.move(page, change.what, change.where, change.other):
        return said("already_there", name=names[0])
    place = ENDS.get(change.where) or f"{change.where} the {names[-1]}"
    return said("swapped" if change.where == "swap" else "moved", name=names[0], other=names[-1], place=place)


def text(page: Page, change: Change, brief: Brief) -> Said:
    kind, _, part = change.what.rpartition(" ")
    name = (
        f"{NAMES[kind]}’s {'heading' if part == 'title' else 'text'}" if kind else LOOKS["text_names"][part]
    )
    if text_edits.set_text(page, change.what, change.value):
        return said("text", part=f"the {name}", value=change.value)
    return said("not_found", name=name)


def tell(page: Page, change: Change, brief: Brief) -> Said:
    """Put a sentence of the person's into the hero while the page is new, else into the about section."""
    value = text_edits.as_sentence(change, brief)
    if change.where:
        return text(page, Change("text", "tagline", value), brief)
    return say(page, Change("say", "about", value), brief)


def say(page: Page, change: Change, brief: Brief) -> Said:
    name = part_name(change.what, brief)
    told = text_edits.append_text(page, change.what, change.value)
    return said("told", part=f"the {name}", value=change.value) if told else said("not_found", name=name)


def rewrite(page: Page, change: Change, brief: Brief) -> Said:
    if text_edits.rewrite(page, brief.trade.told(brief.name)["about"]):
        return said("rewrote", name=part_name("about", brief))
    return add(page, Change("add", "about"), brief)


def replace(page: Page, change: Change, brief: Brief) -> Said:
    core = " ".join(word for word in change.what.split() if word.lower() not in BESIDE)
    for old in (change.what, core):
        if old and text_edits.replace_text(page, old, change.value):
            return said("replaced", old=old, value=change.value)
    return said("not_found", name=f"“{change.what}”")


def rename(page: Page, change: Change, brief: Brief) -> Said:
    renamed = text_edits.rename(page, shown_name(page) or brief.name, change.value)
    return said("renamed" if renamed else "not_found", value=change.value, name="name")


def detail(page: Page, change: Change, brief: Brief) -> Said:
    shown = text_edits.set_detail(page, change.what, change.value)
    return said("detail" if shown else "no_detail", name=LOOKS["details"][change.what], value=change.value)


def colour(page: Page, change: Change, brief: Brief) -> Said:
    part = LOOKS["part_names"].get(change.what) or f"the {part_name(change.what, brief)}"
    if not look_edits.set_colour(page, change):
        return said("not_found", name=part.removeprefix("the "))
    return said("colour", part=part, value=brief.reply.own(change.where))


def theme(page: Page, change: Change, brief: Brief) -> Said:
    changed = look_edits.set_theme(page, change.value)
    return said("theme" if changed else "theme_already", value=change.value)


def fonts(page: Page, change: Change, brief: Brief) -> Said:
    name = LOOKS["font_names"][look_edits.set_fonts(page, change.what, change.value)]
    return said("look_fonts", part="the headings" if change.what == "display" else "the page", value=name)


def responsive(page: Page, change: Change, brief: Brief) -> Said:
    return said("look_responsive", value=make_responsive(page))


def look(page: Page, change: Change, brief: Brief) -> Said:
    look_edits.SETTERS[change.verb](page, change)
    key = change.verb if change.verb in {"size", "motion"} else change.value
    return said(f"look_{key}", part=change.what, value=change.value)


DOERS: dict[str, Callable[[Page, Change, Brief], Said]] = {
    "add": add, "fill": fill, "remove": remove, "move": move, "text": text, "tell": tell, "rewrite": rewrite,
    "say": say, "replace": replace, "rename": rename, "detail": detail, "colour": colour, "theme": theme,
    "fonts": fonts, "responsive": responsive,
}  # fmt: skip
