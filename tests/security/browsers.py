"""Browsers in which somebody is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext

from tests.stacks import PASSWORD, Person


@contextmanager
def signed_in(browser: Browser, url: str, person: Person) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=url, accept_downloads=True)
    form = {"email": person.email, "password": PASSWORD, "next": "/websites"}
    assert context.request.post("/sign-in", form=form).ok
    yield context
    context.close()
