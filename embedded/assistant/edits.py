"""Applies changes to a page, and says of each in a few words what was done or why it wasn't."""

from collections.abc import Callable
from dataclasses import dataclass

from embedded.assistant import filling, look_edits, picture_edits, repairs, section_edits, text_edits
from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said
from embedded.assistant.pages import Page

REFUSALS = {"already", "not_ours", "not_found", "already_there", "no_detail", "theme_already", "nav_already"}


@dataclass(frozen=True)
class Outcome:
    """What came of a change: what was done ("added a menu"), or a sentence on why it wasn't."""

    change: Change
    done: str = ""
    refusal: str = ""


def apply(page: Page, change: Change, brief: Brief) -> Outcome:
    if change.verb == "cannot":
        return Outcome(change, refusal=change.value)
    key, words = DOERS[change.verb](page, change, brief)
    text = brief.reply.say(key, **words)
    return Outcome(change, refusal=text) if key in REFUSALS else Outcome(change, text)


DOERS: dict[str, Callable[[Page, Change, Brief], Said]] = {
    "add": section_edits.add, "move": section_edits.move, "remove": filling.remove, "fill": filling.fill,
    "text": text_edits.set_text, "tell": text_edits.tell, "say": text_edits.append,
    "replace": text_edits.replace, "rename": text_edits.rename, "detail": text_edits.set_detail,
    "picture": picture_edits.show,
    "colour": look_edits.set_colour, "mood": look_edits.set_mood, "theme": look_edits.set_theme,
    "fonts": look_edits.set_fonts, "size": look_edits.set_size, "corners": look_edits.set_sheet,
    "spacing": look_edits.set_sheet, "motion": look_edits.set_sheet, "responsive": repairs.make_responsive,
}  # fmt: skip
