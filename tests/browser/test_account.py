"""The account page: everything is downloaded, brought back and deleted; a website goes to the trash and comes back."""

import re
import zipfile

from playwright.sync_api import Browser, BrowserContext, expect

from tests.app_server import AppServer
from tests.browser.builder import Builder
from tests.browser.conftest import sign_in
from tests.fake_model import FakeModel, Hang, Say
from tests.stacks import PASSWORD, Person, Stack


def test_a_website_goes_to_the_trash_and_comes_back_with_its_chats(
    builder: Builder, model: FakeModel
) -> None:
    page = builder.page
    builder.ask("3 words, seed 1")
    card = page.locator(".site-card").filter(has_text="Coffee Shop Website")

    def delete() -> None:
        page.get_by_role("button", name="More for Coffee Shop Website").click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("button", name="Delete website").click()
        expect(card).to_have_count(0)

    page.goto("/websites")
    delete()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(card).to_have_count(1)
    delete()
    page.reload()
    page.get_by_role("button", name="Trash").click()
    expect(
        page.get_by_text("Website “Coffee Shop Website” with its versions and chats, 2 messages")
    ).to_be_visible()
    page.get_by_role("button", name="Restore “Coffee Shop Website”").click()
    expect(card).to_have_count(1)
    builder.open_website("Coffee Shop Website")
    expect(builder.questions).to_have_text(["3 words, seed 1"])

    page.goto("/websites")
    delete()
    page.get_by_role("button", name="Trash").click()
    page.get_by_role("button", name="Delete “Coffee Shop Website” for good").click()
    page.get_by_role("button", name="Delete for good", exact=True).click()
    expect(page.get_by_text("Nothing is in the trash.")).to_be_visible()


def test_everything_is_downloaded_deleted_and_brought_back_in_a_new_account(
    builder: Builder, context: BrowserContext, server: AppServer, stack: Stack, model: FakeModel
) -> None:
    page = builder.page
    model.enqueue(Say("```html\n<!doctype html>\n<html><title>t</title><h1>Luna</h1></html>\n```\n"))
    builder.ask("Make it")
    page.goto("/account")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "websites/Coffee-Shop-Website/versions/1/index.html" in archive.namelist()

    page.get_by_role("button", name="Delete account").click()
    page.get_by_role("textbox", name="Your password").fill("not it at all")
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("That is not your current password.")).to_be_visible()
    page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("main").get_by_role("button", name="Start building")).to_be_visible()
    assert [cookie["name"] for cookie in context.cookies()] == []
    page.goto("/websites")
    expect(page).to_have_url(re.compile("/sign-in"))

    sign_in(context, stack.sign_up())
    page.goto("/account")
    page.get_by_label("File").set_input_files(download.value.path())
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Back again: 1 website, 1 chat, 2 messages, 1 version.")).to_be_visible()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Everything in this file was here already.")).to_be_visible()
    builder.open_website("Coffee Shop Website")
    expect(builder.questions).to_have_text(["Make it"])
    expect(builder.preview.locator("h1")).to_have_text("Luna")

    page.goto("/account")
    page.get_by_label("File").set_input_files(
        {"name": "x.zip", "mimeType": "application/zip", "buffer": b"no zip"}
    )
    page.get_by_role("button", name="Bring it back").click()
    expect(
        page.get_by_text("it is no zip, or only the beginning of one. Nothing of it was imported.")
    ).to_be_visible()


def test_another_device_of_a_deleted_account_is_told_and_its_answer_ends(
    builder: Builder, browser: Browser, server: AppServer, alice: Person, model: FakeModel
) -> None:
    hung_up = len(model.hung_up_at)
    model.enqueue(Say("Once upon a time, "), Hang())
    builder.send("Tell me a tale")
    expect(builder.answers.last).to_contain_text("Once")
    other = browser.new_context(base_url=server.url)
    sign_in(other, alice)
    page = other.new_page()
    page.goto("/account")
    page.get_by_role("button", name="Delete account").click()
    page.get_by_role("textbox", name="Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything").click()
    expect(page).to_have_url(f"{server.url}/")
    other.close()
    expect(builder.stop_button).to_have_count(0)
    while len(model.hung_up_at) == hung_up:
        builder.page.wait_for_timeout(50)
