"""Edit mode: a part of the page is pointed at, and typed in, moved, or asked about."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests import axe, pictures
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say

PAGE = """<!doctype html>
<html lang="en"><head><title>Luna</title>
<style>body { margin: 0; font-family: sans-serif } section { padding: 40px }
.card { display: inline-block; width: 200px }
.veil { position: fixed; inset: 0; z-index: 99 }</style></head>
<body>
<header id="top"><h1>Fresh <em>coffee</em> &amp; cake 🍰</h1></header>
<main>
  <section id="menu"><h2>Menu</h2>
    <div class="card"><h3>Espresso</h3><p>Strong</p><a href="/order">Order</a></div>
    <div class="card"><h3>Latte</h3><p>Mild</p><a href="/order">Order</a></div>
    <div class="card"><h3>Mocha</h3><p>Sweet</p><a href="/order">Order</a></div>
  </section>
  <section id="hours"><h2>Hours</h2><p>Seven to noon</p></section>
  <section id="people"><h2>People</h2><p>Ada and Bo</p></section>
</main>
</body></html>
"""


def edited(page: Page) -> FrameLocator:
    return page.frame_locator(".preview-frame.is-edited:not(.is-loading)")


def selected(page: Page) -> Any:
    return page.locator(".edit-crumb[aria-current]")


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.ask("Make a page")
    expect(builder.preview.locator("h3")).to_have_count(3)
    # At its own size: Playwright clicks beside what is in a frame that is scaled down.
    builder.page.get_by_title("Phone").click()
    return builder.page


def begin(page: Page) -> None:
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(edited(page).locator("h1")).to_be_visible()
    expect(page.locator("#edit-panel").get_by_role("button", name="Menu")).to_be_visible()


def saved(page: Page, number: int) -> None:
    expect(page.locator("#versions-label")).to_have_text(f"Version {number}")


def test_a_headline_is_typed_in_place_and_that_can_be_undone(builder: Builder, page: Page) -> None:
    begin(page)
    heading = edited(page).locator("h1")
    heading.click(position={"x": 20, "y": 10})
    expect(selected(page)).to_have_text(re.compile("Heading.*Fresh coffee"))
    heading.dblclick(position={"x": 20, "y": 10})
    expect(heading).to_have_attribute("contenteditable", "plaintext-only")
    page.keyboard.press("Home")
    page.keyboard.type("Very <b> ")
    page.keyboard.press("Enter")
    saved(page, 2)
    after = "<h1>Very &lt;b&gt; Fresh <em>coffee</em> &amp; cake 🍰</h1>"
    assert builder.source() == PAGE.replace("<h1>Fresh <em>coffee</em> &amp; cake 🍰</h1>", after)
    expect(edited(page).locator("h1")).to_have_text("Very <b> Fresh coffee & cake 🍰")
    # What was selected is selected in the new version, too.
    expect(selected(page)).to_have_text(re.compile("Heading.*Very"))
    page.keyboard.press("Control+z")
    saved(page, 3)
    expect(edited(page).locator("h1")).to_have_text("Fresh coffee & cake 🍰")
    assert builder.source() == PAGE
    # Given up, nothing is changed.
    edited(page).locator("h3").nth(1).dblclick()
    page.keyboard.type("Gone")
    page.keyboard.press("Escape")
    expect(edited(page).locator("h3").nth(1)).to_have_text("Latte")
    saved(page, 3)
    # Whoever leaves has finished typing.
    edited(page).locator("h3").nth(1).dblclick()
    page.keyboard.type("Flat white")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#edit-panel")).to_be_hidden()
    saved(page, 4)
    expect(builder.preview.locator("h3").nth(1)).to_have_text("Flat white")


def test_one_card_of_three_is_asked_about(builder: Builder, page: Page, model: FakeModel) -> None:
    begin(page)
    edited(page).locator("h3", has_text="Latte").click()
    expect(selected(page)).to_have_text(re.compile("Heading.*Latte"))
    # Up to the card, from the page and by the path; what is around it is named.
    page.keyboard.press("Escape")
    expect(selected(page)).to_have_text(re.compile("Block.*Latte"))
    expect(page.locator(".edit-crumb")).to_have_text(
        [re.compile("Main"), re.compile("Section"), re.compile("Block")]
    )
    page.get_by_role("button", name="Ask about this").click()
    chip = page.locator("#composer-target")
    expect(chip).to_contain_text("About: Block “Latte Mild Order”")
    expect(builder.box).to_be_focused()
    assert axe.findings(page, exclude=".preview-stage") == []
    asked: list[dict[str, Any]] = []

    def record(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(
            status=409, json={"success": False, "error": {"code": "target_stale", "message": "Gone."}}
        )

    page.route("**/api/chat", record)
    page.get_by_role("button", name="Ask about the whole page instead").click()
    expect(chip).to_be_hidden()
    page.get_by_role("button", name="Ask about this").click()
    builder.send("Make it red")
    expect(page.get_by_text("Gone.")).to_be_visible()
    expect(chip).to_be_hidden()
    target = asked[0]["target"]
    card = '<div class="card"><h3>Latte</h3><p>Mild</p><a href="/order">Order</a></div>'
    assert (target["path"], PAGE[target["start"] : target["end"]]) == ("index.html", card)
    assert set(target) == {"version_id", "path", "start", "end"}
    # Sent or taken back, the message keeps what it is about.
    expect(page.locator(".question-target")).to_have_text("About: Block “Latte Mild Order”")
    page.locator(".question").get_by_role("button", name="Edit", exact=True).click()
    expect(chip).to_contain_text("About: Block “Latte Mild Order”")
    expect(builder.box).to_have_value("Make it red")


def test_by_keyboard_a_section_is_moved_copied_and_removed(builder: Builder, page: Page) -> None:
    page.locator("body").press("e")
    people = page.locator("#edit-panel").get_by_role("button", name="People")
    people.press("Enter")
    expect(selected(page)).to_be_focused()
    expect(selected(page)).to_have_text(re.compile("Section.*People"))
    page.keyboard.press("Alt+ArrowUp")
    saved(page, 2)
    sections = edited(page).locator("section")
    expect(sections.locator("h2")).to_have_text(["Menu", "People", "Hours"])
    expect(selected(page)).to_have_text(re.compile("Section.*People"))
    expect(selected(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_text(re.compile("Section.*Hours"))
    page.keyboard.press("ArrowRight")
    expect(selected(page)).to_have_text(re.compile("Heading.*Hours"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Duplicate").press("Enter")
    saved(page, 3)
    expect(sections).to_have_count(4)
    assert 'id="hours-2"' in builder.source(), "an id is of one element"
    page.get_by_role("button", name="Remove").press("Enter")
    saved(page, 4)
    notice = page.locator(".toast", has_text="Removed")
    expect(notice).to_be_visible()
    tools, shown = page.locator("#edit-panel").bounding_box(), page.locator("#toasts").bounding_box()
    assert tools and shown and shown["y"] + shown["height"] <= tools["y"]
    page.keyboard.press("Control+z")
    saved(page, 5)
    assert notice.count() == 0, "its Undo would undo something else"
    page.keyboard.press("Control+y")
    saved(page, 6)
    expect(sections).to_have_count(3)
    hours = '<section id="hours"><h2>Hours</h2><p>Seven to noon</p></section>'
    people_ = '<section id="people"><h2>People</h2><p>Ada and Bo</p></section>'
    swapped = PAGE.replace(f"{hours}\n  {people_}", f"{people_}\n  {hours}")
    assert builder.source() == swapped
    # A fresh copy is moved past what it was made of, which looks the same: then that is selected.
    edited(page).get_by_role("heading", name="People").click()
    expect(selected(page)).to_have_text(re.compile("Heading.*People"))
    up, down = (page.get_by_role("button", name=f"Move {way}") for way in ("up", "down"))
    page.get_by_role("button", name="Duplicate").press("Enter")
    expect(up).to_have_attribute("aria-disabled", "false")
    up.press("Enter")
    expect(up).to_have_attribute("aria-disabled", "true")
    down.press("Enter")
    expect(up).to_have_attribute("aria-disabled", "false")
    down.press("Enter")
    saved(page, 8)
    heading, ada = "<h2>People</h2>", "<p>Ada and Bo</p>"
    assert builder.source() == swapped.replace(f"{heading}{ada}", f"{heading}{ada}{heading}")
    for _ in range(6):
        page.keyboard.press("Escape")
    # The frame may answer the first ones only now: then nothing is selected, and one more closes the panel.
    expect(selected(page)).to_have_count(0)
    if page.locator("#edit-panel").is_visible():
        page.keyboard.press("Escape")
    expect(page.locator("#edit-panel")).to_be_hidden()
    expect(page.get_by_role("button", name="Edit", exact=True)).to_be_focused()


def test_on_a_phone_a_link_is_led_elsewhere_and_no_notice_covers_a_tool(builder: Builder, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".pane-switch").get_by_text("Preview").click()
    begin(page)
    edited(page).locator("a").nth(2).click()
    page.get_by_label("Leads to").fill('/mocha?a=1&b="2"')
    page.get_by_label("Leads to").press("Enter")
    saved(page, 2)
    assert (
        builder.source()
        .split("<h3>Mocha")[1]
        .startswith('</h3><p>Sweet</p><a href="/mocha?a=1&amp;b=&quot;2&quot;">Order</a>')
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe.findings(page, exclude=".preview-stage") == []
    page.set_viewport_size({"width": 360, "height": 800})
    tools = page.locator(".edit-tools .button:visible")
    tops = tools.evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
    assert len(tops) == 6 and len(set(tops)) == 1, "All tools are in one line."
    page.get_by_role("button", name="Remove").click()
    saved(page, 3)
    notice, panel = page.locator(".toast", has_text="Removed"), page.locator("#edit-panel")
    expect(notice).to_be_visible()
    shown, below = notice.bounding_box(), panel.bounding_box()
    bar = page.locator(".preview-bar").bounding_box()
    assert shown and below and bar
    assert bar["y"] + bar["height"] <= shown["y"] and shown["y"] + shown["height"] <= below["y"]


def test_what_was_typed_is_kept_when_the_page_has_changed_elsewhere(builder: Builder, page: Page) -> None:
    begin(page)
    website = page.url.split("/")[4]
    other = PAGE.replace("Seven to noon", "Eight to noon")
    edited(page).locator("h2").first.dblclick()
    headers = {"Sec-Fetch-Site": "same-origin"}
    made = page.request.post(f"/api/websites/{website}/versions", data={"page": other}, headers=headers)
    assert made.status == 201
    page.keyboard.type("Our menu")
    page.keyboard.press("Enter")
    problem = page.locator("#edit-panel").get_by_role("alert")
    expect(problem).to_contain_text("changed elsewhere")
    expect(page.get_by_label("What you typed")).to_have_value("Our menu")
    page.get_by_role("button", name="Save it on the newest page").click()
    saved(page, 3)
    expect(problem).to_be_hidden()
    assert builder.source() == other.replace("<h2>Menu", "<h2>Our menu")


FORGED = """<!doctype html><title>x</title><script>
addEventListener('message', ({ ports: [port] }) => {
  const say = (words) => { try { port.postMessage(words) } catch {} };
  const deep = [];
  for (let at = deep, depth = 0; depth < 5000; depth += 1) at.push(at = []);
  const text = 'x'.repeat(5e6);
  const chosen = { previous: null, next: null, canType: true, alt: null };
  say({ shown: true });
  for (const number of [0, 3, -1, 1e300, NaN, '0', 2 ** 53, null, {}, [0]]) {
    say({ ...chosen, selected: number, path: Array(100000).fill(number), previous: number, href: text, alt: {} });
    say({ typing: number });
    for (const parts of [[text], [number], [[number, ['x']]], [deep], deep, 'x', Array(1e6).fill('x')]) {
      say({ typed: number, parts });
    }
    say({ place: { x: number, y: number } });
  }
  for (const key of ['remove', 'up', 'down', 'undo', 'sign-out', '__proto__', 'constructor']) say({ key });
  say({ ...chosen, selected: 1, path: [0, 1], href: '<img src=x onerror=alert(1)>' });
});
parent.postMessage({ preview: 'ready' }, '*');
</script>"""


def test_a_frame_that_lies_changes_nothing_by_itself(builder: Builder, page: Page) -> None:
    page.route("**/preview-frame?edit=on", lambda route: route.fulfill(body=FORGED, content_type="text/html"))
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_label("Leads to")).to_have_value("<img src=x onerror=alert(1)>")
    expect(page.locator(".edit-crumb")).to_have_count(2)
    saved(page, 1)
    assert builder.source() == PAGE
    page.get_by_role("button", name="Done").click()
    expect(builder.preview.locator("h1")).to_be_visible()


def test_what_covers_the_page_does_not_keep_from_pointing(
    builder: Builder, page: Page, model: FakeModel
) -> None:
    names = ("body", "createElement", "documentElement", "querySelector", "getSelection", "execCommand")
    clobbering = "".join(f"<img name={name} alt=x>" for name in names)
    model.enqueue(
        Say(
            "```html\n"
            + PAGE.replace(
                "</body>",
                f'<div class="veil"></div>{clobbering}<form id=f><input name=parentNode></form></body>',
            ).replace(
                "</style>",
                "* { animation: none } div[style] { display: none !important; opacity: 0 !important }</style>",
            )
            + "```\n"
        )
    )
    builder.ask("Cover it")
    saved(page, 2)
    begin(page)
    page.locator("#edit-panel").get_by_role("button", name="Hours").click()
    expect(selected(page)).to_have_text(re.compile("Section.*Hours"))
    page.keyboard.press("ArrowRight")
    expect(selected(page)).to_have_text(re.compile("Heading.*Hours"))
    page.keyboard.press("Enter")
    expect(edited(page).locator("[contenteditable]")).to_be_focused()
    page.keyboard.type("Open")
    page.keyboard.press("Enter")
    saved(page, 3)
    assert "<h2>Open</h2><p>Seven" in builder.source()
    outline = edited(page).locator("html > div").last
    expect(outline).to_have_css("display", "block")
    expect(outline).to_have_css("opacity", "1")


def test_pictures_of_the_website_show_in_the_preview_in_edit_mode_and_to_others(
    builder: Builder, page: Page, browser: Browser
) -> None:
    website, headers = page.url.split("/")[4], {"Sec-Fetch-Site": "same-origin"}
    uploaded = page.request.post(
        f"/api/websites/{website}/files?path=images/a b.png",
        data=pictures.drawn("PNG", (60, 40)),
        headers={**headers, "Content-Type": "image/png"},
    )
    assert uploaded.json()["file"]["path"] == "images/a b.webp"
    name = "images/a%20b.webp"
    shown = f"""<style>#room {{ background: url( '{name}' ) }}</style>
<img id="plain" src="{name}" alt="">
<img id="set" srcset="data:image/gif;base64,R0lGODlhAQABAAAAACw= 0.5x, {name}" alt="">
<svg><style><g></g></style><image href="{name}"></image></svg><p id="room">Room</p></body>"""
    made = page.request.post(
        f"/api/websites/{website}/versions", data={"page": PAGE.replace("</body>", shown)}, headers=headers
    )
    version = made.json()["version"]
    page.reload()
    saved(page, version["number"])
    _shows_pictures(builder.preview)
    begin(page)
    _shows_pictures(edited(page))
    # What is typed and saved is the page's own text.
    edited(page).locator("#room").dblclick()
    page.keyboard.type("Space")
    page.keyboard.press("Enter")
    saved(page, version["number"] + 1)
    _shows_pictures(edited(page))
    assert builder.source() == PAGE.replace("</body>", shown.replace(">Room<", ">Space<"))
    share = page.request.post(f"/api/versions/{version['id']}/shares", data={}, headers=headers)
    guest = browser.new_context().new_page()
    guest.goto(share.json()["share"]["url"])
    _shows_pictures(guest.frame_locator("iframe"))
    guest.context.close()
    assert builder.complaints == []


def _shows_pictures(frame: FrameLocator) -> None:
    for picture in ("#plain", "#set"):
        expect(frame.locator(picture)).to_have_js_property("naturalWidth", 60)
    expect(frame.locator("#room")).to_have_css("background-image", re.compile('^url."data:image/webp'))
    expect(frame.locator("image")).to_have_attribute("href", re.compile("^data:image/webp"))
