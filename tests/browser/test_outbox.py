"""A message is written down before it is sent, and arrives exactly once whatever happens on the way."""

import re
import threading

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.builder import Builder
from tests.fake_model import FakeModel
from tests.stacks import Stack

WAITING = """() => new Promise((resolve) => { indexedDB.open('sitethread').onsuccess = ({ target: { result: db } }) => {
    db.transaction('outbox').objectStore('outbox').count().onsuccess = ({ target }) => resolve(target.result); }; })"""


def stored(stack: Stack, text: str) -> int:
    """Count the rows of a message in the database."""
    return len(stack.sql("select 1 from public.chat_messages where content = %s", text))


def test_a_message_written_offline_survives_a_refresh_and_is_stored_once(
    builder: Builder, context: BrowserContext, stack: Stack, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    chat = builder.page.url
    context.set_offline(True)
    builder.send("4 words, seed 771")
    expect(builder.page.locator(".delivery.is-queued")).to_contain_text("Waiting for a connection")
    builder.send("4 words, seed 779")
    expect(builder.page.locator(".waiting-text")).to_have_text(["4 words, seed 779"])
    builder.box.fill("Half a thought")
    builder.page.wait_for_timeout(250)
    # The page itself needs the line back; sending is held up for another moment.
    builder.page.route("**/api/chat", lambda route: route.abort(), times=2)
    context.set_offline(False)
    builder.page.goto(chat)
    expect(builder.questions).to_have_text(["3 words, seed 1", "4 words, seed 771", "4 words, seed 779"])
    expect(builder.box).to_have_value("Half a thought")
    expect(builder.answers).to_have_count(3)
    builder.wait_until_answered()
    expect(builder.page.locator(".delivery.is-saved")).to_have_count(3)
    assert stored(stack, "4 words, seed 771") == 1
    assert builder.page.evaluate(WAITING) == 0


def test_a_new_chat_begun_offline_is_sent_when_the_line_is_back(
    builder: Builder, context: BrowserContext, stack: Stack, model: FakeModel
) -> None:
    context.set_offline(True)
    builder.send("4 words, seed 772")
    expect(builder.page.locator(".delivery.is-queued")).to_be_visible()
    expect(builder.chats).to_have_text([re.compile("seed 772.*Waiting to be sent")])
    context.set_offline(False)
    builder.wait_until_answered()
    expect(builder.page).to_have_url(re.compile("/chats/"))
    expect(builder.page.locator(".delivery.is-saved")).to_have_count(1)
    expect(builder.chats).to_have_count(1)
    assert stored(stack, "4 words, seed 772") == 1


def test_a_tab_that_dies_while_sending_leaves_the_message_to_the_next(
    builder: Builder, context: BrowserContext, stack: Stack, model: FakeModel
) -> None:
    arrived = threading.Event()

    def arrive_without_a_reply(route: Route) -> None:
        route.fetch()
        arrived.set()

    builder.page.route("**/api/chat", arrive_without_a_reply)
    website = builder.page.url
    builder.send("4 words, seed 773")
    expect(builder.page.locator(".delivery.is-sending")).to_be_visible()
    while not arrived.is_set():
        builder.page.wait_for_timeout(50)
    builder.page.close()
    reopened = Builder(context.new_page())
    reopened.page.goto(website)
    reopened.wait_until_answered()
    expect(reopened.questions).to_have_text(["4 words, seed 773"])
    expect(reopened.chats).to_have_count(1)
    assert stored(stack, "4 words, seed 773") == 1


def test_another_open_tab_sends_what_a_closed_one_could_not(
    builder: Builder, context: BrowserContext, stack: Stack, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    second = Builder(context.new_page())
    second.page.goto(builder.page.url)
    expect(second.questions).to_have_count(1)
    builder.page.route("**/api/chat", lambda route: None)
    builder.send("4 words, seed 774")
    expect(second.page.locator(".delivery.is-sending")).to_be_visible()
    builder.page.close()
    expect(second.answers).to_have_count(2)
    second.wait_until_answered()
    expect(second.page.locator(".delivery.is-saved")).to_have_count(2)
    assert stored(stack, "4 words, seed 774") == 1


def streams(page: Page, log: list[str]) -> None:
    """Note every request that an answer is read from."""
    page.on(
        "request",
        lambda request: (
            log.append(request.url) if re.search(r"/(chat|events|retry|continue)$", request.url) else None
        ),
    )


def test_tabs_share_one_stream_and_another_goes_on_when_its_tab_is_closed(
    builder: Builder, context: BrowserContext, model: FakeModel
) -> None:
    builder.ask("3 words, seed 1")
    tabs = [builder, *(Builder(context.new_page()) for _ in range(2))]
    log: list[str] = []
    for tab in tabs[1:]:
        tab.page.goto(builder.page.url)
        expect(tab.questions).to_have_count(1)
    for tab in tabs:
        streams(tab.page, log)
    builder.send("2000 words, seed 3, 25 a second")
    for tab in tabs:
        expect(tab.stop_button).to_be_visible()
        expect(tab.answers.last.locator(".prose")).not_to_be_empty()
    assert len(log) == 1
    builder.page.close()
    for tab in tabs[1:]:
        before = tab.answers.last.locator(".prose").inner_text()
        expect(tab.answers.last.locator(".prose")).not_to_have_text(before, use_inner_text=True)
    assert len(log) == 2
    tabs[2].stop_button.click()
    for tab in tabs[1:]:
        tab.wait_until_answered()
    # The third tab may be handed the lock before it hears that the second has seen the end: it asks, and is told so.
    assert len(log) in (2, 3)
    whole = tabs[1].answers.last.locator(".prose").inner_text()
    assert tabs[2].answers.last.locator(".prose").inner_text() == whole
    tabs[1].page.reload()
    expect(tabs[1].answers.last.locator(".prose")).to_have_text(whole, use_inner_text=True)
    assert tabs[1].complaints == tabs[2].complaints == []
