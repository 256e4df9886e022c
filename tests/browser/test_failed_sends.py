"""What can't be done right now: the message stays, the words are plain, and trying again works."""

import json
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Hold, Say
from tests.stacks import PASSWORD, Person


def refuse(page: Page, status: int, code: str, times: int = 1, **headers: str) -> None:
    """Have the next sends refused as the server would."""
    error = {"code": code, "message": f"Words for {code}.", "request_id": "r1"}

    def answer(route: Route) -> Any:
        route.fulfill(status=status, headers=headers, body=json.dumps({"success": False, "error": error}))

    page.route("**/api/chat", answer, times=times)


def test_database_away_keeps_the_message_and_sends_it_once_when_it_is_back(
    builder: Builder, model: FakeModel
) -> None:
    refuse(builder.page, 503, "database_unavailable", times=3, **{"retry-after": "60"})
    builder.send("3 words, seed 1")
    waiting = builder.page.locator(".delivery.is-queued")
    expect(waiting).to_contain_text("can’t reach its database right now. It is kept here")
    builder.page.reload()
    expect(waiting).to_contain_text("kept here")
    expect(builder.questions).to_have_text(["3 words, seed 1"])
    expect(builder.chats).to_have_text([re.compile("Waiting to be sent")])
    builder.page.get_by_role("button", name="Edit").click()
    expect(builder.box).to_have_value("3 words, seed 1")
    builder.send("4 words, seed 1")
    expect(waiting).to_be_visible()
    builder.page.get_by_role("button", name="Send now").click()
    builder.wait_until_answered()
    expect(builder.questions).to_have_text(["4 words, seed 1"])
    expect(builder.box).to_have_value("")


def test_too_much_at_once_is_said_at_the_message_which_can_be_sent_again(
    builder: Builder, model: FakeModel
) -> None:
    refuse(builder.page, 429, "quota_exceeded")
    builder.send("3 words, seed 1")
    expect(builder.page.locator(".delivery.is-failed")).to_contain_text("Not sent. Words for quota_exceeded.")
    builder.page.get_by_role("button", name="Try again").click()
    builder.wait_until_answered()
    expect(builder.page.locator(".delivery.is-saved")).to_have_count(1)


def test_a_lost_connection_is_tried_again_under_the_same_message_id(
    builder: Builder, model: FakeModel
) -> None:
    ids: list[str] = []

    def drop(route: Route) -> None:
        ids.append(route.request.post_data_json["message_id"])
        route.abort() if len(ids) == 1 else route.continue_()

    builder.page.route("**/api/chat", drop)
    builder.ask("3 words, seed 1")
    assert len(ids) == 2
    assert ids[0] == ids[1]
    expect(builder.questions).to_have_count(1)


def test_an_answer_that_runs_elsewhere_is_joined_and_the_message_waits_for_it(
    builder: Builder, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    hold = Hold()
    model.enqueue(Say("One"), hold, Say(" two"))
    # Answered with headers as soon as the question is stored.
    builder.page.evaluate(
        """() => { const id = location.pathname.split('/').at(-1);
        return fetch('/api/chat', {method: 'POST', headers: {'content-type': 'application/json'},
        body: JSON.stringify({session_id: id, message: 'Elsewhere'})}).then(() => {}); }"""
    )
    builder.send("Mine")
    expect(builder.page.locator(".waiting-text")).to_have_text(["Mine"])
    expect(builder.stop_button).to_be_visible()
    hold.release()
    expect(builder.questions).to_have_text(["3 words, seed 1", "Elsewhere", "Mine"])
    expect(builder.answers).to_have_count(3)
    builder.wait_until_answered()
    expect(builder.page.locator(".delivery.is-saved")).to_have_count(3)


def test_signed_out_meanwhile_leads_to_sign_in_and_the_message_is_sent_after_it(
    builder: Builder, alice: Person, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    chat = builder.page.url
    builder.box.fill("4 words, seed 1")
    # What still loads after the answer would notice the missing cookies before the message does.
    builder.page.wait_for_load_state("networkidle")
    builder.page.context.clear_cookies()
    builder.page.keyboard.press("Enter")
    builder.page.wait_for_url("**/sign-in?next=*")
    builder.page.get_by_label("E-mail").fill(alice.email)
    builder.page.get_by_label("Password", exact=True).fill(PASSWORD)
    builder.page.keyboard.press("Enter")
    builder.page.wait_for_url(chat)
    expect(builder.answers).to_have_count(2)
    builder.wait_until_answered()
    expect(builder.questions).to_have_text(["3 words, seed 1", "4 words, seed 1"])


def test_another_answer_asked_for_over_a_broken_line_is_written_once(
    builder: Builder, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    keys: list[str] = []

    def lose_the_first_reply(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    builder.page.route("**/retry", lose_the_first_reply)
    builder.page.get_by_role("button", name="Write another answer").click()
    expect(builder.page.locator(".byline .stepper")).to_have_text("2/2")
    builder.wait_until_answered()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    builder.page.reload()
    expect(builder.page.locator(".byline .stepper")).to_have_text("2/2")
