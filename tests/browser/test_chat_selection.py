"""Several chats at once: ticked in the list, then pinned, tagged, archived, deleted, and brought back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.builder import Builder

START_CHATS = """async (titles) => { const website_id = location.pathname.split('/')[2];
for (const title of titles) await fetch('/api/chat/sessions', {method: 'POST',
headers: {'content-type': 'application/json'}, body: JSON.stringify({website_id, title})}); }"""


@pytest.fixture
def chats(builder: Builder) -> Builder:
    """A website with the chats three, two and one."""
    builder.page.evaluate(START_CHATS, ["one", "two", "three"])
    builder.page.reload()
    expect(builder.titles).to_have_text(["three", "two", "one"])
    return builder


def test_chats_are_archived_together_found_again_and_brought_back(chats: Builder) -> None:
    page = chats.page
    tick(chats, "one", "three")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(chats.titles).to_have_text(["two"])
    page.get_by_label("Which chats").select_option(label="Archived")
    expect(chats.titles).to_have_text(["three", "one"])
    tick(chats, "one")
    page.get_by_role("button", name="Unarchive").click()
    expect(chats.titles).to_have_text(["three"])
    page.get_by_label("Which chats").select_option(label="All")
    expect(chats.titles).to_have_text(["two", "one"])


def test_archiving_is_undone_at_once(chats: Builder) -> None:
    tick(chats, "one", "two")
    chats.page.get_by_role("button", name="Archive", exact=True).click()
    expect(chats.titles).to_have_text(["three"])
    chats.page.get_by_role("button", name="Undo", exact=True).click()
    expect(chats.titles).to_have_text(["three", "two", "one"])


def test_chats_are_deleted_together_after_a_question_and_the_trash_gives_them_back(chats: Builder) -> None:
    page = chats.page
    open_chat(chats, "two")
    page.get_by_role("button", name="Select").click()
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_text("3 selected")).to_be_visible()
    page.get_by_role("checkbox", name="one").uncheck()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete 2 chats").click()
    expect(chats.titles).to_have_text(["one"])
    expect(page.get_by_text("Who should help?")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(chats.titles).to_have_text(["three", "two", "one"])


def test_pinned_chats_stay_on_top_also_from_beyond_the_first_page(chats: Builder) -> None:
    page = chats.page
    tick(chats, "one")
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(chats.titles).to_have_text(["one", "three", "two"])
    page.evaluate(START_CHATS, [f"later {number}" for number in range(40)])
    page.reload()
    expect(chats.titles.first).to_have_text("one")
    expect(chats.titles.nth(1)).to_have_text("later 39")
    tick(chats, "one")
    page.get_by_role("button", name="Unpin").click()
    expect(chats.titles.first).to_have_text("later 39")


def test_a_tag_is_given_to_several_filtered_by_and_taken_back(chats: Builder) -> None:
    page = chats.page
    tick(chats, "one", "two")
    page.get_by_role("button", name="Tag…").click()
    page.get_by_label("Tag", exact=True).fill("menu ideas")
    page.keyboard.press("Enter")
    expect(page.locator(".chat-row .tag")).to_have_text(["menu ideas", "menu ideas"])
    page.get_by_label("Which chats").select_option(label="menu ideas")
    expect(chats.titles).to_have_text(["two", "one"])
    page.get_by_role("button", name="More for “two”").click()
    page.get_by_role("menuitem", name="Tags").click()
    page.get_by_label("Tags, with commas between them").fill("")
    page.keyboard.press("Enter")
    expect(chats.titles).to_have_text(["one"])


def test_selecting_works_by_keyboard_alone(chats: Builder) -> None:
    page = chats.page
    page.get_by_role("button", name="Select").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="three")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="two")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Select")).to_be_focused()
    expect(page.get_by_role("checkbox")).to_have_count(0)


def test_a_new_name_is_no_reason_to_move_up(chats: Builder) -> None:
    chats.page.get_by_role("button", name="More for “one”").click()
    chats.page.get_by_role("menuitem", name="Rename").click()
    chats.page.get_by_role("textbox", name="Name of this chat").fill("first")
    chats.page.keyboard.press("Enter")
    expect(chats.titles).to_have_text(["three", "two", "first"])
    chats.page.reload()
    expect(chats.titles).to_have_text(["three", "two", "first"])


def test_one_chat_is_pinned_and_archived_from_its_menu(chats: Builder) -> None:
    page = chats.page
    page.get_by_role("button", name="More for “one”").click()
    page.get_by_role("menuitem", name="Pin", exact=True).click()
    expect(chats.titles).to_have_text(["one", "three", "two"])
    page.get_by_role("button", name="More for “one”").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(chats.titles).to_have_text(["three", "two"])
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(chats.titles).to_have_text(["one", "three", "two"])


def tick(builder: Builder, *titles: str) -> None:
    builder.page.get_by_role("button", name="Select").click()
    for title in titles:
        builder.page.get_by_role("checkbox", name=title).check()


def open_chat(builder: Builder, title: str) -> None:
    builder.chats.filter(has_text=title).get_by_role("link").click()
    builder.page.wait_for_url(re.compile("/chats/"))
    expect(builder.page.locator("#chat-title")).to_have_text(title)
