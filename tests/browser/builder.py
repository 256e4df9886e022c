"""The builder page, driven as a person does."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

# A refused request is logged by the browser itself; the tests that refuse on purpose look at what the page says.
_EXPECTED = re.compile(r"Failed to load resource|ERR_FAILED")

SCREENSHOTS = Path(__file__).parent / "screenshots"
# A website that has chats goes on to the address of one at once.
OPENED = re.compile(r"/websites/[0-9a-f]+-")


class Builder:
    """One open builder page; `complaints` are what the browser logged as errors, such as policy violations."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def new_website(self, name: str) -> str:
        """Make a website and open it, without the page that lists websites: that takes as long as a test."""
        made = self.page.request.post(
            "/api/websites", data={"name": name}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        self.page.goto(f"/websites/{made.json()['website']['id']}")
        return self.page.url

    def open_website(self, name: str) -> None:
        self.page.goto("/websites")
        self.page.get_by_role("link", name=name).click()
        self.page.wait_for_url(OPENED)

    def send(self, text: str) -> None:
        self.box.fill(text)
        self.page.keyboard.press("Enter")

    def ask(self, text: str, timeout: float = 15_000) -> None:
        """Send and wait for the whole answer."""
        before = self.answers.count()
        self.send(text)
        expect(self.answers).to_have_count(before + 1, timeout=timeout)
        self.wait_until_answered(timeout)

    def wait_until_answered(self, timeout: float = 15_000) -> None:
        expect(self.answers.last).to_have_attribute(
            "data-status", re.compile("^(?!streaming)"), timeout=timeout
        )
        expect(self.stop_button).to_have_count(0)

    def source(self) -> str:
        """Return the newest version's page."""
        website = self.page.url.split("/")[4]
        api = self.page.request
        newest = api.get(f"/api/websites/{website}/versions?limit=1").json()["versions"][0]
        text: str = api.get(f"/api/versions/{newest['id']}").json()["version"]["files"]["index.html"]
        return text

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    @property
    def stop_button(self) -> Locator:
        return self.page.get_by_role("button", name="Stop the answer")

    @property
    def questions(self) -> Locator:
        return self.page.locator(".question-text:visible")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".answer")

    @property
    def chats(self) -> Locator:
        return self.page.locator(".chat-row")

    @property
    def titles(self) -> Locator:
        return self.page.locator(".chat-row .chat-title")

    @property
    def preview(self) -> Any:
        return self.page.frame_locator(".preview-frame:not(.is-loading, .is-writing, .is-before, .is-edited)")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.search(message.text):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")


def choose(builder: Builder, path: Path) -> None:
    """Pick a file by keyboard alone, but for the system's own dialog."""
    builder.page.get_by_role("button", name="Import").press("Enter")
    builder.page.get_by_label("File").set_input_files(path)
    builder.page.get_by_role("button", name="Import", exact=True).last.press("Enter")


def reworded(builder: Builder, at: int, text: str) -> None:
    """Edit the question at a place and ask again."""
    builder.page.locator(".question").nth(at).hover()
    builder.page.get_by_role("button", name="Ask in other words").nth(at).click()
    box = builder.page.get_by_role("textbox", name="Your message in other words")
    expect(box).to_be_focused()
    box.fill(text)
    box.press("Enter")
    expect(builder.questions.nth(at)).to_have_text(text)
    expect(builder.answers).to_have_count(at + 1)
    builder.wait_until_answered()
