"""The hundred hostile texts are real, and don't run where they arrive in other ways than by loading a page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Say
from tests.payloads import PAYLOADS
from tests.stacks import Person, Stack

# What none of our own elements has.
_FOREIGN = """() => [...document.body.querySelectorAll('*')].filter((element) =>
  element.matches('.prose :is(script, style, iframe, object, embed, form, base, meta, img, video, audio), .prose input')
  // The pictures of versions are data, in which nothing runs.
  || !element.matches('.version-thumb img')
  && [...element.attributes].some(({ name, value }) => /^on/.test(name) || /^(javascript|data|vbscript):/i.test(value))
).map((element) => element.outerHTML.slice(0, 200))"""


@pytest.fixture
def page(browser: Browser, server: AppServer, alice: Person) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
    sign_in(context, alice)
    opened = context.new_page()
    opened.dialogs = []
    opened.on("dialog", lambda dialog: (opened.dialogs.append(dialog.message), dialog.dismiss()))
    yield opened
    context.close()


def test_without_protection_they_run(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("about:blank")
    page.evaluate(
        """(texts) => texts.forEach((text) => document.body.append(Object.assign(document.createElement('iframe'),
            { srcdoc: `<!doctype html><input value=""><p>${text}` })))""",
        PAYLOADS,
    )
    # Fails by its time limit when fewer of them run.
    page.wait_for_function(
        "[...document.querySelectorAll('iframe')].filter((frame) => frame.contentWindow.hit === 1).length > 40"
    )
    page.close()


def test_none_runs_as_it_streams_in_is_searched_for_or_names_a_version(
    page: Page, model: FakeModel, stack: Stack, alice: Person
) -> None:
    builder = Builder(page)
    website = builder.new_website("Luna").rsplit("/websites/", 1)[1].split("/")[0]
    rows = [
        {"website_id": website, "files": {"index.html": "<p>"}, "summary": text[:200]} for text in PAYLOADS
    ]
    assert stack.rest("site_versions", alice.access_token, "POST", json=rows).status_code == 201
    # An unclosed fence would make code of all that follows: those come last.
    texts = sorted(PAYLOADS, key=lambda text: "```" in text)
    model.enqueue(Say("\n\n".join(texts), piece=97))
    page.goto(f"/websites/{website}")
    builder.ask("window.hit=1 <img src=x onerror=window.hit=1>", timeout=30_000)
    expect(builder.answers.last).to_contain_text("window.hit=1")
    page.get_by_role("button", name="Version").first.click()
    expect(page.locator(".version-row").first).to_contain_text("hit=1")
    # The open chat isn't listed.
    page.get_by_role("button", name="New chat").click()
    page.locator("#chat-filter").fill("window.hit")
    expect(page.locator(".search-result").first).to_contain_text("hit=1")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert page.evaluate(_FOREIGN) == []
    assert page.dialogs == []
