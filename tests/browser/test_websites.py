"""The list of websites: its cards, and the pictures of their pages."""

from playwright.sync_api import Page, Request, expect

from tests.browser.builder import OPENED, Builder
from tests.fake_model import FakeModel, Say

HOSTILE = """<!doctype html>
<html><head><meta http-equiv=refresh content="0;url=/account"><base href="https://elsewhere.test/">
<style>:root { --ground: rgb(10, 20, 30) } html { background: var(--ground) } h1 > b { color: red }</style>
<!-- <style> body { background: white } </style> --><script>document.write("<style>body{display:none}</style>")</script>
<link rel=stylesheet href="https://elsewhere.test/a.css"><title>t</title></head>
<body style="color: white" onload="fetch('/stolen')"><h1 @click="x" <b 1="2">&nbsp;&hellip;<b>It</b></h1>
<img src="https://elsewhere.test/a.png" onerror="fetch('/stolen')"><svg onload="fetch('/stolen')"></svg>
<iframe srcdoc="<script>fetch('/stolen')</script>"></iframe><object data="/stolen"></object></body></html>"""
COLOUR = """img => { const canvas = document.createElement('canvas'); const pen = canvas.getContext('2d');
pen.drawImage(img, 0, 0); return [...pen.getImageData(100, 100, 1, 1).data]; }"""

ASK = """async (website_id) => (await fetch('/api/chat', {method: 'POST', headers: {'content-type': 'application/json'},
body: JSON.stringify({message: 'Make it', website_id})})).text()"""


def test_a_click_on_a_card_opens_its_website_also_while_pictures_come_in(
    builder: Builder, model: FakeModel
) -> None:
    _make_page(builder, model, "<!doctype html><html><title>t</title><h1>Slow mornings</h1></html>")
    page = builder.page
    for round in range(60):
        page.goto("/websites")
        page.locator(".site-thumb img").wait_for(state="attached")
        if round % 2:
            page.locator(".site-thumb").click(position={"x": 80, "y": 60}, force=True, no_wait_after=True)
        else:
            page.get_by_role("link", name="Coffee Shop Website").click(no_wait_after=True)
        page.wait_for_url(OPENED, wait_until="commit")


def test_a_card_shows_a_picture_of_its_page_which_can_do_nothing(builder: Builder, model: FakeModel) -> None:
    _make_page(builder, model, HOSTILE)
    asked = _requests(builder.page)
    builder.page.goto("/websites")
    picture = builder.page.locator(".is-loaded img")
    expect(picture).to_be_visible()
    assert picture.evaluate(COLOUR) == [10, 20, 30, 255]
    assert builder.page.frames == [builder.page.main_frame]
    builder.page.wait_for_load_state("networkidle")
    assert [url for url in asked if "stolen" in url or "elsewhere" in url] == []
    assert builder.page.url.endswith("/websites")


def _make_page(builder: Builder, model: FakeModel, page: str) -> None:
    """Have a page made while the browser looks elsewhere: the preview would show it, too."""
    website = builder.page.url.split("/")[4]
    builder.page.goto("/account")
    model.enqueue(Say(f"```html\n{page}\n```\n"))
    assert "event: version" in builder.page.evaluate(ASK, website)


def _requests(page: Page) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    return asked
