"""Every page: no accessibility finding, nothing wider than the screen, nothing logged, in light and dark."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import axe
from tests.app_server import AppServer
from tests.browser.builder import SCREENSHOTS, Builder
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Say
from tests.stacks import Person

PUBLIC = {
    "home": "/",
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "forgot-password": "/forgot-password",
    "reset-password": "/reset-password?token_hash=x&type=recovery",
    "confirm": "/confirm?token_hash=x&type=signup",
    "api-docs": "/api/docs",
    "not-found": "/nowhere",
    "link-taken-back": "/shared/nothing",
}
SIGNED_IN = {
    "websites": "/websites",
    "usage": "/usage",
    "account": "/account",
    "confirm-signed-in": "/confirm?token_hash=x&type=signup",
}
SCREENS = [(1440, 900), (390, 844)]
# What moved while the page was loading, as Core Web Vitals count it.
SHIFTS = """new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().filter(
(entry) => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0))).observe({
type: 'layout-shift', buffered: true }) || setTimeout(() => resolve(0), 500))"""
# The steps on the home page whose ring is on the text of the step above.
RINGS_ON_TEXT = """[...document.querySelectorAll('.story-steps li')].map((step) => {
const { top, bottom } = step.getBoundingClientRect();
return { top, bottom, ring: top + Number.parseFloat(getComputedStyle(step, '::before').top) };
}).filter((step, _, steps) => steps.some((other) => other.bottom <= step.top && other.bottom > step.ring)).length"""
# Some are between the two schemes for a moment.
_COLOURS_HAVE_CHANGED = """Promise.allSettled(document.getAnimations().filter(
(one) => one instanceof CSSTransition).map((one) => one.finished))"""
TABLE = "| Day | Open |\n|---|---|\n| Monday | 9 |"
PAGE = "<!doctype html>\n<html lang='en'><title>Morrow</title><h1>Slow mornings</h1></html>\n"


@pytest.mark.parametrize("size", SCREENS, ids=["wide", "phone"])
def test_public_pages(browser: Browser, server: AppServer, size: tuple[int, int]) -> None:
    page = _page(browser, server, size)
    for name, path in PUBLIC.items():
        page.goto(path)
        _check(page, name, size)
        if name == "api-docs":
            assert page.evaluate(SHIFTS) <= 0.1
    page.set_viewport_size({"width": 768, "height": 1024})
    page.goto("/")
    assert page.evaluate(RINGS_ON_TEXT) == 0
    page.context.close()


@pytest.mark.parametrize("size", SCREENS, ids=["wide", "phone"])
def test_pages_of_a_person(
    browser: Browser, server: AppServer, alice: Person, model: FakeModel, size: tuple[int, int]
) -> None:
    page = _page(browser, server, size)
    sign_in(page.context, alice)
    page.goto("/websites")
    expect(page.get_by_text("Make your first website")).to_be_visible()
    _check(page, "websites-none", size)
    builder = Builder(page)
    builder.new_website("Coffee Shop Website")
    expect(page.get_by_text("Who should help?")).to_be_visible()
    _check(page, "builder-new", size)
    said = f"# Here\n\n#### It **is**\n\n{TABLE}\n\n{TABLE}\n\n"
    said += f"- one\n- two\n\n```js\nlet x = 'y'; // why\n```\n\n```html\n{PAGE}```\n"
    model.enqueue(Say(said))
    builder.ask("Create a landing page")
    expect(page.locator(".page-card-title")).to_have_text("Version 1")
    _check(page, "builder", size)
    _check_what_happens_to_messages(builder, model, size)
    if size[0] < 900:
        page.locator("input[name=pane][value=preview]").check(force=True)
        _check(page, "builder-preview", size)
        page.locator("input[name=pane][value=chat]").check(force=True)
        page.get_by_role("button", name="Chat history").click()
        page.wait_for_timeout(250)
        _check(page, "builder-history", size)
    _check_what_happens_to_chats(page, size)
    for name, path in SIGNED_IN.items():
        page.goto(path)
        page.wait_for_timeout(400)
        _check(page, name, size)
    assert builder.complaints == []
    page.context.close()


def _check_what_happens_to_messages(builder: Builder, model: FakeModel, size: tuple[int, int]) -> None:
    """Another answer, a branch of it, a question being reworded, a message that can't leave."""
    page = builder.page
    model.enqueue(Say("Here is **another** thought about it."))
    page.get_by_role("button", name="Write another answer").click()
    expect(page.locator(".byline .stepper")).to_have_text("2/2")
    builder.wait_until_answered()
    page.get_by_role("button", name="More for this answer").click()
    page.get_by_role("menuitem", name="Branch into a new chat").click()
    expect(page.locator("#branch-note")).to_be_visible()
    page.get_by_role("button", name="Ask in other words").click()
    _check(page, "builder-reword", size)
    page.keyboard.press("Escape")
    page.route("**/api/chat", lambda route: route.abort())
    builder.send("Make the headline warmer")
    expect(page.locator(".delivery.is-queued")).to_be_visible()
    _check(page, "builder-waiting", size)
    page.unroute("**/api/chat")


def _check_what_happens_to_chats(page: Page, size: tuple[int, int]) -> None:
    """Several chats being chosen, and a file that can't be imported."""
    page.get_by_role("button", name="Select").click()
    page.get_by_role("checkbox").first.check()
    _check(page, "builder-select", size)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Import").click()
    page.get_by_label("File").set_input_files({"name": "a.json", "mimeType": "", "buffer": b'{"format": 1}'})
    page.get_by_role("button", name="Import", exact=True).last.click()
    expect(page.locator("dialog .form-note.problem")).to_be_visible()
    _check(page, "builder-import", size)
    page.keyboard.press("Escape")
    page.get_by_role("searchbox", name="Search chats").fill("landing")
    expect(page.locator("#search-results")).to_be_visible()
    _check(page, "builder-search", size)
    page.get_by_role("searchbox", name="Search chats").fill("")


def test_the_builder_works_at_360_pixels_by_keyboard_alone(
    browser: Browser, server: AppServer, alice: Person, model: FakeModel
) -> None:
    page = _page(browser, server, (360, 640))
    sign_in(page.context, alice)
    builder = Builder(page)
    builder.new_website("Coffee Shop Website")
    expect(builder.box).to_be_focused()
    model.enqueue(Say(f"```html\n{PAGE}```\n"))
    page.keyboard.type("Create a page")
    page.keyboard.press("Enter")
    builder.wait_until_answered()
    assert _width(page) <= 360
    _tab_to(page, "View")
    page.keyboard.press("Enter")
    expect(builder.preview.locator("h1")).to_be_visible()
    assert _width(page) <= 360
    page.evaluate("document.activeElement.blur()")
    _tab_to(page, "Chat history")
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox", name="Search chats")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat history")).to_be_focused()
    page.goto("/usage")
    expect(page.locator(".days tbody tr")).to_have_count(1)
    assert _width(page) <= 360
    page.context.close()


def _page(browser: Browser, server: AppServer, size: tuple[int, int]) -> Page:
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def _check(page: Page, name: str, size: tuple[int, int]) -> None:
    """Look at a page as it stands in light and in dark."""
    # The builder's event stream keeps the network busy for ever.
    if "/websites/" not in page.url:
        page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    SCREENSHOTS.mkdir(exist_ok=True)
    assert _width(page) <= size[0], f"{name} is wider than the screen"
    # Only colours differ in the dark.
    rules: dict[Literal["light", "dark"], str | None] = {"light": None, "dark": "color-contrast"}
    for scheme, only in rules.items():
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_COLOURS_HAVE_CHANGED)
        page.screenshot(path=SCREENSHOTS / f"{name}-{size[0]}-{scheme}.png", full_page=name == "home")
        # What is inside a preview is the person's own page.
        assert axe.findings(page, exclude="iframe", only=only) == [], f"{name}, {scheme}"


def _width(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus, as somebody without a mouse does."""
    label = "document.activeElement.ariaLabel || document.activeElement.innerText.trim()"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(label) == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_choosing_a_helper_on_a_phone_moves_none_of_them(
    browser: Browser, server: AppServer, alice: Person
) -> None:
    page = _page(browser, server, (390, 844))
    sign_in(page.context, alice)
    Builder(page).new_website("Coffee Shop Website")
    place = "option => [option.offsetLeft, option.offsetTop]"
    expect(page.locator(".helper-option")).to_have_count(5)
    before = [option.evaluate(place) for option in page.locator(".helper-option").all()]
    assert before == sorted(before, key=lambda at: (at[1], at[0]))
    page.get_by_role("radio", name="Designer").check(force=True)
    expect(page.locator(".helper-chosen")).to_contain_text("Colours, type, space")
    assert [option.evaluate(place) for option in page.locator(".helper-option").all()] == before
    page.context.close()
