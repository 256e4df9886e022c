"""What is deleted goes to the trash as it was and comes back as it was."""

import json
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.database.callers import Caller, error_of, new_id
from tests.database.stalls import stalled
from tests.database.turns import answered, start
from tests.stacks import Stack

TIMES = {"updated_at"}


def trash(caller: Caller, *sessions: str) -> list[str]:
    return [item["id"] for item in caller.called("trash_chats", session_ids=list(sessions))]


def rows(owner: psycopg.Connection, caller: Caller, session: str) -> list[dict[str, object]]:
    """Return a chat and its messages as they are stored, but for what a move must touch."""
    found = owner.execute(
        "select to_jsonb(r) from public.chat_sessions r where user_id = %(me)s and id = %(id)s union all "
        "(select to_jsonb(r) from public.chat_messages r where user_id = %(me)s and session_id = %(id)s order by seq)",
        {"me": caller.id, "id": session},
    ).fetchall()
    return [{name: value for name, value in row.items() if name not in TIMES} for (row,) in found]


def test_charlie_sees_and_restores_nothing_of_alices_trash(alice: Caller, charlie: Caller) -> None:
    (item,) = trash(alice, alice.insert("chat_sessions")["id"])
    assert charlie.rows("trash") == []
    assert error_of(charlie.call("restore_trash", trash_id=item)) == (404, "not_found")
    charlie.delete(f"trash?id=eq.{item}")
    assert [kept["id"] for kept in alice.rows("trash")] == [item]


def test_a_chat_comes_back_row_for_row(alice: Caller, owner: psycopg.Connection) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    first = answered(alice, website_id=website, text="A page", files={"index.html": "<!doctype html>"})
    session = first.session_id
    answered(alice, "Again", session_id=session, edits=first.question_id)
    alice.insert(
        "chat_messages", session_id=session, role="assistant", content="By hand", sources=[{"url": "x"}]
    )
    alice.update(f"chat_sessions?id=eq.{session}", tags=["a", "b"], pinned_at="2026-01-01T00:00:00Z")
    before = rows(owner, alice, session)
    version = alice.rows(f"site_versions?website_id=eq.{website}")
    (item,) = trash(alice, session)
    assert rows(owner, alice, session) == []
    assert alice.called("restore_trash", trash_id=item)["message_count"] == 5
    assert rows(owner, alice, session) == before
    assert alice.rows(f"site_versions?website_id=eq.{website}") == version, "linked to its answer again"
    assert alice.rows("trash") == []
    assert alice.insert("chat_messages", session_id=session, role="user", content="On")["seq"] == 6


def test_an_automatic_title_stays_automatic_through_the_trash(alice: Caller) -> None:
    session = answered(alice, "Paint it green").session_id
    (item,) = trash(alice, session)
    back = alice.called("restore_trash", trash_id=item)
    assert (back["title"], back["title_source"]) == ("Paint it green", "auto")


def test_a_chat_comes_back_without_the_website_that_is_gone(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    session = answered(alice, website_id=website).session_id
    (item,) = trash(alice, session)
    alice.delete(f"websites?id=eq.{website}")
    assert alice.called("restore_trash", trash_id=item)["website_id"] is None


def test_chats_go_all_or_none(alice: Caller, charlie: Caller) -> None:
    own, other = (alice.insert("chat_sessions")["id"] for _ in range(2))
    foreign = charlie.insert("chat_sessions")["id"]
    for stranger in (foreign, new_id()):
        assert error_of(alice.call("trash_chats", session_ids=[own, stranger])) == (404, "not_found")
    assert len(alice.rows("chat_sessions?select=id")) == 2
    assert len(trash(alice, own, other)) == 2
    assert alice.rows("chat_sessions?select=id") == []


def test_an_answer_being_written_ends_with_what_it_says_so_far(alice: Caller) -> None:
    answer = start(alice, "Go on")
    answer.append(0, "Half of ")
    (item,) = trash(alice, answer.session_id)
    assert answer.append(8, "it") == "lost"
    alice.called("restore_trash", trash_id=item)
    kept = alice.rows(f"chat_messages?id=eq.{answer.id}")[0]
    assert (kept["status"], kept["content"]) == ("stopped", "Half of ")
    assert answer.append(8, "it") == "lost", "the lease is gone for good"


@pytest.mark.parametrize("away", ["trash_chats", "clear_chat", "trash_website"])
def test_an_answer_goes_with_the_text_that_is_being_stored(stack: Stack, alice: Caller, away: str) -> None:
    """It is shown to its readers once it is stored."""
    website = alice.insert("websites", name="Luna")["id"]
    answer = start(alice, "Go on", website_id=website)
    answer.append(0, "Half of ")
    entry = {"answer_id": answer.id, "lease": answer.lease, "offset": 8, "text": "it"}
    call: dict[str, dict[str, object]] = {
        "trash_chats": {"session_ids": [answer.session_id]},
        "clear_chat": {"session_id": answer.session_id},
        "trash_website": {"website_id": website},
    }
    append = "select public.append_chunks(%s)"
    with ThreadPoolExecutor() as threads, stalled(stack, append, json.dumps([entry])) as wait_for_calls:
        moved = threads.submit(alice.called, away, **call[away])
        wait_for_calls(1)
        assert answer.append(10, "!") == "busy"
    item = moved.result()
    alice.called("restore_trash", trash_id=(item[0] if away == "trash_chats" else item)["id"])
    (kept,) = alice.rows(f"chat_messages?id=eq.{answer.id}")
    assert (kept["status"], kept["content"]) == ("stopped", "Half of it")


def test_cleared_messages_come_back_where_they_were(alice: Caller, owner: psycopg.Connection) -> None:
    session = answered(alice, "First").session_id
    before = rows(owner, alice, session)
    item = alice.called("clear_chat", session_id=session)["id"]
    assert [row for row in rows(owner, alice, session) if "seq" in row] == []
    fresh = alice.insert("chat_messages", session_id=session, role="user", content="Fresh")
    assert fresh["seq"] == 3
    alice.called("restore_trash", trash_id=item)
    stored = rows(owner, alice, session)
    assert stored[1:3] == before[1:] and [row["seq"] for row in stored[1:]] == [1, 2, 3]
    assert (stored[0]["message_count"], stored[0]["last_message_preview"]) == (3, "Fresh")


def test_messages_wait_for_their_chat(alice: Caller) -> None:
    session = answered(alice).session_id
    messages = alice.called("clear_chat", session_id=session)["id"]
    (chat,) = trash(alice, session)
    assert error_of(alice.call("restore_trash", trash_id=messages)) == (409, "chat_in_trash")
    alice.called("restore_trash", trash_id=chat)
    assert alice.called("restore_trash", trash_id=messages)["message_count"] == 2


def test_what_was_restored_is_not_there_twice(alice: Caller) -> None:
    (item,) = trash(alice, answered(alice).session_id)
    alice.called("restore_trash", trash_id=item)
    assert error_of(alice.call("restore_trash", trash_id=item)) == (404, "not_found")


@pytest.mark.parametrize("days", [29, 31])
def test_the_trash_is_emptied_after_30_days(alice: Caller, owner: psycopg.Connection, days: int) -> None:
    (old,) = trash(alice, alice.insert("chat_sessions")["id"])
    owner.execute(
        "update public.trash set deleted_at = now() - %s * interval '1 day' where user_id = %s",
        (days, alice.id),
    )
    purged = owner.execute("select private.purge_trash()").fetchone()
    assert purged
    assert (purged[0] >= 1, alice.rows("trash") == []) == ((True, True) if days > 30 else (False, False))
    assert owner.execute(
        "select count(*) from private.trashed_rows where trash_id = %s", (old,)
    ).fetchone() == (0 if days > 30 else 1,)


def test_a_persons_own_old_trash_goes_when_they_put_something_in(
    alice: Caller, owner: psycopg.Connection
) -> None:
    trash(alice, alice.insert("chat_sessions")["id"])
    owner.execute(
        "update public.trash set deleted_at = now() - interval '31 days' where user_id = %s", (alice.id,)
    )
    (new,) = trash(alice, alice.insert("chat_sessions")["id"])
    assert [item["id"] for item in alice.rows("trash")] == [new]


def test_restoring_an_empty_chat_is_not_counted_as_a_new_one(
    alice: Caller, owner: psycopg.Connection
) -> None:
    session = alice.insert("chat_sessions")["id"]
    (item,) = trash(alice, session)
    owner.execute(
        "update private.usage_counters set used = 200 where user_id = %s and name = 'sessions'", (alice.id,)
    )
    assert alice.send("POST", "chat_sessions", {}).status_code == 429
    alice.called("restore_trash", trash_id=item)
    (restored,) = alice.rows(f"chat_sessions?id=eq.{session}")
    assert restored["last_seq"] == 0
    alice.insert("chat_messages", session_id=session, role="user", content="First")
    assert alice.rows(f"chat_messages?session_id=eq.{session}")[0]["seq"] == 1
