"""The pages of a website in the builder: listed, shown by links, added, renamed, deleted, edited and asked about."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say

INDEX = """<!doctype html>
<html lang="en"><head><title>Luna – Coffee</title></head><body>
<header><a href="about-us.html#people">About</a> <a href="prices.html">Prices</a></header>
<main><h1>Coffee</h1></main>
<footer>Oslo, <a href="about-us.html">us</a></footer>
</body></html>
"""
PRICES = """<!doctype html>
<html lang="en"><head><title>Prices – Luna</title></head><body><h1>Prices</h1><a href="index.html">Home</a>
<p style="margin-top: 2000px" id="tea">Tea <a href="about-us.html">About</a></p></body></html>
"""


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(Say(f"```html\n{INDEX}```\n"))
    builder.ask("Make a page")
    expect(builder.preview.locator("h1")).to_have_text("Coffee")
    # At its own size: Playwright clicks beside what is in a frame that is scaled down.
    builder.page.get_by_title("Phone").click()
    return builder.page


def files(page: Page) -> dict[str, str]:
    """Return the newest version's files."""
    website = page.url.split("/")[4]
    newest = page.request.get(f"/api/websites/{website}/versions?limit=1").json()["versions"][0]
    found: dict[str, str] = page.request.get(f"/api/versions/{newest['id']}").json()["version"]["files"]
    return found


def open_list(page: Page) -> Any:
    page.get_by_role("button", name=re.compile("^Page: ")).click()
    return page.locator("#pages")


def test_pages_are_added_reached_by_links_renamed_and_deleted(builder: Builder, page: Page) -> None:
    shown, note = builder.preview, page.locator("#preview-note-text")
    shown.get_by_text("About").click()
    expect(note).to_have_text("Opens /about-us.html#people once the site is live")
    listed = open_list(page)
    expect(listed.locator(".page-row")).to_have_text(["Homeindex.html"])
    listed.get_by_role("button", name="Add a page").click()
    page.get_by_label("Name").fill("About us")
    page.keyboard.press("Enter")
    expect(page.locator("#pages-label")).to_have_text("About us")
    expect(shown.locator("h1")).to_have_text("About us")
    expect(shown.locator("footer")).to_have_text("Oslo, us")
    expect(page.locator("#open-page")).to_have_attribute("href", re.compile(r"\?page=about-us\.html"))
    # By the list, and by a link.
    open_list(page).get_by_role("button", name="Home").click()
    expect(shown.locator("h1")).to_have_text("Coffee")
    shown.get_by_text("About").click()
    expect(shown.locator("h1")).to_have_text("About us")
    listed = open_list(page)
    expect(listed.locator("[aria-current]")).to_be_focused()
    assert axe.findings(page, exclude=".preview-stage") == []
    listed.get_by_role("button", name="Rename About us").click()
    page.get_by_label("Address within the site").fill("team/us")
    page.keyboard.press("Enter")
    expect(page.locator("#versions-label")).to_have_text("Version 3")
    expect(shown.locator("h1")).to_have_text("About us")
    assert set(files(page)) == {"index.html", "team/us.html"}
    assert files(page)["index.html"] == INDEX.replace("about-us.html", "team/us.html")
    assert '<a href="../prices.html">' not in files(page)["team/us.html"], "there is no such page"
    open_list(page).get_by_role("button", name="Delete About us").click()
    page.get_by_role("button", name="Delete the page").click()
    told = "Deleted About us, also from the menu. 1 link leads to team/us.html still."
    expect(page.get_by_text(told)).to_be_visible()
    expect(shown.locator("h1")).to_have_text("Coffee")
    expect(shown.locator("header")).to_have_text("Prices")
    expect(page.locator("#pages-label")).to_have_text("Home")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator("#versions-label")).to_have_text("Version 5")
    expect(shown.locator("header")).to_have_text("About Prices")
    open_list(page).get_by_role("button", name="About us team/us.html").click()
    expect(shown.locator("h1")).to_have_text("About us")


def test_an_answers_page_is_shown_and_stays_while_it_is_edited_and_asked_about(
    builder: Builder, page: Page, model: FakeModel
) -> None:
    shown = builder.preview
    edit = (
        'SEARCH\n<h1>Coffee</h1>\n=======\n<h1>Coffee</h1><a href="prices.html#tea">Tea</a>\n>>>>>>> REPLACE'
    )
    model.enqueue(Say(f"```html prices.html\n{PRICES}```\n\n```edit index.html\n<<<<<<< {edit}\n```\n"))
    builder.ask("Add the prices")
    expect(shown.locator("h1")).to_have_text("Prices")
    expect(page.locator("#pages-label")).to_have_text("Prices")
    # A link to a part of it.
    shown.get_by_text("Home").click()
    expect(shown.locator("h1")).to_have_text("Coffee")
    shown.get_by_text("Tea").click()
    expect(shown.locator("#tea")).to_be_in_viewport()
    page.get_by_role("button", name="Code", exact=True).click()
    expect(page.locator(".cm-content")).to_contain_text("Prices – Luna")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    edited = page.frame_locator(".preview-frame.is-edited:not(.is-loading)")
    edited.locator("h1").dblclick()
    page.keyboard.type("Our prices")
    page.keyboard.press("Enter")
    expect(page.locator("#versions-label")).to_have_text("Version 3")
    assert files(page)["prices.html"] == PRICES.replace("<h1>Prices", "<h1>Our prices")
    with page.expect_request("**/api/chat") as asking:
        page.get_by_role("button", name="Ask about this").click()
        model.enqueue(Say("They are."))
        builder.send("Are they right?")
    assert asking.value.post_data_json["target"]["path"] == "prices.html"
    builder.wait_until_answered()
    # Another page in edit mode, and an older version that lacks it.
    open_list(page).get_by_role("button", name="Home").click()
    expect(edited.locator("h1")).to_have_text("Coffee")
    page.get_by_role("button", name="Done").click()
    open_list(page).get_by_role("button", name=re.compile("^Prices")).click()
    expect(shown.locator("h1")).to_have_text("Our prices")
    page.locator("#versions-button").click()
    page.locator(".version-row").last.locator(".version-view").click()
    expect(shown.locator("h1")).to_have_text("Coffee")
    expect(page.locator("#pages-label")).to_have_text("Home")


def test_pages_of_the_menu_are_moved_by_keyboard(builder: Builder, page: Page) -> None:
    for name in ("About us", "Prices", "Imprint"):
        open_list(page).get_by_role("button", name="Add a page").click()
        page.get_by_label("Name", exact=True).fill(name)
        page.keyboard.press("Enter")
        expect(page.locator("#pages-label")).to_have_text(name)
    listed = open_list(page)
    expect(listed.locator(".page-name")).to_have_text(["Home", "About us", "Prices", "Imprint"])
    expect(listed.get_by_role("button", name=re.compile("^Move .* (Home|Imprint)"))).to_have_count(0)
    listed.get_by_role("button", name="Move down About us").focus()
    page.keyboard.press("Enter")
    expect(listed.locator(".page-name")).to_have_text(["Home", "Prices", "About us", "Imprint"])
    expect(listed.get_by_role("button", name="Move up About us")).to_be_focused()
    assert axe.findings(page, exclude=".preview-stage") == []
    moved = '<a href="prices.html">Prices</a> <a href="about-us.html#people">About</a>'
    assert files(page)["index.html"].count(moved) == files(page)["imprint.html"].count(moved) == 1
    page.keyboard.press("Enter")
    expect(listed.locator(".page-name")).to_have_text(["Home", "About us", "Prices", "Imprint"])
    expect(listed.get_by_role("button", name="Move down About us")).to_be_focused()
    assert files(page)["index.html"] == INDEX
    listed.get_by_role("button", name="Add Imprint to the menu").click()
    expect(page.get_by_label("Words of the link")).to_have_value("Imprint")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Imprint is the last in the menu now.")).to_be_visible()
    listed = open_list(page)
    expect(listed.get_by_role("button", name="Move up Imprint")).to_be_visible()
    expect(listed.get_by_text("not in the menu")).to_have_count(0)
    added = '<a href="prices.html">Prices</a> <a href="imprint.html">Imprint</a></header>'
    assert files(page)["index.html"].count(added) == files(page)["prices.html"].count(added) == 1


def test_on_a_phone_pages_are_added_by_touch(builder: Builder, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".pane-switch").get_by_text("Preview").click()
    open_list(page).get_by_role("button", name="Add a page").click()
    page.get_by_label("Name").fill("A page with a very long name indeed")
    page.keyboard.press("Enter")
    expect(builder.preview.locator("h1")).to_have_text("A page with a very long name indeed")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bar = page.locator(".preview-bar")
    assert bar.evaluate("bar => bar.scrollWidth <= bar.clientWidth")
    listed = open_list(page)
    expect(listed.locator(".page-row")).to_have_count(2)
    assert axe.findings(page, exclude=".preview-stage") == []
