"""A new version in the preview: it appears while it is written, keeps the place, and shows what changed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import Builder
from tests.browser.previews import page_with
from tests.fake_model import FakeModel, Hold, Say

PART = """<section style="height: 900px"><h2>{name}</h2>
<p>We are here every day from seven until noon: {name}</p></section>"""
PARTS = "".join(PART.format(name=name) for name in ("Coffee", "Cake", "Bread", "People"))
MARKED = "element => element.getAnimations().length > 0"


def scrolled(builder: Builder) -> int:
    return int(builder.preview.locator("body").evaluate("() => scrollY"))


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(page_with("Luna", PARTS))
    builder.ask("Make a page")
    expect(builder.preview.locator("h2")).to_have_count(4)
    return builder.page


def ask(builder: Builder, model: FakeModel, parts: str, count: int) -> None:
    model.enqueue(page_with("Luna", parts))
    builder.ask("Change it")
    expect(builder.preview.locator("h2")).to_have_count(count)


def test_a_new_version_keeps_the_place_and_shows_what_changed(
    builder: Builder, page: Page, model: FakeModel
) -> None:
    builder.preview.locator("h2", has_text="Cake").evaluate("heading => heading.scrollIntoView()")
    place = scrolled(builder)
    assert place > 500
    page.emulate_media(reduced_motion="reduce")
    ask(builder, model, PARTS.replace("<h2>Cake</h2>", "<h2>Cake and pie</h2>"), 4)
    changed = builder.preview.locator("h2", has_text="Cake and pie")
    assert scrolled(builder) == place
    expect(changed).to_be_in_viewport()
    assert changed.evaluate(MARKED)
    assert not builder.preview.locator("h2", has_text="Bread").evaluate(MARKED)
    ask(builder, model, PARTS + PART.format(name="Way"), 5)
    new = builder.preview.locator("section", has_text="Way")
    expect(new).to_be_in_viewport()
    assert new.evaluate(MARKED)
    expect(new).to_have_js_property("style.outline", "")


def test_one_button_and_one_key_show_the_version_before(
    builder: Builder, page: Page, model: FakeModel
) -> None:
    button = page.get_by_role("button", name="Show the version before")
    expect(button).to_be_hidden()
    page.emulate_media(reduced_motion="reduce")
    ask(builder, model, PARTS + PART.format(name="Way"), 5)
    # What is new is scrolled to first; some of it may be in the viewport before that.
    expect(builder.preview.locator("section", has_text="Way")).to_be_in_viewport(ratio=0.9)
    builder.preview.locator("h2", has_text="Bread").evaluate("heading => heading.scrollIntoView()")
    expect(builder.preview.locator("h2", has_text="Bread")).to_be_in_viewport()
    before = page.frame_locator(".preview-frame.is-before")
    button.click()
    expect(page.locator("#preview-before-label")).to_have_text("Before: version 1")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(before.locator("h2")).to_have_count(4)
    expect(before.locator("h2", has_text="Bread")).to_be_in_viewport()
    # Scrolling may also end, or be told, only when the version before is shown.
    builder.preview.locator("body").evaluate("() => scrollTo(0, 0)")
    expect(before.locator("h1")).to_be_in_viewport()
    button.click()
    expect(page.locator("#preview-before-label")).to_be_hidden()
    for focused in (builder.box, builder.preview.locator("body")):
        focused.press("Alt+b")
        expect(button).to_have_attribute("aria-pressed", "true")
        focused.press("Alt+b")
        expect(button).to_have_attribute("aria-pressed", "false")
    # Back to the first version, before which there is none.
    page.get_by_role("button", name="Version 2").click()
    page.locator(".version-view").last.click()
    expect(button).to_be_hidden()


def test_the_line_between_chat_and_preview_is_moved_and_remembered(builder: Builder, page: Page) -> None:
    line = page.get_by_role("separator", name="Width of chat and preview")
    pane = page.locator("#chat-pane")

    def width() -> float:
        return float(pane.evaluate("pane => pane.getBoundingClientRect().width"))

    usual, at = width(), line.bounding_box()
    assert at is not None
    page.mouse.move(at["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(at["x"] + 184, 420, steps=6)
    page.mouse.up()
    assert abs(width() - usual - 180) < 12
    line.press("ArrowLeft")
    moved, share = width(), line.get_attribute("aria-valuenow")
    assert moved < usual + 180
    line.press("End")
    assert line.get_attribute("aria-valuenow") == line.get_attribute("aria-valuemax")
    line.press("Home")
    assert width() > 300
    for _ in range(60):
        if line.get_attribute("aria-valuenow") == share:
            break
        line.press("ArrowRight")
    kept = width()
    page.reload()
    expect(builder.preview.locator("h1")).to_have_text("Luna")
    assert abs(width() - kept) < 2
    line.dblclick()
    assert abs(width() - usual) < 2
    page.set_viewport_size({"width": 390, "height": 800})
    expect(line).to_be_hidden()


def written(page: Page) -> Any:
    return page.frame_locator(".preview-frame.is-writing")


def test_a_page_appears_while_it_is_written(builder: Builder, model: FakeModel) -> None:
    page, holds = builder.page, [Hold(), Hold(), Hold()]
    model.enqueue(
        Say(
            "Here.\n\n```html\n<!doctype html>\n<html lang=en><head><style>h1 { color: rgb(1, 2, 3) }</style></head>"
        ),
        Say("<body><h1>Luna</h1><section id=opening-hours><h2>Hours</h2><p>From sev"),
        holds[0],
        Say(
            "en</p><script>document.body.innerHTML = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
        ),
        Say("<div style='height: 3000px'></div></section><section aria-label='Our people'>"),
        holds[1],
        Say("<p id=end>The end</p></section></body></html>"),
        Say("\n```\n"),
    )
    builder.send("Make a page")
    shown = written(page)
    expect(shown.locator("p")).to_have_text("From sev")
    expect(shown.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    expect(page.locator("#preview-building-text")).to_have_text("Writing: Opening hours")
    expect(page.locator("#preview-building-done li")).to_have_text(["Colours and type"])
    shown.locator("h1").evaluate("heading => { heading.dataset.mark = 'same' }")
    holds[0].release()
    expect(page.locator("#preview-building-text")).to_have_text("Writing: Our people")
    expect(shown.locator("p")).to_have_text("From seven")
    expect(shown.locator("h1")).to_have_attribute("data-mark", "same")
    # It scrolls along with what is written, until the person scrolls.
    expect(shown.locator("h1")).not_to_be_in_viewport()
    assert shown.locator("script, [onerror]").count() == 0
    holds[1].release()
    builder.wait_until_answered()
    expect(builder.preview.locator("body")).to_have_text("ran")
    expect(page.locator(".preview-frame.is-writing")).to_have_count(0)
    expect(page.locator("#preview-building")).to_be_hidden()
    # The browser logs what its policies refuse.
    assert all("Content Security Policy" in word for word in builder.complaints)
    builder.complaints.clear()
