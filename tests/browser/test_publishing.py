"""A website is checked in its owner's browser, published, put right, updated and rolled back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import axe
from tests.browser.builder import SCREENSHOTS, Builder
from tests.fake_model import FakeModel, Say
from tests.seeded_sites import good_sites, library_of
from tests.stacks import Person, Stack

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<meta name="description" content="{title} of Luna in Oslo"><link rel="icon" href="data:,"></head>
"""
INDEX = (
    _HEAD.format(title="Coffee")
    + """<body><header><a href="about.html">About</a></header><main><h1>Coffee 🌙</h1>
<p>Write to <a href="mailto:hello@example.com">hello@example.com</a></p>
</main><footer>Oslo</footer></body></html>
"""
)
ABOUT = (
    _HEAD.format(title="People")
    + "<body><header>Luna</header><main><h1>People</h1></main><footer>Oslo</footer></body></html>\n"
)
MENDED = """```edit index.html
<<<<<<< SEARCH
<a href="mailto:hello@example.com">hello@example.com</a>
=======
<a href="about.html">us</a>
>>>>>>> REPLACE
```
"""
# By page: what only a browser finds, as it is put into the body of a good page, and how it is told.
BROWSER_FAULTS = {
    "script.html": ("<script>open.the.door()</script>", "A script of the page failed"),
    "promise.html": ("<script>Promise.reject(new Error('no door'))</script>", "no door"),
    "wide.html": ('<p style="width: 500px">Wide</p>', "scrolls sideways by"),
    "pale.html": (
        '<div style="background: rgb(250 250 250)"><p style="color: rgb(190 190 190)">Pale</p></div>',
        "color contrast",
    ),
    "role.html": ('<p role="buton">Role</p>', "ARIA roles"),
    "list.html": ("<ul><p>One</p></ul>", "<ul> and <ol> must only"),
}


@pytest.fixture
def page(builder: Builder, model: FakeModel) -> Page:
    model.enqueue(Say(f"```html index.html\n{INDEX}```\n```html about.html\n{ABOUT}```\n"))
    builder.ask("Make a page with people")
    expect(builder.preview.locator("h1")).to_have_text("People")
    return builder.page


def dialog(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".publishing")).to_be_visible()


def wait_until_live(page: Page, url: str, text: str) -> None:
    """Each worker shows what was published within a second."""
    page.wait_for_function(
        "async ([url, text]) => (await (await fetch(url)).text()).includes(text)", arg=[url, text]
    )


def test_a_site_is_published_once_what_was_found_is_put_right_updated_and_rolled_back(
    builder: Builder, page: Page, model: FakeModel
) -> None:
    dialog(page, "Publish")
    address = page.get_by_label("Address", exact=True)
    address.fill("Luna!")
    expect(page.get_by_text("Only small letters")).to_be_visible()
    slug = f"luna-{page.url.split('/')[4][:8]}"
    address.fill("www")
    expect(page.get_by_role("status").filter(has_text="kept for the service")).to_be_visible()
    expect(address).to_have_attribute("aria-invalid", "true")
    address.fill(slug)
    expect(page.get_by_role("status").filter(has_text="This address is free.")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "publish-address.png")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Publish version 1").press("Enter")
    expect(page.locator(".findings-summary")).to_have_text("1 thing to put right.")
    assert axe.findings(page, exclude=".preview-stage") == []
    page.screenshot(path=SCREENSHOTS / "publish-findings.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=SCREENSHOTS / "publish-findings-phone.png")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Show: A sample e-mail address").click()
    expect(page.locator("[aria-current].edit-crumb")).to_have_text("Linkhello@example.com")
    dialog(page, "Publish")
    page.get_by_role("button", name="Fix it: A sample e-mail address").click()
    expect(builder.box).to_have_value(re.compile("^A sample e-mail address: hello@example.com. Please put"))
    expect(page.locator("#composer-target-label")).to_have_text("About: Link “hello@example.com”")
    model.enqueue(Say(MENDED))
    builder.box.press("Enter")
    expect(page.locator("#versions-label")).to_have_text("Version 2")

    dialog(page, "Publish")
    expect(page.get_by_label("Address", exact=True)).to_have_value(slug)
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2 is live, since")).to_be_visible()
    url = page.get_by_label("Address of your website").input_value()
    assert "hello@example.com" not in page.request.get(url).text()
    assert page.request.get(f"{url}about.html").ok
    page.keyboard.press("Escape")
    expect(page.locator("#publish")).to_have_text("Published")

    tea = INDEX.replace("mailto:hello@example.com", "about.html").replace("hello@example.com", "us")
    model.enqueue(Say(f"```html index.html\n{tea.replace('Coffee 🌙', 'Tea')}```\n"))
    builder.ask("Tea instead")
    dialog(page, "Update")
    page.get_by_role("button", name="Search and sharing").click()
    expect(page.get_by_role("textbox", name="Title")).to_have_value("Coffee")
    page.get_by_role("textbox", name="Title").fill("Tea & <more>")
    page.get_by_role("button", name="Draw it another way").click()
    expect(page.locator(".result-title")).to_have_text("Tea & <more>")
    assert axe.findings(page, exclude=".preview-stage") == []
    page.screenshot(path=SCREENSHOTS / "sharing.png")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#versions-label")).to_have_text("Version 5")
    expect(page.get_by_role("dialog", name="Publish")).to_be_visible()
    assert "<title>Tea &amp; &lt;more&gt;</title>" in builder.source()
    page.get_by_role("button", name="Update to version 5").click()
    expect(page.get_by_text("Version 5 is live, since")).to_be_visible()
    wait_until_live(page, url, "<h1>Tea")
    assert "og:image" in page.request.get(url).text()
    page.get_by_text("What was live when").click()
    page.get_by_role("button", name="Publish version 2 again").click()
    expect(page.get_by_text("Version 2 is live, since")).to_be_visible()
    expect(page.locator(".findings")).to_have_count(0)
    wait_until_live(page, url, "<h1>Coffee")
    page.screenshot(path=SCREENSHOTS / "published.png")


def test_what_only_a_browser_finds_is_found_and_good_pages_are_left_alone(
    builder: Builder, alice: Person, stack: Stack
) -> None:
    good = (
        "<body><header>Luna</header><main><h1>{path}</h1>{fault}</main><footer>Oslo</footer></body></html>\n"
    )
    files = {
        path: _HEAD.format(title=f"{path} page") + good.format(path=path, fault=fault)
        for path, (fault, _) in BROWSER_FAULTS.items()
    }
    sites = [site["pages"]["index.html"] for _, site in good_sites()]
    files |= {"index.html": sites[0], **{f"good-{number}.html": sites[number * 9] for number in range(1, 5)}}
    files |= library_of(files)
    website = builder.page.url.split("/")[4]
    stack.rest(
        "site_versions",
        alice.access_token,
        "POST",
        json={"website_id": website, "files": files},
    ).raise_for_status()
    page = builder.page
    page.reload()
    dialog(page, "Publish")
    page.get_by_role("button", name="Check only").click()
    expect(page.locator(".findings")).to_be_visible(timeout=60_000)
    told = {
        section.locator("h3").inner_text(): section.locator("strong").all_inner_texts()
        for section in page.locator(".findings section").all()
    }
    faulty = {path: told.pop(f"{path} page", []) for path in BROWSER_FAULTS}
    found = [path for path, (_, says) in BROWSER_FAULTS.items() if any(says in one for one in faulty[path])]
    print(f"found {len(found)} of {len(BROWSER_FAULTS)} faults; {len(told)} of 5 good pages raised an alarm")
    builder.complaints = [said for said in builder.complaints if "door" not in said]
    assert (found, told) == (list(BROWSER_FAULTS), {}), faulty
