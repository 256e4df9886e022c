"""Applies changes to a page, and says of each in a few words what was done or why it wasn't."""

from dataclasses import dataclass

from embedded.assistant import look_edits, section_edits, text_edits
from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.responsive import make_responsive
from embedded.assistant.section_names import NAMES, listed

PART_NAMES = {"eyebrow": "the line above the headline", "tagline": "the tagline", "button": "the main button"}
FONT_NAMES = {
    "serif": "a serif", "sans": "a clean sans-serif", "mono": "a monospaced font", "rounded": "a rounded font",
    "handwritten": "a handwritten font", "slab": "a slab serif", "didone": "an elegant high-contrast serif",
    "oldstyle": "an old-style book serif", "geometric": "a geometric sans-serif",
    "grotesque": "a modern grotesque", "condensed": "a condensed font", "transitional": "an editorial serif",
    "humanist": "a humanist sans-serif",
}  # fmt: skip
MOOD_NAMES = {
    "warmer": "warmed up the colours", "cooler": "cooled the colours down", "softer": "softened the colours",
    "bolder": "made the colours bolder", "darker": "deepened the colours", "lighter": "lightened the colours",
}  # fmt: skip

BARE = {"pricing", "opening hours and location", "training"}
ALREADY = "found columns, pictures and menu responsive already, from 320 px up, and "


@dataclass(frozen=True)
class Outcome:
    """What came of a change: what was done ("added a menu"), or a sentence on why it wasn't."""

    done: str = ""
    refusal: str = ""


def apply(page: Page, change: Change, brief: Brief) -> Outcome:
    return DOERS[change.verb](page, change, brief)


def add(page: Page, change: Change, brief: Brief) -> Outcome:
    name = part_name(change.what, brief)
    if change.what == "nav":
        return link_all(page)
    if not section_edits.add(page, change.what, brief, change.value):
        return Outcome(
            refusal=f"There is already a section for that on the page ({name}), so I left it as it is."
        )
    title = f"a section “{change.value}”" if change.what == "custom" else with_article(name)
    return Outcome(f"added {title}")


def link_all(page: Page) -> Outcome:
    if section_edits.ensure_nav(page):
        return Outcome("added a navigation with links to every section")
    return Outcome(refusal="The page has a navigation already; every section I add is linked there.")


def part_name(kind: str, brief: Brief) -> str:
    """Return what a part is called in a sentence; a menu is one only where people eat."""
    if kind != "menu":
        return NAMES[kind]
    label = str(brief.trade.copy["labels"]["menu"])
    return label.lower() if label != "Menu" else "menu"


def with_article(name: str) -> str:
    return name if name in BARE or name.endswith("s") else f"{'an' if name[0] in 'aeF' else 'a'} {name}"


def remove(page: Page, change: Change, brief: Brief) -> Outcome:
    name = part_name(change.what, brief)
    if section_edits.remove(page, change.what):
        return Outcome(f"removed the {name}")
    return Outcome(refusal=f"I found no {name} on the page, so there was nothing to remove.")


def move(page: Page, change: Change, brief: Brief) -> Outcome:
    name = NAMES[change.what]
    if not section_edits.move(page, change.what, change.where, change.other):
        missing = [
            NAMES[kind] for kind in (change.what, change.other) if kind and not section_edits.find(page, kind)
        ]
        why = (
            f"I found no {' and no '.join(missing)} on the page."
            if missing
            else f"The {name} is there already."
        )
        return Outcome(refusal=why)
    if change.where == "swap":
        return Outcome(f"swapped the {name} and the {NAMES[change.other]}")
    ends = {"first": "to the top", "last": "to the end", "up": "up one place", "down": "down one place"}
    place = ends.get(change.where) or f"{change.where} the {NAMES[change.other]}"
    return Outcome(f"moved the {name} {place}")


def text(page: Page, change: Change, brief: Brief) -> Outcome:
    kind, _, part = change.what.rpartition(" ")
    name = (
        f"the {NAMES[kind]}’s {'heading' if part == 'title' else 'text'}"
        if kind
        else PART_NAMES.get(part, "the headline")
    )
    if text_edits.set_text(page, change.what, change.value):
        return Outcome(f"changed {name} to “{change.value}”")
    return Outcome(refusal=f"I couldn't find {name} on the page.")


def replace(page: Page, change: Change, brief: Brief) -> Outcome:
    if text_edits.replace_text(page, change.what, change.value):
        return Outcome(f"replaced “{change.what}” with “{change.value}”")
    return Outcome(refusal=f"I couldn't find the words “{change.what}” on the page.")


def rename(page: Page, change: Change, brief: Brief) -> Outcome:
    if text_edits.rename(page, shown_name(page) or brief.name, change.value):
        return Outcome(f"renamed the business to **{change.value}**")
    return Outcome(refusal="I couldn't find a name on the page to change.")


def detail(page: Page, change: Change, brief: Brief) -> Outcome:
    names = {"email": "e-mail address", "phone": "phone number", "address": "address"}
    name = names[change.what]
    if text_edits.set_detail(page, change.what, change.value):
        return Outcome(f"set the {name} to {change.value}")
    return Outcome(refusal=f"The page shows no {name} yet; ask me to **add a contact form** first.")


def colour(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_colour(page, change)
    parts = {"paper": "the background", "accent": "buttons and links"}
    part = parts.get(change.what, "the colours")
    return Outcome(f"changed {part} to {change.where}")


def mood(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_mood(page, change.value)
    return Outcome(MOOD_NAMES[change.value])


def theme(page: Page, change: Change, brief: Brief) -> Outcome:
    if look_edits.set_theme(page, change.value):
        return Outcome(f"switched the page to a {change.value} theme")
    return Outcome(refusal=f"The page is {change.value} already.")


def fonts(page: Page, change: Change, brief: Brief) -> Outcome:
    name = FONT_NAMES[look_edits.set_fonts(page, change.what, change.value)]
    return Outcome(f"set {'the headings' if change.what == 'display' else 'the page'} in {name}")


def size(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_size(page, change.what, change.value)
    return Outcome(f"made the {change.what} {change.value}")


def corners(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_corners(page, change.value)
    return Outcome("rounded the corners" if change.value == "round" else "squared the corners off")


def spacing(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_spacing(page, change.value)
    return Outcome(
        "gave the sections more room" if change.value == "airy" else "moved the sections closer together"
    )


def motion(page: Page, change: Change, brief: Brief) -> Outcome:
    look_edits.set_motion(page)
    return Outcome("let sections rise softly into view, except for visitors who prefer less motion")


def responsive(page: Page, change: Change, brief: Brief) -> Outcome:
    done, was_complete = make_responsive(page)
    return Outcome(ALREADY + listed(done) if was_complete else listed(done))


DOERS = {
    "add": add, "remove": remove, "move": move, "text": text, "replace": replace, "rename": rename, "detail": detail,
    "colour": colour, "mood": mood, "theme": theme, "fonts": fonts, "size": size, "corners": corners,
    "spacing": spacing, "motion": motion, "responsive": responsive,
}  # fmt: skip
