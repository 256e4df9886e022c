"""Prompts of one's own: saved from a question, begun with, changed, deleted."""

from playwright.sync_api import expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel


def test_a_prompt_is_saved_from_a_question_and_begins_another_chat(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    builder.ask("3 words, seed 1")
    page.locator(".question").hover()
    page.get_by_role("button", name="More for your message").click()
    page.get_by_role("menuitem", name="Save as a prompt").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("3 words, seed 1")
    page.get_by_label("Name", exact=True).fill("<b>Three</b> words")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“<b>Three</b> words” saved")).to_be_visible()

    page.get_by_role("button", name="New chat").click()
    menu = page.get_by_role("button", name="Saved prompts")
    menu.click()
    page.get_by_role("menuitem", name="<b>Three</b> words").click()
    expect(builder.box).to_have_value("3 words, seed 1")
    page.keyboard.press("Enter")
    builder.wait_until_answered()
    expect(builder.chats).to_have_count(2)

    menu.click()
    page.get_by_role("menuitem", name="Your prompts").click()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("Text", exact=True).fill("4 words, seed 2")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".prompt-words")).to_contain_text(["4 words, seed 2"])
    page.get_by_role("button", name="Delete").last.click()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.locator(".prompt-words")).to_have_count(1)
    page.get_by_role("button", name="Delete “").click()
    page.get_by_role("button", name="Close", exact=True).click()
    menu.click()
    expect(page.get_by_role("menuitem")).to_have_text(["Save your first prompt…"])
