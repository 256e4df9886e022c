"""Saved prompts: texts of one's own to begin chats with."""

from typing import Any

import pytest

from tests.http_client import ApiClient

PROMPTS = "/api/prompts"


def test_a_prompt_is_saved_changed_listed_and_deleted(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    first = as_alice.post(PROMPTS, {"name": "  My \n bakery ", "text": "A page\nfor a bakery"})["prompt"]
    assert (first["name"], first["text"]) == ("My bakery", "A page\nfor a bakery")
    second = as_alice.post(PROMPTS, {"name": "Inn", "text": "A page for an inn"})["prompt"]
    changed = as_alice.patch(f"{PROMPTS}/{first['id']}", {"text": "Bread"})["prompt"]
    assert (changed["name"], changed["text"], changed["created_at"]) == (
        "My bakery",
        "Bread",
        first["created_at"],
    )
    assert as_alice.patch(f"{PROMPTS}/{first['id']}", {})["prompt"] == changed
    page = as_alice.get(PROMPTS, limit="1")
    assert [one["id"] for one in page["prompts"]] == [first["id"]], "the last changed first"
    assert as_alice.get(PROMPTS, cursor=page["next_cursor"])["prompts"] == [second]
    assert as_charlie.get(PROMPTS) == {"success": True, "prompts": [], "next_cursor": None}
    as_alice.json("DELETE", f"{PROMPTS}/{first['id']}", 200)
    as_alice.get(f"{PROMPTS}/{first['id']}", 404)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x"}, "missing_field"),
        ({"name": "x" * 81, "text": "x"}, "invalid_field"),
        ({"name": "x", "text": "x" * 10_001}, "invalid_field"),
        ({"name": "\u200b", "text": "x"}, "invalid_field"),
        ({"name": "x", "text": "\u200b"}, "invalid_field"),
        ({"name": "x", "text": "a\0b"}, "invalid_unicode"),
        ({"name": "x", "text": "x", "user_id": "x"}, "unknown_field"),
    ],
)
def test_a_prompt_has_a_name_and_a_text_within_limits(as_alice: ApiClient, body: Any, code: str) -> None:
    assert as_alice.post(PROMPTS, body, 422)["error"]["code"] == code
    assert as_alice.get(PROMPTS)["prompts"] == []


def test_there_are_a_hundred_prompts_and_no_more(as_alice: ApiClient) -> None:
    for number in range(100):
        as_alice.post(PROMPTS, {"name": str(number), "text": "x"})
    assert as_alice.post(PROMPTS, {"name": "x", "text": "x"}, 409)["error"]["code"] == "too_many_prompts"
