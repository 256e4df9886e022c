"""Whoever stops an answer is told how it ended; whoever reads one that is deleted is told that."""

import threading
import time

import pytest

from tests.chat_client import Shown
from tests.fake_model import Hang, Say

LONG = "600 words, seed 4, 30 a second"


@pytest.mark.parametrize("attempt", range(4))  # Each request may meet either worker.
def test_the_reply_to_stop_is_the_answer_as_it_ended(client, model, attempt):
    model.enqueue(Say("Once upon a time, "), Hang())
    shown = Shown()
    asking = client.asking(shown, "Tell me a story")
    while not shown.text:
        next(asking)
    with client.on_another_device() as other:
        told = other.stop(shown.message_id).json()["message"]
    for _ in asking:
        pass
    assert (told["status"], told["content"]) == ("stopped", shown.text)
    assert told == client.stored(shown.message_id, shown.session_id)


def test_stopping_what_has_ended_changes_nothing(client):
    shown = client.ask("5 words")
    before = client.stored(shown.message_id, shown.session_id)
    assert client.stop(shown.message_id).json()["message"] == before


def test_an_answer_whose_worker_is_gone_is_not_waited_for_for_long(client, stack):
    shown = client.ask("5 words")
    stack.sql(
        "update chat_messages set status = 'streaming', content = '' where id = %s returning id",
        shown.message_id,
    )
    began = time.monotonic()
    assert client.stop(shown.message_id).json()["message"]["status"] == "streaming"
    assert time.monotonic() - began < 15, "a moment, on a busy machine"


def delete_chat(client, shown, website, alice, stack):
    client.send("DELETE", f"/api/chat/sessions/{shown.session_id}").raise_for_status()


def delete_messages(client, shown, website, alice, stack):
    path = f"/api/chat/messages?session_id={shown.session_id}"
    client.send("DELETE", path).raise_for_status()


def delete_website(client, shown, website, alice, stack):
    client.send("DELETE", f"/api/websites/{website}").raise_for_status()


def delete_account(client, shown, website, alice, stack):
    client.send("DELETE", "/api/account", json={"password": alice.password}).raise_for_status()


@pytest.mark.parametrize("delete", [delete_chat, delete_messages, delete_website, delete_account])
def test_readers_are_told_that_what_they_read_was_deleted(client, stack, alice, delete):
    website = client.new_website("Luna")["id"]
    shown = Shown()
    asking = client.asking(shown, LONG, website_id=website)
    while not shown.text:
        next(asking)
    readers = [Shown(message_id=shown.message_id) for _ in range(6)]  # On both workers.

    def read(reader: Shown) -> None:
        with client.on_another_device() as other:
            for _ in other.following(reader):
                pass

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    while not all(reader.text for reader in readers):
        next(asking)
    delete(client, shown, website, alice, stack)
    for _ in asking:
        pass
    for thread in threads:
        thread.join()
    for reader in (shown, *readers):
        error = next(data for name, data in reader.events if name == "error")
        assert error["code"] == "answer_deleted" and "deleted" in error["message"]
        assert reader.done and reader.done["status"] == "interrupted"
        assert reader.done["error_code"] == "answer_deleted"
    assert client.send("GET", f"/api/chat/messages/{shown.message_id}/events").status_code == 404


def test_a_chat_that_comes_back_has_the_answer_as_far_as_it_got(client):
    shown = Shown()
    asking = client.asking(shown, LONG)
    while len(shown.text) < 30:
        next(asking)
    deleted = client.send("DELETE", f"/api/chat/sessions/{shown.session_id}").json()
    for _ in asking:
        pass
    client.send("POST", f"/api/trash/{deleted['trash_id']}/restore").raise_for_status()
    stored = client.stored(shown.message_id, shown.session_id)
    assert (stored["status"], stored["error_code"]) == ("stopped", None)
    assert stored["content"].startswith(shown.text)
