"""Titles and names are normalised, in linear time."""

import unicodedata

import pytest

from sitethread.limits import LIMITS
from sitethread.texts import clean_line
from tests.growth import MOST, growth

# Two marks that composing sorts, and one that comes apart into two of them.
MARKS = ("\u0301", "\u0316", "\u0f73")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" Cafe\u0301 \t\n Luna ", "Café Luna"),
        ("a\u202eb\ufeffc", "a b c"),
        ("\u2000x\u00a0y\u2001", "x y"),
        ("o\u0301\u0316", unicodedata.normalize("NFC", "o\u0301\u0316")),
        ("\u1fbf\u0301" * 100, unicodedata.normalize("NFC", "\u1fbf\u0301" * 100)),
        (5, 5),
    ],
)
def test_a_line_is_normalised(text: object, line: object) -> None:
    assert clean_line(text) == line


def test_a_line_that_fits_once_it_is_composed_is_composed() -> None:
    # The longest that one character comes apart into.
    decomposed = unicodedata.normalize("NFD", "\u1faf" * LIMITS.title)
    assert len(decomposed) == 4 * LIMITS.title
    assert clean_line(decomposed) == "\u1faf" * LIMITS.title


@pytest.mark.parametrize("marks", [MARKS[:2], MARKS[1:], MARKS[2:]])
def test_combining_marks_cost_as_much_as_there_are(marks: tuple[str, ...]) -> None:
    def make(size: int) -> str:
        return "a" + "".join(mark * (size // len(marks)) for mark in marks)

    assert growth(clean_line, make, 19_000) < MOST
