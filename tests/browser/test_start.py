"""From an idea on the start page, or a template, to a page that is being built."""

import re
from html import unescape

from playwright.sync_api import Browser, BrowserContext, expect

from tests.app_server import AppServer
from tests.browser.builder import OPENED, Builder
from tests.fake_model import FakeModel, Say
from tests.stacks import PASSWORD, Person, Stack

IDEA = "A page for my <b>bakery</b>: bread & opening hours"
PAGE = Say("Here:\n\n```html\n<!doctype html><html><title>t</title><h1>Still warm</h1></html>\n```\n")


def test_what_a_visitor_types_survives_a_failed_sign_up_and_is_built(
    browser: Browser, server: AppServer, alice: Person, model: FakeModel
) -> None:
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
    opened = Builder(context.new_page())
    page = opened.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.get_by_label("What should your website be?").fill(IDEA)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-up*")
    expect(page.locator("#wanted-note blockquote")).to_have_text(IDEA)
    page.get_by_label("E-mail").fill(f"new-{alice.email}")
    page.get_by_label("Password", exact=True).fill("password")
    page.locator("form").evaluate("form => { form.noValidate = true; }")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#wanted-note blockquote")).to_have_text(IDEA)
    page.goto("/")
    expect(page.get_by_label("What should your website be?")).to_have_value(IDEA)
    page.get_by_role("button", name="Start building").click()
    page.get_by_label("E-mail").fill(f"new-{alice.email}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    model.enqueue(PAGE)
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>bakery</b>")
    expect(opened.questions).to_have_text([IDEA])
    expect(opened.preview.get_by_role("heading", name="Still warm")).to_be_visible()
    assert [url for url in asked if "bakery" in url] == []
    page.goto("/websites")
    expect(page.locator(".site-card")).to_have_count(1)
    expect(page.locator("#wanted")).to_be_hidden()
    assert opened.complaints == []
    context.close()


def test_what_a_visitor_types_is_kept_until_the_mailed_link_is_opened(
    browser: Browser, server: AppServer, stack: Stack, charlie: Person, model: FakeModel
) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="a photographer").click()
    page.get_by_role("button", name="Start building").click()
    stack.auth(f"recover?redirect_to={server.url}/confirm", {"email": charlie.email}).raise_for_status()
    mail = next(
        mail for mail in stack.bare("GET", "/outbox").text.split("<article>") if charlie.email in mail
    )
    page.goto(unescape(mail.split('href="')[1].split('"')[0]))
    page.route("**/api/websites", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Continue").click()
    # The first try to make the website fails.
    expect(page.locator("#wanted [role=alert]")).to_contain_text("is kept")
    model.enqueue(PAGE)
    if page.get_by_role("button", name="Try again").first.is_visible():
        page.locator("#wanted").get_by_role("button", name="Try again").click()
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Photographer")
    expect(page.locator(".question-text").first).to_contain_text("A page for a photographer")
    expect(Builder(page).preview.get_by_role("heading", name="Still warm")).to_be_visible()
    context.close()


def test_somebody_else_can_have_it_forgotten(browser: Browser, server: AppServer, alice: Person) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("What should your website be?").fill(IDEA)
    page.goto("/sign-in")
    page.get_by_role("button", name="Don’t build it").click()
    page.get_by_label("E-mail").fill(alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Make your first website")).to_be_visible()
    context.close()


def test_a_website_begins_from_a_template(context: BrowserContext, model: FakeModel) -> None:
    opened = Builder(context.new_page())
    page = opened.page
    page.goto("/websites")
    page.get_by_role("button", name="New website").first.click()
    pictures = page.locator(".template img")
    expect(pictures).to_have_count(17)
    loaded = "all => Promise.all(all.slice(0, 6).map((one) => one.decode())).then(() => true, () => false)"
    assert pictures.evaluate_all(loaded)
    page.get_by_text("Yoga studio").click()
    question = page.get_by_label("What the builder is asked first")
    expect(question).to_have_value(re.compile("^A page for a yoga studio"))
    question.fill("A page for a quiet yoga studio")
    model.enqueue(PAGE)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(OPENED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Yoga studio")
    expect(opened.questions).to_have_text(["A page for a quiet yoga studio"])
    expect(opened.preview.get_by_role("heading", name="Still warm")).to_be_visible()
    assert opened.complaints == []
