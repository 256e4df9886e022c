"""What an answer offers besides its text: next steps to press, and colours to see."""

from playwright.sync_api import expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say


def test_suggested_next_steps_are_buttons_that_send_what_they_say(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("Done.\n\n→ Next: **add a menu** · **make it dark**"), Say("A menu it is."))
    builder.ask("Make a page")
    steps = builder.answers.last.get_by_role("list", name="Suggested next steps").get_by_role("button")
    expect(steps).to_have_text(["add a menu", "make it dark"])
    steps.first.click()
    expect(builder.answers).to_have_count(2)
    builder.wait_until_answered()
    expect(builder.page.get_by_text("add a menu").last).to_be_visible()
    assert builder.complaints == []


def test_a_colour_in_code_is_shown_with_a_swatch(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("Try `#1f6b57`, not `#hashtag`."))
    builder.ask("Which green?")
    swatches = builder.answers.last.locator("code .swatch")
    expect(swatches).to_have_count(1)
    expect(swatches).to_have_css("background-color", "rgb(31, 107, 87)")
    assert builder.complaints == []


def test_what_was_typed_and_is_not_on_the_page_is_named_and_can_be_asked_for(
    builder: Builder, model: FakeModel
) -> None:
    page = "```html\n<!doctype html>\n<html><title>t</title><h1>Luna</h1><p>€12</p></html>\n```\n"
    model.enqueue(Say(page))
    model.enqueue(Say(page.replace("€12", "€12, 9:00")))
    builder.ask("A page for Luna, €12, open from 9am, call 030 1234567")
    missing = builder.answers.last.locator(".page-card-missing")
    expect(missing).to_contain_text("Not on the page: 9am · 030 1234567")
    builder.page.reload()
    expect(missing).to_contain_text("Not on the page: 9am · 030 1234567")
    missing.get_by_role("button", name="Add it").click()
    expect(builder.questions.last).to_have_text("Put this on the page, as written: 9am; 030 1234567")
    builder.wait_until_answered()
    expect(missing).to_contain_text("Not on the page: 030 1234567")
    assert builder.complaints == []
