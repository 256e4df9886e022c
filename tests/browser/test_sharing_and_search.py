"""Clearing and deleting with a way back, links for others, and finding words in any chat."""

import re

from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say


def test_cleared_messages_and_deleted_chats_come_back_by_undo(builder: Builder, model: FakeModel) -> None:
    builder.ask("3 words, seed 1")
    chat = builder.page.url
    builder.page.get_by_role("button", name="More for this chat").click()
    builder.page.get_by_role("menuitem", name="Clear messages").click()
    expect(builder.questions).to_have_count(0)
    expect(builder.page.locator(".greeting")).to_be_visible()
    expect(builder.chats.locator(".chat-preview")).to_have_text("No messages yet")
    builder.page.get_by_role("button", name="Undo", exact=True).click()
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.chats.locator(".chat-preview")).not_to_have_text("No messages yet")

    builder.page.get_by_role("button", name="More for this chat").click()
    builder.page.get_by_role("menuitem", name="Delete").click()
    builder.page.get_by_role("button", name="Delete chat").click()
    expect(builder.chats).to_have_count(0)
    builder.page.get_by_role("button", name="Undo", exact=True).click()
    expect(builder.page).to_have_url(chat)
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.chats).to_have_count(1)


def test_the_trash_gives_a_chat_back_also_later(builder: Builder, model: FakeModel) -> None:
    builder.ask("3 words, seed 1")
    builder.page.get_by_role("button", name="More for this chat").click()
    builder.page.get_by_role("menuitem", name="Delete").click()
    builder.page.get_by_role("button", name="Delete chat").click()
    expect(builder.chats).to_have_count(0)
    builder.page.reload()
    builder.page.get_by_role("button", name="Trash").click()
    builder.page.get_by_role("dialog").get_by_role("button", name="Restore").first.click()
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.chats).to_have_count(1)


def test_a_link_shows_the_chat_to_anybody_until_it_is_taken_back(
    builder: Builder, browser: Browser, server: AppServer, model: FakeModel
) -> None:
    model.enqueue(Say("Fresh **beans**"))
    builder.ask("Write a line")
    builder.page.get_by_role("button", name="More for this chat").click()
    builder.page.get_by_role("menuitem", name="Share").click()
    builder.page.get_by_role("button", name="Create a link").click()
    link = builder.page.get_by_role("textbox", name="Link to this chat").input_value()
    stranger = browser.new_context(base_url=server.url).new_page()
    stranger.goto(link)
    expect(stranger.locator("body")).to_contain_text("Fresh beans")
    builder.page.get_by_role("button", name="Update what is shared").click()
    expect(builder.page.locator(".share-list li")).to_contain_text("updated")
    builder.page.get_by_role("button", name="Take back").click()
    expect(builder.page.locator(".share-list li")).to_have_count(0)
    answer = stranger.goto(link)
    assert answer
    assert answer.status == 404
    expect(stranger.get_by_text("This link shows nothing.")).to_be_visible()
    stranger.context.close()


def test_words_are_found_in_every_chat_of_every_website(builder: Builder, model: FakeModel) -> None:
    first = builder.page.url
    model.enqueue(Say("We roast our 🫘 beans on Tuesdays."))
    builder.ask("When do you roast?")
    builder.new_website("Portfolio Website")
    box = builder.page.get_by_role("searchbox", name="Search chats")
    box.fill("tuesdays")
    result = builder.page.locator(".search-result")
    expect(result.locator("mark")).to_have_text(["Tuesdays"])
    expect(result).to_contain_text("Another website")
    box.fill("wednesdays")
    expect(builder.page.locator("#search-results")).to_contain_text(
        "No message has “wednesdays”. Try another word"
    )
    box.fill("tuesdays")
    result.click()
    expect(builder.page).to_have_url(re.compile(re.escape(first) + "/chats/[^#]*$"))
    expect(builder.page.locator(".reply.is-found")).to_contain_text("on Tuesdays")
    builder.page.get_by_role("button", name="New chat").click()
    box.fill("roast")
    expect(result).to_have_count(1)
    expect(result).to_contain_text("1 more in this chat")
    result.click()
    expect(builder.page.locator(".is-found")).to_contain_text("roast")
    box.fill("beans")
    builder.page.get_by_role("button", name="1 message in the open chat").click()
    expect(builder.page.locator(".find-result")).to_have_count(1)
    expect(result).to_have_count(0)
    box.fill("lighthouse")
    expect(builder.chats).to_have_count(0)
    expect(builder.page.get_by_text("No chat has a title or last words like that.")).to_be_visible()
