"""Applies changes to a page, and says of each in a few words what was done or why it wasn't."""

from dataclasses import dataclass

from embedded.assistant import filling, look_edits, section_edits, text_edits
from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.request_parser import WORDS
from embedded.assistant.responsive import make_responsive
from embedded.assistant.section_names import NAMES, listed

PART_NAMES = {"eyebrow": "the line above the headline", "tagline": "the tagline", "button": "the main button"}
BARE = {"pricing", "opening hours and location", "training"}
ALREADY = "found columns, pictures and menu responsive already, from 320 px up, and "


@dataclass(frozen=True)
class Outcome:
    """What came of a change: what was done ("added a menu"), or a sentence on why it wasn't; parts: what it touched."""

    done: str = ""
    refusal: str = ""


def apply(page: Page, change: Change, brief: Brief) -> Outcome:
    return DOERS[change.verb](page, change, brief)


def done(brief: Brief, key: str, **words: str) -> Outcome:
    return Outcome(brief.reply.say(key, **words))


def refused(brief: Brief, key: str, **words: str) -> Outcome:
    return Outcome(refusal=brief.reply.say(key, **words))


def add(page: Page, change: Change, brief: Brief) -> Outcome:
    if change.what == "nav":
        return done(brief, "nav") if section_edits.ensure_nav(page) else refused(brief, "nav_already")
    text = change.other if change.what == "custom" else ""
    if not section_edits.add(page, change.what, brief, change.value, change.where == "another", text):
        return refused(brief, "already", part=a_part(change.what, brief))
    if change.what == "custom":
        return done(brief, "added_custom", value=change.value)
    return done(brief, "added", part=a_part(change.what, brief))


def fill(page: Page, change: Change, brief: Brief) -> Outcome:
    entries, kind = filling.fill(page, change, brief)
    if not kind:
        return refused(brief, "not_ours", name=part_name(change.what, brief))
    if not entries:
        return refused(
            brief, "not_found", name=brief.reply.listed([f"“{entry.label}”" for entry in change.entries])
        )
    shown = [
        f"{one.label} {one.value}"
        if change.what in {"menu", "pricing", "hours", "stats", "schedule"}
        else one.label
        for one in entries
    ]
    items = (
        "; ".join(one.strip() for one in shown)
        if change.what == "hours"
        else brief.reply.listed([f"**{one.strip()}**" for one in shown])
    )
    if change.what == "hours":
        return done(brief, "set_hours", items=items)
    if change.where == "update":
        return done(brief, "priced", items=items)
    return done(brief, "filled", items=items, name=part_name(kind, brief))


def part_name(kind: str, brief: Brief) -> str:
    """Return what a part is called in a sentence; a menu is one only where people eat."""
    if kind != "menu" or brief.reply.code != "en":
        return brief.reply.part(kind)
    label = str(brief.trade.copy["labels"]["menu"])
    return label.lower() if label != "Menu" and brief.trade.copy["ui"]["lang"] == "en" else "menu"


def a_part(kind: str, brief: Brief) -> str:
    name = part_name(kind, brief)
    return with_article(name) if brief.reply.code == "en" else name


def with_article(name: str) -> str:
    return name if name in BARE or name.endswith("s") else f"{'an' if name[0] in 'aeF' else 'a'} {name}"


def remove(page: Page, change: Change, brief: Brief) -> Outcome:
    if change.value:
        text = filling.take_away(page, change.value.split(), change.what)
        return (
            done(brief, "removed_text", text=text)
            if text
            else refused(brief, "not_found", name=f"“{change.value}”")
        )
    name = part_name(change.what, brief)
    return (
        done(brief, "removed", name=name)
        if section_edits.remove(page, change.what)
        else refused(brief, "not_found", name=name)
    )


def move(page: Page, change: Change, brief: Brief) -> Outcome:
    name, other = part_name(change.what, brief), part_name(change.other, brief) if change.other else ""
    if not section_edits.move(page, change.what, change.where, change.other):
        missing = [
            part_name(kind, brief)
            for kind in (change.what, change.other)
            if kind and not section_edits.find(page, kind)
        ]
        return (
            refused(brief, "not_found", name=brief.reply.listed(missing))
            if missing
            else refused(brief, "already_there", name=name)
        )
    if change.where == "swap":
        return done(brief, "swapped", name=name, other=other)
    ends = {"first": "to the top", "last": "to the end", "up": "up one place", "down": "down one place"}
    return done(brief, "moved", name=name, place=ends.get(change.where) or f"{change.where} the {other}")


def text(page: Page, change: Change, brief: Brief) -> Outcome:
    kind, _, part = change.what.rpartition(" ")
    name = (
        f"the {NAMES[kind]}’s {'heading' if part == 'title' else 'text'}"
        if kind
        else PART_NAMES.get(part, "the headline")
    )
    if text_edits.set_text(page, change.what, change.value):
        return done(brief, "text", part=name, value=change.value)
    return refused(brief, "not_found", name=name.removeprefix("the "))


def tell(page: Page, change: Change, brief: Brief) -> Outcome:
    """Put a sentence of the person's into the hero while the page is new, else into the about section."""
    value = text_edits.as_sentence(change, brief)
    place = text_edits.tell(page, value, bool(change.where))
    if not place:
        return refused(brief, "not_found", name=part_name("about", brief))
    if place == "hero":
        return done(brief, "text", part=PART_NAMES["tagline"], value=value)
    return done(brief, "told", part=f"the {NAMES['about']}", value=value)


def cannot(page: Page, change: Change, brief: Brief) -> Outcome:
    return Outcome(refusal=change.value)


def say(page: Page, change: Change, brief: Brief) -> Outcome:
    if text_edits.append_text(page, change.what, change.value):
        return done(brief, "told", part=f"the {part_name(change.what, brief)}’s text", value=change.value)
    return refused(brief, "not_found", name=part_name(change.what, brief))


def rewrite(page: Page, change: Change, brief: Brief) -> Outcome:
    if text_edits.rewrite(page, brief.trade.told(brief.name)["about"]):
        return done(brief, "rewrote", name=part_name("about", brief))
    return add(page, Change("add", "about"), brief)


def replace(page: Page, change: Change, brief: Brief) -> Outcome:
    core = " ".join(word for word in change.what.split() if word.lower() not in WORDS["beside"].split())
    for old in (change.what, core):
        if old and text_edits.replace_text(page, old, change.value):
            return done(brief, "replaced", old=old, value=change.value)
    return refused(brief, "not_found", name=f"“{change.what}”")


def rename(page: Page, change: Change, brief: Brief) -> Outcome:
    if text_edits.rename(page, shown_name(page) or brief.name, change.value):
        return done(brief, "renamed", value=change.value)
    return refused(brief, "not_found", name="name")


def detail(page: Page, change: Change, brief: Brief) -> Outcome:
    names = {"email": "e-mail address", "phone": "phone number", "address": "address"}
    name = names[change.what]
    if text_edits.set_detail(page, change.what, change.value):
        return done(brief, "detail", name=name, value=change.value)
    return refused(brief, "no_detail", name=name)


def colour(page: Page, change: Change, brief: Brief) -> Outcome:
    parts = {"paper": "the background", "accent": "buttons and links", "all": "the colours"} | LOOKS[
        "part_names"
    ]
    if not look_edits.set_colour(page, change):
        return refused(brief, "not_found", name=NAMES.get(change.what, change.what))
    part = parts.get(change.what) or f"the {part_name(change.what, brief)}"
    return done(brief, "colour", part=part, value=brief.reply.own(change.where))


def mood(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_mood(page, change.value)
    return done(brief, f"look_{change.value}")


def theme(page: Page, change: Change, brief: Brief) -> Outcome:
    key = "theme" if look_edits.set_theme(page, change.value) else "theme_already"
    return done(brief, key, value=change.value) if key == "theme" else refused(brief, key, value=change.value)


def fonts(page: Page, change: Change, brief: Brief) -> Outcome:
    name = LOOKS["font_names"][look_edits.set_fonts(page, change.what, change.value)]
    return done(
        brief, "look_fonts", part="the headings" if change.what == "display" else "the page", value=name
    )


def size(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_size(page, change.what, change.value)
    return done(brief, "look_size", part=change.what, value=change.value)


def corners(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_corners(page, change.value)
    return done(brief, f"look_{change.value}")


def spacing(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_spacing(page, change.value)
    return done(brief, f"look_{change.value}")


def motion(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_motion(page)
    return done(brief, "look_motion")


def responsive(page: Page, change: Change, brief: Brief) -> Outcome:
    steps, was_complete = make_responsive(page)
    return done(brief, "look_responsive", value=ALREADY + listed(steps) if was_complete else listed(steps))


DOERS = {
    "add": add, "fill": fill, "remove": remove, "move": move, "text": text, "tell": tell, "rewrite": rewrite,
    "say": say, "cannot": cannot, "replace": replace, "rename": rename, "detail": detail, "colour": colour,
    "mood": mood, "theme": theme, "fonts": fonts, "size": size, "corners": corners, "spacing": spacing,
    "motion": motion, "responsive": responsive,
}  # fmt: skip
