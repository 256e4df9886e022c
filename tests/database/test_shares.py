"""A share shows what was shared, whatever becomes of the chat, and is read in pages of bounded size."""

import psycopg
import pytest

from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.turns import Answer, answered, start

MIB = 1024 * 1024


class Shared:
    """A chat of alice's with its link, which everybody may open."""

    def __init__(self, alice: Caller, nobody: Caller, session_id: str) -> None:
        self.alice, self.nobody, self.session_id, self.token = alice, nobody, session_id, new_id()
        self.id = alice.called("share_chat", session_id=session_id, token=self.token)["id"]

    def read(self, **page: int) -> Json:
        return dict(self.nobody.called("read_share", token=self.token, **page))

    def texts(self) -> list[str]:
        return [message["content"] for message in self.read()["messages"]]

    @property
    def is_open(self) -> bool:
        return self.nobody.call("read_share", token=self.token).is_success


@pytest.fixture
def asked(alice: Caller) -> Answer:
    """A question, which is answered."""
    return answered(alice, text="Once upon a time")


@pytest.fixture
def shared(alice: Caller, nobody: Caller, asked: Answer) -> Shared:
    return Shared(alice, nobody, asked.session_id)


def test_edits_and_a_new_title_do_not_show(alice: Caller, shared: Shared) -> None:
    before = shared.read()
    alice.update(f"chat_messages?session_id=eq.{shared.session_id}&role=eq.user", content="My password")
    alice.update(f"chat_messages?session_id=eq.{shared.session_id}&role=eq.user", content="My new password")
    alice.update(f"chat_messages?session_id=eq.{shared.session_id}", kind="design")
    alice.update(f"chat_sessions?id=eq.{shared.session_id}", title="My divorce")
    assert shared.read() == before


def test_what_is_continued_or_finished_later_does_not_show(alice: Caller, nobody: Caller) -> None:
    answer = start(alice)
    answer.append(0, "Once upon ")
    while_written = Shared(alice, nobody, answer.session_id)
    assert while_written.texts() == [while_written.texts()[0]], "the answer is not complete"
    answer.finish(10, "a", status="interrupted")
    broken_off = Shared(alice, nobody, answer.session_id)
    assert broken_off.texts()[1:] == ["Once upon a"]
    lease = new_id()
    alice.called("continue_answer", answer_id=answer.id, lease=lease)
    continued = Answer(answer.nobody, answer.turn, answer.id, lease)
    continued.append(11, " time")
    assert broken_off.texts()[1:] == ["Once upon a"]
    continued.finish(16, ", secretly", sources=[{"url": "https://example.com/private"}])
    assert broken_off.texts()[1:] == ["Once upon a"] and "private" not in str(broken_off.read())
    assert len(while_written.texts()) == 1


def test_a_deleted_message_stays_until_its_share_ends(alice: Caller, shared: Shared) -> None:
    before = shared.read()
    alice.delete(f"chat_messages?session_id=eq.{shared.session_id}&role=eq.user")
    assert shared.read() == before
    alice.delete(f"chat_shares?id=eq.{shared.id}")
    assert not shared.is_open


def test_a_share_ends_with_its_chat_and_with_the_trash_that_holds_its_messages(
    alice: Caller, nobody: Caller, shared: Shared, owner: psycopg.Connection
) -> None:
    before = shared.read()
    trash = alice.called("clear_chat", session_id=shared.session_id)["id"]
    assert shared.read() == before
    alice.called("restore_trash", trash_id=trash)
    assert shared.read() == before
    trash = alice.called("clear_chat", session_id=shared.session_id)["id"]
    alice.insert("chat_messages", session_id=shared.session_id, role="user", content="Anew")
    later = Shared(alice, nobody, shared.session_id)
    alice.delete(f"trash?id=eq.{trash}")
    assert not shared.is_open
    assert later.texts() == ["Anew"]
    alice.called("trash_chats", session_ids=[shared.session_id])
    assert not later.is_open
    left = owner.execute("select from private.shared_messages where user_id = %s", (alice.id,)).fetchall()
    assert left == []


def test_a_share_is_updated_by_its_owner_alone(alice: Caller, charlie: Caller, shared: Shared) -> None:
    alice.insert("chat_messages", session_id=shared.session_id, role="user", content="And then?")
    alice.update(f"chat_sessions?id=eq.{shared.session_id}", title="A tale")
    assert error_of(charlie.call("update_share", share_id=shared.id)) == (404, "not_found")
    assert "And then?" not in shared.texts()
    updated = alice.called("update_share", share_id=shared.id)
    assert updated["id"] == shared.id and updated["shared_at"] > updated["created_at"]
    assert shared.texts()[-1] == "And then?" and shared.read()["title"] == "A tale"


def test_sharing_copies_no_text_until_it_changes(
    alice: Caller, shared: Shared, owner: psycopg.Connection
) -> None:
    copied = "select count(content) from private.shared_messages where user_id = %s"
    assert owner.execute(copied, (alice.id,)).fetchone() == (0,)
    alice.update(f"chat_messages?session_id=eq.{shared.session_id}&role=eq.user", content="Changed")
    assert owner.execute(copied, (alice.id,)).fetchone() == (1,)


def test_a_page_has_a_megabyte_of_text_and_at_least_one_message(alice: Caller, nobody: Caller) -> None:
    session = alice.insert("chat_sessions")["id"]
    for size in (1_000_000, 400_000, 400_000, 400_000):
        alice.insert("chat_messages", session_id=session, role="assistant", content="é" * size)
    shared = Shared(alice, nobody, session)
    pages, before = [], 1_000
    while before:
        page = shared.read(before=before)
        pages.append([message["seq"] for message in page["messages"]])
        before = pages[-1][0] if page["has_older"] else 0
    assert pages == [[4], [3], [2], [1]]
    assert sum(len(message["content"].encode()) for message in shared.read()["messages"]) <= MIB


def test_a_token_is_bounded(alice: Caller, nobody: Caller, asked: Answer) -> None:
    long = "x" * MIB
    refused = alice.call("share_chat", session_id=asked.session_id, token=long)
    assert error_of(refused) == (422, "invalid_field")
    assert error_of(nobody.call("read_share", token=long)) == (404, "not_found")
