"""A chat of 600 messages: all of it can be read, and what is far out of view is let go."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.builder import Builder
from tests.long_chats import add_chat
from tests.stacks import Person, Stack

MESSAGES = 600
# Two for each of the turns that may be in the page, and those of the turns being worked on.
MOST_ARTICLES = 250


@pytest.fixture
def long_chat(builder: Builder, stack: Stack, alice: Person) -> Builder:
    """Opened at its end; questions are "Question 1", "Question 3" and so on."""
    website = builder.page.url.rsplit("/websites/")[1].split("/")[0]
    session = add_chat(stack, alice, MESSAGES, website=website, question="Question ", answer="Answer ")
    builder.page.goto(f"/websites/{website}/chats/{session}")
    expect(builder.questions.last).to_have_text(f"Question {MESSAGES - 1}")
    return builder


def scroll(builder: Builder, where: str, is_there: Callable[[], bool]) -> None:
    for _ in range(100):
        builder.page.locator("#conversation").evaluate(f"node => {{ node.scrollTop = {where} }}")
        builder.page.wait_for_timeout(60)
        assert builder.page.locator("article").count() <= MOST_ARTICLES
        if is_there():
            return
    raise AssertionError("it never came")


def shows(builder: Builder, text: str) -> Callable[[], bool]:
    return lambda: builder.page.get_by_text(text, exact=True).count() == 1


def test_all_of_it_can_be_read_up_and_down(long_chat: Builder) -> None:
    scroll(long_chat, "0", shows(long_chat, "Question 1"))
    expect(long_chat.questions.first).to_have_text("Question 1")
    assert not shows(long_chat, "Question 599")()
    scroll(long_chat, "node.scrollHeight", shows(long_chat, "Question 599"))
    expect(long_chat.questions.last).to_have_text("Question 599")
    assert not shows(long_chat, "Question 1")()


def test_the_latest_is_a_click_away_and_a_new_question_shows(long_chat: Builder) -> None:
    scroll(long_chat, "0", shows(long_chat, "Question 1"))
    long_chat.page.get_by_role("button", name="Jump to latest").click()
    expect(long_chat.questions.last).to_have_text("Question 599")
    scroll(long_chat, "0", shows(long_chat, "Question 1"))
    long_chat.send("3 words, seed 1")
    expect(long_chat.questions.last).to_have_text("3 words, seed 1")
    long_chat.wait_until_answered()
    assert long_chat.page.locator("article").count() <= MOST_ARTICLES


def test_what_is_typed_into_a_turn_is_there_when_it_comes_back(long_chat: Builder) -> None:
    last = long_chat.page.locator(".turn").last
    last.get_by_role("button", name="Ask in other words").click()
    last.get_by_role("textbox").fill("Half a thought")
    scroll(long_chat, "0", shows(long_chat, "Question 1"))
    long_chat.page.get_by_role("button", name="Jump to latest").click()
    expect(long_chat.page.locator(".turn").last.get_by_role("textbox")).to_have_value("Half a thought")


def test_a_message_that_is_searched_for_is_shown_wherever_it_is(long_chat: Builder) -> None:
    long_chat.page.get_by_role("button", name="Search in this chat").click()
    long_chat.page.locator("#find-words").fill("Question 101")
    long_chat.page.locator(".find-result").click()
    expect(long_chat.page.locator(".is-found")).to_contain_text("Question 101")
