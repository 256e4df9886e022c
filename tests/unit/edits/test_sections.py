"""A request that names a section: which others were changed besides."""

import pytest

from sitethread.edits.sections import also_changed, without
from tests.growth import MOST, growth

PAGE = """<!doctype html><html><head><style>h2 { color: navy }</style></head><body>
<header><h1>Luna</h1></header>
<main>
<section id="menu"><h2>Menu</h2><p>Rye</p></section>
<section id="openingHours"><h2>Open</h2><p>9 to 5</p></section>
<section class="x"><h2>More</h2><p>Oats</p></section>
</main>
<footer>Baked at night</footer></body></html>
"""


@pytest.mark.parametrize(
    ("request_text", "changed", "also"),
    [
        ("Make the menu longer", ["Rye"], []),
        ("Make the menu longer", ["Rye", "night"], ["footer"]),
        ("Make the menus longer", ["Luna", "9 to", "night"], ["header", "opening hours", "footer"]),
        ("Change the opening hours", ["9 to", "Rye"], ["menu"]),
        ("Change the menu and the footer", ["Rye", "night"], []),
        ("Make the menu blue", ["Rye", "navy"], []),
        ("Make the menu longer", ["Rye", "Oats"], []),
        ("Make the menu longer and the whole page blue", ["Rye", "night"], []),
        ("Say that we bake by day", ["night", "Luna"], []),
        ("", ["night"], []),
    ],
)
def test_sections_that_were_changed_besides_those_named_are_told(
    request_text: str, changed: list[str], also: list[str]
) -> None:
    new = PAGE
    for word in changed:
        new = new.replace(word, "Other")
    others = also_changed(PAGE, new, request_text)
    assert [other.section for other in others] == also
    kept = without(PAGE, new, others)
    assert also_changed(PAGE, kept, request_text) == []
    assert (kept == new) == (also == [])


@pytest.mark.parametrize("part", ["<section id=menu>", "<header>x</header>\n", "<p>x</p>"])
def test_it_costs_as_much_as_the_page_is_long(part: str) -> None:
    def cost(page: str) -> None:
        also_changed(f"<section id=menu>{page}", f"<section id=menu>a{page}b", "Change the menu")

    assert growth(cost, lambda size: part * (size // len(part)), 300_000) < MOST
