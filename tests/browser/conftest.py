"""Real Chromium against the app under gunicorn, with a model that does as told."""

import contextlib
import os
from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Error

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.fake_model import FakeModel
from tests.stacks import PASSWORD, Person, Stack

# The stack is started later: pages need not be written at the pace of a hosted model here.
os.environ.setdefault("ASSISTANT_PACE", "0.1")


@pytest.fixture(scope="session")
def model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="session")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url) as running:
        yield running


@pytest.fixture
def context(browser: Browser, server: AppServer, alice: Person) -> Iterator[BrowserContext]:
    """Alice's browser, signed in; on a screen for all three columns."""
    opened = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(15_000)
    sign_in(opened, alice)
    yield opened
    opened.close()


@pytest.fixture
def builder(context: BrowserContext) -> Iterator[Builder]:
    """The builder page of a fresh website; anything the browser complains about fails the test."""
    opened = Builder(context.new_page())
    opened.new_website("Coffee Shop Website")
    yield opened
    assert opened.complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a test that fails, say what its pages showed."""
    report = yield
    context = getattr(item, "funcargs", {}).get("context")
    if report.when == "call" and report.failed and context is not None:
        for page in context.pages:
            with contextlib.suppress(Error):
                text = page.locator("body").inner_text(timeout=2000)
                report.sections.append((f"What {page.url} showed", text))
    return report


def sign_in(context: BrowserContext, person: Person) -> None:
    form = {"email": person.email, "password": PASSWORD, "next": "/websites"}
    assert context.request.post("/sign-in", form=form).ok
