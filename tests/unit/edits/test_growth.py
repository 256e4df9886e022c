"""What answers and pages cost to edit grows with their length."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from sitethread import errors
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.edits.changes import Edit
from sitethread.edits.differences import regions
from sitethread.edits.matches import Budget, File, find
from sitethread.edits.nearest import nearest_lines
from sitethread.edits.omissions import omission_in
from sitethread.edits.rewriting import edits_between
from tests.growth import MOST, growth

SIZE = 16_000


def repeated(part: str) -> Callable[[int], str]:
    return lambda size: part * (size // len(part))


def read(answer: str) -> None:
    with suppress(errors.DomainError):
        changes_in(answer)


@pytest.mark.parametrize(
    "part",
    [
        "```edit\n", "```html\n", "```\n", "`", "```edit a\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n",
        "\n",
        "```edit\n<<<<<<< SEARCH\n" + "=======\n" * 50,
        "=======\n", "\n=======    ", "```html\n<html></html>\n```\n",
        "a.html\n", "<<<<<<< SEARCH\n", "```edit " + "*" * 400 + "\n", "```edit\n" + " " * 400,
    ],
)  # fmt: skip
def test_reading_an_answer_costs_as_much_as_it_is_long(part: str) -> None:
    assert growth(read, repeated(part), SIZE * 2) < MOST


@pytest.mark.parametrize(
    ("part", "search"),
    [
        (" ", "a b"), (" a", "a  b"), ("a\n", "a  a  b"), (" \n", "a b"),
        ("\r\n", "a\nb"), ("&amp;", "& b"), ("&", "& b"),
        ("’", "'b"), ("<pre> ", "<pre>  b"), ("<p>a b", "<p>a  c"), ("&#", "&b"), ("\t \n", " \n b"),
    ],
)  # fmt: skip
def test_finding_a_text_costs_as_much_as_the_page_is_long(part: str, search: str) -> None:
    def run(page: str) -> None:
        assert find(File("index.html", page), search, Budget()) == []

    assert growth(run, repeated(part), SIZE) < MOST


@pytest.mark.parametrize("part", ["a ", " \n", "&amp;", "<p>", "ab"])
def test_finding_a_text_costs_as_much_as_it_is_long(part: str) -> None:
    def run(search: str) -> None:
        assert find(File("index.html", search * 2 + "c"), search + "b", Budget()) == []

    assert growth(run, repeated(part), SIZE) < MOST


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("a\n", "b\n"),
        ("a ", "a  "),
        ("<p>a\n", "<p>b\n"),
        ("\n", " \n"),
        ("ab", "ba"),
        ("<", "<p"),
        ("a\nb\n", "b\na\n"),
    ],
)
def test_what_differs_costs_as_much_as_the_texts_are_long(part: str, other: str) -> None:
    def run(old: str) -> None:
        regions(old, old.replace(part, other))

    assert growth(run, repeated(part), SIZE) < MOST


def test_numbered_lines_in_another_order_are_compared_in_time() -> None:
    def run(old: str) -> None:
        lines = old.splitlines(keepends=True)
        regions(old, "".join(lines[::-1]))
        regions(old, "".join(lines[::2] + lines[1::2]))

    assert growth(run, lambda size: "".join(f"{number}\n" for number in range(size // 6)), SIZE) < MOST


@pytest.mark.parametrize("part", ["<p>a</p>\n", "a", "a b "])
def test_edits_between_pages_cost_as_much_as_they_are_long(part: str) -> None:
    def run(old: str) -> None:
        edits_between("index.html", old, old.replace("a", "b"))

    assert growth(run, repeated(part), SIZE) < MOST


@pytest.mark.parametrize("part", ["word ", "a\n", "\n", "<p>word</p>"])
def test_the_nearest_lines_cost_as_much_as_the_page_is_long(part: str) -> None:
    assert growth(lambda page: nearest_lines(page, f"word {page}"), repeated(part), SIZE) < MOST


@pytest.mark.parametrize("part", ["<!--", "/*", "//", "<!-- rest of -->", "\n//...", "    "])
def test_comments_cost_as_much_as_the_text_is_long(part: str) -> None:
    assert growth(lambda text: omission_in(text, "..."), repeated(part), SIZE) < MOST


def test_an_edit_of_a_page_that_is_broken_everywhere_costs_as_much_as_it_is_long() -> None:
    def run(page: str) -> None:
        with pytest.raises(errors.EditBreaksPage):
            apply({"index.html": f"{page}<p>end</p>"}, [Edit("index.html", "<p>end", "<i><p>end")])

    assert growth(run, repeated("</b><i>"), SIZE) < MOST


def test_loose_matches_end_when_too_much_has_been_searched() -> None:
    file = File("index.html", "<p>a  b</p>")
    assert find(file, "<p>a b</p>", Budget(5)) == []
    assert len(find(file, "<p>a b</p>", Budget())) == 1
