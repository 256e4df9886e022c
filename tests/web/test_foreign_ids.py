"""Every route that takes an id responds alike to somebody else's id and to one that nobody has."""

import re
from typing import Any

import pytest
from flask import Flask

from tests import pictures
from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.stacks import Person, Stack
from tests.web.versions import save_version

# A body that each route would take from an owner; the others take none.
BODIES: dict[str, Any] = {
    "PATCH /api/websites/{website_id}": {"name": "Mine"},
    "PUT /api/websites/{website_id}/brief": {"text": "Mine"},
    "PUT /api/websites/{website_id}/publication": {},
    "PUT /api/websites/{website_id}/domain": {"domain": "mine.example"},
    "PUT /api/websites/{website_id}/notices": {"consent": "Mine"},
    "POST /api/websites/{website_id}/notices/confirmations": {"mail": "mine@example.com"},
    "PATCH /api/submissions/{submission_id}": {"is_read": True},
    "POST /api/websites/{website_id}/versions": {"page": "<!doctype html>"},
    "POST /api/websites/{website_id}/edits": {
        "base_version_id": UNKNOWN,
        "edits": [{"path": "index.html", "find": "a", "replace": "b"}],
    },
    "POST /api/websites/{website_id}/pages": {"base_version_id": UNKNOWN, "name": "Mine"},
    "PATCH /api/websites/{website_id}/pages": {
        "base_version_id": UNKNOWN,
        "path": "a.html",
        "new_path": "b.html",
    },
    "DELETE /api/websites/{website_id}/pages": {"base_version_id": UNKNOWN, "path": "a.html"},
    "PATCH /api/page-comments/{comment_id}": {"is_read": True},
    "POST /api/page-comments/{comment_id}/replies": {"text": "Mine"},
    "POST /api/websites/{website_id}/pages/menu": {
        "base_version_id": UNKNOWN,
        "path": "a.html",
        "name": "A",
    },
    "PUT /api/websites/{website_id}/pages/order": {"base_version_id": UNKNOWN, "paths": []},
    "PATCH /api/prompts/{prompt_id}": {"name": "Mine"},
    "PUT /api/chat/sessions/{session_id}": {"title": "Mine"},
    "PATCH /api/chat/sessions/{session_id}": {"title": "Mine"},
    "PATCH /api/chat-sessions/{session_id}": {"name": "Mine"},
    "POST /api/chat/sessions/{session_id}/messages": {"role": "user", "content": "Hi"},
}

QUERIES: dict[str, dict[str, str]] = {
    "GET /api/websites/{website_id}/publication/slug": {"slug": "luna"},
    **{f"{method} /api/websites/{{website_id}}/files": {"path": "a.css"} for method in ("POST", "DELETE")},
    "DELETE /api/websites/{website_id}/submissions": {"quarantined": "true"},
}


def commented_share(owner: ApiClient, website: str, version: str) -> dict[str, str]:
    """Share a page, and have somebody comment on it."""
    made = owner.post(f"/api/versions/{version}/shares")["share"]
    body = {"path": "index.html", "start": 0, "end": 5, "author": "Bob", "text": "Hi"}
    owner.post(f"/api/shared-pages/{made['token']}/comments", body)
    (comment,) = owner.get(f"/api/websites/{website}/page-comments")["comments"]
    return {"page_share_id": made["id"], "comment_id": comment["id"]}


@pytest.fixture
def hers(as_alice: ApiClient, alice: Person, stack: Stack) -> dict[str, str]:
    """An id of each kind, all alice's."""
    website = as_alice.new_website()["id"]
    version = save_version(stack, alice, website)
    session, gone = (as_alice.new_session(website_id=website)["id"] for _ in range(2))
    as_alice.new_message(session, "A question")
    as_alice.put(f"/api/websites/{website}/publication", {}, 201)
    slug = as_alice.get(f"/api/websites/{website}/publication")["publication"]["slug"]
    as_alice.http.post(f"/s/{slug}/_forms/contact", data={"message": "Hers"})
    return {
        "website_id": website,
        "submission_id": as_alice.get(f"/api/websites/{website}/submissions")["submissions"][0]["id"],
        "session_id": session,
        "chat_id": session,
        "message_id": as_alice.new_message(session, "An answer", "assistant")["id"],
        "version_id": version,
        "sha256": as_alice.upload(website, "a.png", pictures.drawn("PNG", (9, 9)), "image/png")["file"][
            "sha256"
        ],
        **commented_share(as_alice, website, version),
        "prompt_id": as_alice.post("/api/prompts", {"name": "Hers", "text": "Begin"})["prompt"]["id"],
        "trash_id": as_alice.delete(f"/api/chat/sessions/{gone}")["trash_id"],
        "share_id": as_alice.post(f"/api/chat/sessions/{session}/shares")["share"]["id"],
    }


def test_a_foreign_id_is_answered_like_an_unknown_one(
    app: Flask, as_charlie: ApiClient, hers: dict[str, str], alice: Person, stack: Stack
) -> None:
    def everything() -> list[Any]:
        tables = (
            "websites", "chat_sessions", "chat_messages", "site_versions", "trash", "chat_shares", "page_shares",
            "page_comments", "prompts", "publications", "publication_events", "submissions",
        )  # fmt: skip
        query = " union all ".join(
            f"select '{t}' as t, to_jsonb(r)::text as r from public.{t} r where user_id = %s" for t in tables
        )
        return sorted(str(row) for row in stack.sql(query, *[alice.id] * len(tables)))

    before, tried = everything(), 0
    paths = app.test_client().get("/api/openapi.json").get_json()["paths"]
    for path, methods in paths.items():
        names = [name for name in re.findall(r"{(\w+)}", path) if not name.endswith("token")]
        for method in methods if names else ():
            body, query = (given.get(f"{method.upper()} {path}") for given in (BODIES, QUERIES))
            foreign, unknown = (
                as_charlie.send(method.upper(), path.replace(f"{{{names[0]}}}", id), json=body, params=query)
                for id in (hers[names[0]], UNKNOWN)
            )
            assert foreign.status_code == 404, (method, path, foreign.text)
            assert without_request_id(foreign.content) == without_request_id(unknown.content), (method, path)
            assert {**foreign.headers, "x-request-id": ""} == {**unknown.headers, "x-request-id": ""}
            tried += 1
    assert tried >= 25
    assert everything() == before


@pytest.mark.parametrize("key", ["message_id", "edits", "after", "session_id", "website_id"])
def test_asking_with_a_foreign_id_changes_nothing_of_hers(
    as_charlie: ApiClient, as_alice: ApiClient, hers: dict[str, str], key: str
) -> None:
    names = {"edits": "message_id", "after": "message_id"}
    before = as_alice.get(f"/api/chat/sessions/{hers['session_id']}")
    response = as_charlie.send("POST", "/api/chat", json={"message": "Hi", key: hers[names.get(key, key)]})
    if key == "message_id":
        # An id of one's own choice; that alice has one like it is nobody's business.
        assert response.status_code == 200 and '"session_id"' in response.text
    else:
        assert response.status_code == 404
    assert as_alice.get(f"/api/chat/sessions/{hers['session_id']}") == before


def test_a_key_that_was_used_for_another_message_is_refused(as_alice: ApiClient) -> None:
    key = {"Idempotency-Key": "one thing"}
    assert as_alice.send("POST", "/api/chat", json={"message": "Hi"}, headers=key).status_code == 200
    again = as_alice.send("POST", "/api/chat", json={"message": "Hi"}, headers=key)
    assert again.status_code == 200
    refused = as_alice.refused("POST", "/api/chat", json={"message": "Something else"}, headers=key)
    assert refused == (422, "key_reused")
    (session,) = as_alice.get("/api/chat/sessions")["sessions"]
    assert session["message_count"] == 2
