"""When a page goes, menus lose their entries for it, and pages keep everything else to the letter."""

import pytest

from sitethread.edits import menus
from sitethread.edits.menu_entries import without_page
from tests.growth import MOST, growth
from tests.unit.edits.pages import corpus

LINKS = {
    "a": "<a href='a.html'>A</a>",
    "b": "<a class=x href=./b.html#x><b>B</b></a>",
    "x": "<a href=#x>X</a>",
}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The white space and separators go with it that are between it and one that stays.
        ("<nav>{a} {b} {x}</nav>", "<nav>{a} {x}</nav>"),
        ("<nav>{b} {x}</nav>", "<nav>{x}</nav>"),
        ("<nav>{x} {b}</nav>", "<nav>{x}</nav>"),
        ("<nav>{a} · {b} &middot; {x}</nav>", "<nav>{a} &middot; {x}</nav>"),
        ("<nav> {b} | {a} | {x} </nav>", "<nav> {a} | {x} </nav>"),
        ("<nav>{a} <span class=dot>·</span> {b}</nav>", "<nav>{a}</nav>"),
        ("<nav>{a} {b} {b}, {x}</nav>", "<nav>{a}, {x}</nav>"),
        ("<nav>{b} {b} {x}</nav>", "<nav>{x}</nav>"),
        (
            "<nav><ul>\n  <li>{a}</li>\n  <li class=y>{b}</li>\n  <li>{x}</li>\n</ul></nav>",
            "<nav><ul>\n  <li>{a}</li>\n  <li>{x}</li>\n</ul></nav>",
        ),
        (
            "<nav><ul>\r\n\t<li><span>{b}</span></li>\r\n\t<li>{x}</li>\r\n</ul></nav>",
            "<nav><ul>\r\n\t<li>{x}</li>\r\n</ul></nav>",
        ),
        ("<nav><ul>\n<li>{a}\n<li>{b}\n</ul></nav>", "<nav><ul>\n<li>{a}\n</ul></nav>"),
        ("<nav><div>{b}</div><div>{x}</div></nav>", "<nav><div>{x}</div></nav>"),
        # Every menu, also in the footer and within another.
        (
            "<header>{x}<nav>{a} {b}</nav></header><main>{a} {b}</main><footer><p>{b}, {a}</p></footer>",
            "<header>{x}<nav>{a}</nav></header><main>{a} {b}</main><footer><p>{a}</p></footer>",
        ),
        (
            "<nav><ul><li>{a}<ul><li>{b}</li> <li>{x}</li></ul></li> <li>{b}</li></ul></nav>",
            "<nav><ul><li>{a}<ul><li>{x}</li></ul></li></ul></nav>",
        ),
        (
            "<nav><ul><li>More<ul><li>{a}</li><li>{x}</li></ul></li>\n<li>{b}</li></ul></nav>",
            "<nav><ul><li>More<ul><li>{a}</li><li>{x}</li></ul></li></ul></nav>",
        ),
        ("<header><h1>Luna</h1><nav>{a} {b}</nav></header>", "<header><h1>Luna</h1><nav>{a}</nav></header>"),
        # An entry with a list of its own, or with words, keeps its link.
        ("<nav><ul><li>{a}</li><li>{b}<ul><li>{x}</li></ul></li></ul></nav>", None),
        ("<nav><ul><li>{a}</li><li>{b}<ul><li>Soon</li></ul></li></ul></nav>", None),
        ("<nav><ul><li>{a}</li><li>{b} (new)</li></ul></nav>", None),
        # Of these menus, nothing would be left.
        ("<nav>{b}</nav>", None),
        ("<nav><ul><li>{b}</li></ul></nav>", None),
        ("<nav><ul><li>{b}</li> <li>{b}</li></ul></nav>", None),
        ("<header>{x}<nav>{b}</nav></header>", None),
        # No menu: text, buttons, and what is no list.
        ("<p>{a} {b}</p><main><nav>{a} {b}</nav></main>", None),
        ("<footer><p>See {a} or {b}.</p></footer>", None),
        ("<footer>© Luna {b}</footer>", None),
        ("<footer><div><p>Oslo</p>{a}</div><div><p>Bergen</p>{b}</div></footer>", None),
        ("<header>{a}<nav>{x} {x}</nav>{b}</header>", None),
        ("<header><h1>Luna</h1><p>{a} {b}</p></header>", None),
        ("<nav>{a}<!-- {b} --></nav>", None),
    ],
)
def test_a_page_goes_from_the_menus(before: str, after: str | None) -> None:
    page = f"<!doctype html>\n<p>ä 🌙\t</p>\r\n{before}\n</body  >".format(**LINKS)
    gone = page if after is None else f"<!doctype html>\n<p>ä 🌙\t</p>\r\n{after}\n</body  >".format(**LINKS)
    assert without_page(page, "index.html", "b.html") == gone
    assert without_page(page, "in/index.html", "in/b.html") == gone
    assert without_page(gone, "index.html", "c.html") == gone


def test_a_page_that_came_into_a_menu_goes_from_it_without_a_trace() -> None:
    changed = 0
    for page in corpus(150):
        added = menus.with_link(page, "index.html", "b.html", "B & C", [])
        assert without_page(added, "index.html", "b.html") == page
        changed += added != page
    assert changed > 40


@pytest.mark.parametrize(
    "piece", ["<h1>", "<span>", "<li><a href=b.html>x", "<nav><a href=b.html></a></nav>"]
)
def test_entries_are_found_in_time_that_grows_with_the_page(piece: str) -> None:
    def cost(page: str) -> None:
        without_page(f"<header><a href=a.html></a>{page}<a href=b.html></a>", "index.html", "b.html")

    assert growth(cost, lambda size: piece * (size // len(piece)), 100_000) < MOST
