"""All pages of a version checked together: each by the rules of pages, and by what the site's owner wrote."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from typing_extensions import TypedDict

from sitethread.edits.changes import Span
from sitethread.edits.paths import INDEX
from sitethread.page_checks import rules
from sitethread.page_checks.borrowed_fonts import borrowed_fonts
from sitethread.page_checks.brief_facts import missing
from sitethread.page_checks.claims import claims
from sitethread.page_checks.findings import SEVERITIES, Finding, high, medium
from sitethread.page_checks.references import references
from sitethread.page_checks.samples import samples
from sitethread.page_checks.sources import Source
from sitethread.page_checks.typed import Typed
from sitethread.page_checks.visitor_forms import visitor_forms

MOST_PLACES = 20
# Where a page has what a link says, though visitors don't read it.
_CONTACT = re.compile(r"(?:mailto|tel):[^\"'>\s]{1,200}")
MOST_OF_PAGE = 50
MOST_FINDINGS = 200


class Site(TypedDict):
    """`pages` are texts by path, `files` the paths of all files. `typed` is what the owner wrote besides the brief.

    `knows_all`: whether that is all of it, so that what isn't in it was made up. `has_own_host`: whether the website is
    published at a host of its own.
    """

    pages: dict[str, str]
    files: list[str]
    brief: str
    typed: list[str]
    knows_all: bool
    has_own_host: bool


class Place(TypedDict):
    """[start, end) of the page's source, in code points."""

    start: int
    end: int


class SiteFinding(TypedDict):
    """`severity` is error or warning; `places` are elements that have the problem, at most MOST_PLACES."""

    rule: str
    severity: str
    path: str
    problem: str
    remedy: str
    places: list[Place]


def check(site: Site) -> list[SiteFinding]:
    """Return what is wrong with a site, errors first, at most MOST_FINDINGS."""
    sources = [Source(path, text) for path, text in site["pages"].items()]
    typed = Typed([site["brief"], *site["typed"]])
    found = [
        finding
        for source in sources
        for finding in islice(_of_page(source, sources, site, typed), MOST_OF_PAGE)
    ]
    found += _of_site(sources, site)
    return sorted(found, key=lambda finding: finding["severity"] != "error")[:MOST_FINDINGS]


def _of_page(source: Source, sources: list[Source], site: Site, typed: Typed) -> Iterator[SiteFinding]:
    ids = {one.path: one.page.ids for one in sources}
    every: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("complete", partial(complete, source)),
        *((rule.__name__, partial(rule, source.page)) for rule in rules.RULES),
        ("references", partial(references, source, {*site["files"], *site["pages"]}, ids)),
        ("borrowed_fonts", partial(borrowed_fonts, source)),
        ("forms", partial(visitor_forms, source, site["has_own_host"])),
        ("samples", partial(samples, source, typed)),
    ]
    if site["knows_all"]:
        every.append(("claims", partial(claims, source, typed)))
    for name, rule in every:
        found = sorted(islice(rule(), MOST_OF_PAGE), key=lambda one: SEVERITIES.index(one.severity))
        yield from (_told(name, source, finding) for finding in found)


def _told(name: str, source: Source, finding: Finding) -> SiteFinding:
    spans = source.places(finding.marks) + source.around(finding.spans[: 2 * MOST_PLACES])
    return _finding(name, source.path, finding, list(dict.fromkeys(spans)))


def _finding(name: str, path: str, finding: Finding, spans: Iterable[Span] = ()) -> SiteFinding:
    return {
        "rule": name,
        "severity": "error" if finding.severity == "high" else "warning",
        "path": path,
        "problem": finding.problem,
        "remedy": finding.remedy,
        "places": [{"start": span.start, "end": span.end} for span in islice(spans, MOST_PLACES)],
    }


def complete(source: Source) -> Iterator[Finding]:
    """Whether the page is a whole HTML document, with an end for each beginning."""
    text = source.html.lower()
    if not text.lstrip("\ufeff \t\r\n").startswith("<!doctype html"):
        yield medium(
            "The page doesn't begin with `<!doctype html>`",
            "begin it so, or browsers fall back to rules of 1998",
        )
    absent = [tag for tag in ("<html", "<head", "<body", "</body>", "</html>") if tag not in text]
    if absent:
        tags = ", ".join(f"`{tag}{'' if tag.endswith('>') else '>'}`" for tag in absent)
        yield high(f"The page isn't whole: {tags} is missing", "write the page to its end")
    # What a missing end of the page leaves open is said above.
    problems = [] if absent else source.problems
    for kind, tag, start in problems[:MOST_PLACES]:
        what = "no end" if kind == "unclosed" else "no beginning"
        yield high(
            f"`<{tag}>` has {what}",
            "close what is open, and take out what is left over",
            spans=[Span(start, start + 1)],
        )


def _of_site(sources: list[Source], site: Site) -> Iterator[SiteFinding]:
    if INDEX not in site["pages"]:
        yield _finding("first_page", INDEX, high("There is no first page", f"add a page {INDEX}"))
    for name, texts in (
        ("title", [(one, one.page.title) for one in sources]),
        ("description", [(one, one.page.meta.get("description", "")) for one in sources]),
    ):
        counts = Counter(text for _, text in texts if text)
        for source, text in texts:
            if counts[text] > 1 and source.path != INDEX:
                finding = medium(f"The {name} is that of another page", f"give each page a {name} of its own")
                yield _finding(f"same_{name}", source.path, finding)
    shown = Typed(text for source in sources for text in (source.words, *_CONTACT.findall(source.html)))
    for fact in missing(site["brief"], shown):
        yield _finding(
            "missing_fact",
            INDEX,
            medium(f"“{fact}” of the brief is on no page", "put it where visitors look for it"),
        )
