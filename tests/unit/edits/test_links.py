"""Links to a page that moves are mended, and nothing else is changed; a new page links as index.html does."""

import time

import pytest

from sitethread.edits import links, menus, new_pages
from tests.growth import MOST, growth

SITE = ["index.html", "about.html", "menu.html", "team/ada.html", "images/a b.webp"]


def mend(page: str, at: str, old: str, new: str) -> str:
    """Return a page at a path after another one, or it itself, has moved."""
    files = {**dict.fromkeys(SITE[:4], ""), at: page}
    return links.mended(files, SITE[4:], old, new).get(new if at == old else at, page)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="about.html">', '<a href="us.html">'),
        (
            "<A CLASS=x HREF = './about.html?a=1&amp;b#team' >",
            "<A CLASS=x HREF = './us.html?a=1&amp;b#team' >",
        ),
        ("<a href=about.html>", "<a href=us.html>"),
        ('<a href="/about.html#x">', '<a href="/us.html#x">'),
        ('<a href="team/../about.html">', '<a href="us.html">'),
        ('<a href="ab&#111;ut.html">', '<a href="us.html">'),
        ('<a href="%61bout.html">', '<a href="us.html">'),
        ('<a title="href=about.html" href="about.html">', '<a title="href=about.html" href="us.html">'),
        ('<a href="about.html" href="about.html">', '<a href="us.html" href="about.html">'),
        # Not links, or to other places.
        ("<!-- <a href='about.html'> --><p>about.html", None),
        ("<script>x = '<a href=\"about.html\">'</script>", None),
        ('<a data-href="about.html" href="about.htm">', None),
        ('<a href="https://luna.example/about.html"><a href="//about.html">', None),
        ('<a href="about.html&x"><a href="xabout.html"><a href="menu.html?about.html">', None),
        ('<a href="mailto:about.html"><a href="#about.html"><a href="">', None),
        ('<a href="about.html', None),
    ],
)
def test_links_to_a_page_follow_it_and_all_else_stays(before: str, after: str | None) -> None:
    around = "<p>ä 🌙\t</p>\n{}\n</body  >"
    mended = mend(around.format(before), "index.html", "about.html", "us.html")
    assert mended == around.format(before if after is None else after)


@pytest.mark.parametrize(
    ("at", "old", "new", "before", "after"),
    [
        ("team/ada.html", "about.html", "us.html", "../about.html#x", "../us.html#x"),
        ("team/ada.html", "about.html", "team/us.html", "../about.html", "us.html"),
        ("index.html", "about.html", "ä/ü s.html", "about.html", "%C3%A4/%C3%BC%20s.html"),
        # A page that moves itself: where it links to, and what it shows.
        ("about.html", "about.html", "team/us.html", "index.html#menu", "../index.html#menu"),
        ("about.html", "about.html", "team/us.html", "about.html", "us.html"),
        ("about.html", "about.html", "us.html", "menu.html", "menu.html"),
        ("team/ada.html", "team/ada.html", "ada.html", "../menu.html", "menu.html"),
        ("team/ada.html", "team/ada.html", "ada.html", "./", "./"),
        ("team/ada.html", "team/ada.html", "ada.html", "../", "index.html"),
        ("about.html", "about.html", "team/us.html", "images/a%20b.webp", "../images/a%20b.webp"),
        ("about.html", "about.html", "team/us.html", "nowhere.html", "nowhere.html"),
    ],
)
def test_links_are_relative_to_their_page(at: str, old: str, new: str, before: str, after: str) -> None:
    page = '<a href="{0}"></a><img src="{0}" srcset="{0} 2x, {0}"><p style="background: url( \'{0}\' )">'
    page += "<style>p {{ background: URL({0}) }}</style>"
    assert mend(page.format(before), at, old, new) == page.format(after)


def test_links_are_mended_in_linear_time() -> None:
    for part in (
        '<a href="about.html">x</a>',
        "<a href",
        "<style>url(",
        "<style>@import/*",
        "<style>@import 'a'",
        '<a href="&',
        "<p a ",
        "<a href='./",
    ):
        begun = time.process_time()
        mend(part * (300_000 // len(part)), "index.html", "about.html", "us.html")
        assert time.process_time() - begun < 5, part


SECTION = '<section style="max-width: 64rem; margin: 0 auto; padding: 4rem 1.5rem">'
INDEX = """<!doctype html>
<html lang="de">
<head><title>Luna – Kaffee</title><link rel="icon" href="icon.png"><style>.a { color: red }</style></head>
<body class="x">
<svg id="art"></svg>
<header><a href="#">Luna</a>
<nav><a href="#menu">Menu</a> <a href="about.html">About</a> <a href="#main">Skip</a></nav></header>
<main id="main" class="wide"><section id="menu"><h1>Kaffee</h1><footer>not this</footer></section></main>
<footer><img src="images/a b.webp" alt=""> © Luna</footer>
<script>go()</script>
</body></html>
"""


def made(index: str, path: str = "team/ada.html") -> str:
    return new_pages.like(index, "Ada & Bo", path, {"index.html", "about.html", "images/a b.webp", path})


def test_a_new_page_has_the_head_the_header_and_the_footer_of_the_first() -> None:
    assert made(INDEX) == (
        INDEX.replace("<title>Luna – Kaffee", "<title>Ada &amp; Bo – Luna")
        .replace('href="#"', 'href="../index.html"')
        .replace('href="#menu"', 'href="../index.html#menu"')
        .replace('href="about.html"', 'href="../about.html"')
        .replace("images/a b.webp", "../images/a%20b.webp")
        .replace(
            '<section id="menu"><h1>Kaffee</h1><footer>not this</footer></section>',
            f"\n  {SECTION}\n    <h1>Ada &amp; Bo</h1>\n  </section>\n",
        )
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<nav>N</nav><header><h1>Hi</h1></header><section>S</section><footer>F</footer>",
            "<nav>N</nav>M<footer>F</footer>",
        ),
        ("<header><h1>Hi</h1></header><p>S", "<header><h1>Hi</h1></header>M"),
        (
            "<div><header>H</header></div><main>x</main><div>y<footer>F</footer></div>",
            "<div><header>H</header></div>M<div>y<footer>F</footer></div>",
        ),
        (
            "<div><header>H</header><main>x</main></div><footer>F</footer>",
            "<div><header>H</header>M</div><footer>F</footer>",
        ),
        (
            "<div><header>H</header><section>x</section><footer>F</footer></div>",
            "<div><header>H</header>M<footer>F</footer></div>",
        ),
        (
            "<header>H</header><div class=w><main>x</main><footer>F</footer></div>",
            "<header>H</header><div class=w>M<footer>F</footer></div>",
        ),
        ("<p>Only text", "M"),
        ("", "M"),
    ],
)
def test_what_is_between_header_and_footer_makes_room_for_the_heading(body: str, expected: str) -> None:
    page = made(f"<!doctype html><title>x</title><body>{body}</body>")
    heading = f"<main>{SECTION}<h1>Ada &amp; Bo</h1></section></main>"
    shown = "".join(line.strip() for line in page.partition("<body>")[2].partition("</body>")[0].splitlines())
    assert shown == expected.replace("M", heading)


def test_of_what_is_no_page_a_plain_one_is_made() -> None:
    for index in ("", "<p>no body", "<body><header><main></header>", "\0<<<"):
        page = made(index, "ada.html")
        assert "<h1>Ada &amp; Bo</h1>" in page, index


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("About us", "about-us.html"), ("  Über uns! ", "über-uns.html"), ("メニュー", "メニュー.html"),
        ("../..", "page.html"), ("🌙", "page.html"), ("x" * 80, "x" * 60 + ".html"),
    ],
)  # fmt: skip
def test_a_path_is_made_of_a_name(name: str, path: str) -> None:
    assert new_pages.path_for(name) == path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<nav>{a} {b}</nav>", "<nav>{b} {a}</nav>"),
        ("<nav><li>{a}</li>, <li class=x>{b}</nav>", "<nav><li class=x>{b}, <li>{a}</li></nav>"),
        (
            "<header>{a}<nav><p>{x}<p>{a}<p>{x}<p>{b}</nav></header>",
            "<header>{a}<nav><p>{x}<p>{b}<p>{x}<p>{a}</nav></header>",
        ),
        (
            "<footer><ul><li>{a}<ul><li>{a}<li>{b}</ul></ul></footer>",
            "<footer><ul><li>{a}<ul><li>{b}<li>{a}</ul></ul></footer>",
        ),
        # Not a menu, or no list of links beside each other.
        ("<main><nav>{a} {b}</nav></main><p>{a} {b}</p>", None),
        ("<nav><p>{a}</p><div>{b}</div></nav>", None),
        ("<nav>{b}</nav><nav>{a}</nav>", None),
    ],
)
def test_links_of_a_menu_change_places(before: str, after: str | None) -> None:
    spelled = {"a": "<a href='a.html'>A</a>", "b": "<a href=./b.html#x><b>B</b></a>", "x": "<a href=#x>X</a>"}
    page = menus.in_order(before.format(**spelled), "index.html", ["b.html", "a.html"])
    assert page == (after or before).format(**spelled)
    assert menus.in_order(page, "index.html", ["b.html", "a.html"]) == page


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<nav>{a} · {b}</nav>", "<nav>{a} · {b} · {c}</nav>"),
        (
            "<nav><ul>\n<li class=x>{a}</li>\n<li><p>{b}</p></li>\n</ul></nav>",
            "<nav><ul>\n<li class=x>{a}</li>\n<li><p>{b}</p></li>\n<li class=x>{c}</li>\n</ul></nav>",
        ),
        ("<nav>{a} {b}</nav><footer>{b} {a}</footer>", "<nav>{a} {b} {c}</nav><footer>{b} {a} {c}</footer>"),
        # A menu of sections alone; the longest one that isn't in the footer.
        (
            "<header>{s}<nav>{s}<a href=#y>Y</a></nav></header><footer>{s}{s}{s}</footer>",
            "<header>{s}<nav>{s}<a href=#y>Y</a>{c}</nav></header><footer>{s}{s}{s}</footer>",
        ),
        ("<nav>{s} {a}</nav>", "<nav>{s} {a} {c}</nav>"),
        # There already, no menu, or not the website's.
        ("<nav>{a} {b} <a href=c.html>Ours</a></nav>", None),
        ("<nav>{a}</nav><main>{a} {b}</main>", None),
        ("<nav>{a} {a}</nav>", "<nav>{a} {a} {c}</nav>"),
    ],
)  # fmt: skip
def test_a_page_is_added_behind_the_others_of_a_menu(before: str, after: str | None) -> None:
    spelled = {
        "a": "<a href=a.html>A</a>",
        "b": "<a href=b.html aria-current='page'><b>B</b></a>",
        "s": "<a href=#x id=x>X</a>",
    }
    spelled["c"] = "<a href=c.html>C &amp; D</a>"
    pages = ["index.html", "a.html", "b.html", "c.html"]
    page = before.format(**spelled)
    menu = menus.menu_of(page, "index.html", pages)
    made = menus.with_link(page, "index.html", "c.html", "C & D", menu)
    assert made == (after or before).format(**spelled)
    assert after is None or menus.menu_of(made, "index.html", pages) == [*menu, "c.html"]
    inside = menus.with_link(page, "in/x.html", "c.html", "C & D", [])
    assert inside == page or "href=../c.html" in inside


@pytest.mark.parametrize("piece", ["<div>", "<a href=a.html>", "<nav><a href=a.html></a></nav>", "<main>"])
def test_a_menu_is_read_in_time_that_grows_with_the_page(piece: str) -> None:
    def cost(page: str) -> None:
        menus.in_order(f"<nav>{page}", "index.html", ["b.html", "a.html"])
        menus.with_link(f"<nav>{page}", "index.html", "c.html", "C", ["a.html"])

    assert growth(cost, lambda size: piece * (size // len(piece)), 300_000) < MOST
