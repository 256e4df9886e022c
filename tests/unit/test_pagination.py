"""Cursors: opaque, and nothing but what a list gave out."""

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitethread import errors, filters, pagination

TIME = "2026-11-20T09:00:00.123456+00:00"
ID = "00000000-0000-4000-8000-000000000000"


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_a_cursor_comes_back_as_it_went() -> None:
    assert pagination.read_time_cursor(pagination.time_cursor(TIME, ID)) == (TIME, ID)
    assert pagination.read_number_cursor(pagination.number_cursor(7)) == 7


@pytest.mark.parametrize(
    "value",
    [
        [], [TIME], [ID, TIME], [TIME, ID, 1], [TIME, 1], [TIME.replace("T", ","), ID], [f"{TIME})", ID],
        [TIME, ID.upper().replace("0", "A")], {"a": 1}, "x", 5, None, [True], [-1], [2**31], [1.5],
        ["0) or (1=1", ID], [[[[]]]],
    ],
)  # fmt: skip
def test_a_cursor_of_another_form_is_refused(value: object) -> None:
    for read in (pagination.read_time_cursor, pagination.read_number_cursor):
        with pytest.raises(errors.InvalidPage):
            read(encoded(value))


@given(st.text(max_size=200))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    for read in (pagination.read_time_cursor, pagination.read_number_cursor):
        with contextlib.suppress(errors.InvalidPage):
            read(text)


def test_a_text_to_look_for_is_no_pattern_and_ends_no_quote() -> None:
    assert filters.contains(("title",), "100% (a*)") == r'title.imatch."100% \\(a\\*\\)"'
    assert filters.contains(("title",), '"\\') == r'title.imatch."\"\\\\"'
    with pytest.raises(errors.QueryTooLong):
        filters.contains(("title",), "x" * 201)
