"""A hundred ways to smuggle a script into a text: none runs, wherever the text is shown."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.chatgpt_file import conversation, node
from tests.payloads import PAYLOADS
from tests.stacks import Person, Stack


def test_nothing_runs_wherever_it_is_shown(
    context: BrowserContext, stack: Stack, alice: Person, server: Any
) -> None:
    assert len(PAYLOADS) == 100
    headers = {"Authorization": f"Bearer {alice.access_token}"}

    def post(path: str, data: Any) -> Any:
        response = context.request.post(path, data=data, headers=headers)
        assert response.status == 201, response.text()
        return response.json()

    websites = [post("/api/websites", {"name": text[:120]})["website"]["id"] for text in PAYLOADS[:40]]
    for text in PAYLOADS[:99]:
        post("/api/chat/sessions", {"websiteId": websites[0], "title": text, "helper": "builder"})
    messages = [{"role": role, "content": text} for text in PAYLOADS for role in ("user", "assistant")]
    document = {
        "format": "sitethread-chat", "version": 1, "messages": messages,
        "session": {"title": PAYLOADS[1], "tags": [text[:40] for text in PAYLOADS[:10]]},
    }  # fmt: skip
    chat = post(f"/api/chat/import?websiteId={websites[0]}", document)["session"]["id"]
    link = post(f"/api/chat/sessions/{chat}/shares", {})["share"]["url"]
    for text in PAYLOADS:
        post("/api/prompts", {"name": text[:80], "text": text})
    version = post(
        f"/api/websites/{websites[0]}/versions", {"page": "".join(PAYLOADS), "summary": PAYLOADS[0]}
    )
    page_link = post(f"/api/versions/{version['version']['id']}/shares", {})["share"]["url"]
    nodes = [node("a", "client-created-root", "user", PAYLOADS[0], 1)]
    skipped = [{"title": text} for text in PAYLOADS[:99]]
    made = post("/api/chat/import", [conversation(PAYLOADS[2], nodes, "a"), *skipped])
    assert made["skipped_count"] == 99

    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            elsewhere.append(request.url) if not request.url.startswith((server.url, "data:")) else None
        ),
    )
    places = {
        "/websites": "main li",
        f"/websites/{websites[0]}/chats/{chat}": ".answer",
        link: ".shared-text.rendered",
        page_link: ".shared-page-frame",
    }
    for path, shown in places.items():
        page.goto(path)
        page.locator(shown).first.wait_for()
        _poke(page)
        assert page.evaluate("window.hit") is None, path
        assert not page.url.startswith("javascript:") and page.url.startswith(server.url)
    page.goto(f"/websites/{websites[0]}")
    page.get_by_role("button", name="Saved prompts").click()
    page.get_by_role("menuitem", name="Your prompts").click()
    page.locator(".prompt-words").nth(99).wait_for()
    _poke(page)
    assert page.evaluate("window.hit") is None
    assert (dialogs, elsewhere) == ([], [])


def _poke(page: Page) -> None:
    """Click and hover over what was shown, as far as it would do something."""
    assert (
        page.locator("main [onerror], main [onload], main [onclick], main a[href^='javascript:' i]").count()
        == 0
    )
    page.evaluate(
        "for (const e of document.querySelectorAll('main [tabindex], main input')) e.dispatchEvent(new Event('focus'))"
    )
    page.wait_for_timeout(200)
