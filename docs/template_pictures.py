"""Renders the pictures of the website templates: `.venv/bin/python -m docs.template_pictures`.

Each is the first screen of the page that the offline assistant makes of a template's question.
"""

import json
from pathlib import Path

from playwright.sync_api import sync_playwright

from embedded.assistant.answers import first_reply
from embedded.assistant.conversations import Conversation, Turn
from sitethread.library import catalogue, uses
from sitethread.prompts import pages_in
from tests.machine import browser_on_path

FOLDER = Path(__file__).parent.parent / "static" / "templates"


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_on_path(), args=["--no-sandbox"])
        screen = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=0.5)
        for template in json.loads((FOLDER / "templates.json").read_text()):
            screen.set_content(page_of(template["title"], template["question"]))
            screen.screenshot(path=FOLDER / f"{template['name']}.jpg", type="jpeg", quality=72)
        browser.close()


def page_of(website: str, question: str) -> str:
    """Return the page that the assistant makes for a new website."""
    system = f"Helper: builder\nWebsite: {website}\n\nThere is no page yet."
    conversation = Conversation((Turn("system", system), Turn("user", question)))
    answer = first_reply(conversation).text
    pages = pages_in(answer)
    if not pages:
        raise ValueError(f"The assistant made no page of: {question}")
    return with_fonts(pages[-1].html)


def with_fonts(page: str) -> str:
    """Return a page with the library's stylesheets that it links in it."""
    for path in uses.files_in(page, "index.html"):
        css = catalogue.stylesheet(catalogue.families()[path])
        page = page.replace(f'<link rel="stylesheet" href="{path}">', f"<style>{css}</style>")
    return page


if __name__ == "__main__":
    main()
