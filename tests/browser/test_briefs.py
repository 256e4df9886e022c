"""The brief: written while it is saved, seen by the model, filled from answers, the same on two devices."""

from typing import Any

from playwright.sync_api import BrowserContext, Route, expect

from tests import axe
from tests.browser.builder import SCREENSHOTS, Builder
from tests.fake_model import FakeModel, Say

SAID = "Noted.\n\nRemember: closed on Mondays\n\n- Remember: never show prices"


def stored(builder: Builder) -> str:
    website = builder.page.url.split("/websites/")[1].split("/")[0]
    response = builder.page.request.get(f"/api/websites/{website}/brief")
    return str(response.json()["text"])


def test_a_brief_is_written_read_by_the_model_and_added_to(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Brief", exact=True).click()
    box, status = page.get_by_role("textbox", name="Brief"), page.locator("dialog [role=status]:not(.toasts)")
    page.get_by_role("button", name="Start from an outline").click()
    page.keyboard.type("Morrow")
    expect(status).to_have_text("Saved")
    assert stored(builder).startswith("Name: Morrow\nWhat we do: ")
    box.fill("日" * 4001)
    expect(status).to_contain_text("Too long")
    expect(page.get_by_text("4,001 of 4,000 characters")).to_be_visible()
    box.fill("Name: Morrow\nTone: warm")
    expect(status).to_have_text("Saved")
    assert axe.findings(page, exclude="iframe") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=SCREENSHOTS / "brief-phone.png")
    page.get_by_role("button", name="Done").click()

    model.enqueue(Say(SAID))
    builder.ask("We are closed on Mondays, and don't show prices")
    assert "Name: Morrow\nTone: warm" in model.requests[-1]["messages"][0]["content"]
    cards = page.get_by_role("group", name="For the brief")
    expect(cards).to_contain_text(["closed on Mondays", "never show prices"])
    cards.first.get_by_role("button", name="Add to the brief").click()
    expect(cards.first).to_contain_text("In the brief")
    assert stored(builder) == "Name: Morrow\nTone: warm\nclosed on Mondays"
    assert axe.findings(page, exclude="iframe") == []
    page.screenshot(path=SCREENSHOTS / "brief-card-phone.png")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.screenshot(path=SCREENSHOTS / "brief-card-wide.png")
    cards.last.get_by_role("button", name="Add to the brief").click()
    expect(cards.last).to_contain_text("In the brief")
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.get_by_text("Added to the brief.")).to_have_count(1)
    page.get_by_role("button", name="Brief", exact=True).click()
    expect(box).to_have_value("Name: Morrow\nTone: warm\nclosed on Mondays")
    expect(status).to_have_text("Saved")
    page.screenshot(path=SCREENSHOTS / "brief-wide.png")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Brief", exact=True)).to_be_focused()


def test_two_devices_and_a_lost_connection_lose_no_word(builder: Builder, context: BrowserContext) -> None:
    page = builder.page
    other = context.new_page()
    other.goto(page.url)
    boxes = []
    for one in (page, other):
        one.get_by_role("button", name="Brief", exact=True).click()
        boxes.append(one.get_by_role("textbox", name="Brief"))
        expect(boxes[-1]).to_be_focused()
    boxes[0].fill("From the laptop")
    expect(page.locator("dialog [role=status]:not(.toasts)")).to_have_text("Saved")
    boxes[1].fill("From the phone")
    expect(other.locator("dialog [role=status]:not(.toasts)")).to_have_text(
        "Saved, with what was changed elsewhere"
    )
    assert stored(builder) == "From the phone\nFrom the laptop"

    def lose(route: Route) -> Any:
        return route.abort() if route.request.method == "PUT" else route.continue_()

    other.route("**/brief", lose)
    boxes[1].fill("From the phone\nFrom the laptop\nIn a tunnel")
    expect(other.locator("dialog [role=status]:not(.toasts)")).to_contain_text("kept in this browser")
    other.close()
    again = context.new_page()
    again.goto(page.url)
    again.get_by_role("button", name="Brief", exact=True).click()
    expect(again.get_by_role("textbox", name="Brief")).to_have_value(
        "From the phone\nFrom the laptop\nIn a tunnel"
    )
    expect(again.locator("dialog [role=status]:not(.toasts)")).to_have_text("Saved")
    assert stored(builder).endswith("In a tunnel")
    again.close()
