"""Rules for pages: accessibility, structure and what search engines need.

Sources: WCAG 2.2 for contrast, names and structure; the HTML standard for parsing.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from bs4 import BeautifulSoup, Tag

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Finding:
    """A problem of a page, how severe it is (one of SEVERITIES), and how to fix it."""

    severity: str
    problem: str
    remedy: str


high, medium, low = (partial(Finding, severity) for severity in SEVERITIES)


class CheckedPage:
    """A page as the HTML standard parses it."""

    def __init__(self, html: str) -> None:
        self.soup = BeautifulSoup(html, "html5lib")
        self.root = self._one("html")
        self.body = self._one("body")
        # get_text leaves stylesheets out in trees that html5lib made.
        self.css = "\n".join(str(part) for style in self.soup.find_all("style") for part in style.contents)
        self.title = self.soup.title.get_text(strip=True) if self.soup.title else ""

    def meta(self, name: str) -> str | None:
        """Return the content of a named meta tag, None when there is none."""
        found = self.soup.find("meta", attrs={"name": name})
        return str(found.get("content", "")) if isinstance(found, Tag) else None

    def nav_links(self) -> int:
        nav = self.body.find("nav")
        return len(nav.find_all("a")) if isinstance(nav, Tag) else 0

    def ids(self) -> set[str]:
        return {str(tag["id"]) for tag in self.soup.find_all(id=True)}

    def _one(self, name: str) -> Tag:
        found = self.soup.find(name)
        assert isinstance(found, Tag)  # noqa: S101 - the parser always makes these
        return found


def check(html: str) -> list[Finding]:
    """Return what is wrong with a page's HTML and inline CSS, the most severe first."""
    page = CheckedPage(html)
    findings = [finding for rule in RULES for finding in rule(page)]
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def language(page: CheckedPage) -> Iterator[Finding]:
    if not page.root.get("lang"):
        yield high("The page doesn't say its language", 'add `lang="en"` to `<html>`')


def viewport(page: CheckedPage) -> Iterator[Finding]:
    content = page.meta("viewport")
    if content is None:
        yield high("Phones show the page shrunk to desktop width", "add a viewport `<meta>`")
    elif re.search(r"user-scalable\s*=\s*no|maximum-scale\s*=\s*1\b", content):
        yield high("Visitors can't zoom in", "drop `user-scalable` and `maximum-scale` from the viewport")


def pictures(page: CheckedPage) -> Iterator[Finding]:
    bare = [image for image in page.body.find_all("img") if not image.has_attr("alt")]
    if bare:
        yield high(f"{count(bare, 'picture')} without alternative text", "say what each shows in `alt`")
    unnamed = [
        svg
        for svg in page.body.find_all("svg", role="img")
        if not (svg.get("aria-label") or svg.find("title"))
    ]
    if unnamed:
        yield medium(f"{count(unnamed, 'drawing')} without a name", "give each an `aria-label`")


def labels(page: CheckedPage) -> Iterator[Finding]:
    fields = page.body.find_all(["input", "select", "textarea"])
    silent = [
        field
        for field in fields
        if field.get("type") not in {"hidden", "submit"} and not labelled(page.body, field)
    ]
    if silent:
        yield high(f"{count(silent, 'form field')} without a label", "tie a `<label for>` to each")


def labelled(body: Tag, field: Tag) -> bool:
    by_id = field.get("id") and body.find("label", attrs={"for": str(field["id"])})
    return bool(
        by_id or field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
    )


def headings(page: CheckedPage) -> Iterator[Finding]:
    tags = page.body.find_all(re.compile(r"^h[1-6]$"))
    mains = [tag for tag in tags if tag.name == "h1"]
    if len(mains) != 1:
        yield medium(f"The page has {count(mains, 'main heading')} (h1)", "use exactly one `<h1>`")
    for before, after in pairwise(tags):
        if int(after.name[1]) > int(before.name[1]) + 1:
            words = after.get_text(" ", strip=True)[:40]
            yield medium(f"“{words}” jumps from {before.name} to {after.name}", "don't skip a heading level")


def landmarks(page: CheckedPage) -> Iterator[Finding]:
    missing = [name for name in ("header", "main", "footer") if not page.body.find(name)]
    if missing:
        tags = ", ".join(f"`<{name}>`" for name in missing)
        yield medium(f"Screen readers find no {tags}", "wrap those parts of the page in them")
    if not page.body.find("a", href="#main") and page.nav_links() > 3:
        yield low("Keyboard users can't skip the navigation", "add a skip link before it")


def links(page: CheckedPage) -> Iterator[Finding]:
    ids = page.ids() | {"", "top"}
    dead = [
        link for link in page.body.find_all("a", href=re.compile("^#")) if str(link["href"])[1:] not in ids
    ]
    if dead:
        yield medium(
            f"{count(dead, 'link')} to a section that isn't there", "add the section or the link's target"
        )
    mute = [tag for tag in page.body.find_all(["a", "button"]) if not spoken(tag)]
    if mute:
        yield high(f"{count(mute, 'link or button')} without words", "give it a text or an `aria-label`")


def spoken(tag: Tag) -> bool:
    image = tag.find("img", alt=True)
    return bool(
        tag.get_text(strip=True) or tag.get("aria-label") or (image and image["alt"]) or tag.find("title")
    )


def colours(page: CheckedPage) -> Iterator[Finding]:
    """Check the text and background colours of each CSS rule, given as hex codes or custom properties."""
    variables = dict(re.findall(r"(--[\w-]+)\s*:\s*(#[0-9a-fA-F]{3,6})\b", page.css))
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", page.css):
        text, ground = declared("color", body, variables), declared("background(?:-color)?", body, variables)
        if text and ground and contrast(text, ground) < 4.5:
            ratio = f"{contrast(text, ground):.1f}"
            where = " ".join(selector.split())[-40:]
            yield high(
                f"Text in `{where}` has a contrast of only {ratio}:1", "4.5:1 is the least for reading"
            )


def declared(name: str, body: str, variables: dict[str, str]) -> str:
    found = re.search(rf"(?<![\w-]){name}\s*:\s*(?:(#[0-9a-fA-F]{{3,6}})\b|var\((--[\w-]+)\))", body)
    return (found[1] or variables.get(found[2], "")) if found else ""


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two hex colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) in (3, 4) else digits[:6].ljust(6, "0")
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def summary(page: CheckedPage) -> Iterator[Finding]:
    if not page.title:
        yield high("The page has no title", "write one of 30 to 60 characters")
    if not page.meta("description"):
        yield medium("There is no description for search results", "write one of 120 to 155 characters")


def motion(page: CheckedPage) -> Iterator[Finding]:
    if re.search(r"\b(?:animation|transition)\s*:", page.css) and "prefers-reduced-motion" not in page.css:
        yield low("Motion plays for everybody", "switch it off under `prefers-reduced-motion: reduce`")


def count(things: list[Tag], noun: str) -> str:
    return f"{len(things) or 'no'} {noun}{'' if len(things) == 1 else 's'}"


RULES: tuple[Callable[[CheckedPage], Iterator[Finding]], ...] = (
    language, summary, viewport, pictures, labels, links, colours, headings, landmarks, motion,
)  # fmt: skip
