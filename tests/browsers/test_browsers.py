"""One scene from sign-up to a restored version, in browsers other than Chromium: `make browsers`."""

import uuid
from collections.abc import Iterator

import pytest

from tests.app_server import AppServer
from tests.browsers.firefox import Firefox
from tests.browsers.page import ENTER, ESCAPE, Page
from tests.browsers.webkit import WebKit
from tests.stacks import Stack

pytestmark = pytest.mark.browsers


@pytest.fixture(scope="module")
def server(stack: Stack) -> Iterator[AppServer]:
    with AppServer(stack, stack.addresses["OPENAI_BASE_URL"]) as running:
        yield running


@pytest.mark.parametrize("browser", [Firefox, WebKit], ids=["firefox", "webkit"])
def test_from_sign_up_to_a_restored_version(browser: type[Page], server: AppServer) -> None:
    with browser() as page:
        sign_up(page, server.url)
        # Before, nobody listens to its buttons.
        page.wait_for("!document.querySelector('.is-skeleton')")
        page.click("button", "New website")
        page.fill("Name", f"Coffee Shop{ENTER}")
        page.wait_for("/websites\\/[0-9a-f]+-/.test(location.pathname)")
        ask(page, "Create a landing page for a coffee shop called Morrow", "Version 1")
        ask(page, "Add a contact form", "Version 2")
        page.click("#versions-button")
        page.click(".version-view", "Version 1")
        page.type(ESCAPE)
        page.click("#old-version-restore", "Restore it")
        page.wait_for_text("#versions-label", "Version 3")
        page.wait_for("document.querySelectorAll('.preview-frame:not(.is-loading)').length === 1")
        assert page.evaluate("document.querySelectorAll('.toast.problem').length") == 0


def sign_up(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-up")
    page.fill("E-mail", f"{uuid.uuid4().hex}@example.com")
    page.fill("Password", "correct horse battery")
    page.click("main button[type=submit]")
    page.wait_for("location.pathname === '/websites'")


def ask(page: Page, text: str, version: str) -> None:
    page.fill("Your message", f"{text}{ENTER}")
    page.wait_for_text(".page-card-title", version)
    page.wait_for(
        "document.querySelector('.answer:last-of-type') && !document.querySelector('[data-status=streaming]')"
    )
