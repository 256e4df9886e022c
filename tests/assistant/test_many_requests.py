"""Requests of every kind: what must be on the page, what must not have changed, and what the reply must admit."""

import re
import tomllib
from pathlib import Path
from typing import TypedDict

import pytest

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


def requests(name: str = "requests") -> list[Asked]:
    path = Path(__file__).with_name(f"{name}.toml")
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
