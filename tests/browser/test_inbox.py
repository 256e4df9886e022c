"""The inbox: what visitors of a published website sent, read in the builder."""

import uuid

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.builder import Builder

FORM = """<!doctype html><html lang="en"><head><title>Luna</title></head><body><h1>Luna</h1><form>
<label>Your name <input name="name"></label><label>Message <textarea></textarea></label><button>Send</button>
</form></body></html>"""


def published(builder: Builder, context: BrowserContext) -> tuple[str, str]:
    """Publish a page with a form; return the website's id and the page's address."""
    website = builder.page.url.split("/")[4]
    own = {"Origin": "/".join(builder.page.url.split("/")[:3]), "Sec-Fetch-Site": "same-origin"}
    api = context.request
    api.post(f"/api/websites/{website}/versions", data={"page": FORM}, headers=own)
    slug = f"luna-{uuid.uuid4().hex[:12]}"
    made = api.put(f"/api/websites/{website}/publication", data={"slug": slug}, headers=own)
    url: str = made.json()["publication"]["url"]
    return website, url


def fill_in(page: Page, url: str, name: str, message: str) -> None:
    page.goto(url)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Message").fill(message)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_what_visitors_send_is_read_deleted_and_brought_back(
    builder: Builder, context: BrowserContext
) -> None:
    website, url = published(builder, context)
    without_scripts = context.browser and context.browser.new_context(java_script_enabled=False)
    assert without_scripts
    visitor = without_scripts.new_page()
    fill_in(visitor, url, "Ada", "Have you a table?")
    fill_in(visitor, url, "<img src=x onerror=alert(1)>", "Second words")
    visitor.request.post(f"{url}_forms/luna", form={"name": "Robot", "_homepage": "x"})
    without_scripts.close()
    page = builder.page
    page.goto(f"/websites/{website}?inbox")
    inbox = page.get_by_role("dialog", name="Inbox")
    expect(inbox.locator(".inbox-row")).to_have_count(2)
    expect(page.locator("#inbox-unread")).to_have_text("2")
    inbox.get_by_role("button", name="Ada").click()
    expect(inbox.get_by_role("heading", name="Ada")).to_be_focused()
    expect(inbox.locator("dd").nth(1)).to_have_text("Have you a table?")
    expect(page.locator("#inbox-unread")).to_have_text("1")
    expect(inbox.locator(".is-unread")).to_have_count(1)
    expect(inbox.get_by_role("heading", name="Ada")).to_be_focused()
    inbox.get_by_role("button", name="Delete", exact=True).click()
    expect(inbox.locator(".inbox-row")).to_have_count(1)
    inbox.get_by_role("button", name="Undo").click()
    expect(inbox.locator(".inbox-row")).to_have_count(2)
    inbox.get_by_role("searchbox").fill("second")
    expect(inbox.locator(".inbox-row")).to_have_count(1)
    expect(inbox.locator(".inbox-row strong")).to_have_text("<img src=x onerror=alert(1)>")
    inbox.get_by_role("searchbox").fill("")
    inbox.get_by_text("Quarantine (1)").click()
    inbox.get_by_role("button", name="Robot").click()
    expect(inbox).to_contain_text("A field was filled in that people don’t see.")
    inbox.get_by_role("button", name="Not spam").click()
    expect(inbox.locator(".inbox-row")).to_have_count(0)
    inbox.get_by_text("Inbox (").click()
    expect(inbox.locator(".inbox-row")).to_have_count(3)
    inbox.get_by_role("button", name="Notices").click()
    settings = page.get_by_role("dialog", name="Notices")
    settings.get_by_label("Visitors agree to").fill("Keep it for a year")
    settings.get_by_role("button", name="Save").click()
    expect(settings).to_have_count(0)
    inbox.get_by_role("button", name="Close").click()
    expect(inbox).to_have_count(0)
