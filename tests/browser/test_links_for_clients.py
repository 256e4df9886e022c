"""A client gets a link with a password, looks at the pages and comments on an element; the owner asks about it."""

import re

from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests import axe
from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.fake_model import FakeModel, Say
from tests.stacks import Person, Stack

INDEX = """<!doctype html>
<html lang="en"><head><title>Luna</title></head><body>
<h1>Coffee</h1><p><a href="prices.html#tea">Prices</a> <a href="order.html">Order</a></p>
</body></html>
"""
PRICES = """<!doctype html>
<html lang="en"><head><title>Prices</title></head><body>
<h1>Prices</h1><ul><li>Espresso 3</li><li id="tea">Tea <b>2</b></li></ul><p><a href="index.html">Home</a></p>
</body></html>
"""
PASSWORD = "oat milk"
COMMENT = "Tea is 4 now <img src=x onerror=alert(1)> http://evil.example"


def shown(page: Page) -> FrameLocator:
    return page.frame_locator(".shared-page-frame")


def test_a_client_comments_on_a_page_and_its_owner_asks_about_it(
    builder: Builder, model: FakeModel, browser: Browser, server: AppServer
) -> None:
    page = builder.page
    model.enqueue(Say(f"Here:\n\n```html\n{INDEX}```\n\n```html prices.html\n{PRICES}```\n"))
    builder.ask("Make it")
    expect(page.get_by_role("button", name="Comments")).to_be_hidden()
    page.get_by_role("button", name="Share this page").click()
    page.get_by_label("The link works").select_option("for 7 days")
    page.get_by_label("Password, if you want one").fill(PASSWORD)
    page.get_by_role("button", name="Create a link").click()
    link = page.get_by_label("Link to this page").input_value()
    expect(page.locator(".share-list li")).to_contain_text(re.compile("with a password, until "))
    page.get_by_role("button", name="Close", exact=True).click()

    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    client = Builder(context.new_page())
    theirs = client.page
    theirs.goto(link)
    theirs.get_by_label("Password of the link").fill("soy milk")
    theirs.get_by_role("button", name="Show the page").click()
    expect(theirs.get_by_role("alert")).to_have_text("That is not the password of this link.")
    theirs.get_by_label("Password of the link").fill(PASSWORD)
    theirs.get_by_role("button", name="Show the page").click()
    # Links between the pages work, and Back; others say that they don't.
    expect(shown(theirs).get_by_text("Order")).to_be_visible()
    theirs.wait_for_load_state()
    shown(theirs).get_by_text("Order").click()
    expect(theirs.locator("#preview-note-text")).to_have_text("Opens /order.html once the site is live")
    shown(theirs).get_by_text("Prices").click()
    expect(shown(theirs).get_by_role("heading", name="Prices")).to_be_visible()
    expect(theirs).to_have_url(re.compile(r"\?page=prices\.html$"))
    theirs.go_back()
    expect(shown(theirs).get_by_role("heading", name="Coffee")).to_be_visible()
    theirs.go_forward()

    theirs.get_by_role("button", name="Comment").click()
    pointed = theirs.frame_locator(".preview-frame.is-edited:not(.is-loading)")
    # By the keyboard, too.
    theirs.locator(".comment-sections").get_by_role("button", name="Prices").press("Enter")
    expect(theirs.locator(".comment-about")).to_have_text("About: Heading “Prices”")
    expect(theirs.get_by_label("Your name")).to_be_focused()
    pointed.get_by_text("Tea").click()
    expect(theirs.locator(".comment-about")).to_have_text("About: List item “Tea 2”")
    pointed.get_by_text("Tea").dblclick()
    expect(pointed.locator("[contenteditable]")).to_have_count(0)
    theirs.get_by_label("Your name").fill("Bob")
    theirs.get_by_label("Comment", exact=True).fill(COMMENT)
    theirs.get_by_role("button", name="Send the comment").click()
    expect(theirs.locator(".comment-text")).to_have_text(COMMENT)
    expect(theirs.locator(".comment-thread :is(img, a)")).to_have_count(0)
    assert axe.findings(theirs, exclude=".shared-page-stage") == []

    page.reload()
    button = page.get_by_role("button", name=re.compile("^Comments"))
    expect(button).to_have_text("1 new")
    button.click()
    thread = page.locator(".comment-thread")
    expect(thread).to_contain_text("Bob")
    expect(thread).to_contain_text("Prices, version 1")
    thread.get_by_role("button", name=re.compile("Bob")).click()
    expect(page.frame_locator(".preview-frame.is-edited:not(.is-loading)").get_by_text("Tea")).to_be_visible()
    expect(page.locator("#pages-label")).to_have_text("Prices")
    expect(page.locator("#comments-count")).to_be_hidden()
    assert axe.findings(page, exclude=".preview-stage") == []
    thread.get_by_label("Your reply").fill("Thanks!")
    thread.get_by_role("button", name="Reply").click()
    expect(thread.locator(".comment-others")).to_contain_text("Thanks!")
    thread.get_by_role("button", name="Resolve").click()
    expect(thread.get_by_role("button", name="Reopen")).to_be_visible()
    thread.get_by_role("button", name="Ask about this").click()
    expect(page.locator("#composer-target-label")).to_have_text("About: List item “Tea 2”")
    expect(builder.box).to_have_value(f"Bob says: “{COMMENT}”")
    start = PRICES.index('<li id="tea">')
    model.enqueue(Say("Done."))
    with page.expect_request("**/api/chat") as sent:
        page.keyboard.press("Enter")
    target = sent.value.post_data_json["target"]
    assert (target["path"], PRICES[target["start"] : target["end"]]) == (
        "prices.html", '<li id="tea">Tea <b>2</b></li>',
    )  # fmt: skip
    assert target["start"] == start

    # Everybody with the link sees the reply, until the link is taken back.
    theirs.reload()
    theirs.get_by_role("button", name="Comment").click()
    expect(theirs.locator(".comment-others")).to_contain_text("Owner of the page")
    assert client.complaints == []
    context.close()


def test_visits_are_shown_by_day_page_and_host(builder: Builder, stack: Stack, alice: Person) -> None:
    page, website = builder.page, builder.page.url.split("/")[4]
    page.get_by_role("button", name="Visits").click()
    dialog = page.get_by_role("dialog", name="Visits")
    expect(dialog.get_by_text("Nobody has opened a published page in this time.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    for table, name, value in (
        ("site_views", "path", "index.html"),
        ("site_referrers", "host", "news.example"),
    ):
        stack.sql(
            f"insert into public.{table} (user_id, website_id, day, {name}, views) "
            "select %s, %s, (now() at time zone 'UTC')::date - day, %s, 10 * day + 2 "
            "from generate_series(0, 40) as day returning 1",
            alice.id, website, value,
        )  # fmt: skip
    page.get_by_role("button", name="Visits").click()
    total = sum(10 * day + 2 for day in range(30))
    expect(dialog.locator(".figures-sum")).to_contain_text(f"{total:,} views in 30 days; the most on ")
    expect(dialog.locator(".plot-bar")).to_have_count(30)
    expect(dialog.locator(".figures-tables tbody tr")).to_have_text(
        [f"Home{total:,}", f"news.example{total:,}"]
    )
    assert axe.findings(page) == []
    dialog.get_by_label("Time").select_option("7 days")
    expect(dialog.locator(".plot-bar")).to_have_count(7)
