"""Keys that lead to the message box, to the last question and to the list of them."""

from playwright.sync_api import expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say


def test_single_keys_work_outside_fields_until_they_are_turned_off(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    model.enqueue(Say("Done."))
    builder.ask("What / why?")
    expect(builder.questions).to_have_text(["What / why?"])
    focused = page.locator("#message:focus")
    page.locator("#conversation").focus()
    page.keyboard.press("/")
    expect(focused).to_have_value("")
    page.keyboard.press("?")
    expect(focused).to_have_value("?")
    page.keyboard.press("ArrowUp")
    expect(focused).to_have_count(1)
    builder.box.fill("")
    page.keyboard.press("ArrowUp")
    editor = page.get_by_role("textbox", name="Your message in other words")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("What / why?")
    page.keyboard.press("Escape")

    page.locator("#conversation").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog.get_by_role("row", name="/ Go to the message box")).to_be_visible()
    page.keyboard.press("/")
    dialog.get_by_role("checkbox", name="Use the shortcuts of a single key").uncheck()
    page.keyboard.press("Escape")
    page.locator("#conversation").focus()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(dialog).to_have_count(0)
    expect(focused).to_have_count(0)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.locator("#conversation").focus()
    page.keyboard.press("/")
    expect(focused).to_have_count(1)


def test_what_few_ask_of_an_answer_is_in_its_menu(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("Done."))
    builder.ask("Go")
    page = builder.page
    expect(page.locator(".reply")).not_to_contain_text("token")
    page.get_by_role("button", name="More for this answer").click()
    page.get_by_role("menuitem", name="Details").click()
    expect(page.get_by_role("dialog", name="Details of this answer")).to_contain_text("Tokens written")
