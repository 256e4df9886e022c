"""On a touch screen, whatever can be pressed is at least 44 pixels wide and high."""

from playwright.sync_api import Browser, Page, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Say
from tests.stacks import Person

# A link within a sentence is as high as its line (WCAG 2.5.8), that of a website covers its card, and a choice is
# pressed by its label.
TOO_SMALL = """() => [...document.querySelectorAll('a, button, select, summary, input, textarea')].filter((element) => {
  if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('[inert]')) return false;
  if (element.matches('p a, dd a, .site-link, .skip-link, .visually-hidden, .hint a')) return false;
  const label = element.labels?.[0];
  const { width, height } = (label?.contains(element) ? label : element).getBoundingClientRect();
  return width > 0 && (width < 44 || height < 44);
}).map((element) => {
  const { width, height } = element.getBoundingClientRect();
  return `${element.outerHTML.slice(0, 90)} ${Math.round(width)}x${Math.round(height)}`;
})"""

# What the notices are above of: of a dialog, or of the bars and the message box of the builder.
COVERED = """() => {
  const [dialog] = document.querySelectorAll('dialog[open]');
  const needed = dialog?.querySelectorAll(':scope > :not(.toasts)')
    ?? document.querySelectorAll('.builder-bar, .chat-head, .composer-area');
  const { top, bottom } = document.querySelector('.toast').getBoundingClientRect();
  return [...needed].filter((element) => {
    const at = element.getBoundingClientRect();
    return at.height > 0 && at.top < bottom && top < at.bottom;
  }).map((element) => element.outerHTML.slice(0, 90));
}"""

PAGE = "<!doctype html><html lang=en><title>M</title><h1>M</h1></html>"


def test_targets_are_44_pixels_on_a_touch_screen(
    browser: Browser, server: AppServer, alice: Person, model: FakeModel
) -> None:
    context = browser.new_context(
        base_url=server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    too_small: dict[str, list[str]] = {}

    def look(screen: str) -> None:
        too_small[screen] = page.evaluate(TOO_SMALL)

    for path in ("/", "/sign-in", "/api/docs"):
        page.goto(path)
        look(path)
    sign_in(context, alice)
    builder = Builder(page)
    builder.new_website("Coffee Shop Website")
    look("new chat")
    model.enqueue(Say(f"Here:\n\n```js\nlet x = 1;\n```\n\n```html\n{PAGE}\n```\n"))
    builder.ask("Create a page")
    expect(page.locator(".page-card-title")).to_have_text("Version 1")
    _open(page, "preview")
    look("preview of a page")
    beyond = "document.querySelector('#publish').getBoundingClientRect().right - innerWidth"
    assert page.evaluate(beyond) <= 0, "The head of the preview is wider than the screen."
    page.get_by_role("button", name="More for this page").tap()
    expect(page.get_by_role("menuitem", name="Download the page")).to_be_visible()
    look("menu of the preview")
    page.keyboard.press("Escape")
    _open(page, "chat")
    model.enqueue(Say("Again\n\nRemember: closed on Mondays"))
    page.get_by_role("button", name="Write another answer").tap()
    expect(page.locator(".byline .stepper")).to_have_text("2/2")
    builder.wait_until_answered()
    expect(page.get_by_role("button", name="Add to the brief")).to_be_visible()
    look("chat")
    page.get_by_role("button", name="Add to the brief").tap()
    expect(page.locator(".toast")).to_have_text("Added to the brief.Undo")
    assert _covered(page) == []
    page.get_by_role("button", name="Brief", exact=True).tap()
    expect(page.get_by_role("textbox", name="Brief")).to_be_visible()
    expect(page.locator("dialog .toast")).to_be_visible()
    assert _covered(page) == []
    look("brief")
    page.locator("dialog .toast").get_by_role("button", name="Undo").tap()
    expect(page.locator(".toast")).to_have_count(0)
    page.get_by_role("button", name="Done").tap()
    page.get_by_role("button", name="More for this chat").tap()
    look("menu of a chat")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Search in this chat").tap()
    page.get_by_role("searchbox", name="Words").fill("page")
    expect(page.locator(".find-result").first).to_be_visible()
    look("search in the chat")
    page.get_by_role("button", name="Close the search").tap()
    _open(page, "preview")
    look("preview")
    page.get_by_role("button", name="Pictures", exact=True).tap()
    expect(page.get_by_text("There are no pictures yet")).to_be_visible()
    look("pictures")
    page.keyboard.press("Escape")
    page.locator("#versions-button").tap()
    expect(page.locator(".version-row")).to_have_count(1)
    look("versions")
    page.keyboard.press("Escape")
    _open(page, "chat")
    page.get_by_role("button", name="Chat history").tap()
    look("history")
    page.get_by_role("searchbox", name="Search chats").fill("create")
    expect(page.locator("#search-results")).to_be_visible()
    look("search in all chats")
    for path in ("/websites", "/usage", "/account"):
        page.goto(path)
        expect(page.locator(".is-skeleton")).to_have_count(0)
        look(path)
    page.get_by_role("button", name="Your account").tap()
    look("menu of the account")
    context.close()
    listed = [f"{screen}: {found}" for screen, every in too_small.items() for found in every]
    assert not listed, "\n".join(listed)


def _covered(page: Page) -> list[str]:
    covered: list[str] = page.evaluate(COVERED)
    return covered


def _open(page: Page, pane: str) -> None:
    page.locator(f"input[name=pane][value={pane}]").check(force=True)
