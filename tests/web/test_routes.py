"""The routes: which there are, their headers, and their documentation."""

import re
from typing import Any

import pytest
from flask import Flask

from tests.http_client import ApiClient
from tests.stacks import Person

PAGES = {
    "GET /", "GET /usage", "GET /websites", "GET /websites/<id:website_id>",
    "GET /websites/<id:website_id>/chats/<id:session_id>", "GET /account", "POST /account", "GET /sign-in",
    "POST /sign-in", "GET /sign-up", "POST /sign-up", "POST /sign-out", "GET /confirm", "POST /confirm",
    "POST /account/email", "GET /forgot-password",
    "POST /forgot-password", "GET /reset-password", "POST /reset-password", "GET /preview/<id:version_id>",
    "GET /preview/<id:version_id>/files",
    "GET /preview-frame", "GET /preview-check", "GET /shared/<token>",
    "GET /shared-pages/<token>", "GET /published-hosts", "GET /notices/confirm", "POST /notices/confirm",
    "POST /shared-pages/<token>", "GET /preview/shared-pages/<token>/files",
    "GET /s/<slug:slug>", "GET /s/<slug:slug>/", "GET /s/<slug:slug>/<path:path>",
    "POST /s/<slug:slug>/_forms/<path:form>", "GET /s/<slug:slug>/_forms/thanks",
    "GET /s/<slug:slug>/_c/<sha256>", "GET /preview/messages/<id:message_id>/<int:number>",
    "GET /preview/shared-chats/<token>/<int:seq>/<int:number>", "GET /preview/shared-pages/<token>",
    "GET /api/docs", "GET /favicon.ico", "GET /static/<path:filename>", "GET /healthz", "GET /readyz", "GET /metrics",
}  # fmt: skip
API = {
    "GET /api/openapi.json", "GET /api/helpers",
    "GET /api/websites", "POST /api/websites", "GET /api/websites/<id:website_id>",
    "PATCH /api/websites/<id:website_id>", "DELETE /api/websites/<id:website_id>",
    "GET /api/websites/<id:website_id>/brief", "PUT /api/websites/<id:website_id>/brief",
    "GET /api/websites/<id:website_id>/versions", "POST /api/websites/<id:website_id>/versions",
    "GET /api/versions/<id:version_id>/checks",
    "POST /api/websites/<id:website_id>/edits", "GET /api/versions/<id:version_id>/elements",
    "POST /api/websites/<id:website_id>/files", "DELETE /api/websites/<id:website_id>/files",
    "GET /api/files/<sha256>",
    "GET /api/versions/<id:version_id>/pages",
    "POST /api/websites/<id:website_id>/pages", "PATCH /api/websites/<id:website_id>/pages",
    "DELETE /api/websites/<id:website_id>/pages", "PUT /api/websites/<id:website_id>/pages/order",
    "POST /api/websites/<id:website_id>/pages/menu",
    "GET /api/versions/<id:version_id>", "POST /api/versions/<id:version_id>/restore",
    "GET /api/versions/<id:version_id>/download",
    "GET /api/chat/sessions", "POST /api/chat/sessions", "DELETE /api/chat/sessions",
    "GET /api/chat/sessions/<id:session_id>", "PUT /api/chat/sessions/<id:session_id>",
    "PATCH /api/chat/sessions/<id:session_id>", "DELETE /api/chat/sessions/<id:session_id>",
    "GET /api/chat/sessions/<id:session_id>/export",
    "GET /api/chat/sessions/<id:session_id>/messages", "POST /api/chat/sessions/<id:session_id>/messages",
    "GET /api/chat/messages", "POST /api/chat/messages", "DELETE /api/chat/messages",
    "POST /api/chat/sessions/bulk", "POST /api/chat/import", "GET /api/search", "GET /api/usage",
    "POST /api/chat/sessions/<id:session_id>/shares", "GET /api/chat/sessions/<id:session_id>/shares",
    "DELETE /api/shares/<id:share_id>", "POST /api/shares/<id:share_id>/update", "GET /api/shared/<token>",
    "DELETE /api/account", "GET /api/account/export", "POST /api/account/import",
    "POST /api/versions/<id:version_id>/shares", "GET /api/websites/<id:website_id>/page-shares",
    "DELETE /api/page-shares/<id:page_share_id>", "GET /api/shared-pages/<page_token>",
    "GET /api/websites/<id:website_id>/domain", "PUT /api/websites/<id:website_id>/domain",
    "DELETE /api/websites/<id:website_id>/domain",
    "GET /api/shared-pages/<page_token>/elements", "POST /api/shared-pages/<page_token>/ticket",
    "GET /api/shared-pages/<page_token>/comments", "POST /api/shared-pages/<page_token>/comments",
    "GET /api/websites/<id:website_id>/page-comments", "PATCH /api/page-comments/<id:comment_id>",
    "POST /api/page-comments/<id:comment_id>/replies", "DELETE /api/page-comments/<id:comment_id>",
    "GET /api/websites/<id:website_id>/figures",
    "GET /api/websites/<id:website_id>/publication", "PUT /api/websites/<id:website_id>/publication",
    "DELETE /api/websites/<id:website_id>/publication", "GET /api/websites/<id:website_id>/publication/history",
    "GET /api/websites/<id:website_id>/publication/slug",
    "GET /api/websites/<id:website_id>/submissions", "DELETE /api/websites/<id:website_id>/submissions",
    "GET /api/websites/<id:website_id>/submissions.csv", "GET /api/submissions/<id:submission_id>",
    "PATCH /api/submissions/<id:submission_id>", "DELETE /api/submissions/<id:submission_id>",
    "POST /api/submissions/<id:submission_id>/notices",
    "GET /api/websites/<id:website_id>/notices", "PUT /api/websites/<id:website_id>/notices",
    "POST /api/websites/<id:website_id>/notices/confirmations",
    "GET /api/prompts", "POST /api/prompts", "GET /api/prompts/<id:prompt_id>", "PATCH /api/prompts/<id:prompt_id>",
    "DELETE /api/prompts/<id:prompt_id>",
    "GET /api/trash", "POST /api/trash/<id:trash_id>/restore", "DELETE /api/trash/<id:trash_id>",
    "GET /api/hosting/chats", "POST /api/hosting/chats", "DELETE /api/hosting/chats/<id:chat_id>",
    "GET /api/chat-sessions", "POST /api/chat-sessions", "GET /api/chat-sessions/<id:session_id>",
    "PATCH /api/chat-sessions/<id:session_id>", "DELETE /api/chat-sessions/<id:session_id>",
    "GET /api/chat-messages", "POST /api/chat-messages",
    "POST /api/chat", "GET /api/chat/messages/<id:message_id>/events", "POST /api/chat/messages/<id:message_id>/stop",
    "POST /api/chat/messages/<id:message_id>/allow",
    "POST /api/chat/messages/<id:message_id>/branch",
    "POST /api/chat/messages/<id:message_id>/take-back",
    "POST /api/chat/messages/<id:message_id>/continue", "POST /api/chat/messages/<id:message_id>/retry",
}  # fmt: skip


def test_the_routes_are_these_and_no_others(app: Flask) -> None:
    found = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == PAGES | API


def test_the_document_describes_every_route_of_the_api(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    described = {
        f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations
    }
    routes = {re.sub(r"<(?:id:)?(\w+)>", r"{\1}", route) for route in API}
    assert described >= routes - {"GET /api/openapi.json"}
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def test_every_operation_describes_its_responses(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert any(status < "300" for status in answers), (method, path)
            assert all(answers[status]["content"] == error for status in answers if status >= "400")
            assert method == "get" or "429" in answers
            assert "<br" not in operation.get("description", "")


def test_streams_and_the_headers_they_take_are_described(app: Flask) -> None:
    paths = app.test_client().get("/api/openapi.json").get_json()["paths"]
    answer = "/api/chat/messages/{message_id}"
    follow, ask = paths[f"{answer}/events"]["get"], paths["/api/chat"]["post"]
    for streamed in (ask, follow, *(paths[f"{answer}/{verb}"]["post"] for verb in ("continue", "retry"))):
        assert list(streamed["responses"]["200"]["content"]) == ["text/event-stream"]
    assert {"Last-Event-ID", "after"} <= {parameter["name"] for parameter in follow["parameters"]}
    assert "Idempotency-Key" in {parameter["name"] for parameter in ask["parameters"]}


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for part in value.values() for found in references(part)]
    return [found for part in value for found in references(part)] if isinstance(value, list) else []


def test_an_unknown_route_and_a_wrong_method_have_codes(as_nobody: ApiClient) -> None:
    assert as_nobody.refused("GET", "/api/nothing") == (404, "not_found")
    assert as_nobody.refused("PUT", "/api/websites") == (405, "method_not_allowed")
    assert "GET" in as_nobody.send("PUT", "/api/websites").headers["Allow"]


@pytest.mark.parametrize("path", ["/api//websites", "/api/websites/", "/api/websites//"])
def test_slashes_too_many_lead_nowhere(as_alice: ApiClient, path: str) -> None:
    assert as_alice.refused("GET", f"http://localhost{path}") == (404, "not_found")


@pytest.mark.parametrize("query", ["q=%ff", "q=%ed%a0%80", "%c3=a", "website_id=%80", "nobody=%fe"])
@pytest.mark.parametrize("path", ["/api/search", "/api/chat/sessions", "/sign-in", "/api/nothing"])
def test_a_query_that_is_not_utf_8_is_refused(as_alice: ApiClient, path: str, query: str) -> None:
    assert as_alice.refused("GET", f"{path}?{query}") == (400, "invalid_encoding")


def test_one_name_with_two_values_in_a_query_is_refused(as_alice: ApiClient) -> None:
    one, other = (as_alice.new_website()["id"] for _ in range(2))
    path = "/api/chat/sessions"
    for query in (f"website_id={one}&website_id={other}", f"website_id={one}&projectId={other}"):
        assert as_alice.refused("GET", f"{path}?{query}") == (422, "invalid_field")
    assert as_alice.refused("GET", "/api/websites?limit=5&limit=6") == (422, "invalid_field")
    for query in (f"website_id={one}&website_id={one}", f"website_id={one}&x=1&x=2"):
        assert as_alice.get(f"{path}?{query}")["sessions"] == []


@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-up", "/forgot-password", "/api/docs", "/nothing"])
def test_pages_carry_a_strict_policy_with_a_fresh_nonce(app: Flask, path: str) -> None:
    first, second = (app.test_client().get(path, headers={"Accept": "text/html"}) for _ in range(2))
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([\w-]+)' 'strict-dynamic'", policy)
    assert nonce and nonce[1] not in second.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
    for script in re.findall(r"<script\b[^>]*>", first.text):
        assert f'nonce="{nonce[1]}"' in script
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", first.text)
    assert first.headers["X-Frame-Options"] == "DENY" and first.headers["X-Content-Type-Options"] == "nosniff"


def test_the_builder_shows_its_owner_and_nobody_else(
    app: Flask, as_alice: ApiClient, alice: Person, charlie: Person
) -> None:
    website = as_alice.new_website()["id"]
    session = as_alice.new_session(website_id=website)["id"]

    def status(person: Person, path: str) -> int:
        client = app.test_client()
        client.set_cookie("sitethread_access", person.access_token)
        return client.get(path, headers={"Accept": "text/html"}).status_code

    for path in (f"/websites/{website}", f"/websites/{website}/chats/{session}"):
        assert (status(alice, path), status(charlie, path)) == (200, 404)


def test_five_helpers_introduce_themselves_without_their_prompts(as_nobody: ApiClient) -> None:
    helpers = as_nobody.get("/api/helpers")["helpers"]
    assert [helper["name"] for helper in helpers] == ["builder", "copywriter", "designer", "seo", "reviewer"]
    for helper in helpers:
        assert set(helper) == {"name", "label", "description", "greeting", "suggestions", "kind"}
        assert len(helper["suggestions"]) >= 3 and all(helper.values())


def test_answers_are_not_kept_by_caches(as_alice: ApiClient) -> None:
    assert as_alice.send("GET", "/api/websites").headers["Cache-Control"] == "no-store"
