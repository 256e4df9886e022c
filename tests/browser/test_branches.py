"""Asking in other words, going back to what was asked before, branching: nothing said is ever lost."""

import re

from playwright.sync_api import Browser, BrowserContext, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder, reworded
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Hold, Say
from tests.stacks import Person, Stack


def test_a_question_in_other_words_keeps_the_first_with_all_that_followed(
    builder: Builder, stack: Stack, model: FakeModel
) -> None:
    for text in ("First", "Second", "Other second", "Other first"):
        model.enqueue(Say(f"{text} answer"))
    builder.ask("One")
    builder.ask("Two")
    builder.page.locator(".question").first.hover()
    builder.page.get_by_role("button", name="Ask in other words").first.click()
    builder.page.keyboard.press("Escape")
    reworded(builder, 1, "Two, again")
    expect(builder.page.locator(".question .stepper")).to_have_text(["2/2"])
    expect(builder.questions).to_have_text(["One", "Two, again"])
    reworded(builder, 0, "Uno")
    expect(builder.questions).to_have_text(["Uno"])
    seen = [message["content"] for message in model.requests[-1]["messages"] if message["role"] != "system"]
    assert seen == ["Uno"]

    earlier = builder.page.get_by_role("button", name="Earlier version")
    earlier.click()
    expect(builder.questions).to_have_text(["One", "Two, again"])
    expect(builder.page.get_by_role("button", name="Later version").first).to_be_focused()
    earlier.last.click()
    expect(builder.questions).to_have_text(["One", "Two"])
    expect(builder.answers).to_contain_text(["First answer", "Second answer"])
    model.enqueue(Say("Third answer"))
    builder.ask("Three")
    seen = [message["content"] for message in model.requests[-1]["messages"] if message["role"] != "system"]
    assert seen == ["One", "First answer", "Two", "Second answer", "Three"]

    builder.page.reload()
    expect(builder.questions).to_have_text(["One", "Two", "Three"])
    id_ = builder.page.url.split("/")[-1]
    assert len(stack.sql("select 1 from public.chat_messages where session_id = %s", id_)) == 10


def test_a_long_chat_shows_one_path_and_finds_the_other_versions_of_its_start(
    builder: Builder, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    builder.page.evaluate(
        """async () => { const id = location.pathname.split('/').at(-1);
        for (let i = 0; i < 40; i += 1) await fetch(`/api/chat/sessions/${id}/messages`, {method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({role: 'user', content: `Note ${i}`})}); }"""
    )
    builder.page.reload()
    expect(builder.questions.last).to_have_text("Note 39")
    builder.page.locator("#conversation").evaluate("node => { node.scrollTop = 0 }")
    expect(builder.questions).to_have_count(41)
    reworded(builder, 0, "4 words, seed 1")
    builder.page.reload()
    expect(builder.questions).to_have_text(["4 words, seed 1"])
    expect(builder.page.locator(".question .stepper")).to_have_text("2/2")
    expect(builder.page.locator("#older")).to_be_hidden()
    builder.page.get_by_role("button", name="Search in this chat").click()
    builder.page.get_by_role("searchbox", name="Words").fill("Note 17")
    builder.page.locator(".find-result").click()
    expect(builder.page.locator(".question.is-found")).to_contain_text("Note 17")


def test_a_branch_is_a_chat_of_its_own_that_shows_where_it_came_from(
    builder: Builder, model: FakeModel
) -> None:
    model.enqueue(Say("First answer"))
    builder.ask("One")
    builder.ask("3 words, seed 1")
    origin = builder.page.url
    builder.page.get_by_role("button", name="More for this answer").first.click()
    builder.page.get_by_role("menuitem", name="Branch into a new chat").click()
    note = builder.page.locator("#branch-note")
    expect(note).to_have_text(re.compile("Branched from One"))
    expect(builder.questions).to_have_text(["One"])
    expect(builder.chats).to_have_count(2)
    model.enqueue(Say("Branch answer"))
    builder.ask("Elsewhere")
    builder.page.reload()
    expect(builder.questions).to_have_text(["One", "Elsewhere"])
    note.get_by_role("link").click()
    expect(builder.page).to_have_url(origin)
    expect(builder.page.locator(".reply.is-found")).to_contain_text("First answer")
    expect(builder.questions).to_have_text(["One", "3 words, seed 1"])
    expect(note).to_be_hidden()
    builder.page.locator(".question").last.hover()
    builder.page.get_by_role("button", name="More for your message").last.click()
    builder.page.get_by_role("menuitem", name="Branch into a new chat").click()
    expect(builder.page.locator("#chat-title")).to_have_text("One (branch 2)")
    expect(builder.answers).to_contain_text(["First answer"])
    model.enqueue(Say("Answered in the branch"))
    builder.page.get_by_role("button", name="Answer it").click()
    expect(builder.answers.last).to_contain_text("Answered in the branch")
    expect(builder.page.get_by_role("button", name="Answer it")).to_be_hidden()


def test_a_chat_answered_elsewhere_is_marked_until_it_is_seen_anywhere(
    builder: Builder, browser: Browser, server: AppServer, alice: Person, model: FakeModel
) -> None:
    website = builder.page.url
    builder.ask("3 words, seed 1")
    first_chat = builder.page.url
    builder.page.get_by_role("button", name="New chat").click()
    unread = builder.page.locator(".unread-mark")
    other_context: BrowserContext = browser.new_context(base_url=server.url)
    other_context.set_default_timeout(15_000)
    sign_in(other_context, alice)
    other = Builder(other_context.new_page())
    other.page.goto(first_chat)
    expect(other.questions).to_have_count(1)
    hold = Hold()
    model.enqueue(Say("One"), hold, Say(" two"))
    other.send("Go")
    expect(other.stop_button).to_be_visible()
    builder.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(builder.page.locator(".running-mark")).to_have_count(1)
    # Left before the answer was there: nobody has seen it.
    other.page.goto("/websites")
    hold.release()
    expect(unread).to_have_count(1)
    expect(builder.page.locator(".running-mark")).to_have_count(0)
    other.page.goto(website)
    expect(other.page.locator(".unread-mark")).to_have_count(0)
    expect(other.answers).to_have_count(2)
    with builder.page.expect_response(re.compile("/api/chat/sessions\\?")):
        builder.page.evaluate("dispatchEvent(new Event('focus'))")
    builder.page.wait_for_timeout(400)
    builder.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(unread).to_have_count(0)
    other_context.close()
