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
