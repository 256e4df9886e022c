"""Requests of every kind: what must be on the page, what must not have changed, and what the reply must admit."""

import re
import tomllib
from pathlib import Path
from typing import TypedDict

import html5lib
import pytest

from embedded.assistant.languages import language
from embedded.assistant.readings import read_request
from embedded.assistant.request_parser import parse
from embedded.assistant.trades import trades
from sitethread.page_checks.rules import check
from tests.assistant.talk import FENCE, Talk


class Asked(TypedDict, total=False):
    """A request and what must come of it, as the data files explain."""

    website: str
    before: list[str]
    say: str
    on_page: list[str]
    off_page: list[str]
    in_html: list[str]
    has: list[str]
    lacks: list[str]
    kept: list[str]
    same: bool
    admits: list[str]
    never: list[str]
    lang: str


def requests() -> list[Asked]:
    path = Path(__file__).with_name("requests.toml")
    found: list[Asked] = tomllib.loads(path.read_text(encoding="utf-8"))["request"]
    return found


def shown(talk: Talk) -> str:
    """What a visitor reads."""
    body = talk.soup.body
    return " ".join(body.get_text(" ").split()) if body else ""


def wrongs(asked: Asked) -> list[str]:
    """Return what is wrong with the page and the reply that come of a request."""
    talk = Talk(asked.get("website", "My site")).say(*asked.get("before", []))
    before = Talk(page=talk.page)
    talk.say(asked["say"])
    text, prose = shown(talk), FENCE.sub("", talk.answer)
    changed = talk.page != before.page
    found = [
        f"not on the page: {part}" for part in asked.get("on_page", []) if part.lower() not in text.lower()
    ]
    found += [
        f"still on the page: {part}" for part in asked.get("off_page", []) if part.lower() in text.lower()
    ]
    found += [f"not in the HTML: {part}" for part in asked.get("in_html", []) if part not in talk.page]
    found += [f"no section {kind}" for kind in asked.get("has", []) if kind not in talk.sections]
    found += [f"a section {kind}" for kind in asked.get("lacks", []) if kind in talk.sections]
    found += [
        f"changed: {kind}"
        for kind in asked.get("kept", [])
        if str(talk.section(kind)) != str(before.section(kind))
    ]
    found += [
        f"not admitted: {part}" for part in asked.get("admits", []) if part.lower() not in prose.lower()
    ]
    found += [f"said: {part}" for part in asked.get("never", []) if part.lower() in prose.lower()]
    found += ["the page changed"] if asked.get("same") and changed else []
    found += (
        ["another language"]
        if "lang" in asked and talk.soup.html and talk.soup.html["lang"] != asked["lang"]
        else []
    )
    return [*found, *false_claims(prose, text, changed)]


def false_claims(prose: str, text: str, changed: bool) -> list[str]:
    """Return what a reply says it did and the page doesn't show."""
    told = prose.split("→")[0]
    if not changed:
        return (
            [f"claimed without a change: {told}"]
            if re.search(r"\bI (?:also )?(?:added|put|set|changed|removed)\b", told)
            else []
        )
    claimed = [words for words in re.findall(r"\*\*([^*]+)\*\*", told) if not words.endswith(":")]
    there = text.lower().replace(" ", "")
    return [
        f"claimed and not there: {words}"
        for words in claimed
        if not all(word in there for word in words.lower().split())
    ]


@pytest.mark.parametrize("asked", requests(), ids=lambda asked: asked["say"][:60])
def test_a_request_is_followed_or_the_reply_says_what_was_not(asked: Asked) -> None:
    assert wrongs(asked) == []


def test_a_false_claim_is_found() -> None:
    assert false_claims("I put **Espresso 2.50** into the menu.", "espresso 3", True)
    assert false_claims("I added a menu.", "", False)


@pytest.mark.parametrize(
    "said", ["Make it dark", "Use a serif font", "Change the colours to dark green", "Add pricing"]
)
def test_what_was_just_done_is_not_suggested_next(said: str) -> None:
    talk = Talk("My site").say("Create a landing page for a bakery", said)
    steps = talk.answer.split("→")[-1].lower()
    assert said.lower() not in steps and steps.count("**") == 6
    assert "make it light" not in steps


def test_suggested_next_steps_are_requests_that_are_understood() -> None:
    talk = Talk("My site").say("Create a landing page for a bakery")
    for _ in range(12):
        step = re.findall(r"\*\*(.+?)\*\*", talk.answer.split("→")[-1])[0]
        before = talk.page
        talk.say(step)
        assert talk.page != before, step


@pytest.mark.parametrize("code", ["de", "fr", "es", "pt", "it", "ja"])
def test_every_language_has_every_word_of_a_page_and_understands_its_own_suggestions(code: str) -> None:
    spoken, english = language(code), language("en")
    missing = english.data["replies"].keys() - spoken.data["replies"].keys()
    assert {key for key in missing if not key.startswith("look_")} <= {"told"}
    assert spoken.data["ideas"].keys() == english.data["ideas"].keys()
    copy = trades()["generic"].copy
    assert copy["ui"].keys() == spoken.data["copy"]["ui"].keys()
    for idea in spoken.data["ideas"].values():
        reading = read_request(idea, True, code)
        assert parse(reading, True)[0], idea


def test_a_page_in_another_language_is_valid_and_has_every_section() -> None:
    talk = Talk("My site").say("Erstelle eine Webseite für meine Bäckerei namens Krume")
    for idea in (
        "menu",
        "pricing",
        "gallery",
        "contact",
        "faq",
        "team",
        "hours",
        "newsletter",
        "schedule",
        "stats",
    ):
        talk.say(language("de").idea(idea))
    html5lib.HTMLParser(strict=True).parse(talk.page)
    assert check(talk.page) == []
    assert {"menu", "pricing", "team", "faq", "hours", "stats"} <= set(talk.sections)
    assert not re.search(r"\b(?:the|your|with|and)\b", shown(talk).lower())
