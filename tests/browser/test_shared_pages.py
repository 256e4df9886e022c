"""Pages of imported and shared chats: seen, made a version, and shared alone."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder, choose
from tests.chatgpt_file import bakery, written
from tests.fake_model import FakeModel, Say

PAGE = Say("Here:\n\n```html\n<!doctype html><html><title>t</title><h1>Fresh bread</h1></html>\n```\n")


def test_a_page_of_chatgpts_is_seen_and_becomes_a_version(builder: Builder, tmp_path: Path) -> None:
    page = builder.page
    file = tmp_path / "conversations.json"
    file.write_bytes(written(bakery("<img src=x onerror=alert(1)>"), {"title": "<b>No chat</b>"}))
    choose(builder, file)
    expect(page.locator(".import-count")).to_have_text("1 chat imported, 1 chat left out")
    expect(page.locator(".import-skipped li")).to_contain_text(["<b>No chat</b>"])
    page.get_by_role("button", name="Open the first one").click()
    expect(builder.questions).to_have_text(
        ["Make a page for a bakery", "Make it blue", "(a picture)\n\nLike this"]
    )
    expect(page.get_by_text("2/2")).to_be_visible()

    card = page.locator(".page-card").first
    card.get_by_role("button", name="View").click()
    expect(page.frame_locator(".loose-page").get_by_role("heading", name="Still warm")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    card.get_by_role("button", name="Use as a version of").click()
    page.get_by_role("button", name="Make it a version").click()
    expect(page.locator("#versions-label")).to_have_text("Version 1")
    expect(builder.preview.get_by_role("heading", name="Still warm")).to_be_visible()


def test_a_shared_chat_shows_its_page_beside_it_and_a_page_is_shared_alone(
    builder: Builder, model: FakeModel, browser: Browser, server: AppServer
) -> None:
    page = builder.page
    model.enqueue(PAGE)
    builder.ask("Make it")
    page.get_by_role("button", name="More for this chat").click()
    page.get_by_role("menuitem", name="Share").click()
    page.get_by_role("button", name="Create a link").click()
    chat_link = page.get_by_label("Link to this chat").input_value()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Share this page").click()
    page.get_by_role("button", name="Create a link").click()
    page_link = page.get_by_label("Link to this page").input_value()

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    bob = Builder(context.new_page())
    bob.page.goto(chat_link)
    expect(
        bob.page.frame_locator(".shared-preview-frame").get_by_role("heading", name="Fresh bread")
    ).to_be_visible()
    expect(bob.page.get_by_role("button", name="View")).to_have_attribute("aria-pressed", "true")
    bob.page.goto(page_link)
    expect(
        bob.page.frame_locator(".shared-page-frame").get_by_role("heading", name="Fresh bread")
    ).to_be_visible()
    assert bob.complaints == []

    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".share-list li")).to_have_count(0)
    bob.page.reload()
    expect(bob.page.get_by_text("taken it back")).to_be_visible()
    context.close()
