"""From a sentence to a published website whose form delivers, all of it as its owner and a visitor do it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_server import AppServer
from tests.browser.builder import OPENED, SCREENSHOTS, Builder
from tests.stacks import PASSWORD, Person, Stack

IDEA = (
    "Create a landing page for a bakery called Crumb & Co in Bergen, with a contact form. "
    "Phone 22 33 44 55, open Monday to Friday 7-15."
)


@pytest.fixture
def product(stack: Stack) -> Iterator[AppServer]:
    """The product as it runs without a model, with the stack's outbox for its mails."""
    with AppServer(stack, stack.openai_base_url, SMTP_URL=stack.addresses["SMTP_URL"]) as running:
        yield running


def _shot(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"journey-{name}.png")


def test_a_sentence_becomes_a_website_that_delivers_its_form_and_is_updated_and_rolled_back(
    browser: Browser, product: AppServer, stack: Stack, alice: Person
) -> None:
    owner = browser.new_context(base_url=product.url, viewport={"width": 1440, "height": 900})
    owner.set_default_timeout(30_000)
    builder = Builder(owner.new_page())
    page = builder.page
    mail = f"journey-{alice.email}"
    page.goto("/")
    page.get_by_label("What should your website be?").fill(IDEA)
    page.keyboard.press("Enter")
    page.get_by_label("E-mail").fill(mail)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(OPENED)
    builder.wait_until_answered(60_000)
    expect(page.locator("#versions-label")).to_have_text("Version 1")
    builder.ask("Add an about page", 60_000)
    expect(page.locator("#versions-label")).to_have_text("Version 2")
    _shot(page, "built")

    page.get_by_role("button", name="Inbox").click()
    page.get_by_role("dialog", name="Inbox").get_by_role("button", name="Notices").click()
    notices = page.get_by_role("dialog", name="Notices")
    stranger = f"{alice.id[:8]}@example.com"
    notices.get_by_label("Mail to").fill(f"{mail}, {stranger}")
    notices.get_by_role("button", name="Save").click()
    expect(notices.get_by_text("No notice goes to")).to_have_text(
        f"No notice goes to {stranger} before the link that was mailed there is opened."
    )
    expect(notices.get_by_label("Mail to")).to_have_value(f"{mail},{stranger}")
    _shot(page, "notices")
    notices.get_by_role("button", name="Mail it again").click()
    expect(notices.get_by_text(f"The link was mailed to {stranger} again.")).to_be_visible()
    notices.get_by_role("button", name="Cancel").click()
    expect(notices).to_have_count(0)
    page.keyboard.press("Escape")

    slug = f"crumb-{alice.id[:8]}"
    url = _publish(page, slug)
    _shot(page, "published")
    page.keyboard.press("Escape")

    # Somebody else's browser, without scripts.
    elsewhere = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    visitor = elsewhere.new_page()
    visitor.goto(url)
    visitor.screenshot(path=SCREENSHOTS / "journey-visitor.png", full_page=True)
    form = visitor.locator("form").last
    # By role: what people don't see is a trap for machines.
    for field in form.get_by_role("textbox").all():
        is_mail = field.get_attribute("type") == "email"
        field.fill("ada@lovelace.example" if is_mail else "A table for two, please")
    form.get_by_role("button").click()
    expect(visitor.get_by_role("heading", name=re.compile("thank", re.IGNORECASE))).to_be_visible()
    visitor.screenshot(path=SCREENSHOTS / "journey-thanks.png")
    assert elsewhere.cookies() == []

    page.get_by_role("button", name="Inbox").click()
    inbox = page.get_by_role("dialog", name="Inbox")
    inbox.locator(".inbox-row").click()
    expect(inbox).to_contain_text("A table for two, please")
    _shot(page, "inbox")
    page.keyboard.press("Escape")
    _wait_for_mail(page, stack, mail)

    headline = _type_headline(page, "Warm bread from six")
    expect(page.locator("#versions-label")).to_have_text("Version 3")
    assert visitor.goto(url) and "Warm bread from six" not in visitor.content()
    page.get_by_role("button", name="Update", exact=True).click()
    page.get_by_role("button", name="Update to version 3").click()
    _go_live(page, 3)
    _wait_until_it_shows(visitor, url, "Warm bread from six")
    page.get_by_text("What was live when").click()
    page.get_by_role("button", name="Publish version 2 again").click()
    expect(page.get_by_text("Version 2 is live, since")).to_be_visible()
    _wait_until_it_shows(visitor, url, headline)
    _shot(page, "rolled-back")
    assert builder.complaints == []
    elsewhere.close()
    owner.close()


def _publish(page: Page, slug: str) -> str:
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("Address", exact=True).fill(slug)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Publish version 2").click()
    _go_live(page, 2)
    return page.get_by_label("Address of your website").input_value()


def _go_live(page: Page, number: int) -> None:
    """Wait for what the checks found, and publish over it."""
    live = page.get_by_text(f"Version {number} is live, since")
    anyway = page.get_by_role("button", name=re.compile("anyway$"))
    expect(live.or_(anyway)).to_be_visible(timeout=60_000)
    if anyway.is_visible():
        _shot(page, f"findings-{number}")
        anyway.click()
        expect(live).to_be_visible()
        # What was found doesn't stand in the way any more.
        expect(page.locator(".findings")).to_be_hidden()


def _wait_until_it_shows(visitor: Page, url: str, headline: str) -> None:
    """Load the page until it has a headline: a worker looks each second which version is live."""
    for _ in range(50):
        visitor.goto(url)
        if headline in visitor.inner_text("h1"):
            return
        visitor.wait_for_timeout(200)
    raise AssertionError(f"“{headline}” is never shown")


def _type_headline(page: Page, text: str) -> str:
    page.get_by_role("button", name=re.compile("^Page: ")).click()
    page.locator("#pages").get_by_role("button", name="Home").click()
    # At its own size: Playwright clicks beside what is in a frame that is scaled down.
    page.get_by_title("Phone").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    headline = page.frame_locator(".preview-frame.is-edited:not(.is-loading)").locator("h1")
    expect(headline).to_be_visible()
    was = headline.inner_text()
    headline.dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    return was


def _wait_for_mail(page: Page, stack: Stack, mail: str) -> None:
    for _ in range(150):
        if "A table for two, please" in (shown := stack.bare("GET", "/outbox").text) and mail in shown:
            return
        page.wait_for_timeout(200)
    raise AssertionError("no mail came")
