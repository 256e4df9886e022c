"""Every page of every trade is valid, accessible and self-contained."""

import re
from functools import cache

import html5lib
import pytest

from embedded.assistant.colours import contrast
from embedded.assistant.look_requests import COLOURS
from embedded.assistant.palettes import Palette
from embedded.assistant.sections import ORDER
from embedded.assistant.trades import Trade, trades
from sitethread.page_checks.rules import check
from tests.assistant.talk import Talk

EVERYTHING = (
    "Create a landing page for a {word} with a menu, pricing, gallery, key figures, schedule, team, FAQ, "
    "opening hours, newsletter and contact form"
)
TRADES = sorted(trades())


@cache
def full_page(key: str) -> Talk:
    """A page of this trade with every kind of section on it."""
    trade = trades()[key]
    word = trade.copy["words"][0] if trade.copy["words"] else "pottery"
    talk = Talk("Site").say(EVERYTHING.format(word=word))
    return talk.say(
        "Add a banner saying “New!”", "Add a section called “One more thing”", "Make it responsive"
    )


@pytest.mark.parametrize("key", TRADES)
def test_the_page_is_valid_html(key: str) -> None:
    html5lib.HTMLParser(strict=True).parse(full_page(key).page)


@pytest.mark.parametrize("key", TRADES)
def test_the_page_has_every_section_and_its_trades_copy(key: str) -> None:
    talk = full_page(key)
    assert set(ORDER) <= set(talk.sections)
    assert talk.soup.html and talk.soup.html["data-trade"] == key


@pytest.mark.parametrize("key", TRADES)
def test_a_review_finds_nothing(key: str) -> None:
    assert check(full_page(key).page) == []


@pytest.mark.parametrize("key", TRADES)
def test_nothing_is_loaded_from_elsewhere(key: str) -> None:
    page = full_page(key).page
    page = re.sub(r'<link rel="stylesheet" href="fonts/[a-z-]+\.css">', "", page, count=1)
    assert not re.search(r"(?:src|srcset|poster)=|@import|url\(|<link\b|<iframe\b", page)
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)


@pytest.mark.parametrize("key", TRADES)
def test_ids_are_unique_and_every_reference_leads_somewhere(key: str) -> None:
    soup = full_page(key).soup
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    used = [str(tag["href"])[1:] for tag in soup.select("[href^='#']")]
    used += [str(tag["aria-labelledby"]) for tag in soup.select("[aria-labelledby]")]
    used += [str(tag["for"]) for tag in soup.select("label[for]")]
    assert set(used) <= set(ids)


def stray_hero_buttons(talk: Talk) -> list[str]:
    """Return the targets of hero buttons that lead to the hero itself or to nothing."""
    ids = {str(tag["id"]) for tag in talk.soup.find_all(id=True)}
    targets = [str(link["href"]) for link in talk.soup.select(".hero a.button")]
    return [target for target in targets if target[1:] not in ids - {"top"}]


@pytest.mark.parametrize("key", TRADES)
def test_hero_buttons_lead_to_a_section_however_the_page_changes(key: str) -> None:
    words = trades()[key].copy["words"] or ["pottery"]
    talk = Talk("Site").say(f"Create a landing page for a {words[0]}")
    assert len(talk.soup.select(".hero a.button")) == 2
    assert stray_hero_buttons(talk) == stray_hero_buttons(full_page(key)) == []
    talk.say("Remove the features and the call to action")
    assert {"features", "cta"}.isdisjoint(talk.sections)
    assert stray_hero_buttons(talk) == []


def test_a_hero_button_with_nowhere_to_lead_is_left_out() -> None:
    talk = Talk("Site").say("Create a landing page for a bakery")
    for section in ("features", "about section", "testimonials", "call to action", "footer"):
        talk.say(f"Remove the {section}")
    assert talk.sections == ["hero"]
    assert not talk.soup.select(".hero a.button")


@pytest.mark.parametrize("key", TRADES)
def test_the_copy_is_finished(key: str) -> None:
    text = full_page(key).soup.get_text(" ").lower()
    assert not re.search(r"lorem|ipsum|todo|\{name\}|\{noun\}|\{\{", text)


def pairs(palette: Palette) -> list[tuple[str, str, str, float]]:
    """Return every text-on-ground pair the page styles use: name, text, ground, and the ratio it needs."""
    colours = palette.variables()
    on_paper = [
        (text, ground) for text in ("ink", "muted", "link") for ground in ("paper", "surface", "soft")
    ]
    others = [
        ("on-accent", "accent"),
        ("on-deep", "deep"),
        ("on-deep-quiet", "deep"),
        ("glow-text", "deep"),
        ("on-deep-accent", "deep-accent"),
    ]
    controls = [("edge", ground) for ground in ("paper", "surface", "soft")]
    text = [(f"{a} on {b}", colours[a], colours[b], 4.5) for a, b in on_paper + others]
    return text + [(f"{a} on {b}", colours[a], colours[b], 3.0) for a, b in controls]


def unreadable(palette: Palette) -> list[str]:
    return [name for name, text, ground, least in pairs(palette) if contrast(text, ground) < least]


@pytest.mark.parametrize("trade", trades().values(), ids=lambda trade: trade.key)
def test_every_trades_palette_is_readable_light_and_dark(trade: Trade) -> None:
    for palette in (trade.palette, trade.palette.darkened(), trade.palette.lightened()):
        assert unreadable(palette) == []


@pytest.mark.parametrize(
    "colour", [*COLOURS.values(), "#ff0000", "#ffff00", "#000", "#fff", "#00f", "#808080"]
)
def test_every_colour_one_can_ask_for_gives_a_readable_palette(colour: str) -> None:
    for palette in (Palette.of(colour), Palette.of(colour, dark=True)):
        assert unreadable(palette) == []


@pytest.mark.parametrize("mood", ["warmer", "cooler", "softer", "bolder", "darker", "lighter"])
def test_no_mood_makes_a_page_unreadable(mood: str) -> None:
    from embedded.assistant.look_edits import in_mood

    for trade in trades().values():
        once = in_mood(trade.palette, mood)
        for palette in (once, in_mood(once, mood), in_mood(trade.palette.darkened(), mood)):
            assert unreadable(palette) == [], trade.key


def test_the_contrast_test_can_fail() -> None:
    assert contrast("#777777", "#ffffff") < 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_review_does_find_faults() -> None:
    faulty = (
        "<p style='color:red'>x<img src=a.png><input></p><h1>a</h1><h3>b</h3><h1>c</h1><a href='#gone'></a>"
    )
    problems = " ".join(finding.problem for finding in check(faulty))
    for sign in (
        "language",
        "Phones",
        "alternative text",
        "label",
        "h1",
        "jumps",
        "isn't there",
        "without words",
    ):
        assert sign in problems
