"""The sign-in page says why somebody is on it."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.stacks import PASSWORD, Person, Stack

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


def test_a_mailed_link_says_who_is_signed_in_and_asks(
    context: BrowserContext, server: AppServer, stack: Stack, alice: Person, charlie: Person
) -> None:
    link = _mailed_link(stack, charlie, f"{server.url}/confirm")
    page = context.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(link)
    expect(page.get_by_text(f"You are signed in as {alice.email}.")).to_be_visible()
    page.get_by_role("link", name="Stay signed in").click()
    expect(page).to_have_url(f"{server.url}/websites")
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{server.url}/websites")
    page.goto("/account")
    expect(page.get_by_role("main").get_by_text(charlie.email)).to_be_visible()
    token = parse_qs(urlsplit(link).query)["token_hash"][0]
    assert [request.url for request in asked if token in request.all_headers().get("referer", "")] == []
    [sent] = [request for request in asked if request.method == "POST"]
    assert sent.all_headers()["origin"] == server.url, "browsers without fetch metadata can go on, too"


def _mailed_link(stack: Stack, person: Person, page: str) -> str:
    stack.auth(f"recover?redirect_to={page}", {"email": person.email}).raise_for_status()
    mail = next(mail for mail in stack.bare("GET", "/outbox").text.split("<article>") if person.email in mail)
    return unescape(mail.split('href="')[1].split('"')[0])


def _spoil_cookies(context: BrowserContext) -> None:
    """Leave the cookies of a sign-in that the server no longer knows."""
    for cookie in context.cookies():
        context.add_cookies([{**cookie, "value": "ended"}])  # type: ignore[list-item]


def _sign_in(page: Page, person: Person) -> None:
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
