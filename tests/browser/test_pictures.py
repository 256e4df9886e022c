"""Pictures of a website: dropped, pasted or chosen, named in a message, swapped in the page, and listed."""

import re
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests import axe, pictures
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Hold, Pause, Say

PAGE = """<!doctype html>
<html lang="en"><head><title>Luna</title></head>
<body><main><h1>Coffee</h1>
<img src="images/red-beans.webp" srcset="images/red-beans.webp 1x" alt="Beans"></main></body></html>
"""
TRANSFER = """(files) => {
  const data = new DataTransfer();
  for (const { name, mimeType, bytes } of files) {
    data.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
  }
  return data;
}"""


def file(name: str, size: tuple[int, int] = (60, 40)) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": pictures.drawn("PNG", size)}


def transfer(page: Page, *files: FilePayload) -> Any:
    given = [
        {"name": each["name"], "mimeType": each["mimeType"], "bytes": [*each["buffer"]]} for each in files
    ]
    return page.evaluate_handle(TRANSFER, given)


def chips(page: Page) -> Locator:
    return page.locator(".picture-chip")


def shows(image: Locator, width: int) -> None:
    """Wait until an image shows a picture of this width."""
    expect(image).to_have_js_property("naturalWidth", width)


def choose(page: Page, button: str, *files: FilePayload) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files([*files])


def test_a_picture_is_dropped_shown_by_the_page_and_swapped(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    builder.box.fill("Show it below the headline")
    notes: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Buy beans"}
    data = transfer(page, file("Red Beans.PNG"), notes)
    page.dispatch_event("#conversation", "dragenter", {"dataTransfer": data})
    expect(page.get_by_text("Drop pictures to add them")).to_be_visible()
    page.dispatch_event("#drop-zone", "drop", {"dataTransfer": data})
    expect(chips(page).get_by_role("alert")).to_have_text(
        "notes.txt was not added. Only PNG, JPEG, WebP, GIF and AVIF pictures can be added."
    )
    shows(chips(page).locator("img"), 60)
    expect(page.locator("#versions-label")).to_have_text("Version 1")
    expect(page.locator("#preview-empty")).to_be_visible()
    # A pasted one of the same name gets another; what was typed and named is kept when the page is loaded again.
    page.evaluate(
        """(data) => document.querySelector('#message').dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))""",
        transfer(page, file("red-beans.png", (30, 30))),
    )
    expect(page.locator("#versions-label")).to_have_text("Version 2")
    expect(chips(page)).to_have_count(3)
    page.reload()
    expect(builder.box).to_have_value("Show it below the headline")
    expect(chips(page)).to_have_text(["red-beans", "red-beans-2"])
    shows(chips(page).locator("img").first, 60)
    page.get_by_role("button", name="Without red-beans-2").click()
    assert axe.findings(page, exclude=".preview-stage") == []
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.box.press("Enter")
    shows(builder.preview.locator("img"), 60)
    expect(builder.questions).to_have_text("Show it below the headline\n\nPictures: images/red-beans.webp")
    expect(chips(page)).to_have_count(0)
    told = str(model.requests[-1]["messages"][0]["content"])
    assert "- images/red-beans.webp (60×40 pixels, not used yet)" in told
    builder.wait_until_answered()

    page.get_by_title("Phone").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    image = page.frame_locator(".preview-frame.is-edited:not(.is-loading)").locator("img")
    image.click()
    selected = page.locator(".edit-crumb[aria-current]")
    expect(selected).to_have_text("Picture")
    page.get_by_role("button", name="Swap picture").click()
    expect(page.locator(".gallery li")).to_have_count(2)
    choose(page, "From this device", file("Cups.png", (80, 50)))
    shows(image, 80)
    expect(page.locator("#versions-label")).to_have_text("Version 5")
    expect(selected).to_have_text("Picture")
    old = 'src="images/red-beans.webp" srcset="images/red-beans.webp 1x"'
    assert builder.source() == PAGE.replace(old, 'src="images/cups.webp"')
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    shows(image, 60)
    assert builder.source() == PAGE


def test_styles_scripts_and_pictures_that_are_files_show_wherever_the_page_does(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    data = transfer(page, file("Beans.png"))
    page.dispatch_event("#conversation", "dragenter", {"dataTransfer": data})
    page.dispatch_event("#drop-zone", "drop", {"dataTransfer": data})
    shows(chips(page).locator("img"), 60)
    head = '<link rel="stylesheet" href="css/site.css"><script defer src="js/site.js"></script></head>'
    made = PAGE.replace("</head>", head).replace("red-beans", "beans")
    hunk = "<<<<<<< SEARCH\n=======\n{}\n>>>>>>> REPLACE\n"
    sheets = {
        "css/site.css": '@import "type/base.css" screen;\nh1 { color: rgb(1, 2, 3) }',
        "css/type/base.css": "@import url(../site.css);\nh1 { color: red; background: url(../../images/beans.webp) }",
    }
    style = "".join(f"```edit {path}\n{hunk.format(css)}```\n" for path, css in sheets.items())
    script = f"```edit js/site.js\n{hunk.format('document.title = 123')}```\n"
    model.enqueue(Say(f"```html\n{made}```\n\n{style}\n{script}"))
    builder.ask("Show it")

    def is_styled(heading: Locator) -> None:
        expect(heading).to_have_css("color", "rgb(1, 2, 3)")
        expect(heading).to_have_css("background-image", re.compile(r"^url\(\"data:image/webp;base64,"))

    is_styled(builder.preview.locator("h1"))
    page.get_by_role("button", name="Edit", exact=True).click()
    is_styled(page.frame_locator(".preview-frame.is-edited:not(.is-loading)").locator("h1"))
    page.get_by_role("button", name="Done").click()
    shown = page.context.new_page()
    address = str(page.locator("#open-page").get_attribute("href"))
    shown.goto(f"{address.partition('?')[0]}?scripts=on")
    expect(shown).to_have_title("123")
    shown.close()

    # A new page, in the folder of the picture. In place of another one, it is shown only after a while.
    held = Hold()
    begun = made.partition("</main>")[0].replace("css/site.css", "../css/site.css").replace("images/", "")
    begin, end = f"```html images/post.html\n{begun}", "</main></body></html>\n```\n"
    model.enqueue(Say(begin), Pause(1.6), Say("\n"), held, Say(end))
    builder.send("Write another one")
    written = page.frame_locator(".preview-frame.is-writing")
    is_styled(written.locator("h1"))
    shows(written.locator("img"), 60)
    held.release()
    builder.wait_until_answered()
    expect(page.locator("#pages-label")).to_have_text("Luna")
    is_styled(builder.preview.locator("h1"))
    shows(builder.preview.locator("img"), 60)
    page.get_by_role("button", name="Edit", exact=True).click()
    shows(page.frame_locator(".preview-frame.is-edited:not(.is-loading)").locator("img"), 60)


def test_on_a_phone_pictures_are_added_used_and_removed(builder: Builder, model: FakeModel) -> None:
    page = builder.page
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.ask("Make a page")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("radio", name="Preview").check(force=True)
    page.get_by_role("button", name="Pictures", exact=True).click()
    dialog = page.get_by_role("dialog", name="Pictures")
    expect(dialog).to_contain_text("There are no pictures yet")
    choose(page, "Add pictures", file("Red beans.png", (60, 40)), file("Shop.png", (90, 90)))
    cards = dialog.get_by_role("listitem")
    expect(cards).to_have_text([re.compile("red-beans.*60 × 40 pixels"), re.compile("shop.*90 × 90 pixels")])
    shows(cards.first.locator("img"), 60)
    assert axe.findings(page, exclude=".preview-stage") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert dialog.evaluate("(dialog) => dialog.scrollWidth <= dialog.clientWidth")
    cards.last.get_by_role("button", name="Use as the logo").click()
    expect(builder.box).to_have_value("Use this picture as the logo")
    expect(builder.box).to_be_visible()
    expect(chips(page)).to_have_text(["shop"])

    page.get_by_role("radio", name="Preview").check(force=True)
    shows(builder.preview.locator("img"), 60)
    page.get_by_role("button", name="Pictures", exact=True).click()
    dialog.get_by_role("button", name="Remove red-beans").click()
    expect(page.get_by_role("dialog")).to_contain_text("It is used in 2 places")
    page.get_by_role("button", name="Remove it").click()
    expect(cards).to_have_text([re.compile("shop")])
    page.keyboard.press("Escape")
    shows(builder.preview.locator("img"), 0)
    page.get_by_role("button", name="Undo", exact=True).last.click()
    shows(builder.preview.locator("img"), 60)
    # The page names a picture that wasn't there at first, and isn't there when it is removed.
    assert all("images/red-beans.webp" in complaint for complaint in builder.complaints)
    builder.complaints.clear()
