"""Suggests what to ask for next, and understands a "yes" to it."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.pages import Page
from embedded.assistant.patterns import patterns
from embedded.assistant.section_edits import find
from embedded.assistant.themes import palette_of

SECTIONS = (
    "menu", "pricing", "gallery", "contact", "testimonials", "faq", "team", "hours", "newsletter", "schedule", "stats",
)  # fmt: skip
LOOKS = {"responsive": "responsive", "colour": "colour", "dark": "theme", "light": "theme", "fonts": "fonts"}
P = patterns("suggestions")
OFFERED = re.compile(r"^→ .*?\*\*(.+?)\*\*", re.M)


def accepted(request: str, last_answer: str) -> str:
    """Return the first thing the last answer suggested, when the request only says yes to it."""
    offered = OFFERED.search(last_answer)
    return offered[1] if offered and P.yes.match(request) else ""


def ideas(page: Page, brief: Brief, done: list[Change]) -> list[str]:
    """Return what this page could use, the most useful first, and nothing that was done or taken away just now."""
    touched = {change.what for change in done} | {change.verb for change in done}
    wanted = [kind for kind in dict.fromkeys([*brief.trade.copy["next"], *SECTIONS]) if kind in SECTIONS]
    sections = [kind for kind in wanted if not find(page, kind) and kind not in touched]
    palette = palette_of(page)
    unfit = {"dark" if palette and palette.is_dark else "light"}
    unfit |= {"responsive"} if page.style("phone") or page.style("fit") else set()
    looks = [name for name, verb in LOOKS.items() if name not in unfit and verb not in touched]
    names = [*sections[:1], *looks[:1], *sections[1:], *looks[1:]]
    return [brief.reply.idea(name).format(part=brief.a_part("menu")) for name in names]


def offer(page: Page, brief: Brief, done: list[Change]) -> str:
    """Return the line of next steps, which the chat shows as buttons."""
    return brief.reply.say("next", ideas=" · ".join(f"**{idea}**" for idea in ideas(page, brief, done)[:3]))
