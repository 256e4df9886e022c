"""Requests that only make sense in their conversation."""

import pytest

from embedded.assistant.answers import compose
from tests.assistant.talk import Talk, landing


def test_the_coffee_shop_gets_a_page_then_a_form_then_a_phone_layout() -> None:
    talk = Talk("Coffee Shop Website")
    first = talk.say("Create a landing page").page
    assert "coffee shop" in first and "contact" not in talk.sections
    second = talk.say("Add a contact form").page
    assert {label["for"] for label in talk.soup.select("#contact label")} == {
        field["id"] for field in talk.soup.select("#contact input, #contact select, #contact textarea")
    }
    third = talk.say("Make it responsive").page
    assert len({first, second, third}) == 3
    assert "contact" in talk.sections
    assert talk.soup.select_one(".menu-button")


@pytest.mark.parametrize(
    "request_text",
    [
        "Add a gallery",
        "Change the colours to green",
        "Remove the testimonials",
        "Change the headline to “Hello”",
        "Move the testimonials above about",
        "Make it responsive",
        "Rename it to Mond",
    ],
)
def test_the_last_change_is_taken_back(request_text: str) -> None:
    before = landing()
    after = landing().say(request_text)
    assert after.page != before.page
    after.say("undo that")
    assert after.sections == before.sections
    assert after.soup.body and before.soup.body
    assert after.soup.body.get_text().split() == before.soup.body.get_text().split()
    assert after.colour("accent") == before.colour("accent")


@pytest.mark.parametrize("words", ["Remove that again", "please take that back", "go back", "never mind"])
def test_there_are_many_words_for_taking_back(words: str) -> None:
    assert landing().say("Add a gallery", words).sections == landing().sections


def test_taking_back_leaves_what_was_edited_by_hand_since() -> None:
    talk = landing().say("Add a gallery")
    talk.page = talk.page.replace("better cup", "bigger cup")
    talk.say("undo that")
    assert "gallery" not in talk.sections
    assert "bigger cup" in talk.page


def test_taking_back_twice_goes_two_steps_back() -> None:
    talk = landing().say("Add a gallery", "Add a menu", "undo", "undo")
    assert talk.sections == landing().sections


def test_it_stands_for_the_section_spoken_of_last() -> None:
    talk = landing().say("Add a gallery", "Move it above the about section")
    assert talk.sections.index("gallery") < talk.sections.index("about")


def test_yes_does_what_was_suggested() -> None:
    assert "menu" in landing().say("Yes, please!").sections


def test_the_same_conversation_gets_the_same_answer() -> None:
    asked = Talk().say("Create a landing page").conversation()
    assert compose(asked).text == compose(asked).text


@pytest.mark.parametrize("share", [0.01, 0.3, 0.99])
def test_a_broken_off_answer_goes_on_where_it_stopped(share: float) -> None:
    talk = Talk()
    talk.messages = [{"role": "user", "content": "Create a landing page with a menu"}]
    whole = compose(talk.conversation()).text
    partial = whole[: int(len(whole) * share)]
    talk.messages += [
        {"role": "assistant", "content": partial},
        {"role": "user", "content": "Continue exactly where you stopped. Do not repeat anything."},
    ]
    assert partial + compose(talk.conversation()).text == whole


CONTINUE = {"role": "user", "content": "Continue exactly where you stopped. Do not repeat anything."}


@pytest.mark.parametrize(
    "earlier", [[], ["Create a landing page"], ["Create a landing page", "Add a gallery"]]
)
def test_an_answer_goes_on_though_another_version_was_made_meanwhile(earlier: list[str]) -> None:
    talk = Talk().say(*earlier)
    request = "Add a menu" if earlier else "Create a landing page with a menu"
    talk.messages.append({"role": "user", "content": request})
    whole = compose(talk.conversation()).text
    partial = whole[: len(whole) // 3]
    talk.page, talk.version = Talk().say("Create a landing page for a florist").page, 9
    talk.messages += [{"role": "assistant", "content": partial}, CONTINUE]
    assert partial + compose(talk.conversation()).text == whole


def test_a_part_of_a_page_that_cannot_be_finished_puts_no_page_on_the_website() -> None:
    talk = landing()
    partial = "Done.\n\n```html\n<!doctype html><html><body><p>something else"
    talk.messages += [
        {"role": "user", "content": "Add a menu"}, {"role": "assistant", "content": partial}, CONTINUE,
    ]  # fmt: skip
    rest = compose(talk.conversation()).text
    assert rest.startswith("\n```\n\nThe page has changed since")
    assert "</html>" not in partial + rest


def test_a_foreign_part_is_finished_in_words() -> None:
    talk = Talk()
    talk.messages = [
        {"role": "user", "content": "Create a landing page"},
        {"role": "assistant", "content": "```html\n<!doctype html><p>something else"},
        {"role": "user", "content": "Continue exactly where you stopped. Do not repeat anything."},
    ]
    assert compose(talk.conversation()).text.startswith("\n```\n")


def test_the_first_page_has_the_facts_of_the_brief() -> None:
    talk = Talk("Cafe")
    talk.brief = (
        "Name: Morrow Coffee\nOpening hours: Tue to Sun 8:00-18:00\nAddress: 12 Mill Lane, Bergen\nNever: pink\n"
        "We are closed on Mondays."
    )
    talk.say("Create a landing page for a coffee shop")
    for fact in ("Morrow Coffee", "8:00 – 18:00", "12 Mill Lane, Bergen", "Mondays: closed"):
        assert fact in talk.page
    talk.say("Change the colours to green", "undo that")
    assert "Morrow Coffee" in talk.page


@pytest.mark.parametrize("helper", ["builder", "seo"])
def test_what_is_to_be_remembered_is_proposed_for_the_brief(helper: str) -> None:
    talk = Talk(helper=helper).say("Remember that we are closed on Mondays")
    assert talk.answer.splitlines()[-1] == "Remember: we are closed on Mondays" and not talk.page
