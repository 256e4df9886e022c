"""Pages for the preview, and what it says of those that don't work."""

from playwright.sync_api import Page, expect

from tests.fake_model import Say

# A page is given up after ten seconds.
PATIENCE = 40_000


def page_with(heading: str, extra: str = "") -> Say:
    return Say(
        f'```html\n<!doctype html>\n<html lang="en"><title>{heading}</title><body>'
        f"<h1>{heading}</h1>{extra}</body></html>\n```\n"
    )


def trouble(page: Page, title: str) -> None:
    expect(page.locator("#preview-trouble-title")).to_have_text(title, timeout=PATIENCE)
    expect(page.locator("#preview-trouble")).to_be_visible(timeout=PATIENCE)
