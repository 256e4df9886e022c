"""The rules. Each costs time in proportion to the page, and reports at most MOST_FINDINGS problems."""

import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from sitethread.page_checks.contrast import contrasts
from sitethread.page_checks.findings import SEVERITIES, Finding, high, low, medium
from sitethread.page_checks.page import CheckedPage

MOST_FINDINGS = 50

_NO_ZOOM = re.compile(r"user-scalable\s*+=\s*+no|maximum-scale\s*+=\s*+1\b")
_MOTION = re.compile(r"\b(?:animation|transition)\s*+:")


def check(html: str) -> list[Finding]:
    """Return what is wrong with a page's HTML and inline CSS, the most severe first, at most MOST_FINDINGS."""
    page = CheckedPage(html)
    findings = [finding for rule in RULES for finding in islice(rule(page), MOST_FINDINGS)]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))[:MOST_FINDINGS]


def language(page: CheckedPage) -> Iterator[Finding]:
    if not page.language:
        yield high("The page doesn't say its language", 'add `lang="en"` to `<html>`')


def viewport(page: CheckedPage) -> Iterator[Finding]:
    content = page.meta.get("viewport")
    if content is None:
        yield high("Phones show the page shrunk to desktop width", "add a viewport `<meta>`")
    elif _NO_ZOOM.search(content):
        yield high("Visitors can't zoom in", "drop `user-scalable` and `maximum-scale` from the viewport")


def pictures(page: CheckedPage) -> Iterator[Finding]:
    if bare := page.bare_pictures:
        yield high(
            f"{count(len(bare), 'picture')} without alternative text", "say what each shows in `alt`", bare
        )
    if unnamed := page.unnamed_drawings:
        yield medium(f"{count(len(unnamed), 'drawing')} without a name", "give each an `aria-label`", unnamed)


def labels(page: CheckedPage) -> Iterator[Finding]:
    if silent := page.silent_fields:
        yield high(
            f"{count(len(silent), 'form field')} without a label", "tie a `<label for>` to each", silent
        )


def headings(page: CheckedPage) -> Iterator[Finding]:
    mains = [heading.mark for heading in page.headings if heading.tag == "h1"]
    if len(mains) != 1:
        yield medium(
            f"The page has {count(len(mains), 'main heading')} (h1)", "use exactly one `<h1>`", mains[1:]
        )
    for before, after in pairwise(page.headings):
        if int(after.tag[1]) > int(before.tag[1]) + 1:
            yield medium(
                f"“{after.text}” jumps from {before.tag} to {after.tag}",
                "don't skip a heading level",
                [after.mark],
            )


def landmarks(page: CheckedPage) -> Iterator[Finding]:
    missing = [name for name in ("header", "main", "footer") if name not in page.tags]
    if missing:
        tags = ", ".join(f"`<{name}>`" for name in missing)
        yield medium(f"Screen readers find no {tags}", "wrap those parts of the page in them")
    if all(target != "main" for target, _ in page.targets) and page.nav_links > 3:
        yield low("Keyboard users can't skip the navigation", "add a skip link before it")


def links(page: CheckedPage) -> Iterator[Finding]:
    ids = page.ids | {"", "top"}
    if dead := [mark for target, mark in page.targets if target not in ids]:
        yield medium(
            f"{count(len(dead), 'link')} to a section that isn't there",
            "add the section or the link's target",
            dead,
        )
    if mute := page.mute_controls:
        yield high(
            f"{count(len(mute), 'link or button')} without words", "give it a text or an `aria-label`", mute
        )


def colours(page: CheckedPage) -> Iterator[Finding]:
    for selector, ratio in contrasts(page.css):
        if ratio < 4.5:
            where = " ".join(selector.split())[-40:]
            yield high(
                f"Text in `{where}` has a contrast of only {ratio:.1f}:1", "4.5:1 is the least for reading"
            )


def summary(page: CheckedPage) -> Iterator[Finding]:
    if not page.title:
        yield high("The page has no title", "write one of 30 to 60 characters")
    if not page.meta.get("description"):
        yield medium("There is no description for search results", "write one of 120 to 155 characters")


def motion(page: CheckedPage) -> Iterator[Finding]:
    css = page.css
    if _MOTION.search(css) and "prefers-reduced-motion" not in css:
        yield low("Motion plays for everybody", "switch it off under `prefers-reduced-motion: reduce`")


def count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


RULES: tuple[Callable[[CheckedPage], Iterator[Finding]], ...] = (
    language, summary, viewport, pictures, labels, links, colours, headings, landmarks, motion,
)  # fmt: skip
