"""The page belongs to the conversation: what the preview shows is what the next message goes on from."""

import re

from playwright.sync_api import Locator, expect

from tests.answers.sites import edit
from tests.browser.builder import Builder, reworded
from tests.fake_model import FakeModel, Say


def page_of(*words: str) -> str:
    lines = "\n".join(f"<p>{word}</p>" for word in words)
    return f"<!doctype html>\n<html lang='en'><title>t</title>\n<h1>{words[-1]}</h1>\n{lines}\n</html>\n"


def script(model: FakeModel, *pages: str) -> None:
    """Have the next answers write these pages."""
    for html in pages:
        model.enqueue(Say(f"Here it is.\n\n```html\n{html}```\n"))


def seen_by(model: FakeModel) -> str:
    """Return what the model was told of the page with the last question."""
    return str(model.requests[-1]["messages"][0]["content"])


def label(builder: Builder) -> Locator:
    return builder.page.locator("#versions-label")


def bar(builder: Builder) -> Locator:
    return builder.page.locator("#old-version")


def test_stepping_shows_the_page_that_stands_there_and_sending_makes_it_current(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    script(model, page_of("Base"), page_of("Base", "Gallery"), page_of("Base", "Team"))
    builder.ask("Create a page")
    builder.ask("Add a gallery")
    reworded(builder, 1, "Add a team")
    assert "Base" in seen_by(model) and "Gallery" not in seen_by(model)
    expect(builder.preview.locator("h1")).to_have_text("Team")
    expect(bar(builder)).to_be_hidden()

    page.get_by_role("button", name="Earlier version").click()
    expect(label(builder)).to_have_text("Version 2")
    expect(builder.preview.locator("h1")).to_have_text("Gallery")
    expect(bar(builder)).to_contain_text(
        "Version 2 of 3, as of this message; 1 newer version. Your next message here goes on from it."
    )
    expect(bar(builder)).to_contain_text("Since then: “Add a team”")
    page.reload()
    expect(builder.preview.locator("h1")).to_have_text("Team")
    page.get_by_role("button", name="Earlier version").click()
    page.get_by_role("button", name="Show the newest").click()
    expect(builder.preview.locator("h1")).to_have_text("Team")
    expect(bar(builder)).to_contain_text("Your next message here goes on from version 2.")
    page.get_by_role("button", name="Show version 2").click()
    expect(builder.preview.locator("h1")).to_have_text("Gallery")

    script(model, page_of("Base", "Gallery", "Hours"), page_of("Base", "Gallery", "Times"))
    builder.ask("Add opening hours")
    assert "Gallery" in seen_by(model) and "Team" not in seen_by(model)
    expect(label(builder)).to_have_text("Version 4")
    expect(bar(builder)).to_be_hidden()
    page.get_by_role("button", name="Write another answer").last.click()
    expect(page.locator(".byline .stepper")).to_have_text("2/2")
    builder.wait_until_answered()
    assert "Gallery" in seen_by(model) and "Hours" not in seen_by(model)
    expect(builder.preview.locator("h1")).to_have_text("Times")
    page.get_by_role("button", name="Earlier answer").click()
    expect(builder.preview.locator("h1")).to_have_text("Hours")


def test_a_branch_shows_its_own_page_and_another_chat_the_newest(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    script(model, page_of("Base"), page_of("Base", "Gallery"))
    builder.ask("Create a page")
    builder.ask("Add a gallery")
    page.get_by_role("button", name="More for this answer").first.click()
    page.get_by_role("menuitem", name="Branch into a new chat").click()
    expect(builder.questions).to_have_text(["Create a page"])
    expect(builder.preview.locator("h1")).to_have_text("Base")
    expect(bar(builder)).to_contain_text("Version 1 of 2, as of this message; 1 newer version.")
    page.get_by_role("button", name="New chat").click()
    expect(builder.preview.locator("h1")).to_have_text("Gallery")
    expect(bar(builder)).to_be_hidden()
    # What stands already is no version.
    script(model, page_of("Base", "Gallery"))
    builder.ask("Check the page")
    expect(page.locator(".page-card-title")).to_have_text("Version 2, unchanged")
    expect(label(builder)).to_have_text("Version 2")

    page.locator("#versions-button").click()
    pictures = page.locator("#version-list .version-thumb.is-loaded img")
    expect(pictures).to_have_count(2)
    page.get_by_role("button", name="Show version 1 in its chat").click()
    expect(page.locator(".reply.is-found .page-card-title")).to_have_text("Version 1")
    expect(builder.questions).to_have_text(["Create a page", "Add a gallery"])


def test_two_versions_are_compared_as_pages_and_line_by_line(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    script(model, page_of(*map(str, range(90)), "Base"), page_of(*map(str, range(90)), "Base", "Team"))
    builder.ask("Create a page")
    builder.ask("Add a team")
    # Neither pictures nor what compares is loaded before it is asked for.
    assert page.locator(".version-thumb").count() == 0
    loaded = (
        "performance.getEntriesByType('resource').filter(({name}) => name.includes('/dist/chunk')).length"
    )
    before = page.evaluate(loaded)
    page.locator("#versions-button").click()
    page.get_by_role("button", name="What changed in version 2").click()
    dialog = page.get_by_role("dialog", name="What changed from version 1 to 2")
    headings = [dialog.frame_locator("iframe").nth(at).locator("h1") for at in (0, 1)]
    for heading, text in zip(headings, ("Base", "Team"), strict=True):
        expect(heading).to_have_text(text)
    assert page.evaluate(loaded) > before
    last = [dialog.frame_locator("iframe").nth(at).get_by_text("89", exact=True) for at in (0, 1)]
    for shown, other in ((0, 1), (1, 0)):
        last[shown].evaluate("() => scrollTo(0, 0)")
        expect(last[other]).not_to_be_in_viewport()
        last[shown].scroll_into_view_if_needed()
        expect(last[other]).to_be_in_viewport()
    dialog.get_by_text("Code").click()
    expect(dialog.locator(".comparison-count")).to_have_text("2 added, 1 removed")
    expect(dialog.locator("ins .diff-line")).to_have_text(["+<h1>Team</h1>", "+<p>Team</p>"])
    expect(dialog.locator("del .diff-line")).to_have_text(["−<h1>Base</h1>"])
    fold = dialog.get_by_role("button", name=re.compile("^Show .* unchanged lines"))
    fold.click()
    expect(fold).to_have_count(0)
    expect(dialog.locator(".is-same").get_by_text("<p>15</p>")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_the_page_is_undone_and_redone_by_buttons_and_keys(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    heading = builder.preview.locator("h1")
    undo, redo = page.locator("#undo"), page.locator("#redo")
    script(model, page_of("One"), page_of("Two"), page_of("Three"))
    builder.ask("Make one")
    expect(undo).to_have_attribute("aria-disabled", "true")
    builder.ask("Make two")
    undo.click()
    expect(heading).to_have_text("One")
    expect(label(builder)).to_have_text("Version 3")
    expect(undo).to_have_attribute("aria-disabled", "true")
    redo.click()
    expect(heading).to_have_text("Two")
    expect(redo).to_have_attribute("aria-disabled", "true")

    # In a field these keys are the field's.
    builder.box.fill("Some words")
    builder.box.press("Control+z")
    expect(heading).to_have_text("Two")
    page.locator("#versions-button").focus()
    page.keyboard.press("Control+z")
    expect(heading).to_have_text("One")
    page.keyboard.press("Control+Shift+z")
    expect(heading).to_have_text("Two")
    page.keyboard.press("Control+z")
    expect(heading).to_have_text("One")
    page.reload()
    expect(heading).to_have_text("One")
    page.locator("#versions-button").focus()
    page.keyboard.press("Control+y")
    expect(heading).to_have_text("Two")
    expect(label(builder)).to_have_text("Version 8")

    builder.ask("Make three")
    assert "<h1>Two</h1>" in seen_by(model)
    undo.click()
    expect(heading).to_have_text("Two")
    page.locator("#versions-button").click()
    expect(page.locator(".version-row")).to_have_count(10)


def test_a_card_says_what_was_changed_and_left_out_and_its_owner_allows_it(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    script(model, page_of("Base", "Team"))
    builder.ask("Create a page")
    card, detail = page.locator(".page-card-title"), page.locator(".page-card-detail")
    expect(detail).to_have_text("A new page · in the preview now")
    model.enqueue(Say("Done.\n\n" + edit("<p>Nobody</p>", "<p>Crew</p>")))
    model.enqueue(Say(edit("<p>Team</p>", "<p>Crew</p>")))
    builder.ask("Call the team a crew")
    expect(card).to_have_text(["Version 1", "Changes that didn’t fit", "Version 2"])
    expect(page.locator(".again summary")).to_be_visible()
    expect(detail.last).to_contain_text("Changed 1 place · about")
    expect(builder.preview.locator("body")).to_contain_text("Crew")
    page.get_by_text("Show the changes").last.click()
    expect(page.locator(".page-card-hunks del, .page-card-hunks ins")).to_have_text(
        ["<p>Team</p>\n", "<p>Crew</p>\n"]
    )
    page.get_by_role("button", name="What changed").last.click()
    dialog = page.get_by_role("dialog", name="What changed from version 1 to 2")
    dialog.get_by_role("button", name="Close").click()

    model.enqueue(Say("I moved it to the top.\n\n" + edit("<p>Base</p>", "<p>Top</p>")))
    ask_about(builder, "<p>Crew</p>")
    expect(card.last).to_have_text("Nothing was changed")
    expect(detail.last).to_have_text("Version 2 stays as it is · in the preview now")
    left_out = page.locator(".page-card-outside").last
    expect(left_out).to_contain_text("All of it was outside of what you pointed at.")
    expect(left_out.get_by_role("button", name="Allow it")).to_be_visible()

    both = edit("<p>Crew</p>", "<p>Bakers</p>") + edit("<p>Base</p>", "<p>Top</p>")
    model.enqueue(Say(both))
    ask_about(builder, "<p>Crew</p>")
    expect(page.get_by_text("Left out: 1 change outside of what you pointed at.")).to_be_visible()
    expect(builder.preview.locator("body")).not_to_contain_text("Top")
    page.get_by_role("button", name="Allow it").last.click()
    expect(label(builder)).to_have_text("Version 4")
    expect(builder.preview.locator("body")).to_contain_text("Top")
    expect(page.get_by_text("Left out at first, then allowed: 1 change.")).to_be_visible()
    assert not builder.complaints


def ask_about(builder: Builder, part: str) -> None:
    """Ask by the API about a part of the page that is shown, and look at the chat anew."""
    api, session_id = builder.page.request, builder.page.url.rsplit("/", 1)[1]
    answer = api.get(f"/api/chat/sessions/{session_id}/messages").json()["messages"][-1]
    version = api.get(f"/api/versions/{answer['version_id']}").json()["version"]
    start = version["files"]["index.html"].index(part)
    place = {"path": "index.html", "start": start, "end": start + len(part)}
    question = {"message": "Change it", "session_id": session_id}
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    target = {"version_id": version["id"], **place}
    assert api.post("/api/chat", data={**question, "target": target}, headers=same_origin).ok
    builder.page.reload()
