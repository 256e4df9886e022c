"""A chat that was exported comes back through the page, or its fault is named."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import chat_file
from tests.browser.builder import Builder, choose
from tests.fake_model import FakeModel, Say


@pytest.fixture
def exported(builder: Builder, model: FakeModel, tmp_path: Path) -> Path:
    """The file of a chat of two messages."""
    model.enqueue(Say("Fresh **beans**"))
    builder.ask("Write a line")
    builder.page.get_by_role("button", name="More for this chat").click()
    with builder.page.expect_download() as download:
        builder.page.get_by_role("menuitem", name="Export as JSON").click()
    path = tmp_path / download.value.suggested_filename
    assert path.suffix == ".jsonl"
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("version", [1, 2])
def test_an_exported_chat_is_imported_and_shown(builder: Builder, exported: Path, version: int) -> None:
    if version == 1:
        document = {**chat_file.read(exported.read_text()), "version": 1}
        exported = exported.with_suffix(".json")
        exported.write_bytes(chat_file.write(document, version))
    before = builder.page.url
    choose(builder, exported)
    expect(builder.page.get_by_text("“Write a line” imported")).to_be_visible()
    expect(builder.page).not_to_have_url(before)
    expect(builder.questions).to_have_text(["Write a line"])
    expect(builder.answers).to_contain_text(["Fresh beans"])
    expect(builder.titles).to_have_text(["Write a line", "Write a line"])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("role", "The fault is in message 2, “role”: Should be 'user' or 'assistant'."),
        ("title", "The fault is in the chat, “title”:"),
        ("cut", "It is not JSON from there on, or ends too early."),
        ("empty", "This file is empty."),
    ],
)
def test_an_error_names_its_place_and_the_next_file_can_be_chosen(
    builder: Builder, exported: Path, tmp_path: Path, fault: str, words: str
) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(breaking(exported.read_text(), fault))
    choose(builder, broken)
    expect(builder.page.locator("dialog [role=alert]")).to_contain_text(words)
    expect(builder.chats).to_have_count(1)
    builder.page.get_by_label("File").set_input_files(exported)
    expect(builder.page.locator("dialog [role=alert]")).to_be_empty()
    builder.page.get_by_role("button", name="Import", exact=True).last.click()
    expect(builder.chats).to_have_count(2)


def test_an_import_whose_answer_was_lost_is_tried_again_and_makes_one_chat(
    builder: Builder, exported: Path
) -> None:
    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    builder.page.route("**/api/chat/import*", lose, times=1)
    choose(builder, exported)
    expect(builder.page.locator("dialog [role=alert]")).to_contain_text("We can’t reach Sitethread")
    builder.page.get_by_role("button", name="Import", exact=True).last.click()
    expect(builder.page.get_by_text("“Write a line” imported")).to_be_visible()
    expect(builder.chats).to_have_count(2)


def breaking(text: str, fault: str) -> str:
    document = chat_file.read(text)
    if fault == "role":
        document["messages"][1]["role"] = "system"
    if fault == "title":
        document["session"]["title"] = "x" * 201
    return {"cut": text[:-20], "empty": ""}.get(fault, chat_file.write(document, 2).decode())
