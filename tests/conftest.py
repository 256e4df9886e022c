"""Fixtures for all tests."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

from tests.app_server import AppServer
from tests.fake_model import FakeModel
from tests.machine import browser_on_path
from tests.stacks import Person, Stack
from web import assets

# What a page must show comes at once on a quiet machine, and late on a busy one.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One embedded Supabase for the whole run, its database with all migrations. Tests make their own users."""
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    """A model that does as told."""
    with FakeModel() as fake:
        yield fake


@pytest.fixture(autouse=True)
def no_scripts_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that fails leaves the next one no answers of its own."""
    fake = request.getfixturevalue("model") if "model" in request.fixturenames else None
    yield
    if isinstance(fake, FakeModel):
        fake.forget()


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    """The app under gunicorn, with that model; folders that need other settings have their own."""
    with AppServer(stack, model.base_url) as running:
        yield running


@pytest.fixture
def alice(stack: Stack) -> Person:
    """Somebody who owns things."""
    return stack.sign_up()


@pytest.fixture
def charlie(stack: Stack) -> Person:
    """Somebody who has no part in anything of alice's."""
    return stack.sign_up()


@pytest.fixture(scope="session")
def front_end() -> None:
    """The bundles that a browser loads; a page without them would only time out."""
    assert not (problem := assets.problem()), problem


@pytest.fixture(scope="session")
def chromium(front_end: None) -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(chromium: BrowserType) -> Iterator[Browser]:
    """A Chromium of this machine, else the one that Playwright installed."""
    running = _launch(chromium)
    yield running
    running.close()


@pytest.fixture(scope="session")
def browser_without_allowlist(chromium: BrowserType) -> Iterator[Browser]:
    """The same as most browsers are: it ignores Connection-Allowlist."""
    running = _launch(chromium, "--disable-features=ConnectionAllowlists")
    yield running
    running.close()


def _launch(chromium: BrowserType, *arguments: str) -> Browser:
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return chromium.launch(executable_path=browser_on_path(), args=[*sandbox, *arguments])
