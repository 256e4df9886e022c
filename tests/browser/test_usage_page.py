"""The usage page: what is left of the quotas, and the last 30 days."""

import re

from playwright.sync_api import BrowserContext, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.fake_model import FakeModel
from tests.stacks import Stack


def test_what_was_used_is_shown_and_found_in_the_account_menu(builder: Builder, model: FakeModel) -> None:
    builder.ask("3 words, seed 1")
    page = builder.page
    page.get_by_role("button", name="Your account").press("Enter")
    page.get_by_role("link", name="Usage").press("Enter")
    page.wait_for_url("**/usage")
    today = page.locator(".days tbody tr")
    expect(today).to_have_count(1)
    some = re.compile("[1-9]")
    expect(today.locator("td")).to_have_text(["1", "1", some, "0", some])
    expect(page.get_by_role("heading", name="_")).to_have_count(0)
    expect(page.get_by_text("199 new chats left of 200")).to_be_visible()
    websites = page.get_by_role("table", name=re.compile("By website"))
    expect(websites.locator("tbody tr")).to_have_text(re.compile(r"Coffee Shop Website\s+1\s*[1-9]"))
    expect(page.get_by_role("table", name=re.compile("By model")).locator("tbody tr")).to_have_count(1)
    expect(page.locator(".month-chart rect.written:not([height='0.0'])")).to_have_count(1)


def test_a_day_of_the_model_that_is_used_up_is_said_at_the_message_and_on_the_page(
    builder: Builder, stack: Stack
) -> None:
    allow = "update private.quotas set allowed = %s where name = 'model_tokens'"
    stack.sql(allow, 1)
    try:
        builder.send("3 words, seed 1")
        said = builder.page.locator(".delivery.is-failed")
        expect(said).to_contain_text(
            re.compile(
                r"Not sent\. You have used up what the model reads and writes for you in a day\. "
                r"Try again in \d+ (minutes|hours)\."
            )
        )
    finally:
        stack.sql(allow, 2_000_000)
    builder.page.goto("/usage")
    expect(builder.page.get_by_text("2,000,000 tokens left of 2,000,000")).to_be_visible()
    expect(builder.page.get_by_text("500 MB left of 500")).to_be_visible()


def test_before_the_first_message_the_page_says_what_will_be_there(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/usage")
    expect(page.get_by_text("No message yet.")).to_be_visible()
    expect(page.get_by_text("200 new chats left of 200")).to_be_visible()


def test_nobody_is_sent_to_sign_in_and_back(context: BrowserContext, server: AppServer) -> None:
    context.clear_cookies()
    page = context.new_page()
    page.goto("/usage")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fusage|/sign-in\?next=/usage"))
