"""Suggests what to ask for next, and understands a "yes" to it."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.edits import part_name, with_article
from embedded.assistant.pages import Page
from embedded.assistant.section_edits import find
from embedded.assistant.themes import palette_of

PHRASES = {
    "menu": "", "pricing": "add pricing", "gallery": "add a gallery", "contact": "add a contact form",
    "testimonials": "add testimonials", "faq": "add an FAQ", "team": "add a team section",
    "hours": "add opening hours", "newsletter": "add a newsletter sign-up", "schedule": "add a schedule",
    "stats": "add key figures",
}  # fmt: skip
YES = re.compile(
    r"^\W*(?:yes|yep|yeah|sure|ok(?:ay)?|please do|do (?:it|that|so)|go ahead|sounds good|great idea|why not)\b"
    r"[\s,.!]*(?:please|do it|do that|go ahead|thanks|thank you)?\W*$",
    re.I,
)
OFFERED = re.compile(r"Next, you could ask me to \*\*(.+?)\*\*")


def accepted(request: str, last_answer: str) -> str:
    """Return the first thing the last answer suggested, when the request only says yes to it."""
    offered = OFFERED.search(last_answer)
    return offered[1] if offered and YES.match(request) else ""


def ideas(page: Page, brief: Brief) -> list[str]:
    """Return what this page could use, the most useful first."""
    wanted = [*brief.trade.copy["next"], *PHRASES]
    menu = f"add {with_article(part_name('menu', brief))}"
    sections = [
        PHRASES[kind] or menu for kind in dict.fromkeys(wanted) if kind in PHRASES and not find(page, kind)
    ]
    return [*sections[:1], *looks(page), *sections[1:]]


def looks(page: Page) -> list[str]:
    palette = palette_of(page)
    found = [] if page.style("phone") or page.style("fit") else ["make it responsive"]
    theme = "make it light" if palette and palette.is_dark else "make it dark"
    return [*found, "change the colours to dark green", theme, "use a serif font"]


def offer(page: Page, brief: Brief) -> str:
    first, second = ideas(page, brief)[:2]
    return f"Next, you could ask me to **{first}** or **{second}**."
