"""Answers change the page by edits: made all or none, asked for again where they don't fit."""

import json
import random

import pytest

from sitethread.answers.explanations import MESSAGES
from sitethread.answers.made_pages import tries_in
from tests.answers.sites import CUT_OFF, PAGE, Site, edit, event_of, version_of, whole
from tests.app_server import AppServer
from tests.chat_client import ChatClient, Shown
from tests.fake_model import Close, FakeModel, Hold, Say
from tests.stacks import Person, Stack


def test_an_edit_makes_a_version_that_differs_where_it_says(site):
    shown = site.ask("Warmer.\n\n" + edit("<h1>Bread from Luna</h1>", "<h1>Warm bread</h1>"))
    version = version_of(shown)
    page = site.files(version["version_id"])["index.html"]
    assert page == PAGE.replace("Bread from Luna", "Warm bread")
    [place] = version["changes"]
    assert page[place["start"] : place["end"]] in "<h1>Warm bread</h1>"
    assert (place["path"], version["left_out"], version["number"]) == ("index.html", 0, 2)
    stored = site.client.stored(shown.message_id, shown.session_id)
    assert stored["changes"]["places"] == version["changes"]
    assert version_of(site.client.follow(shown.message_id)) == version


def test_the_model_is_taught_edits_unless_they_are_switched_off(site, stack, alice, model):
    site.ask("Fine.")
    assert "```edit" in model.requests[-1]["messages"][0]["content"]
    with (
        AppServer(stack, model.base_url, OPENAI_EDITS="off") as server,
        ChatClient(server.url, alice.access_token) as client,
    ):
        client.ask("Hello", website_id=site.website_id)
        instructions = model.requests[-1]["messages"][0]["content"]
        assert "```edit" not in instructions and "Write the whole page" in instructions


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_model_that_sees_gets_the_pictures_that_a_question_names(site, stack, alice, model, api):
    paths = [site.upload(f"{number}.png")["file"]["path"] for number in range(6)]
    site.ask("Fine.")
    assert isinstance(model.requests[-1]["messages"][-1]["content"], str)
    with (
        AppServer(stack, model.base_url, workers=1, OPENAI_VISION="on", OPENAI_API=api) as server,
        ChatClient(server.url, alice.access_token) as client,
    ):
        model.enqueue(Say("I see."))
        question = f"Use them\n\nPictures: {', '.join(paths[:5])}"
        assert client.ask(question, website_id=site.website_id).done["status"] == "complete"
    text, *seen = model.requests[-1]["messages" if api == "chat" else "input"][-1]["content"]
    assert text["text"] == question and len(seen) == 4
    urls = [part["image_url"]["url"] if api == "chat" else part["image_url"] for part in seen]
    assert all(url.startswith("data:image/webp;base64,UklG") for url in urls)
    kinds = {"chat": ["text", "image_url"], "responses": ["input_text", "input_image"]}
    assert [text["type"], seen[0]["type"]] == kinds[api]


def test_edits_that_do_not_fit_are_asked_for_again_once_with_the_nearest_lines(site, model):
    wrong, right = (
        edit("<h1>Bread by Luna</h1>", "<h1>Warm</h1>"),
        edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>"),
    )
    shown = site.ask("Warmer.\n\n" + wrong, right)
    assert "<h1>Warm</h1>" in site.files(version_of(shown)["version_id"])["index.html"]
    said, asked = model.requests[-1]["messages"][-2:]
    assert said == {"role": "assistant", "content": "Warmer.\n\n" + wrong}
    assert (
        "not in the file" in asked["content"]
        and "> <header><h1>Bread from Luna</h1></header>" in asked["content"]
    )
    assert tries_in(shown.text) == 1 and shown.text.startswith("Warmer.") and shown.text.endswith(right)
    # Usage adds up.
    assert shown.done["usage"] == {"prompt_tokens": 22, "completion_tokens": 44}


def test_then_the_whole_page_is_asked_for(site):
    wrong = edit("<h1>Bread by Luna</h1>", "<h1>Warm</h1>")
    shown = site.ask(wrong, "Sorry.", whole(PAGE.replace("night", "dawn")))
    assert "Baked at dawn" in site.files(version_of(shown)["version_id"])["index.html"]
    assert tries_in(shown.text) == 2


def test_what_fits_nowhere_is_said_and_the_page_stays(site, model):
    wrong = edit("<h1>Bread by Luna</h1>", "<h1>Warm</h1>")
    # A page that ends in the middle of a block: the mark stands outside of it.
    shown = site.ask(wrong, f"```html\n{PAGE[:200]}", wrong)
    assert (shown.done["status"], event_of(shown, "error")["code"]) == ("complete", "changes_not_made")
    assert event_of(shown, "error")["message"] == MESSAGES["changes_not_made"]
    assert site.versions == 1 and not any(name == "version" for name, _ in shown.events)
    assert tries_in(shown.text) == 2 and "</html>" not in shown.text
    asked = len(model.requests)
    site.ask("Fine.")
    assert len(model.requests) == asked + 1


def test_all_hunks_of_an_answer_are_made_or_none(site):
    both = edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>") + edit("<p>Nowhere</p>", "<p>Here</p>")
    shown = site.ask(both, "No.", "No.")
    assert event_of(shown, "error")["code"] == "changes_not_made"
    assert site.versions == 1


def test_an_answer_that_was_cut_off_goes_on_by_itself_and_not_for_ever(site, model):
    text = "Warmer.\n\n" + edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>")
    model.enqueue(Say(text[:40]), CUT_OFF, Close())
    model.enqueue(Say(text[40:70]), CUT_OFF, Close())
    shown = site.ask(text[70:])
    assert shown.text == text and shown.done["finish_reason"] == "stop"
    assert "<h1>Warm</h1>" in site.files(version_of(shown)["version_id"])["index.html"]

    asked = len(model.requests)
    for _ in range(9):
        model.enqueue(Say("More. "), CUT_OFF, Close())
    shown = site.ask()
    model.forget()
    assert (shown.done["finish_reason"], shown.text) == ("length", "More. " * 4)
    assert len(model.requests) == asked + 4


def test_stopped_edits_are_not_made_until_the_answer_goes_on(site, model):
    held = Hold()
    text = edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>")
    model.enqueue(Say(text + "And "), held)
    shown = Shown()
    for _ in site.client.asking(shown, "Change it", **site.place):
        if shown.text.endswith("And "):
            site.client.stop(shown.message_id)
            break
    held.release()
    assert site.client.follow(shown.message_id).done["status"] == "stopped"
    assert site.versions == 1
    model.enqueue(Say("more."))
    again = site.client.again(shown.message_id, "continue")
    assert again.text == text + "And more."
    assert "<h1>Warm</h1>" in site.files(version_of(again)["version_id"])["index.html"]


def test_an_answer_that_breaks_off_while_it_is_repaired_goes_on_where_it_was(site, model):
    right = edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>")
    model.enqueue(Say(edit("<h1>Bread by Luna</h1>", "<h1>Warm</h1>")))
    model.enqueue(Say(right[:30]), Close())
    shown = site.client.ask("Change it", **site.place)
    assert (shown.done["status"], site.versions) == ("failed", 1)
    model.enqueue(Say(right[30:]))
    again = site.client.again(shown.message_id, "continue")
    assert "<h1>Warm</h1>" in site.files(version_of(again)["version_id"])["index.html"]
    assert tries_in(again.text) == 1


def test_another_answer_makes_its_edits_on_the_page_that_the_question_was_about(site):
    first = site.ask(edit("Rye, wheat", "Rye"))
    site.model.enqueue(Say(edit("Rye, wheat", "Wheat")))
    second = site.client.again(first.message_id, "retry")
    pages = [site.files(version_of(shown)["version_id"])["index.html"] for shown in (first, second)]
    assert pages == [PAGE.replace("Rye, wheat", "Rye"), PAGE.replace("Rye, wheat", "Wheat")]


def test_the_first_page_is_index_html_whatever_it_is_called(client, model):
    model.enqueue(Say(f"```html luna.html\n{PAGE}```"))
    shown = client.ask("Make a page", website_id=client.new_website("Luna")["id"])
    files = client.get(f"/api/versions/{version_of(shown)['version_id']}")["version"]["files"]
    assert files == {"index.html": PAGE}


def test_a_word_on_a_page_of_20_kilobytes_costs_a_twentieth_of_it(client, model):
    rng = random.Random(20)
    words = [
        f"<p>{' '.join(rng.choices(['rye', 'oven', 'dawn', 'flour', 'crust'], k=40))}</p>\n"
        for _ in range(95)
    ]
    page = PAGE.replace("</main>", "".join(words) + "</main>")
    assert len(page) > 20_000
    answer = edit("<h1>Bread from Luna</h1>", "<h1>Loaves from Luna</h1>")
    site = Site(client, model, page)
    version = version_of(site.ask(answer))
    assert site.files(version["version_id"])["index.html"] == page.replace("Bread from", "Loaves from")
    assert len(answer) <= len(page) / 20
    assert version["tokens_saved"] * 4 >= 0.95 * len(page)


@pytest.fixture(scope="module")
def threads(stack: Stack, model: FakeModel):
    with AppServer(stack, model.base_url, OPENAI_API="responses", SITETHREAD_SECRET="s" * 32) as running:
        yield running


def test_by_the_responses_api_what_does_not_fit_goes_to_the_same_conversation(threads, alice: Person, model):
    with ChatClient(threads.url, alice.access_token) as client:
        site = Site(client, model)
        wrong, right = (
            edit("<h1>By Luna</h1>", "<h1>Warm</h1>"),
            edit("<h1>Bread from Luna</h1>", "<h1>Warm</h1>"),
        )
        shown = site.ask(wrong, right)
        assert "<h1>Warm</h1>" in site.files(version_of(shown)["version_id"])["index.html"]
        first, second = model.requests[-2:]
        assert first["conversation"] == second["conversation"]
        [asked] = second["input"]
        assert asked["role"] == "user" and "not in the file" in asked["content"]
        assert json.dumps(second).count("Bread by") == 0


def test_an_answer_makes_another_page_and_links_it(site):
    about = "<!doctype html>\n<html><title>About</title><h1>About</h1></html>\n"
    link = edit("<header>", '<header><a href="about.html">About</a>')
    version = version_of(site.ask(f"Done.\n\n```html about.html\n{about}```\n\n{link}"))
    files = site.files(version["version_id"])
    assert files["about.html"] == about and '<a href="about.html">About</a><h1>' in files["index.html"]
    assert {"path": "about.html", "start": 0, "end": len(about)} in version["changes"]
    assert {place["path"] for place in version["changes"]} == {"about.html", "index.html"}
    # Of more pages than a website may have, none is made.
    many = "".join(f"```html {number}.html\n{about}```\n\n" for number in range(11))
    shown = site.ask(many, many, many)
    assert event_of(shown, "error")["code"] == "changes_not_made"
    assert site.versions == 2
