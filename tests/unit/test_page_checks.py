"""The rules for pages, and what the worst pages cost."""

import re
from collections.abc import Callable

import pytest

from sitethread.page_checks.process import CHARACTERS
from sitethread.page_checks.rules import MOST_FINDINGS, check
from tests.growth import MOST, growth

GOOD = """<!doctype html>
<html lang="en"><head><title>Luna</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="Coffee">
<style>:root { --ink: #111 } body { color: var(--ink); background: #fff } a { transition: color 1s }
@media (prefers-reduced-motion: reduce) { a { transition: none } }</style></head>
<body><header><a href="#main">Skip</a><nav><a href="#menu"><img src="x" alt="Menu"></a></nav></header>
<main id="main"><h1>Luna</h1><h2 id="menu">Menu</h2><svg role="img"><title>Cup</title></svg>
<form><label for="name">Name</label><input id="name"><label>Mail <input></label><input aria-label="Town">
<button>Send</button></form></main><footer>Bye</footer></body></html>"""


def problems(html: str) -> list[str]:
    return [finding.problem for finding in check(html)]


def test_a_good_page_has_no_findings() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (' lang="en"', "", "The page doesn't say its language"),
        ("<title>Luna</title>", "<title> </title>", "The page has no title"),
        ('name="viewport"', 'name="x"', "Phones show the page shrunk to desktop width"),
        ("width=device-width", "user-scalable = no", "Visitors can't zoom in"),
        ('name="description"', 'name="x"', "There is no description for search results"),
        ('<img src="x" alt="Menu">', '<img src="x">menu', "1 picture without alternative text"),
        ('alt="Menu"', 'alt=""', "1 link or button without words"),
        ('<img src="x" alt="Menu">', "<script>x</script>", "1 link or button without words"),
        ("<title>Cup</title>", "", "1 drawing without a name"),
        ('for="name"', 'for="other"', "1 form field without a label"),
        ("<label>Mail <input></label>", "<label>Mail</label><input>", "1 form field without a label"),
        ('href="#menu"', 'href="#gone"', "1 link to a section that isn't there"),
        ("<h1>Luna</h1>", "", "The page has no main headings (h1)"),
        ("<h2 id", "<h4 id", "“Menu” jumps from h1 to h4"),
        ("<footer>Bye</footer>", "", "Screen readers find no `<footer>`"),
        ("--ink: #111", "--ink: #ccc", "Text in `body` has a contrast of only 1.6:1"),
        ("prefers-reduced-motion", "print", "Motion plays for everybody"),
        (
            '#main">Skip</a><nav>',
            '#menu">Skip</a><nav>' + "<a>x</a>" * 4,
            "Keyboard users can't skip the navigation",
        ),
    ],
)
def test_a_fault_is_found(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new, 1)) == [problem]


def test_names_in_a_link_within_a_drawing_count_for_the_link_around_it() -> None:
    assert (
        problems(GOOD.replace("Menu</h2>", 'Menu</h2><a href="/"><svg><a><text>x</text></a></svg></a>')) == []
    )


@pytest.mark.parametrize(
    "html", ["", "\0", "<frameset><frame>", "text", "<svg><html lang=x><body>", "</body></html>x<p>"]
)
def test_whatever_is_given_as_a_page_can_be_checked(html: str) -> None:
    assert "The page doesn't say its language" in problems(html)


def test_no_more_than_fifty_findings_are_made() -> None:
    rule = "a{color:#777;background:#888}"
    found = check(f"<style>{rule * 1000}</style>" + "<h1>x<h6>y" * 1000)
    assert len(found) == MOST_FINDINGS
    assert {finding.severity for finding in found} == {"high"}


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * ((size - len(before) - len(after)) // len(piece)) + after


def both(opening: str, closing: str) -> Callable[[int], str]:
    def make(size: int) -> str:
        times = size // len(opening + closing)
        return opening * times + closing * times

    return make


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(repeated("a ", "<style>"), id="CSS without braces"),
        pytest.param(repeated("{", "<style>"), id="braces that open"),
        pytest.param(repeated("}", "<style>"), id="braces that close"),
        pytest.param(repeated("a{color:#777;background:#888}", "<style>"), id="rules"),
        pytest.param(repeated("-", "<style>"), id="a long custom property"),
        pytest.param(repeated(" ", "<style>a{color", "}"), id="spaces in a declaration"),
        pytest.param(repeated("color:", "<style>a{", "}"), id="declarations without values"),
        pytest.param(repeated("<style></style>"), id="stylesheets"),
        pytest.param(repeated("<input id=a>"), id="fields without labels"),
        pytest.param(repeated("<input id=a><label for=b>"), id="fields and labels of others"),
        pytest.param(repeated("<div>"), id="nested tags"),
        pytest.param(repeated("<div><input>"), id="fields in nested tags"),
        pytest.param(repeated("<label><div><input>"), id="nested labels"),
        pytest.param(repeated("<b>"), id="nested formatting"),
        pytest.param(both("<div>", "</div>"), id="nested tags that end"),
        pytest.param(both("<b><p>", "</b></p>"), id="formatting that ends across paragraphs"),
        pytest.param(repeated("<a><b>"), id="links in formatting"),
        pytest.param(repeated("<h1><div>x"), id="nested headings"),
        pytest.param(repeated("<h1>x<h6>y"), id="headings that jump"),
        pytest.param(repeated("<a>x", "<svg>"), id="nested links in a drawing"),
        pytest.param(repeated("<svg role=img>"), id="nested drawings"),
        pytest.param(repeated("<nav><a href=#x>"), id="links to nowhere"),
        pytest.param(repeated("<table><td>"), id="nested tables"),
        pytest.param(repeated("<b>x", "<table>"), id="text out of place"),
        pytest.param(repeated("<select>x<option>"), id="options"),
        pytest.param(repeated(" a", "<p", ">"), id="an attribute again and again"),
        pytest.param(repeated("&amp"), id="references"),
        pytest.param(repeated("<!--"), id="comments"),
        pytest.param(repeated("<"), id="less-than signs"),
        pytest.param(repeated("user-scalable ", '<meta name=viewport content="', '">'), id="a long viewport"),
        pytest.param(repeated(" x", "<title>"), id="a title without an end"),
    ],
)
def test_checking_a_page_costs_as_much_as_it_is_long(make: Callable[[int], str]) -> None:
    assert growth(check, make, CHARACTERS) < MOST


def test_each_attribute_of_a_tag_is_read_once() -> None:
    def make(size: int) -> str:
        return "<p " + " ".join(f"a{number}" for number in range(size // 7)) + ">"

    assert re.fullmatch(r"<p( a\d+)+>", make(100))
    assert growth(check, make, CHARACTERS) < MOST
