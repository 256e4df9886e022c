"""Answers on the page: arriving, stopped, dropped, continued, tried again, seen from a second tab."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.builder import Builder
from tests.fake_model import Close, FakeModel, Hang, Hold, Say, words

PAGE = "<!doctype html>\n<html lang='en'><title>T</title><h1>Morning</h1></html>\n"


def test_a_page_is_shown_as_a_version_never_as_a_wall_of_code(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say(f"Here it is.\n\n```html\n{PAGE}```\n\nEnjoy **it**."))
    builder.ask("Make a page")
    expect(builder.page.locator(".page-card-title")).to_have_text("Version 1")
    assert "doctype" not in builder.answers.last.inner_text()
    expect(builder.preview.locator("h1")).to_have_text("Morning")


def test_while_a_page_is_written_the_preview_says_so(builder: Builder, model: FakeModel) -> None:
    hold = Hold()
    model.enqueue(Say("```html\n<!doctype html>\n<html><h1>Half"), hold, Say(" and half</h1></html>\n```\n"))
    builder.send("Make a page")
    expect(builder.page.locator("#preview-building")).to_contain_text("Writing: The beginning")
    expect(builder.page.locator(".page-card-title")).to_have_text("Writing the page…")
    hold.release()
    builder.wait_until_answered()
    expect(builder.page.locator("#preview-building")).to_be_hidden()
    expect(builder.preview.locator("h1")).to_have_text("Half and half")


def test_settled_paragraphs_are_left_alone_while_the_rest_arrives(builder: Builder, model: FakeModel) -> None:
    hold = Hold()
    model.enqueue(Say("First paragraph.\n\nSecond"), hold, Say(" paragraph.\n\n```py\nx = 1\n```\n"))
    builder.send("Go")
    first = builder.page.locator(".answer p", has_text="First paragraph")
    first.evaluate("node => { node.dataset.mark = 'same' }")
    hold.release()
    builder.wait_until_answered()
    assert first.get_attribute("data-mark") == "same"
    expect(builder.page.locator(".answer code .hljs-number")).to_have_text("1")


def test_stop_keeps_what_was_written_and_continue_goes_on_in_place(
    builder: Builder, model: FakeModel
) -> None:
    model.enqueue(Say("One two"), Hang())
    builder.send("Count")
    expect(builder.answers.last).to_contain_text("One two")
    builder.stop_button.click()
    expect(builder.answers.last).to_contain_text("Stopped. What was written is kept.")
    model.enqueue(Say(" three"))
    builder.page.get_by_role("button", name="Continue").click()
    expect(builder.answers.last).to_have_attribute("data-status", "complete")
    expect(builder.answers.last.locator(".prose")).to_have_text("One two three")
    expect(builder.answers).to_have_count(1)


def test_a_page_that_was_stopped_goes_on_as_the_same_page(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("Here.\n\n```html\n<!doctype html>\n<html><h1>Half"), Hang())
    builder.send("Make a page")
    expect(builder.page.locator(".page-card-title")).to_have_text("Writing the page…")
    builder.stop_button.click()
    expect(builder.page.locator(".page-card-title")).to_have_text("The page is not finished")
    expect(builder.box).to_be_focused()
    hold = Hold()
    model.enqueue(Say(" and half</h1>\n"), hold, Say("<p>End</p></html>\n```\n\nEnjoy."))
    builder.page.get_by_role("button", name="Continue").click()
    expect(builder.box).to_be_focused()
    expect(builder.page.locator(".page-card-title")).to_have_text("Writing the page…")
    hold.release()
    builder.wait_until_answered()
    expect(builder.page.locator(".page-card-title")).to_have_text("Version 1")
    assert "<" not in builder.answers.last.locator(".prose").inner_text()
    expect(builder.preview.locator("h1")).to_have_text("Half and half")


def test_a_preview_that_could_not_be_reached_comes_when_the_line_is_back(
    builder: Builder, context: BrowserContext, model: FakeModel
) -> None:
    builder.page.route("**/preview/*", lambda route: route.abort())
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.ask("Make a page")
    expect(builder.page.locator(".page-card-title")).to_have_text("Version 1")
    expect(builder.page.locator(".preview-frame:not(.is-writing)")).to_have_count(0)
    builder.page.unroute("**/preview/*")
    context.set_offline(True)
    context.set_offline(False)
    expect(builder.preview.locator("h1")).to_have_text("Morning", timeout=4000)
    expect(builder.answers.last.locator("..").locator(".kind")).to_have_text("Page")
    builder.page.get_by_role("button", name="New chat").click()
    expect(builder.page.get_by_role("button", name="Add a contact form")).to_be_visible()


def test_a_model_that_breaks_off_is_explained_and_trying_again_keeps_both(
    builder: Builder, model: FakeModel
) -> None:
    model.enqueue(Say("Half of"), Close())
    builder.send("Tell me")
    expect(builder.answers.last).to_contain_text("broke off")
    model.enqueue(Say("All of it"))
    builder.page.get_by_role("button", name="Try again").click()
    expect(builder.answers.last).to_contain_text("All of it")
    expect(builder.page.locator(".stepper")).to_contain_text("2/2")
    builder.wait_until_answered()
    builder.page.get_by_role("button", name="Earlier answer").click()
    expect(builder.answers.last).to_contain_text("Half of")
    builder.page.get_by_role("button", name="Later answer").click()
    expect(builder.answers.last).to_contain_text("All of it")


def test_a_chat_goes_on_from_the_alternative_that_is_shown(builder: Builder, model: FakeModel) -> None:
    for text in ("First try", "Second try"):
        model.enqueue(Say(text))
    builder.ask("Write a line")
    builder.page.get_by_role("button", name="Write another answer").click()
    expect(builder.answers.last).to_contain_text("Second try")
    builder.wait_until_answered()
    builder.page.get_by_role("button", name="Earlier answer").click()
    model.enqueue(Say("Sure"))
    builder.ask("Shorter")
    seen = [message["content"] for message in model.requests[-1]["messages"]]
    assert "First try" in seen
    assert "Second try" not in seen


def test_reload_and_second_tab_join_the_running_answer(
    builder: Builder, context: BrowserContext, model: FakeModel
) -> None:
    hold = Hold()
    model.enqueue(Say("".join(words(3, 30))), hold, Say("".join(words(4, 30))))
    builder.send("Go")
    expect(builder.answers.last.locator(".prose")).not_to_be_empty()
    builder.page.reload()
    expect(builder.stop_button).to_be_visible()
    second = Builder(context.new_page())
    second.page.goto(builder.page.url)
    expect(second.stop_button).to_be_visible()
    hold.release()
    builder.wait_until_answered()
    second.wait_until_answered()
    whole = builder.answers.last.locator(".prose").inner_text()
    assert second.answers.last.locator(".prose").inner_text() == whole
    builder.page.reload()
    expect(builder.answers.last.locator(".prose")).to_have_text(whole, use_inner_text=True)
    assert second.complaints == []


def test_leaving_a_chat_does_not_end_its_answer(builder: Builder, model: FakeModel) -> None:
    hold = Hold()
    model.enqueue(Say("One"), hold, Say(" two"))
    builder.send("Go")
    expect(builder.stop_button).to_be_visible()
    builder.page.get_by_role("button", name="New chat").click()
    expect(builder.page.get_by_text("Who should help?")).to_be_visible()
    expect(builder.stop_button).to_have_count(0)
    expect(builder.page.locator(".running-mark")).to_have_count(1)
    hold.release()
    builder.chats.first.locator(".chat-link").click()
    builder.wait_until_answered()
    expect(builder.page.locator(".running-mark")).to_have_count(0)


def test_what_one_tab_sends_appears_in_the_other(
    builder: Builder, context: BrowserContext, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    second = Builder(context.new_page())
    second.page.goto(builder.page.url)
    expect(second.questions).to_have_count(1)
    builder.ask("4 words, seed 2")
    expect(second.questions).to_have_text(["3 words, seed 1", "4 words, seed 2"])


def test_reading_further_up_is_not_disturbed_by_new_text(builder: Builder, model: FakeModel) -> None:
    model.enqueue(Say("line\n\n" * 80))
    builder.ask("Long one")
    hold = Hold()
    model.enqueue(Say("Seen"), hold, Say("new line\n\n" * 40))
    builder.send("Go")
    expect(builder.answers.last).to_contain_text("Seen")
    scroller = builder.page.locator("#conversation")
    scroller.evaluate("node => { node.scrollTop = 100 }")
    hold.release()
    expect(builder.answers.last).to_contain_text("new line")
    builder.wait_until_answered()
    assert scroller.evaluate("node => node.scrollTop") == 100
    builder.page.get_by_role("button", name="Jump to latest").click()
    at_the_end = "node => node.scrollHeight - node.scrollTop - node.clientHeight < 64"
    builder.page.wait_for_function(at_the_end, arg=scroller.element_handle())
