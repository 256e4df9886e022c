"""The sign-in page says why somebody is on it."""

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.stacks import PASSWORD, Person

ENDED = "Your last sign-in has ended."
ASKED = "The page you asked for is shown to those signed in."


def test_a_first_visit_and_a_page_that_was_asked_for(browser: Browser, server: AppServer) -> None:
    page = browser.new_page(base_url=server.url)
    page.goto("/sign-in")
    expect(page.get_by_text("Your chats are where you left them.")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text(ASKED)).to_be_visible()
    page.context.close()


def test_a_sign_in_that_ended_leads_back_to_where_it_was(
    builder: Builder, context: BrowserContext, alice: Person
) -> None:
    before = builder.page.url
    _spoil_cookies(context)
    builder.page.goto(before)
    expect(builder.page.get_by_text(ENDED)).to_be_visible()
    _sign_in(builder.page, alice)
    expect(builder.page).to_have_url(before)


def test_a_request_of_the_page_that_finds_the_sign_in_ended(
    builder: Builder, context: BrowserContext
) -> None:
    _spoil_cookies(context)
    builder.page.get_by_role("button", name="Trash").click()
    expect(builder.page.get_by_text(ENDED)).to_be_visible()


def test_who_signed_out_is_asked_for_nothing_but_to_sign_in(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/websites")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account")
    expect(page.get_by_text(ASKED)).to_be_visible()


def _spoil_cookies(context: BrowserContext) -> None:
    """Leave the cookies of a sign-in that the server no longer knows."""
    for cookie in context.cookies():
        context.add_cookies([{**cookie, "value": "ended"}])  # type: ignore[list-item]


def _sign_in(page: Page, person: Person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
