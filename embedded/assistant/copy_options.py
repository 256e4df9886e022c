"""Suggested copy for a trade: headlines, taglines and buttons to choose from, and shortened paragraphs."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.pages import Page

SENTENCE = re.compile(r"^(.+?[.!?…])\s+\S")


def options(brief: Brief) -> list[tuple[str, str]]:
    """Return three openings, headline and tagline: a promise, a reason, and a story."""
    copy = brief.trade.told(brief.name)
    promise, reason = copy["features"]["entries"][0], copy["features"]["entries"][1]
    return [
        (copy["cta"]["title"], f"{copy['cta']['text']} {copy['footer']['line']}"),
        (f"{promise[0]}. {reason[0]}.", f"{promise[1]} {reason[1]}"),
        (copy["about"]["title"], f"{copy['footer']['line']} {copy['contact']['text']}"),
    ]


def buttons(brief: Brief) -> list[str]:
    """Return five labels for the main button, the most concrete first."""
    copy = brief.trade.copy
    labels = [
        copy["hero"]["button"],
        copy["cta"]["button"],
        copy["contact"]["button"],
        copy["hero"]["second"],
    ]
    return list(dict.fromkeys([*labels, "Ask us anything", "Say hello"]))[:5]


def shorten(page: Page) -> int:
    """Cut each paragraph of several sentences to its first; return how many were cut."""
    count = 0
    for paragraph in page.main.find_all("p"):
        found = SENTENCE.match(paragraph.get_text(" ", strip=True))
        if found and not paragraph.find("a"):
            paragraph.string = found[1]
            count += 1
    return count
