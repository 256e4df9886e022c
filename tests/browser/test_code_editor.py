"""The code of a page, changed by hand."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import axe
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say

PAGE = """<!doctype html>
<html lang="en"><head><title>Luna</title></head>
<body>
<h1>Fresh coffee 🍰</h1>
<section><h2>Menu</h2></section>
<section><h2>Hours</h2></section>
</body></html>
"""


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.ask("Make a page")
    expect(builder.preview.locator("h1")).to_be_visible()
    return builder.page


def opened(page: Page, *, is_phone: bool = False) -> Locator:
    if is_phone:
        page.get_by_role("button", name="More for this page").click()
        page.get_by_role("menuitem", name="Code").click()
    else:
        page.get_by_role("button", name="Code", exact=True).click()
    code = page.get_by_role("textbox", name="Code of index.html")
    expect(code).to_be_focused()
    return code


def saved(page: Page, number: int) -> None:
    expect(page.locator(".code-editor-status")).to_have_text(f"Saved as version {number}.")


def test_what_is_typed_in_the_code_becomes_a_version(builder: Builder, page: Page) -> None:
    code = opened(page)
    expect(code).to_contain_text("Fresh coffee 🍰")
    page.locator(".cm-line", has_text="<h1>").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("<p>And <b>cake</b></p>")
    expect(page.locator(".code-editor-status")).to_have_text("Not saved yet.")
    assert axe.findings(page, exclude=".preview-stage iframe") == []
    page.keyboard.press("Control+s")
    saved(page, 2)
    assert builder.source() == PAGE.replace("</h1>\n", "</h1>\n  <p>And <b>cake</b></p>\n")
    # Undo in the code is the editor's, and is saved like all else.
    page.keyboard.press("Control+z")
    expect(code).not_to_contain_text("cake")
    page.get_by_role("button", name="Save", exact=True).click()
    saved(page, 3)
    assert builder.source() == PAGE
    page.get_by_role("button", name="Done").click()
    expect(code).to_be_hidden()
    expect(page.get_by_role("button", name="Code", exact=True)).to_be_focused()
    assert builder.complaints == []


def test_code_that_is_not_saved_outlives_a_reload_and_a_newer_version(builder: Builder, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".pane-switch").get_by_text("Preview").click()
    code = opened(page, is_phone=True)
    page.locator(".cm-line", has_text="Menu").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("<p>Drinks</p>")
    expect(page.locator(".code-editor-status")).to_have_text("Not saved yet.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    website = page.url.split("/")[4]
    other = PAGE.replace("Hours", "Opening hours")
    headers = {"Sec-Fetch-Site": "same-origin"}
    made = page.request.post(f"/api/websites/{website}/versions", data={"page": other}, headers=headers)
    assert made.status == 201
    page.reload()
    page.locator(".pane-switch").get_by_text("Preview").click()
    expect(opened(page, is_phone=True)).to_contain_text("Drinks")
    expect(code).not_to_contain_text("Opening hours")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".code-editor").get_by_role("alert")).to_contain_text("changed elsewhere")
    page.get_by_role("button", name="Save it on the newest page").click()
    saved(page, 3)
    expect(code).to_contain_text("Opening hours")
    assert builder.source() == other.replace(
        "Menu</h2></section>\n", "Menu</h2></section>\n  <p>Drinks</p>\n"
    )


def test_code_that_breaks_the_page_is_not_saved_and_not_lost(builder: Builder, page: Page) -> None:
    code = opened(page)
    page.locator(".cm-line", has_text="Menu").click()
    page.keyboard.press("End")
    for _ in "</section>":
        page.keyboard.press("Backspace")
    page.get_by_role("button", name="Save", exact=True).click()
    problem = page.locator(".code-editor").get_by_role("alert")
    expect(problem).to_contain_text("<section><h2>Menu</h2>")
    expect(code).to_contain_text(re.compile("Menu</h2><section>"))
    page.get_by_role("button", name="Discard changes").click()
    expect(problem).to_be_hidden()
    expect(code).to_contain_text("Menu</h2></section>")
    assert builder.source() == PAGE
