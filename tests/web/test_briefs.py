"""The brief of a website: read, saved, and never overwritten unseen."""

from typing import Any

import pytest

from tests.http_client import ApiClient


@pytest.fixture
def brief(as_alice: ApiClient) -> str:
    """The path of the brief of a fresh website."""
    return f"/api/websites/{as_alice.new_website()['id']}/brief"


def test_a_brief_is_read_and_saved(as_alice: ApiClient, brief: str) -> None:
    empty = as_alice.get(brief)
    assert empty["text"] == "" and empty["brief"] == {"text": "", "updated_at": empty["updated_at"]}
    saved = as_alice.put(brief, {"text": "Open daily\r\nfrom 8 ☕"})
    assert saved["text"] == "Open daily\nfrom 8 ☕" and saved["updated_at"] > empty["updated_at"]
    assert as_alice.get(brief) == saved == as_alice.put(brief, {"text": "Open daily\nfrom 8 ☕"})
    assert as_alice.put(brief, {"text": ""})["text"] == "", "it may be emptied"


def test_a_text_that_was_not_read_is_not_replaced(as_alice: ApiClient, brief: str) -> None:
    read = as_alice.get(brief)["updated_at"]
    phone = as_alice.put(brief, {"text": "From the phone", "updated_at": read})
    refused = as_alice.json("PUT", brief, 409, json={"text": "From the laptop", "updated_at": read})["error"]
    assert (refused["code"], refused["brief"]) == ("brief_changed", phone["brief"])
    again = as_alice.put(brief, {"text": "From the phone", "updated_at": read})
    assert again == phone, "sending the same again is no conflict"
    both = as_alice.put(brief, {"text": "From both", "updated_at": refused["brief"]["updated_at"]})
    assert as_alice.get(brief) == both
    assert as_alice.put(brief, {"text": "Last one wins"})["text"] == "Last one wins"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_field"),
        ({"text": None}, "invalid_field"),
        ({"text": ["x"]}, "invalid_field"),
        ({"text": "日" * 4001}, "invalid_field"),
        ({"text": "a\0b"}, "invalid_unicode"),
        ({"text": "x", "updated_at": None}, "invalid_field"),
        ({"text": "x", "updated_at": "yesterday"}, "invalid_field"),
        ({"text": "x", "updated_at": "2026-01-01T00:00:00-23:59"}, "invalid_field"),
        ({"text": "x", "updated_at": "2026-01-01T00:00:00"}, "brief_changed"),
        ({"text": "x", "updated_at": 1e300}, "invalid_field"),
        ({"text": "x", "user_id": "x"}, "unknown_field"),
    ],
)
def test_what_is_no_brief_is_refused(as_alice: ApiClient, brief: str, body: Any, code: str) -> None:
    as_alice.put(brief, {"text": "日" * 4000})
    status = 409 if code == "brief_changed" else 422
    assert as_alice.refused("PUT", brief, json=body) == (status, code)
    assert as_alice.get(brief)["text"] == "日" * 4000


def test_a_brief_goes_to_the_trash_and_comes_back_with_its_website(as_alice: ApiClient, brief: str) -> None:
    saved = as_alice.put(brief, {"text": "Open daily"})
    item = as_alice.delete(brief.removesuffix("/brief"))["trash_id"]
    assert as_alice.refused("GET", brief) == (404, "not_found")
    as_alice.post(f"/api/trash/{item}/restore", status=200)
    assert as_alice.get(brief) == saved


def test_charlie_neither_reads_nor_saves_alices_brief(
    as_alice: ApiClient, as_charlie: ApiClient, as_nobody: ApiClient, brief: str
) -> None:
    saved = as_alice.put(brief, {"text": "Open daily"})
    for caller, outcome in ((as_charlie, (404, "not_found")), (as_nobody, (401, "auth_required"))):
        assert caller.refused("GET", brief) == outcome
        assert caller.refused("PUT", brief, json={"text": "Mine"}) == outcome
    assert as_alice.get(brief) == saved
