"""Edits as models send them: each is made exactly, or refused by name and nothing of it made."""

import tomllib
from pathlib import Path
from typing import Any, TypedDict

import pytest

from sitethread.edits.answers import changes_in
from sitethread.edits.applying import MOST_EDITS, apply
from sitethread.edits.changes import Edit, Span
from sitethread.errors import (
    DomainError,
    EditAmbiguous,
    EditBreaksPage,
    EditConflict,
    EditNotFound,
    InvalidField,
)


class Case(TypedDict, total=False):
    """An answer and what comes of it, as the data file explains."""

    name: str
    page: str
    answer: str
    find: str
    replace: str
    turns: list[list[str]]
    files: dict[str, str]
    same: bool
    error: str
    index: int


DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
PAGE: str = DATA["page"]
CASES: list[Case] = DATA["case"]


def block(find: str, replace: str) -> str:
    # An empty text has no line.
    lines = [f"{text}\n" if text else "" for text in (find, replace)]
    return f"```edit index.html\n<<<<<<< SEARCH\n{lines[0]}=======\n{lines[1]}>>>>>>> REPLACE\n```\n"


def made(files: dict[str, str], answer: str) -> dict[str, str]:
    return apply(files, changes_in(answer))


def expected(case: Case, files: dict[str, str]) -> dict[str, str]:
    files = {**files, **case.get("files", {})}
    for old, new in case.get("turns", []):
        assert files["index.html"].count(old) == 1, "the case itself is wrong"
        files["index.html"] = files["index.html"].replace(old, new)
    return files


def test_there_are_cases_of_all_that_models_send() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_an_edit_is_made_exactly_or_refused_by_name(case: Case) -> None:
    before = {"index.html": case.get("page", PAGE), **case.get("with", {})}  # type: ignore[misc]
    answer = case["answer"] if "answer" in case else block(case["find"], case.get("replace", ""))
    files = dict(before)
    if "error" in case:
        with pytest.raises(DomainError) as refused:
            made(files, answer)
        assert refused.value.code == case["error"]
        assert refused.value.extra["index"] == case.get("index", 0)
        assert files == before, "nothing may be half made"
    else:
        after = expected(case, before)
        assert (after == before) == case.get("same", False), "the case itself is wrong"
        assert made(files, answer) == after


def test_there_are_enough_cases_and_none_twice() -> None:
    assert len(CASES) >= 120
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("find", ["a", "x</p>\n", "<p>x</p>"])
def test_a_text_that_is_there_a_thousand_times_is_ambiguous(find: str) -> None:
    page = "<p>x</p>\n" * 1000 + "a" * 1000
    with pytest.raises(EditAmbiguous) as refused:
        apply({"index.html": page}, [Edit("index.html", find, "y")])
    assert 1 <= len(refused.value.extra["nearest"]) <= 5


def test_the_whole_page_can_be_what_is_found() -> None:
    assert apply({"index.html": PAGE}, [Edit("index.html", PAGE, "<p>a</p>")]) == {"index.html": "<p>a</p>"}


def test_what_is_not_found_is_told_with_the_nearest_lines() -> None:
    with pytest.raises(EditNotFound) as refused:
        made({"index.html": PAGE}, block("<h3>Latte Macchiato</h3><p>Mild</p>", "x"))
    assert refused.value.extra["nearest"] == [
        '<div class="card"><h3>Latte</h3><p>Mild</p><a href="/order">Order</a></div>'
    ]


def test_of_a_long_line_a_part_is_told() -> None:
    page = "<p>word</p>" * 5_000 + "<h1>Needle here</h1>" + "<p>word</p>" * 5_000
    with pytest.raises(EditNotFound) as refused:
        made({"index.html": page}, block("<h1>Needle there</h1>", "x"))
    [line] = refused.value.extra["nearest"]
    assert "Needle" in line and len(line) <= 200


def test_ambiguous_places_and_tags_without_an_end_are_told() -> None:
    with pytest.raises(EditAmbiguous) as ambiguous:
        made({"index.html": PAGE}, block(">Order</a>", "x"))
    names = ["Espresso", "Latte", "Mocha"]
    assert all(name in line for name, line in zip(names, ambiguous.value.extra["nearest"], strict=True))
    with pytest.raises(EditBreaksPage) as broken:
        made({"index.html": PAGE}, block("<h3>Mocha</h3>", "<em>Mocha"))
    assert "<em>Mocha" in broken.value.extra["nearest"][0]


CARDS = "<p>Order</p>" * 3
SECOND = Span(15, 20)


@pytest.mark.parametrize(
    ("edits", "after"),
    [
        ([("Order", "Buy", SECOND)], "<p>Order</p><p>Buy</p><p>Order</p>"),
        (
            [("<p>", "<p><b>Now</b>", Span(0, 3)), ("Order", "Buy", SECOND)],
            "<p><b>Now</b>Order</p><p>Buy</p><p>Order</p>",
        ),
        ([("", "<hr>", Span(12, 12)), ("Order", "Buy", SECOND)], "<p>Order</p><hr><p>Buy</p><p>Order</p>"),
        ([("Order", "Buy", Span(3, 8)), ("</p>", "!</p>", Span(8, 12))], "<p>Buy!</p>" + CARDS[12:]),
    ],
)
def test_of_equal_texts_the_one_at_its_place_is_replaced(
    edits: list[tuple[str, str, Span]], after: str
) -> None:
    made = [Edit("index.html", find, replace, span=span) for find, replace, span in edits]
    assert apply({"index.html": CARDS}, made)["index.html"] == after


@pytest.mark.parametrize(
    "edits",
    [
        [Edit("index.html", "Order", "Buy", span=Span(14, 19))],
        [Edit("index.html", "Order", "Buy", span=Span(1_000, 1_005))],
        [
            Edit("index.html", "Order", "Buy", span=SECOND),
            Edit("index.html", "rd", "x", span=Span(16, 18)),
        ],
    ],
)
def test_a_text_that_is_not_at_its_place_is_not_looked_for_elsewhere(edits: list[Edit]) -> None:
    with pytest.raises(EditNotFound) as refused:
        apply({"index.html": CARDS}, edits)
    assert refused.value.extra["index"] == len(edits) - 1


def test_more_edits_than_may_be_made_are_refused() -> None:
    with pytest.raises(InvalidField):
        apply({"a.txt": "a"}, [Edit("a.txt", "a", "a")] * (MOST_EDITS + 1))


def test_a_conflict_tells_which_version_is_current() -> None:
    conflict = EditConflict(version_id="42")
    assert (conflict.status, conflict.code, conflict.extra) == (409, "edit_conflict", {"version_id": "42"})
