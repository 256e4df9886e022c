"""A page alone can be shared: alice owns the website, bob has her link, charlie has nothing."""

import pytest

from tests.http_client import ApiClient, without_request_id
from tests.stacks import Person, Stack
from tests.web.versions import PAGE, save_version

HTML = {"Accept": "text/html"}


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    id: str = as_alice.new_website()["id"]
    return id


@pytest.fixture
def version(website: str, stack: Stack, alice: Person) -> str:
    return save_version(stack, alice, website)


def share(caller: ApiClient, version: str) -> str:
    made = caller.post(f"/api/versions/{version}/shares")["share"]
    assert made["url"].endswith(f"/shared-pages/{made['token']}")
    return str(made["token"])


def test_bob_reads_one_page_and_learns_no_more(
    as_alice: ApiClient,
    as_nobody: ApiClient,
    as_charlie: ApiClient,
    alice: Person,
    website: str,
    version: str,
) -> None:
    token = share(as_alice, version)
    as_alice.post(f"/api/websites/{website}/versions", {"page": "<!doctype html><h1>Later</h1>"})
    for bob in (as_nobody, as_charlie, as_alice):
        page = bob.get(f"/api/shared-pages/{token}")["page"]
        assert set(page) == {"name", "version_number", "created_at", "expires_at", "page", "path", "pages"}
        assert (page["version_number"], page["page"]) == (1, PAGE)
        assert alice.id not in str(page) and website not in str(page) and version not in str(page)
    shown = as_nobody.send("GET", f"/shared-pages/{token}", headers=HTML)
    assert shown.status_code == 200 and f"/preview/shared-pages/{token}" in shown.text
    framed = as_nobody.send("GET", f"/preview/shared-pages/{token}")
    assert framed.headers["Content-Security-Policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert "Høyt" not in framed.text and "H\\u00f8yt" in framed.text, "data, not markup"
    for response in (shown, framed):
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_link_that_is_over_or_mistyped_says_so(
    as_alice: ApiClient, as_nobody: ApiClient, website: str, version: str
) -> None:
    token = share(as_alice, version)
    (listed,) = as_alice.get(f"/api/websites/{website}/page-shares")["shares"]
    assert (listed["version_id"], listed["version_number"]) == (version, 1)
    as_alice.json("DELETE", f"/api/page-shares/{listed['id']}", 200)
    assert as_alice.get(f"/api/websites/{website}/page-shares")["shares"] == []
    replies = [
        as_nobody.send("GET", path, headers=HTML)
        for given in (token, "x" * 32, "x", "%F0%9F%8E%89", "x" * 3000)
        for path in (f"/shared-pages/{given}", f"/shared/{given}", f"/preview/shared-pages/{given}")
    ]
    for reply in replies:
        assert reply.status_code == 404
        assert "taken it back" in reply.text
    coded = [as_nobody.send("GET", f"/api/shared-pages/{given}").content for given in (token, "x" * 32, "x")]
    assert len({without_request_id(content) for content in coded}) == 1
    as_alice.json("DELETE", f"/api/page-shares/{listed['id']}", 404)


def test_a_website_has_twenty_links_to_pages(as_alice: ApiClient, version: str) -> None:
    for _ in range(20):
        share(as_alice, version)
    assert as_alice.post(f"/api/versions/{version}/shares", status=409)["error"]["code"] == "too_many_shares"


def test_a_page_of_a_message_is_seen_by_its_owner_and_by_whoever_has_the_chats_link(
    as_alice: ApiClient, as_nobody: ApiClient, as_charlie: ApiClient
) -> None:
    chat = as_alice.new_session()["id"]
    pages = (f"```html\n<!doctype html><h1>{words}</h1></html>\n```\n" for words in ("First", "Second"))
    text = "\n\n".join(["Two:", *pages])
    as_alice.new_message(chat, "Make it")
    message = as_alice.new_message(chat, text, "assistant")
    token = as_alice.post(f"/api/chat/sessions/{chat}/shares")["share"]["token"]
    for number, words in enumerate(("First", "Second")):
        for caller, path in (
            (as_alice, f"/preview/messages/{message['id']}/{number}"),
            (as_nobody, f"/preview/shared-chats/{token}/{message['seq']}/{number}"),
        ):
            shown = caller.send("GET", path)
            assert shown.status_code == 200 and words in shown.text
            assert "sandbox allow-scripts" in shown.headers["Content-Security-Policy"]
    for caller, path, status in (
        (as_charlie, f"/preview/messages/{message['id']}/0", 404),
        (as_nobody, f"/preview/messages/{message['id']}/0", 401),
        (as_alice, f"/preview/messages/{message['id']}/2", 404),
        (as_nobody, f"/preview/shared-chats/{token}/1/0", 404),
        (as_nobody, f"/preview/shared-chats/{token}/99999999999999999999/0", 404),
        (as_nobody, f"/preview/shared-chats/{'x' * 32}/2/0", 404),
    ):
        assert caller.send("GET", path).status_code == status, path


def test_a_page_from_anywhere_becomes_a_version(as_alice: ApiClient, website: str) -> None:
    made = as_alice.post(
        f"/api/websites/{website}/versions", {"page": "<!doctype html>", "summary": "From a chat"}
    )
    assert (made["version"]["source"], made["version"]["number"], made["version"]["summary"]) == (
        "edit",
        1,
        "From a chat",
    )
    assert as_alice.get(f"/api/versions/{made['version']['id']}")["version"]["files"] == {
        "index.html": "<!doctype html>"
    }
    for body in (
        {},
        {"page": ""},
        {"page": "\u2000\u0094"},
        {"page": 7},
        {"page": "x", "summary": "x" * 201},
    ):
        as_alice.post(f"/api/websites/{website}/versions", body, 422)
