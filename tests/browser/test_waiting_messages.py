"""Messages that are written while an answer runs wait below it, and are sent in order when it ends."""

import re

from playwright.sync_api import BrowserContext, expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Hold, Say
from tests.stacks import Person, Stack


def test_messages_wait_for_the_answer_survive_a_reload_and_are_sent_in_order(
    builder: Builder, model: FakeModel
) -> None:
    held = Hold()
    model.enqueue(Say("First "), held, Say("answer"))
    builder.send("One")
    expect(builder.answers).to_contain_text(["First"])
    for text in ("Two", "Three", "Four"):
        builder.send(text)
    waiting = builder.page.locator(".waiting-text")
    expect(waiting).to_have_text(["Two", "Three", "Four"])
    expect(builder.questions).to_have_text(["One"])
    expect(builder.page.locator(".waiting-message").first).to_contain_text("Sent when the answer ends")
    builder.page.reload()
    expect(waiting).to_have_text(["Two", "Three", "Four"])
    row = builder.page.locator(".waiting-message")
    row.nth(1).get_by_role("button", name="Remove").click()
    row.nth(1).get_by_role("button", name="Edit").click()
    expect(builder.box).to_have_value("Four")
    builder.box.fill("Four and a half")
    builder.page.get_by_role("button", name="Send when the answer ends").click()
    expect(waiting).to_have_text(["Two", "Four and a half"])
    held.release()
    expect(builder.questions).to_have_text(["One", "Two", "Four and a half"])
    expect(builder.answers).to_have_count(3)
    builder.wait_until_answered()
    expect(waiting).to_have_count(0)
    expect(builder.page.locator(".delivery.is-saved")).to_have_count(3)


def test_a_waiting_message_is_sent_when_another_device_stops_the_answer(
    builder: Builder, context: BrowserContext, alice: Person, model: FakeModel
) -> None:
    model.enqueue(Say("First "), Hold())
    builder.send("One")
    expect(builder.answers).to_contain_text(["First"])
    builder.send("Two")
    expect(builder.page.locator(".waiting-text")).to_have_text(["Two"])
    answer = builder.answers.first.get_attribute("data-message")
    headers = {"Authorization": f"Bearer {alice.access_token}"}
    assert context.request.post(f"/api/chat/messages/{answer}/stop", data={}, headers=headers).ok
    expect(builder.questions).to_have_text(["One", "Two"])
    builder.wait_until_answered()


def test_a_message_to_a_chat_whose_answer_began_on_another_device_waits(
    builder: Builder, context: BrowserContext, stack: Stack, alice: Person, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    chat = re.search("chats/(.+)", builder.page.url)
    assert chat
    held = Hold()
    model.enqueue(Say("From afar "), held)
    # This page does not learn of it before it sends.
    builder.page.route("**/api/chat/sessions?*", lambda route: route.abort())
    start = """async ([id, token]) => { const reply = await fetch('/api/chat', {method: 'POST', headers: {
    'content-type': 'application/json', authorization: `Bearer ${token}`},
    body: JSON.stringify({message: 'Elsewhere', session_id: id})}); await reply.body.getReader().read(); }"""
    other = context.new_page()
    other.goto("/account")
    other.evaluate(start, [chat[1], alice.access_token])
    builder.send("Here")
    expect(builder.page.locator(".waiting-text")).to_have_text(["Here"])
    expect(builder.answers.last).to_contain_text("From afar")
    held.release()
    expect(builder.questions).to_have_text(["3 words, seed 1", "Elsewhere", "Here"])
    builder.wait_until_answered()
    assert len(stack.sql("select 1 from public.chat_messages where content = 'Here'")) == 1
