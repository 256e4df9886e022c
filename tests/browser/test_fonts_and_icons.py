"""Fonts and icons of the library: seen in the preview, by visitors and in the zip, and nothing comes from elsewhere."""

import io
import re
import zipfile

from playwright.sync_api import Browser, Locator, Page, expect

from tests.app_server import AppServer
from tests.browser.builder import SCREENSHOTS, Builder
from tests.fake_model import FakeModel, Say
from tests.stacks import Person

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Luna</title>
<link rel="preconnect" href="https://fonts.gstatic.com" crossorigin>
<link href="https://fonts.googleapis.com/css2?family=Inter:wght@400;700&amp;display=swap" rel="stylesheet">
<link rel="stylesheet" href="fonts/playfair-display.css">
<link rel="stylesheet" href="fonts/caveat.css">
<style>body { font: 18px/1.6 "Inter", sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font: 700 3rem/1.1 "Playfair Display", serif } .hand { font: 2rem "Caveat", cursive; color: #8a3b12 }
li { list-style: none } .bi { color: #8a3b12; font-size: 1.4em; margin-right: .6rem }</style></head>
<body><h1>Łuna, a bakery of Kraków</h1><p class="hand">Baked at night, warm at six</p>
<ul><li><i class="bi bi-telephone" aria-hidden="true"></i>22 33 44 55</li>
<li><i class="bi bi-geo-alt-fill" aria-hidden="true"></i>12 Mill Lane</li>
<li><i class="bi bi-nonsense" aria-hidden="true"></i>Nothing</li></ul></body></html>
"""
FONTS = ["Caveat", "Inter", "Playfair Display"]
LOADED = """async () => {
  await document.fonts.ready;
  const loaded = [...document.fonts].filter(({ status }) => status === 'loaded');
  return [...new Set(loaded.map(({ family }) => family.replaceAll('"', '')))].sort();
}"""
MASK = "icon => getComputedStyle(icon, '::before').maskImage.slice(0, 24)"


def shows_them(body: Locator) -> None:
    assert body.evaluate(LOADED) == FONTS
    masks = [icon.evaluate(MASK) for icon in body.locator(".bi").all()]
    assert masks[:2] == ['url("data:image/svg+xml,'] * 2 and masks[2].startswith("linear-gradient")


def test_fonts_and_icons_are_seen_everywhere_and_come_from_nowhere_else(
    builder: Builder, model: FakeModel, server: AppServer, browser: Browser, alice: Person
) -> None:
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    builder.ask("Make it")
    expect(builder.preview.locator("h1")).to_be_visible()
    shows_them(builder.preview.locator("body"))
    expect(builder.page.locator(".version-card, .answer").last).not_to_contain_text("fonts/")
    builder.page.screenshot(path=SCREENSHOTS / "fonts-and-icons.png")

    website, api = builder.page.url.split("/")[4], builder.page.request
    headers = {"Sec-Fetch-Site": "same-origin"}
    version = api.get(f"/api/websites/{website}/versions?limit=1").json()["versions"][0]["id"]
    with zipfile.ZipFile(io.BytesIO(api.get(f"/api/versions/{version}/download").body())) as files:
        fonts = {f"fonts/{name}.css" for name in ("inter", "playfair-display", "caveat")}
        assert {*files.namelist()} == {"index.html", "icons/bootstrap-icons.css"} | fonts
        assert "SIL Open Font License" in files.read("fonts/inter.css").decode()
    slug = {"slug": f"fonts-{alice.id[:8]}"}
    told = api.put(f"/api/websites/{website}/publication", data=slug, headers=headers).json()["publication"]
    elsewhere = browser.new_context(viewport={"width": 390, "height": 844})
    visitor, asked = elsewhere.new_page(), list[str]()
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(told["url"])
    shows_them(visitor.locator("body"))
    visitor.screenshot(path=SCREENSHOTS / "fonts-and-icons-phone.png")
    assert asked and all(url.startswith(("data:", server.url)) for url in asked), asked
    elsewhere.close()

    # The model has read none of it, and the next icon comes to those that there are.
    icon = '<i class="bi bi-clock"></i>'
    model.enqueue(
        Say(f"```edit index.html\n<<<<<<< SEARCH\n<ul>\n=======\n{icon}<ul>\n>>>>>>> REPLACE\n```\n")
    )
    builder.ask("Make it inter-esting: add the hours to the inter caveat")
    expect(builder.preview.locator(".bi-clock")).to_be_visible()
    assert builder.preview.locator(".bi-clock").evaluate(MASK).startswith("url(")
    assert builder.preview.locator(".bi-telephone").evaluate(MASK).startswith("url(")
    read = "".join(str(message["content"]) for message in model.requests[-1]["messages"])
    assert "fonts/caveat.css" in read and "Library" not in read and "base64" not in read
    assert builder.complaints == []
    _has_a_picture(builder.page)


# An image of an SVG loads nothing, and so its fonts are in it.
def _has_a_picture(page: Page) -> None:
    page.goto("/websites")
    picture = page.locator(".site-thumb img").first
    expect(picture).to_have_attribute("src", re.compile("font-face.{1,40}Caveat"))
    picture.evaluate("picture => picture.decode()")
    page.screenshot(path=SCREENSHOTS / "fonts-and-icons-list.png")
