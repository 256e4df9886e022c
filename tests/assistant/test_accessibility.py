"""Twenty pages of different trades, every other one dark, as a browser shows them: axe finds nothing."""

from playwright.sync_api import Browser

from embedded.assistant.trades import trades
from tests import axe
from tests.assistant.talk import Talk

TRADES = [key for key in sorted(trades()) if trades()[key].copy["words"]][:20]
SECTIONS = (
    "with a menu, pricing, gallery, team, FAQ, opening hours, testimonials, newsletter and contact form"
)


def test_axe_finds_nothing_on_pages_of_twenty_trades(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    broken = {}
    assert len(TRADES) == 20
    for number, key in enumerate(TRADES):
        word, look = trades()[key].copy["words"][0], ("light", "dark")[number % 2]
        talk = Talk("Site").say(f"Create a landing page for a {word} {SECTIONS}")
        talk.say("Add a banner saying “New!”", f"Make it {look}")
        assert f"color-scheme: {look}" in talk.page, key
        page.set_content(talk.page)
        if found := axe.findings(page):
            broken[key, look] = found
    page.close()
    assert broken == {}
