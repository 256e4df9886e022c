"""The chats of a website: found again, renamed, filtered, deleted, scrolled through, remembered."""

import re

from playwright.sync_api import BrowserContext, expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say


def test_the_last_chat_is_restored_until_a_new_one_is_asked_for(builder: Builder, model: FakeModel) -> None:
    website_url = builder.page.url
    key = f"chat_session_{website_url.split('/')[-1]}"
    builder.ask("3 words, seed 1")
    remembered = builder.page.evaluate("key => localStorage.getItem(key)", key)
    assert builder.page.url == f"{website_url}/chats/{remembered}"

    builder.page.goto(website_url)
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.page).to_have_url(re.compile(remembered))

    builder.page.get_by_role("button", name="New chat").click()
    assert builder.page.evaluate("key => localStorage.getItem(key)", key) is None
    builder.page.goto(website_url)
    expect(builder.page.get_by_text("Who should help?")).to_be_visible()


def test_back_and_forward_move_between_chats(builder: Builder, model: FakeModel) -> None:
    builder.ask("3 words, seed 1")
    builder.page.get_by_role("button", name="New chat").click()
    builder.ask("4 words, seed 2")
    builder.page.go_back()
    expect(builder.page.get_by_text("Who should help?")).to_be_visible()
    builder.page.go_back()
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.page.locator(".chat-link[aria-current=page]")).to_contain_text("3 words, seed 1")


def test_a_chat_is_renamed_in_place_filtered_and_deleted(builder: Builder, model: FakeModel) -> None:
    builder.ask("3 words, seed 1")
    builder.page.get_by_role("button", name="New chat").click()
    builder.ask("4 words, seed 2")

    row = builder.chats.filter(has_text="3 words, seed 1")
    row.get_by_role("button").click()
    builder.page.get_by_role("menuitem", name="Rename").click()
    builder.page.get_by_role("textbox", name="Name of this chat").fill("Menu ideas")
    builder.page.keyboard.press("Enter")
    expect(builder.chats.locator(".chat-title")).to_have_text(["4 words, seed 2", "Menu ideas"])
    expect(builder.chats.filter(has_text="Menu ideas").get_by_role("link")).to_be_focused()

    builder.page.get_by_role("searchbox", name="Search chats").fill("menu")
    expect(builder.chats.locator(".chat-title")).to_have_text(["Menu ideas"])
    builder.page.get_by_role("searchbox", name="Search chats").fill("")
    expect(builder.chats).to_have_count(2)

    unwanted = builder.chats.filter(has_text="4 words, seed 2")
    unwanted.get_by_role("button").click()
    builder.page.get_by_role("menuitem", name="Delete").click()
    builder.page.get_by_role("button", name="Cancel").click()
    expect(builder.chats).to_have_count(2)
    unwanted.get_by_role("button").click()
    builder.page.get_by_role("menuitem", name="Delete").click()
    builder.page.get_by_role("button", name="Delete chat").click()
    expect(builder.chats.locator(".chat-title")).to_have_text(["Menu ideas"])
    expect(builder.page.get_by_text("Who should help?")).to_be_visible()


def test_a_long_chat_opens_at_its_end_and_grows_upwards_without_jumping(
    builder: Builder, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    builder.page.evaluate(
        """async () => { const id = location.pathname.split('/').at(-1);
        for (let i = 0; i < 70; i += 1) await fetch(`/api/chat/sessions/${id}/messages`, {method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({role: 'user', content: `Note ${i}`})}); }"""
    )
    builder.page.reload()
    expect(builder.questions.last).to_have_text("Note 69")
    expect(builder.questions.last).to_be_in_viewport()
    assert builder.questions.count() == 30
    # A note near the top of what is loaded must stay where it is when older ones come in above it.
    moved = builder.page.evaluate(
        """async () => { const scroller = document.querySelector('#conversation');
        scroller.scrollTop = 300; const row = document.elementFromPoint(600, 300).closest('.turn');
        const before = row.getBoundingClientRect().top;
        while (document.querySelectorAll('.turn').length === 30) await new Promise((done) => setTimeout(done, 20));
        return Math.abs(row.getBoundingClientRect().top - before); }"""
    )
    assert moved < 2
    builder.page.locator("#conversation").evaluate("node => { node.scrollTop = 0 }")
    expect(builder.page.get_by_text("3 words, seed 1").first).to_be_attached()


def test_words_in_a_long_chat_are_found_and_gone_to(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("The opening hours are 7 to 3."))
    builder.ask("When are we open?")
    builder.ask("3 words, seed 1")
    builder.page.get_by_role("button", name="Search in this chat").click()
    builder.page.get_by_role("searchbox", name="Words").fill("hours")
    expect(builder.page.locator(".find-result mark")).to_have_text(["hours"])
    builder.page.locator(".find-result").click()
    expect(builder.page.locator(".reply.is-found")).to_contain_text("7 to 3")
    builder.page.get_by_role("button", name="Search in this chat").click()
    builder.page.get_by_label("Kind of message").select_option("seo")
    expect(builder.page.get_by_text("Nothing found in this chat.")).to_be_visible()


def test_each_helper_greets_and_answers_as_itself(builder: Builder, model: FakeModel) -> None:
    builder.page.get_by_role("radio", name="Copywriter").check(force=True)
    greeting = builder.page.locator(".greeting-text").inner_text()
    builder.page.get_by_role("radio", name="Reviewer").check(force=True)
    assert builder.page.locator(".greeting-text").inner_text() != greeting
    builder.page.locator(".chip").first.click()
    builder.wait_until_answered()
    expect(builder.chats.first.locator(".helper-badge")).to_have_text("Reviewer")
    expect(builder.page.locator(".byline-name")).to_have_text("Reviewer")


def test_an_earlier_version_is_looked_at_and_restored_as_a_new_one(
    builder: Builder, model: FakeModel
) -> None:
    for word in ("One", "Two"):
        model.enqueue(Say(f"```html\n<!doctype html>\n<html><title>t</title><h1>{word}</h1></html>\n```\n"))
        builder.ask(f"Make {word}")
    expect(builder.page.locator("#versions-label")).to_have_text("Version 2")
    builder.page.locator("#versions-button").click()
    builder.page.locator("#version-list").get_by_role("button", name=re.compile("^Version 1")).click()
    expect(builder.preview.locator("h1")).to_have_text("One")
    builder.page.keyboard.press("Escape")
    builder.page.get_by_role("button", name="Restore it").click()
    expect(builder.page.locator("#versions-label")).to_have_text("Version 3")
    expect(builder.preview.locator("h1")).to_have_text("One")
    with builder.page.expect_download() as download:
        builder.page.get_by_role("link", name="Download the page").click()
    assert "<h1>One</h1>" in download.value.path().read_text()


def test_a_chat_is_exported_as_markdown(builder: Builder, context: BrowserContext, model: FakeModel) -> None:
    model.enqueue(Say("Fresh **beans**"))
    builder.ask("Write a line")
    builder.page.get_by_role("button", name="More for this chat").click()
    with builder.page.expect_download() as download:
        builder.page.get_by_role("menuitem", name="Export as Markdown").click()
    assert "Fresh **beans**" in download.value.path().read_text()
