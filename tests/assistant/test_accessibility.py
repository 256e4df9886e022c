"""Twenty pages of different trades, light and dark, as a browser shows them: axe finds nothing, of all its rules."""

import pytest
from playwright.sync_api import Browser

from embedded.assistant.trades import trades
from tests import axe
from tests.assistant.talk import Talk

TRADES = [key for key in sorted(trades()) if trades()[key].copy["words"]][:20]
SECTIONS = (
    "with a menu, pricing, gallery, team, FAQ, opening hours, testimonials, newsletter and contact form"
)


def test_there_are_twenty_trades() -> None:
    assert len(TRADES) == 20


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_pages_of_twenty_trades(browser: Browser, is_dark: bool) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    broken = {}
    for key in TRADES:
        word = trades()[key].copy["words"][0]
        talk = Talk("Site").say(f"Create a landing page for a {word} {SECTIONS}")
        talk.say("Add a banner saying “New!”", f"Make it {'dark' if is_dark else 'light'}")
        assert ("color-scheme: dark" in talk.page) == is_dark, key
        page.set_content(talk.page)
        if found := axe.findings(page):
            broken[key] = found
    page.close()
    assert broken == {}
