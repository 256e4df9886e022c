"""A published page is the version's: what it is made of is referred to by its hash, its head says what it lacks."""

import hashlib
import json
import re
from typing import Any

import pytest

from sitethread.publishing import facts, links, rendering, slugs
from sitethread.publishing.places import Place, Site
from tests.growth import MOST, growth

FILES = {
    "index.html": "text/plain",
    "about/index.html": "text/plain",
    "404.html": "text/plain",
    "css/style.css": "text/plain",
    "css/more.css": "text/plain",
    "app.js": "text/plain",
    "images/a b.webp": "image/webp",
    "images/card.webp": "image/webp",
    "fonts/f.woff2": "font/woff2",
    "favicon.ico": "image/x-icon",
    "menu.pdf": "application/pdf",
}
VERSION = "00000000-0000-4000-8000-000000000001"


def sha(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def place(**told: Any) -> Place:
    files: Any = {
        path: {"sha256": sha(path), "media_type": media_type, "size": 9, "width": 1200, "height": 630}
        for path, media_type in FILES.items()
    }
    site = Site("luna", VERSION, VERSION, "2026-12-01T10:00:00+00:00", told.get("facts", {}), files)
    return Place(site, "https://luna.example/")


def published(page: str, path: str = "index.html", **told: Any) -> str:
    return rendering.page(page, path, place(**told))


def body_of(page: str, path: str = "index.html") -> str:
    """Return what became of the body of a page."""
    return published(f"<!doctype html><head></head><body>{page}", path).partition("<body>")[2]


STYLE = f"_c/{sha('css/more.css')}?{VERSION}/css/more.css"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('<img src="images/a%20b.webp">', f'<img src="_c/{sha("images/a b.webp")}">'),
        ("<img src='/images/a b.webp?v=2'>", f"<img src='_c/{sha('images/a b.webp')}'>"),
        ('<img srcset="images/card.webp 1x, b.png 2x">', f'<img srcset="_c/{sha("images/card.webp")} 1x, b.png 2x">'),
        ('<p style="background: url(images/card.webp)">', f'<p style="background: url(_c/{sha("images/card.webp")})">'),
        ("<style>a{b:url('favicon.ico')}</style>", f"<style>a{{b:url('_c/{sha('favicon.ico')}')}}</style>"),
        ('<style>@import "css/more.css" print;</style>', f'<style>@import "{STYLE}" print;</style>'),
        ("<link rel=stylesheet href=css/more.css>", f"<link rel=stylesheet href={STYLE}>"),
        ('<script src="app.js"></script>', f'<script src="_c/{sha("app.js")}?/app.js"></script>'),
        ('<script type=module src="app.js"></script>', '<script type=module src="app.js"></script>'),
        ("<link rel=stylesheet integrity=x href=css/style.css>",) * 2,
        ('<link rel=next href=about/>', '<link rel=next href=about/>'),
        ('<a href="about/?a=1#b">', '<a href="about/?a=1#b">'),
        ('<a href="/about/#b">', '<a href="about/#b">'),
        ('<a href="/">', '<a href="./">'),
        ('<a href="menu.pdf">', '<a href="menu.pdf">'),
        ('<iframe src="about/index.html">', '<iframe src="about/index.html">'),
        ('<img src="https://example.org/images/card.webp">', '<img src="https://example.org/images/card.webp">'),
        ('<img src="missing.webp"><!-- <img src="favicon.ico"> -->',) * 2,
        ("<p title='src=favicon.ico'>&lt;img src=favicon.ico>", "<p title='src=favicon.ico'>&lt;img src=favicon.ico>"),
    ],
)  # fmt: skip
def test_a_page_refers_to_what_it_is_made_of_by_its_hash(source: str, shown: str) -> None:
    assert body_of(source) == shown


def test_references_fit_the_depth_of_a_page() -> None:
    inside = body_of('<img src="../favicon.ico"><a href="/">', "about/index.html")
    assert inside == f'<img src="../_c/{sha("favicon.ico")}"><a href="../">'
    # It is shown under any address.
    missing = body_of('<img src="favicon.ico"><a href="about/">', "404.html")
    assert missing == (
        f'<img src="https://luna.example/_c/{sha("favicon.ico")}"><a href="https://luna.example/about/">'
    )


def test_a_stylesheet_refers_to_others_from_where_contents_are() -> None:
    text = (
        "@import/**/'more.css';@IMPORT url(/css/more.css) screen;@import'style.css';"
        '@font-face{src:url(../fonts/f.woff2#x)}a{background:url("../x.png")}'
    )
    more, itself = (f"{sha(path)}?{VERSION}/{path}" for path in ("css/more.css", "css/style.css"))
    assert links.stylesheet(text, "css/style.css", place()) == (
        f"@import/**/'{more}';@IMPORT url({more}) screen;@import'{itself}';"
        f'@font-face{{src:url({sha("fonts/f.woff2")}#x)}}a{{background:url("../x.png")}}'
    )


def test_the_head_says_what_it_lacks_and_nothing_twice() -> None:
    page = published(
        '<!doctype html><html><head><title>Luna &amp; "Söhne"</title>'
        "<meta name=description content='Bread &lt;b&gt;'></head><body>",
        "about/index.html",
    )
    head = page.partition("<title>")[0]
    card = f"https://luna.example/_c/{sha('images/card.webp')}"
    for tag in (
        '<link rel="canonical" href="https://luna.example/about/">',
        f'<link rel="icon" href="../_c/{sha("favicon.ico")}">',
        '<meta property="og:title" content="Luna &amp; &quot;Söhne&quot;">',
        '<meta property="og:description" content="Bread &lt;b&gt;">',
        '<meta property="og:url" content="https://luna.example/about/">',
        f'<meta property="og:image" content="{card}">',
        '<meta property="og:image:width" content="1200">',
        '<meta name="twitter:card" content="summary_large_image">',
    ):
        assert tag in head, tag
    assert published(page, "about/index.html") == page
    own = "<head><meta property=og:title content=Own><meta property='og:image' content='/images/card.webp'>"
    shown = published(own)
    assert shown.count("og:title") == 1 and f'<meta property="og:image" content="{card}">' in shown
    assert "og:image:width" not in shown


@pytest.mark.parametrize(
    "source",
    ["", "<p>Hi", "<!doctype html><p>Hi", "<!doctype html>\n<html lang=en><p>Hi", "<html><head><p>Hi"],
)
def test_a_page_without_a_head_gets_the_tags_where_a_head_begins(source: str) -> None:
    shown = published(source)
    before, _, after = shown.partition('<link rel="canonical"')
    rest = after.partition('<meta name="twitter:card" content="summary_large_image">')[2]
    assert before + rest == source and "<p>" not in before


def test_facts_are_told_to_machines_on_the_first_page_in_a_script_that_ends_where_it_should() -> None:
    told: facts.Facts = {
        "name": "Luna </script><script>alert(1)//",
        "hours": "Mo-Fr 8-18",
        "links": ["https://a.example/"],
    }
    (data,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', published("<head>", facts=told)
    )
    described = json.loads(data)
    assert described["@type"] == "LocalBusiness" and described["name"] == told["name"]
    assert described["openingHours"] == "Mo-Fr 8-18" and described["sameAs"] == ["https://a.example/"]
    assert "ld+json" not in published("<head>", "about/index.html", facts=told)
    assert published("<script type=application/ld+json>{}</script>", facts=told).count("ld+json") == 1
    assert "Organization" in published("<head>", facts={"name": "Luna"})


def test_only_lines_of_a_brief_that_name_a_fact_are_told() -> None:
    brief = (
        "Name: Bäckerei Luna\nWhat we do: bread\nOpening hours: Mo-Fr 7:00-18:00\nAddress: Hauptstr. 1, Berlin\n"
        "Phone and e-mail: +49 30 123456, hallo@luna.example\n"
        "Links: https://instagram.com/luna, https://luna.example\n"
        "Never say or show: my private number 0171 9999999, https://secret.example\n"
        "The landlord's phone is 030 777777\nPhone: 030 555555"
    )
    assert facts.stated_in(brief) == {
        "name": "Bäckerei Luna",
        "hours": "Mo-Fr 7:00-18:00",
        "address": "Hauptstr. 1, Berlin",
        "phone": "+49 30 123456",
        "email": "hallo@luna.example",
        "links": ["https://instagram.com/luna", "https://luna.example"],
    }
    assert facts.stated_in("We bake.\nName:\n: x") == {}


@pytest.mark.parametrize(
    ("begin", "part"),
    [
        ("", "<img src=favicon.ico>"), ("", "<script type=module src=app.js></script>"), ("", "<link rel=icon href=x>"),
        ("", "<meta property=og:image content=favicon.ico>"), ("<p ", "a=b "), ("<style>", "a{b:url(favicon.ico)}"),
        ("<style>", "url("), ("<img srcset='", "favicon.ico 1x, "), ("<meta name=description content='", "&amp;"),
        ("<!--", "<!doctype "), ("<title>", "&amp;"), ("<img src='", "a/../"),
    ],
)  # fmt: skip
def test_what_a_page_costs_to_publish_grows_with_its_length(begin: str, part: str) -> None:
    assert growth(published, lambda size: begin + part * (size // len(part)), 32_000) < MOST
    if begin == "<style>":
        made = growth(
            lambda text: links.stylesheet(text, "css/style.css", place()),
            lambda size: part * (size // len(part)),
            32_000,
        )
        assert made < MOST


def test_a_page_of_many_references_grows_by_a_megabyte_at_most() -> None:
    images = "<img src=favicon.ico>" * 40_000
    for made, source in (
        (published(images), images),
        (published(head := "<meta property=og:image content=favicon.ico>" * 40_000), head),
        (links.stylesheet(sheet := "a{b:url(more.css)}" * 40_000, "css/style.css", place()), sheet),
    ):
        assert len(source) < len(made) < len(source) + 1_002_000


def test_the_sitemap_lists_pages_and_robots_leads_to_it() -> None:
    locations = re.findall("<loc>(.*?)</loc>", rendering.sitemap(place()))
    assert locations == ["https://luna.example/about/", "https://luna.example/"]
    assert "Sitemap: https://luna.example/sitemap.xml" in rendering.robots(place())


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Bäckerei Müller & Söhne", "baeckerei-mueller-and-soehne"),
        ("Café Ñandú!", "cafe-nandu"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_slug_looks_like_the_name(name: str, slug: str) -> None:
    assert slugs.made_from(name) == slug


@pytest.mark.parametrize("name", ["Ли", "寿司", "!", "A", ""])
def test_a_name_of_other_letters_gets_a_slug_too(name: str) -> None:
    assert slugs.is_slug(slugs.made_from(name))


@pytest.mark.parametrize(
    "slug", ["ab", "a" * 64, "Luna", "-luna", "luna-", "xn--luna", "lünä", "lu.na", "luna\n", "lunа"]
)
def test_other_letters_and_forms_make_no_slug(slug: str) -> None:
    assert not slugs.is_slug(slug)
