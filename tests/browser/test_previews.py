"""The preview of a page that hangs, crashes its tab, or has scripts that this browser can't keep off the network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.browser.conftest import sign_in
from tests.browser.previews import page_with, trouble
from tests.fake_model import FakeModel
from tests.stacks import Person

HANGS = {
    "at once": "<script>while (true);</script>",
    "soon after it has loaded": "<script>setTimeout(() => { while (true); }, 1500)</script>",
}
# A tab that crashes hears no more of its page, and has no time to tidy up.
DEAF = "for (const type of ['message', 'pagehide']) addEventListener(type, (event) => event.stopImmediatePropagation())"
# As if it had crashed a minute ago: before that, another tab may still be loading the page.
AGE_MARKS = """for (const key of Object.keys(localStorage).filter((key) => key.startsWith('preview_load_'))) {
  const mark = JSON.parse(localStorage[key]);
  localStorage[key] = JSON.stringify({ ...mark, at: mark.at - 60_000 });
}"""


def make_versions(builder: Builder, model: FakeModel, extra: str) -> None:
    """A page without scripts, and then one with something more in it."""
    model.enqueue(page_with("Calm"))
    builder.ask("Make a page")
    expect(builder.preview.locator("h1")).to_have_text("Calm")
    model.enqueue(page_with("Lively", extra))
    builder.ask("Make it lively")


@pytest.mark.parametrize("when", HANGS)
def test_a_page_that_hangs_leaves_the_builder_usable(builder: Builder, model: FakeModel, when: str) -> None:
    make_versions(builder, model, HANGS[when])
    page = builder.page
    trouble(page, "This page does not respond")
    builder.box.fill("The chat works meanwhile")
    page.reload()
    trouble(page, "The last preview of this page did not finish loading")
    expect(builder.answers).to_have_count(2)
    page.get_by_role("button", name="Show it without scripts").click()
    expect(builder.preview.locator("h1")).to_have_text("Lively")
    expect(page.get_by_text("scripts are off.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Show an older version").click()
    expect(builder.preview.locator("h1")).to_have_text("Calm")
    expect(page.locator("#preview-trouble")).to_be_hidden()


def test_a_page_whose_tab_crashed_is_not_loaded_again_by_itself(
    builder: Builder, model: FakeModel, context: BrowserContext
) -> None:
    make_versions(builder, model, "<script>document.title = 'Lively'</script>")
    expect(builder.preview.locator("h1")).to_have_text("Lively")
    crashing = context.new_page()
    crashing.add_init_script(DEAF)
    crashing.goto(builder.page.url)
    expect(Builder(crashing).preview.locator("h1")).to_have_text("Lively")
    builder.page.close()
    crashing.close()
    again = Builder(context.new_page())
    again.page.goto("/usage")
    again.page.evaluate(AGE_MARKS)
    again.page.goto(builder.page.url)
    trouble(again.page, "The last preview of this page did not finish loading")
    expect(again.page.locator("iframe.preview-frame")).to_have_count(0)
    again.page.get_by_role("button", name="Show it anyway").click()
    expect(again.preview.locator("h1")).to_have_text("Lively")
    assert again.complaints == []


def test_a_page_that_is_left_soon_after_it_was_shown_is_shown_again(
    builder: Builder, model: FakeModel
) -> None:
    make_versions(builder, model, "<script>document.title = 'Lively'</script>")
    for _ in range(3):
        expect(builder.preview.locator("h1")).to_have_text("Lively")
        builder.page.reload()
    expect(builder.preview.locator("h1")).to_have_text("Lively")
    expect(builder.page.locator("#preview-trouble")).to_be_hidden()


SCRIPT = "<p id=out>Off</p><script>const word = 'On'</script><script>out.textContent = word</script>"


@pytest.fixture
def builder_without_allowlist(
    browser_without_allowlist: Browser, server: AppServer, alice: Person
) -> Iterator[Builder]:
    context = browser_without_allowlist.new_context(
        base_url=server.url, viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(15_000)
    sign_in(context, alice)
    opened = Builder(context.new_page())
    opened.new_website("Coffee Shop Website")
    yield opened
    assert opened.complaints == []
    context.close()


def test_scripts_run_where_the_browser_keeps_them_off_the_network(builder: Builder, model: FakeModel) -> None:
    make_versions(builder, model, SCRIPT)
    expect(builder.preview.locator("#out")).to_have_text("On")
    expect(builder.page.locator("#page-scripts")).to_be_hidden()


def test_elsewhere_they_run_when_their_owner_asks(
    builder_without_allowlist: Builder, model: FakeModel
) -> None:
    builder, page = builder_without_allowlist, builder_without_allowlist.page
    make_versions(builder, model, SCRIPT)
    expect(builder.preview.locator("#out")).to_have_text("Off")
    assert "scripts=on" not in str(page.locator("#open-page").get_attribute("href"))
    page.get_by_role("button", name="Version 2").click()
    page.locator(".version-view").last.click()
    expect(builder.preview.locator("h1")).to_have_text("Calm")
    expect(page.locator("#page-scripts")).to_be_hidden()
    page.get_by_role("button", name="Show the newest").click()
    page.get_by_role("button", name="Run this page’s scripts").click()
    expect(builder.preview.locator("#out")).to_have_text("On")
    expect(page.locator("#page-scripts")).to_be_hidden()
    assert "scripts=on" in str(page.locator("#open-page").get_attribute("href"))
    page.reload()
    expect(builder.preview.locator("#out")).to_have_text("On")


def test_the_page_s_scripts_run_as_they_would_without_the_preview(builder: Builder, model: FakeModel) -> None:
    """Declarations are shared, events come in their order, handlers work, also those added later."""
    page = """<body onload="said('body')"><p id=out></p><script>
const words = []; class Word {} function said(word) { words.push(word); out.textContent = words.join(' ') }
document.addEventListener('DOMContentLoaded', () => said('ready'));
addEventListener('load', () => said('load'))</script>
<footer>Since <script>document.write(2019)</script>.</footer><script>throw new Error('ignored')</script>
<script type="module">said('module')</script><div id="list"></div><form><input name="getAttribute"></form>
<script>list.innerHTML = `<button onclick="said(Word.name); return false">Click</button>`;
said(document.readyState)</script>"""
    model.enqueue(page_with("Lively", page))
    builder.ask("Make a lively page")
    expect(builder.preview.locator("#out")).to_have_text("module loading ready load body")
    expect(builder.preview.locator("footer")).to_have_text("Since 2019.")
    builder.preview.locator("#list button").dispatch_event("click")
    expect(builder.preview.locator("#out")).to_have_text("module loading ready load body Word")
    # The browser logs handlers that its policy refuses, and the error.
    builder.complaints.clear()
