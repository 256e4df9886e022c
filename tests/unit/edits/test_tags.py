"""Where elements begin and end in a page's source, beside turbohtml's own tree of it."""

from collections.abc import Iterator

import pytest
from turbohtml import Element, Node, parse, parse_fragment

from sitethread.edits import tags
from tests.growth import MOST, growth
from tests.unit.edits.pages import corpus

PAGES = 1_000
_DOCUMENT = {"html", "head", "body"}


def elements_of(html: str) -> Iterator[tuple[Element, Node]]:
    """Yield each element that the source spells, with its parent."""
    waiting: list[Node] = [parse(html, source_locations=True, scripting=True)]
    while waiting:
        parent = waiting.pop()
        for child in parent.children:
            if isinstance(child, Element):
                waiting.append(child)
                if child.source_location:
                    yield child, parent


def context_of(parent: Node) -> str:
    if not isinstance(parent, Element) or "-" in parent.tag or parent.tag == "foreignObject":
        return "div"
    return f"svg {parent.tag}" if parent.namespace.name == "SVG" else parent.tag


def same(one: str, other: str) -> bool:
    """Whether two elements are equal, but for the white space that the parser moves into a body's last element."""
    return "".join(one.split()).lower() == "".join(other.split()).lower()


def test_every_element_of_a_thousand_pages_is_where_the_parser_has_it() -> None:
    compared = sliced = 0
    for page in corpus(PAGES):
        read = tags.read(page)
        html = page.replace("\r\n", "\n").replace("\r", "\n")
        # CRLF is one character to the parser.
        ours = {len(page[: one.start].replace("\r\n", "\n")): one for one in read.elements}
        for element, parent in elements_of(html):
            where = element.source_location
            assert where is not None
            found = ours[where.start_tag.start_offset]
            slice = page[found.start : found.end].replace("\r\n", "\n").replace("\r", "\n")
            assert found.tag == element.tag.lower()
            assert slice.startswith(html[where.start_tag.start_offset : where.start_tag.end_offset])
            if where.end_tag:
                assert slice == html[where.start_tag.start_offset : where.end_tag.end_offset]
            compared += 1
            if not read.problems and element.tag not in _DOCUMENT:
                [only] = parse_fragment(slice, context_of(parent), scripting=True).children
                assert same(only.html, element.html)
                sliced += 1
    assert compared > 40_000 and sliced > 25_000


@pytest.mark.parametrize(
    ("html", "problems"),
    [
        ("<!doctype html><html><head><title>a</title><body><p>a<p>b<ul><li>c</ul>", []),
        ("<div><b>a</div>", [("unclosed", "b", 5)]),
        ("<div></span></div>", [("stray", "span", 5)]),
        ("<b><div></b></div>", [("unclosed", "b", 0), ("stray", "b", 8)]),
        ("<p><div></div></p>", [("stray", "p", 14)]),
        ("<table><tr><td><div></table>", [("unclosed", "div", 15)]),
        ("<div><table></div></table></div>", [("stray", "div", 12)]),
        ("<ul><li><section></li></ul>", [("unclosed", "section", 8)]),
        ("<svg><g/><title/><path></svg>", [("unclosed", "path", 17)]),
        ("<div/>a", [("unclosed", "div", 0)]),
        ("a<p", [("unclosed", "<", 1)]),
        ("<p title='a>b", [("unclosed", "<", 0)]),
        ("<p <b>c", [("unclosed", "<", 0)]),
        ("a < b <3", []),
        ("<!-- a", [("unclosed", "!--", 0)]),
        ("<!-- a <!-- b -->", [("unclosed", "!--", 0)]),
        ("<script>a", [("unclosed", "script", 0)]),
        ("<style>a<style>b</style>", [("unclosed", "style", 0)]),
        ("<body><body>", [("stray", "body", 6)]),
        ("<form><form></form></form>", [("stray", "form", 6), ("stray", "form", 19)]),
        ("\r\n<b>\r\n", [("unclosed", "b", 2)]),
        ("</br>", [("stray", "br", 0)]),
    ],
)
def test_tags_without_an_end_or_a_beginning_are_found(
    html: str, problems: list[tuple[str, str, int]]
) -> None:
    assert [tuple(problem) for problem in tags.read(html).problems] == problems


@pytest.mark.parametrize(
    "part",
    [
        "<div>", "</div>", "<b><div></b>", "<p>", "<a>", "<li><span>", "<table><tr><td>", "<font size=1><p>", "<", "</",
        "<!--", "<svg><title/></svg>", "<svg>", "<p title='", "<p <b>", "<script>", "<style></style>", "&amp;", "\n",
        "\r\n", "<option>", "<template>", "<select><option>", "<span></i>", "<ruby><rt>",
    ],
)  # fmt: skip
def test_reading_tags_costs_as_much_as_the_page_is_long(part: str) -> None:
    assert growth(tags.read, lambda size: part * (size // len(part)), 16_000) < MOST


def test_a_tag_of_many_attributes_is_read_once() -> None:
    def make(size: int) -> str:
        return "<p " + " ".join(f"a{number}='<'" for number in range(size // 10)) + ">"

    assert growth(tags.read, make, 16_000) < MOST
