"""Links, forms and scripts of a page that would lead its preview away: it stays, and says what they will do."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import Builder
from tests.browser.previews import page_with, trouble
from tests.fake_model import FakeModel

LINKS = """<nav><a id=mail href="mailto:hello@luna.example?subject=Hi">Mail</a> <a id=phone href="tel:+4930123">Call</a>
<a id=outside href="https://user:pass@luna.example/a">Shop</a> <a id=top target=_top href="https://luna.example/b">Top</a>
<a id=file download href="menu.pdf">PDF</a> <a id=script href="javascript:document.title='ran'">Script</a>
<a id=site href="about.html">About</a> <a id=anchor href="#menu">Menu</a> <a id=handled href="/cart">Cart</a></nav>
<form id=form action="https://luna.example/c"><input name=mail required><button name=submit>Send</button></form>
<form id=own><input name=words></form><button id=direct>Direct</button>
<p id=menu style="margin-top: 3000px">Espresso</p>
<script>handled.onclick = (event) => {
  event.stopPropagation();
  event.preventDefault();
  handled.textContent = 'In the cart';
};
own.onsubmit = () => { own.dataset.sent = own.words.value; return false };
direct.onclick = () => HTMLFormElement.prototype.submit.call(form)</script>"""

SAID = {
    "#mail": "Opens your visitor’s mail program once the site is live: hello@luna.example",
    "#phone": "Calls +4930123 once the site is live",
    "#outside": "Leads to https://luna.example/a",
    "#top": "Leads to https://luna.example/b",
    "#file": "Downloads /menu.pdf once the site is live",
    "#script": "This link does nothing in the preview",
    "#site": "Opens /about.html once the site is live",
    "#direct": "Sends once the site is published: you find it in your inbox",
}


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(page_with("Luna", LINKS))
    builder.ask("Make a page")
    expect(builder.preview.locator("h1")).to_have_text("Luna")
    # At its own size: Playwright clicks beside what is in a frame that is scaled down.
    builder.page.get_by_title("Phone").click()
    return builder.page


def test_links_and_forms_say_what_they_will_do(builder: Builder, page: Page) -> None:
    note, shown = page.locator("#preview-note-text"), builder.preview
    for link, words in SAID.items():
        shown.locator(link).click()
        expect(note).to_have_text(words)
    expect(page.locator("#preview-note-open")).to_be_hidden()
    shown.locator("#outside").click()
    opening = page.get_by_role("link", name="Open in a new tab", exact=True)
    expect(opening).to_have_attribute("href", "https://luna.example/a")
    expect(opening).to_have_attribute("rel", "noopener noreferrer")
    page.get_by_role("button", name="Close", exact=True).click()
    # An empty field that is required is asked for first.
    shown.locator("#form button").click()
    shown.locator("#handled").click()
    expect(shown.locator("#handled")).to_have_text("In the cart")
    shown.locator("#own input").fill("cake")
    shown.locator("#own input").press("Enter")
    expect(shown.locator("#own")).to_have_attribute("data-sent", "cake")
    shown.locator("#anchor").click()
    expect(shown.locator("#menu")).to_be_in_viewport()
    expect(page.locator("#preview-note")).to_be_hidden()
    shown.locator("[name=mail]").fill("a@b.example")
    shown.locator("[name=mail]").press("Enter")
    expect(note).to_have_text("Sends once the site is published: you find it in your inbox")
    expect(page.locator("iframe.preview-frame")).to_have_count(1)


def test_a_page_that_leads_itself_elsewhere_is_loaded_again(builder: Builder, page: Page) -> None:
    note, shown = page.locator("#preview-note-text"), builder.preview
    refresh = "<meta http-equiv=refresh content='0;url=https://luna.example/'>"
    for away in (
        "location = 'https://luna.example/'",
        f'document.head.insertAdjacentHTML("beforeend", "{refresh}")',
    ):
        shown.locator("h1").evaluate(
            f"heading => {{ heading.textContent = 'Old'; setTimeout(() => {{ {away} }}) }}"
        )
        expect(note).to_have_text("The page led itself elsewhere, so it was loaded again.")
        expect(shown.locator("h1")).to_have_text("Luna")
        page.get_by_role("button", name="Close", exact=True).click()
    shown.locator("h1").evaluate("() => { setTimeout(() => { location = 'https://luna.example/' }) }")
    expect(note).to_have_text("The page keeps leading itself elsewhere, so it is shown without its scripts.")
    expect(page.get_by_text("scripts are off.")).to_be_visible()
    expect(shown.locator("h1")).to_have_text("Luna")
    # The browser logs what its policies refuse.
    builder.complaints.clear()


def test_a_preview_that_died_comes_back_when_somebody_views_it(builder: Builder, page: Page) -> None:
    """A frame that the system killed says nothing more."""
    dies = "heading => { heading.textContent = 'Dead'; for (let id = 0; id < 9999; id++) clearInterval(id) }"
    builder.preview.locator("h1").evaluate(dies)
    trouble(page, "This page does not respond")
    page.locator(".page-card").get_by_role("button", name="View").click()
    expect(builder.preview.locator("h1")).to_have_text("Luna")
    expect(page.locator("#preview-trouble")).to_be_hidden()


def test_forged_messages_show_a_short_plain_text_at_most(builder: Builder, page: Page) -> None:
    forged = """() => {
      const say = (message) => parent.postMessage(message, '*');
      say({ preview: 'link', kind: 'outside', address: 'javascript:alert(1)' });
      say({ preview: 'page', hasScripts: {}, hashes: 'x' });
      say({ preview: 'scroll', x: 'x', y: Infinity });
      say({ preview: 'key', isDown: {} });
      say({ preview: 'link', kind: 'mail', address: '<img src=x onerror=alert(1)>' + 'x'.repeat(1e6) });
    }"""
    builder.preview.locator("h1").evaluate(forged)
    note = page.locator("#preview-note-text")
    expect(note).to_contain_text("<img src=x onerror=alert(1)>xxx")
    assert len(note.inner_text()) < 300
    expect(page.locator("#preview-note-open")).to_be_hidden()
    expect(builder.preview.locator("h1")).to_have_text("Luna")


def test_in_a_tab_of_its_own_a_page_stays_and_says_why(builder: Builder, page: Page) -> None:
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Open the page in a new tab").click()
    opened = opening.value
    expect(opened.locator("h1")).to_have_text("Luna")
    assert opened.evaluate("origin") == "null"
    for link in ("#mail", "#outside", "#top", "#site"):
        opened.locator(link).click()
        expect(opened.locator("h1")).to_have_text("Luna")
    opened.locator("#anchor").click()
    expect(opened.locator("#menu")).to_be_in_viewport()
    opened.reload()
    expect(opened.locator("h1")).to_have_text("Luna")
    assert "/preview/" in opened.url
