"""Versions of a website, their download and their sandboxed page."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from sitethread import version_checks
from tests import chat_file
from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.preview_documents import scripts_of, shown_page
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from tests.web.versions import PAGE, save_version


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/versions/{id}"),
        ("POST", "/api/versions/{id}/restore"),
        ("GET", "/api/versions/{id}/download"),
        ("GET", "/preview/{id}"),
    ],
)
def test_charlie_gets_nothing_of_alices_versions(
    as_alice: ApiClient, as_charlie: ApiClient, alice: Person, stack: Stack, method: str, path: str
) -> None:
    website = as_alice.new_website()["id"]
    version = save_version(stack, alice, website)
    foreign = as_charlie.send(method, path.format(id=version))
    unknown = as_charlie.send(method, path.format(id=UNKNOWN))
    assert foreign.status_code == unknown.status_code == 404
    assert without_request_id(foreign.content) == without_request_id(unknown.content)
    assert as_charlie.refused("GET", f"/api/websites/{website}/versions") == (404, "not_found")


def test_versions_are_listed_newest_first_without_files(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    website = as_alice.new_website()["id"]
    assert as_alice.get(f"/api/websites/{website}/versions") == {
        "success": True,
        "versions": [],
        "next_cursor": None,
    }
    for _ in range(3):
        save_version(stack, alice, website)
    first = as_alice.get(f"/api/websites/{website}/versions?limit=2")
    second = as_alice.get(f"/api/websites/{website}/versions?limit=2&cursor={first['next_cursor']}")
    listed = first["versions"] + second["versions"]
    assert [version["number"] for version in listed] == [3, 2, 1] and second["next_cursor"] is None
    assert set(listed[0]) == {
        "id", "website_id", "number", "source", "summary", "message_id", "session_id", "base_version_id",
        "restored_from", "created_at",
    }  # fmt: skip
    assert as_alice.get(f"/api/websites/{website}")["website"]["latest_version_number"] == 3


def test_a_restore_is_a_new_version_with_the_same_files(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    website = as_alice.new_website()["id"]
    old = save_version(stack, alice, website)
    save_version(stack, alice, website, "<!doctype html><html>other</html>")
    restored: dict[str, Any] = as_alice.post(f"/api/versions/{old}/restore")["version"]
    assert (restored["number"], restored["source"], restored["restored_from"]) == (3, "restore", old)
    assert "files" not in restored and "user_id" not in restored
    assert as_alice.get(f"/api/versions/{restored['id']}")["version"]["files"] == {"index.html": PAGE}


def test_a_download_is_an_attachment_named_after_the_website(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    website = as_alice.new_website('Kafé "../Nord"\u2028 & Co')["id"]
    response = as_alice.send("GET", f"/api/versions/{save_version(stack, alice, website)}/download")
    assert response.status_code == 200 and response.text == PAGE
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment") and "filename*=UTF-8''Kaf%C3%A9-Nord-Co.html" in disposition


@pytest.mark.parametrize("scripts", ["on", "off"])
def test_a_page_is_shown_only_in_its_sandbox(
    as_alice: ApiClient, alice: Person, stack: Stack, scripts: str
) -> None:
    version = save_version(stack, alice, as_alice.new_website()["id"])
    address = f"/preview/{version}?scripts={scripts}"
    fetched = {"Sec-Fetch-Site": "same-origin"}
    response = as_alice.send("GET", address, headers=fetched)
    assert response.status_code == 200
    assert shown_page(response.text) == {
        "page": PAGE,
        "path": "index.html",
        "runsScripts": scripts == "on",
        "files": {},
    }
    policy = response.headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["sandbox"] == "allow-scripts"
    assert directives["default-src"] == directives["connect-src"] == directives["form-action"] == "'none'"
    hashed = base64.b64encode(hashlib.sha256(scripts_of(response.text)[-1].encode()).digest()).decode()
    allowed = ["'unsafe-eval'"] if scripts == "on" else []
    assert directives["script-src"].split() == [f"'sha256-{hashed}'", *allowed]
    assert response.headers["Connection-Allowlist"] == "()"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "private" in response.headers["Cache-Control"]
    known = {"If-None-Match": response.headers["ETag"], **fetched}
    again = as_alice.send("GET", address, headers=known)
    assert again.status_code == 304 and again.content == b""
    assert again.headers["Content-Security-Policy"] == policy
    other = {"on": "off", "off": "on"}[scripts]
    assert as_alice.send("GET", f"/preview/{version}?scripts={other}", headers=known).status_code == 200


def test_with_a_preview_origin_the_page_is_handed_to_a_frame_there(
    make_app: Callable[..., Flask], as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    app = make_app(preview_origin="https://preview.example")
    version = save_version(
        stack, alice, as_alice.new_website()["id"], "<!doctype html><html></script><b></html>"
    )
    carrier = client_of(app, alice).send("GET", f"/preview/{version}")
    assert "src: 'https://preview.example/preview-frame?scripts=off'" in carrier.text
    assert carrier.text.count("</script>") == 1, "the page can't end the script that carries it"
    assert "u003c/script>" in carrier.text
    assert "sandbox allow-scripts;" in carrier.headers["Content-Security-Policy"]
    there = app.test_client()
    there.set_cookie("sitethread_access", alice.access_token, domain="preview.example")
    frame = there.get("/preview-frame", base_url="https://preview.example")
    assert frame.status_code == 200 and "X-Frame-Options" not in frame.headers
    assert frame.headers["Content-Security-Policy"].startswith("sandbox allow-scripts;")
    for path in ("/", "/sign-in", "/api/websites", f"/preview/{version}"):
        assert there.get(path, base_url="https://preview.example").status_code == 404


def test_someone_signed_out_who_opens_a_preview_is_sent_to_sign_in(app: Flask) -> None:
    response = app.test_client().get(f"/preview/{UNKNOWN}", headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"/sign-in?next=/preview/{UNKNOWN}"


def test_a_chat_is_exported_as_markdown_and_json(as_alice: ApiClient) -> None:
    session = as_alice.new_session(title="Menu & [prices]")
    as_alice.new_message(session["id"], "Write a menu")
    as_alice.new_message(session["id"], "1. Coffee\n2. Tea", "assistant")
    markdown = as_alice.send("GET", f"/api/chat/sessions/{session['id']}/export?format=markdown")
    assert markdown.headers["Content-Type"].partition(";")[0] == "text/markdown"
    assert "Menu-prices.md" in markdown.headers["Content-Disposition"]
    assert markdown.text.startswith("# Menu & \\[prices\\]\n\n")
    assert (
        markdown.text.index("Write a menu")
        < markdown.text.index("## Builder")
        < markdown.text.index("1. Coffee")
    )
    exported = as_alice.send("GET", f"/api/chat/sessions/{session['id']}/export?format=json")
    assert exported.headers["Content-Type"] == "application/jsonl"
    assert "Menu-prices.jsonl" in exported.headers["Content-Disposition"]
    whole = chat_file.read(exported.text)
    assert whole["messages"] == as_alice.get(f"/api/chat/sessions/{session['id']}")["messages"]
    refused = as_alice.refused("GET", f"/api/chat/sessions/{session['id']}/export?format=pdf")
    assert refused == (422, "invalid_field")


CHECKED = """<!doctype html>
<html lang="en"><head><meta name="viewport" content="width=device-width"><title>Luna</title>
<meta name="description" content="Coffee"></head>
<body><header>Luna</header><main><h1>Luna 🌙</h1><p>Rye <b>$5</b></p><p>Bun <b>$3</b></p>
<p>“The best rye I ever had”</p>
<p><a href="us.html">hello@example.com</a></p></main><footer>Oslo</footer></body></html>
"""


def test_a_version_is_checked_against_what_its_owner_wrote(
    as_alice: ApiClient, alice: Person, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    website = as_alice.new_website()["id"]
    session = as_alice.new_session(website_id=website)["id"]
    as_alice.new_message(session, "Rye is 5, and a guest said the best rye I ever had")
    answer = as_alice.new_message(session, "Done", "assistant")["id"]
    as_alice.json("PUT", f"/api/websites/{website}/brief", 200, json={"text": "Call 020 7946 0123"})
    stack.sql(
        "insert into site_versions (user_id, website_id, source, files, session_id, message_id) "
        "values (%s, %s, 'answer', jsonb_build_object('index.html', %s::text), %s, %s) returning id",
        *(alice.id, website, CHECKED, session, answer),
    )
    version = as_alice.get(f"/api/websites/{website}/versions")["versions"][0]["id"]
    told = as_alice.get(f"/api/versions/{version}/checks")
    found = {one["rule"]: one for one in told["findings"]}
    assert told["version_id"] == version
    assert set(found) == {"samples", "references", "claims", "missing_fact"}
    assert found["claims"]["problem"] == "A price that nobody gave: $3"
    assert (found["references"]["severity"], found["missing_fact"]["severity"]) == ("error", "warning")
    (place,) = found["references"]["places"]
    assert CHECKED[place["start"] : place["end"]] == '<a href="us.html">hello@example.com</a>'
    edit = {"path": "index.html", "find": "<b>$3</b>", "replace": "<b>$4</b>"}
    body = {"base_version_id": version, "edits": [edit]}
    by_hand = as_alice.post(f"/api/websites/{website}/edits", body)["version"]["id"]
    assert "claims" not in {
        one["rule"] for one in as_alice.get(f"/api/versions/{by_hand}/checks")["findings"]
    }
    assert not version_checks._asked, "what is done counts no more"
    monkeypatch.setitem(version_checks._asked, alice.id, 2)
    refused = as_alice.send("GET", f"/api/versions/{by_hand}/checks")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_checks")
    assert int(refused.headers["Retry-After"]) > 0
