"""Good sites of the demo's trades, and faults in one of them: by these the checks before publishing are measured."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from embedded.assistant.trades import trades
from sitethread.edits.new_pages import like
from sitethread.library.additions import additions, standing_in
from sitethread.page_checks.sites import Site
from tests.assistant.talk import Talk

INDEX, ABOUT = "index.html", "about.html"
# What owners say; every second trade is told in the other way.
_ASKED = (
    "Create a landing page for a {word} called Alder & Finch at 12 Mill Lane, Leeds, open Tue-Sat 9:00-17:30, "
    "phone 0113 496 0000, e-mail post@alder-finch.co.uk, with prices: small visit 12.50, long visit 28 and gift box 40",
    "Make a website for our {word} Sonnenhof, Kastanienallee 12, Berlin, with a contact form and prices: "
    "Basic €19, Plus €29.90 and Family €45. Open daily 8am to 6pm, call +49 30 1234567 or write to hallo@sonnenhof.de",
)
_QUOTE = (
    "Add a testimonial: “They knew my name after the second visit, and I told my friends” by Nora Lindqvist"
)
# Of a conference, a designer and a wedding the demo says more.
_FIGURES = "We have been at it since 2015, with 400 people, 7 years together and 1 dog"


class Fault(NamedTuple):
    """What is replaced in the first page of the good site, and the rule and words by which that is told."""

    name: str
    rule: str
    says: str
    old: str = ""
    new: str = ""
    brief: str = ""


@cache
def page_of(key: str, way: int) -> tuple[str, tuple[str, ...]]:
    """Return a page of a trade with what its owner said, and that."""
    words = trades()[key].copy["words"] or ["pottery"]
    asked = (
        _ASKED[way].format(word=words[0]),
        "Remove the testimonials",
        "Remove the about section",
        *([_QUOTE] if way else []),
    )
    return Talk("Site").say(*asked).page, (*asked, _FIGURES)


def good_sites() -> Iterator[tuple[str, Site]]:
    """Yield 40 sites, each with a name."""
    keys = sorted(trades())
    for number in range(40):
        key, way = keys[number % len(keys)], number // len(keys) ^ (number % 2)
        page, asked = page_of(key, way)
        yield f"{key}, way {way}", site({INDEX: page}, asked)


def library_of(pages: Mapping[str, str]) -> dict[str, str]:
    """Return the fonts and icons that come with pages as they are saved."""
    return additions(pages, standing_in(pages, ()))


def site(pages: dict[str, str], asked: tuple[str, ...], brief: str = "") -> Site:
    return {
        "pages": pages,
        "files": ["images/oven.webp", *library_of(pages)],
        "brief": brief,
        "typed": [*asked],
        "knows_all": True,
        "has_own_host": False,
    }


@cache
def _two_pages() -> tuple[str, str, tuple[str, ...]]:
    page, asked = page_of("bakery", 0)
    more = '<p class="lead"><img src="images/oven.webp" alt="The oven"> <a href="about.html#team">Who we are</a></p>'
    index = page.replace("</h1>", f"</h1>\n{more}", 1)
    about = like(index, "About us", ABOUT, {INDEX, ABOUT, "images/oven.webp"})
    about = about.replace(
        "</h1>", '</h1>\n<section id="team"><h2>Our team</h2><p>We bake together.</p></section>', 1
    )
    return index, _described(about), asked


def _described(about: str) -> str:
    """Give the second page a description of its own."""
    start = about.index('name="description" content="') + len('name="description" content="')
    end = about.index('"', start)
    return f"{about[:start]}Who bakes at Alder & Finch, and how it began.{about[end:]}"


def two_pages() -> Site:
    """Return a good site of two pages with a picture."""
    index, about, asked = _two_pages()
    return site({INDEX: index, ABOUT: about}, asked)


def with_fault(fault: Fault) -> Site:
    made = two_pages()
    assert fault.old in made["pages"][INDEX], fault.name
    made["pages"][INDEX] = made["pages"][INDEX].replace(fault.old, fault.new, 1)
    made["brief"] = fault.brief
    return made


def faults() -> list[Fault]:
    data = Path(__file__).with_name("seeded_faults.toml").read_text(encoding="utf-8")
    return [Fault(**fault) for fault in tomllib.loads(data)["fault"]]
