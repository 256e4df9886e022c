"""Two websites made by talking, step by step, with the offline assistant."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder, reworded
from tests.browser.conftest import sign_in
from tests.stacks import Person, Stack

_A_PAGE = 60_000


@pytest.fixture(scope="module")
def offline_server(stack: Stack) -> Iterator[AppServer]:
    with AppServer(stack, stack.openai_base_url, OPENAI_MODEL="offline-assistant") as running:
        yield running


@pytest.mark.timeout(240)
def test_two_websites_keep_their_own_chats_and_a_chat_goes_on_where_it_was_left(
    browser: Browser, offline_server: AppServer, alice: Person
) -> None:
    context = browser.new_context(base_url=offline_server.url, viewport={"width": 1440, "height": 900})
    sign_in(context, alice)
    builder = Builder(context.new_page())

    builder.new_website("Portfolio Website")
    builder.new_website("Coffee Shop Website")
    builder.ask("Create a landing page", _A_PAGE)
    expect(builder.chats).to_have_count(1)
    expect(builder.chats.first.locator(".chat-title")).to_have_text("Create a landing page")
    expect(builder.preview.locator("h1")).to_be_visible()
    expect(builder.preview.locator("form")).to_have_count(0)
    first_heading = builder.preview.locator("h1").inner_text()

    builder.ask("Add a contact form", _A_PAGE)
    expect(builder.preview.locator("form")).to_have_count(1)

    builder.open_website("Portfolio Website")
    expect(builder.page.get_by_text("No chats yet.")).to_be_visible()
    expect(builder.page.get_by_text("Your page appears here")).to_be_visible()

    builder.open_website("Coffee Shop Website")
    expect(builder.questions).to_have_text(["Create a landing page", "Add a contact form"])
    builder.chats.first.locator(".chat-link").click()
    expect(builder.questions).to_have_text(["Create a landing page", "Add a contact form"])

    builder.ask("Make it responsive", _A_PAGE)
    expect(builder.page.locator("#versions-label")).to_have_text("Version 3")
    expect(builder.preview.locator("h1")).to_have_text(first_heading)
    expect(builder.preview.locator("form")).to_have_count(1)
    assert builder.complaints == []
    context.close()


@pytest.mark.timeout(240)
def test_a_question_in_other_words_and_another_answer_start_from_the_page_before(
    browser: Browser, offline_server: AppServer, alice: Person
) -> None:
    context = browser.new_context(base_url=offline_server.url, viewport={"width": 1440, "height": 900})
    sign_in(context, alice)
    builder = Builder(context.new_page())
    builder.new_website("Coffee Shop Website")
    builder.ask("Create a landing page", _A_PAGE)
    builder.ask("Add a gallery", _A_PAGE)
    reworded(builder, 1, "Add a team")
    expect(builder.preview.locator("#team")).to_have_count(1)
    expect(builder.preview.locator("#gallery")).to_have_count(0)
    builder.ask("Add opening hours", _A_PAGE)
    builder.page.get_by_role("button", name="Write another answer").last.click()
    expect(builder.page.locator(".byline .stepper")).to_have_text("2/2")
    builder.wait_until_answered(_A_PAGE)
    expect(builder.answers.last).to_contain_text("I added opening hours")
    expect(builder.preview.locator("#hours")).to_have_count(1)
    assert builder.complaints == []
    context.close()
