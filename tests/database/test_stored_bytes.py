"""What a person stores is counted to the byte, whatever is done to it."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.database.byte_counts import COUNTED, STORED
from tests.database.callers import Caller, error_of, new_id
from tests.database.turns import answered, expire, start


def counted(owner: psycopg.Connection, caller: Caller) -> int:
    row = owner.execute(COUNTED, {"id": caller.id}).fetchone()
    assert row
    return int(row[0])


def stored(owner: psycopg.Connection, caller: Caller) -> int:
    row = owner.execute(STORED, {"id": caller.id}).fetchone()
    assert row
    return int(row[0])


@pytest.fixture
def room(owner: psycopg.Connection) -> Callable[[str, int], None]:
    """Change what a person may use until the end of the test."""
    before = owner.execute("select name, allowed from private.quotas").fetchall()

    def allow(quota: str, allowed: int) -> None:
        owner.execute("update private.quotas set allowed = %s where name = %s", (allowed, quota))

    yield allow
    for quota, allowed in before:
        allow(quota, allowed)


@pytest.mark.parametrize("seed", range(4))
def test_after_anything_the_counter_is_what_is_stored(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None], seed: int
) -> None:
    for quota in ("turns", "sessions"):
        room(quota, 100_000)
    chance = random.Random(seed)
    website = alice.insert("websites", name="Luna")["id"]
    for _ in range(60):
        operation = chance.choice(OPERATIONS)
        operation(alice, owner, chance, website)
        assert counted(owner, alice) == stored(owner, alice) >= 0, operation
    alice.delete("websites?id=not.is.null")
    alice.delete("chat_sessions?id=not.is.null")
    while discard(alice, owner, chance, website):
        pass
    assert counted(owner, alice) == stored(owner, alice), "only the trash is left"
    alice.delete("trash?id=not.is.null")
    assert counted(owner, alice) == 0


def text(chance: random.Random) -> str:
    return chance.choice("xéで🎉") * chance.randint(1, 3000)


def some(alice: Caller, chance: random.Random, path: str) -> str | None:
    rows = alice.rows(path)
    return str(chance.choice(rows)["id"]) if rows else None


def chat(alice: Caller, chance: random.Random, website: str) -> str:
    return some(alice, chance, "chat_sessions?select=id&running_answer_id=is.null") or str(
        alice.insert("chat_sessions", website_id=website)["id"]
    )


def add(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    made = {"session_id": chat(alice, chance, website), "role": "assistant", "kind": "chat"}
    attached = [None, [], [{"name": text(chance)}]]
    rows = [
        {**made, "content": text(chance), "tool_calls": chance.choice(attached), "sources": chance.choice(attached)}
        for _ in range(chance.randint(1, 5))
    ]  # fmt: skip
    assert alice.send("POST", "chat_messages", rows).status_code == 201


def edit(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if message := some(alice, chance, "chat_messages?select=id&status=neq.streaming"):
        alice.update(f"chat_messages?id=eq.{message}", content=text(chance))


def delete_messages(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if message := some(alice, chance, "chat_messages?select=id"):
        alice.delete(f"chat_messages?id=eq.{message}")


def delete_chat(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    alice.delete(f"chat_sessions?id=eq.{chat(alice, chance, website)}")


def ask(alice: Caller, owner: psycopg.Connection, chance: random.Random, website: str) -> None:
    files = chance.choice([None, {"index.html": text(chance)}])
    answered(alice, text(chance), text(chance), session_id=chat(alice, chance, website), files=files)


def lose_worker(alice: Caller, owner: psycopg.Connection, chance: random.Random, website: str) -> None:
    answer = start(alice, text(chance), session_id=chat(alice, chance, website))
    answer.append(0, text(chance))
    if chance.random() < 0.5:
        expire(owner, answer.id)
        alice.called("read_answer", answer_id=answer.id)
    else:
        alice.called("trash_chats", session_ids=[answer.session_id])


def trash(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if chance.random() < 0.5:
        alice.called("trash_chats", session_ids=[chat(alice, chance, website)])
    else:
        alice.called("clear_chat", session_id=chat(alice, chance, website))


def restore(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if item := some(alice, chance, "trash?select=id"):
        alice.call("restore_trash", trash_id=item)


def empty_trash(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if item := some(alice, chance, "trash?select=id"):
        alice.delete(f"trash?id=eq.{item}")


def save_version(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    version = alice.insert("site_versions", website_id=website, files={"index.html": text(chance)})["id"]
    if chance.random() < 0.3:
        alice.called("restore_version", version_id=version)


def trash_website(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    made = alice.insert("websites", name="Sol")["id"]
    session = alice.insert("chat_sessions", website_id=made)["id"]
    alice.insert("chat_messages", session_id=session, role="user", content=text(chance))
    save_version(alice, _, chance, made)
    alice.called("trash_website", website_id=made)


def bring_back(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    made, session = new_id(), new_id()
    then = chance.choice([{}, {"created_at": "2020-01-01", "updated_at": "2020-01-01"}])
    messages = [
        {"id": new_id(), "seq": seq, "role": "user", "content": text(chance), **then} for seq in (1, 3)
    ]
    version = {"id": new_id(), "website_id": made, "number": 1, "files": {"a": text(chance)}, **then}
    alice.called("import_website", website={"id": made, "name": "Back", "latest_version_number": 1})
    alice.called("import_session", session={"id": session, "website_id": made, "last_seq": 3})
    for _again in range(2):
        alice.called("import_messages", session_id=session, messages=messages)
        alice.called("import_version", version=version)


def take_submissions(alice: Caller, owner: psycopg.Connection, chance: random.Random, website: str) -> None:
    for is_quarantined in (False, True):
        owner.execute(
            "insert into public.submissions (user_id, website_id, form, page, fields, is_quarantined)"
            " values (%s, %s, 'contact', 'index.html', %s, %s)",
            (alice.id, website, Jsonb([{"name": "x", "value": text(chance)}]), is_quarantined),
        )
    if chance.random() < 0.5:
        alice.called("empty_quarantine", website_id=website)


def branch(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if message := some(alice, chance, "chat_messages?select=id&status=neq.streaming"):
        alice.called("branch_chat", message_id=message)


def save_chat(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    messages = [{"role": "user", "content": text(chance)} for _ in range(chance.randint(1, 4))]
    saved = some(alice, chance, f"chat_sessions?select=id&website_id=eq.{website}&running_answer_id=is.null")
    alice.called("save_chat", website_id=website, messages=messages, chat_id=saved, replace=True)


def import_chat(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    file = new_id()
    messages = [{"role": "user", "content": text(chance)}] * 3
    if alice.call("stage_import", import_id=file, at=0, messages=messages).is_success:
        alice.called("import_chat", import_id=file, chat={}, website_id=website)


def share(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    alice.call("share_chat", session_id=chat(alice, chance, website), token=new_id())


def update_share(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if shared := some(alice, chance, "chat_shares?select=id"):
        alice.called("update_share", share_id=shared)


def end_share(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    if shared := some(alice, chance, "chat_shares?select=id"):
        alice.delete(f"chat_shares?id=eq.{shared}")


def edit_what_is_shared(
    alice: Caller, owner: psycopg.Connection, chance: random.Random, website: str
) -> None:
    made = alice.insert("chat_sessions", website_id=website)["id"]
    add_to = {"session_id": made, "role": "user", "sources": [{"name": text(chance)}]}
    alice.send("POST", "chat_messages", [{**add_to, "content": text(chance)} for _ in range(3)])
    for _ in range(3):
        alice.called("share_chat", session_id=made, token=new_id())
        alice.update(
            f"chat_messages?session_id=eq.{made}&seq=eq.{chance.randint(1, 3)}", content=text(chance)
        )


def stage(alice: Caller, _: psycopg.Connection, chance: random.Random, website: str) -> None:
    alice.call(
        "stage_import", import_id=new_id(), at=0, messages=[{"role": "user", "content": text(chance)}] * 3
    )


def discard(alice: Caller, owner: psycopg.Connection, chance: random.Random, website: str) -> bool:
    file = owner.execute("select id from private.imports where user_id = %s", (alice.id,)).fetchone()
    if file:
        alice.call("discard_import", import_id=str(file[0]))
    return file is not None


OPERATIONS = [
    add, add, edit, edit, delete_messages, delete_chat, ask, ask, lose_worker, trash, restore, restore, empty_trash,
    save_version, branch, save_chat, import_chat, share, share, update_share, end_share, edit_what_is_shared,
    stage, discard, trash_website, bring_back, take_submissions,
]  # fmt: skip


def test_no_parallel_requests_pass_the_limit_together(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None]
) -> None:
    chats = [alice.insert("chat_sessions")["id"] for _ in range(8)]
    room("stored_bytes", 100_000)
    message = {"role": "user", "content": "x" * 9_000}
    with ThreadPoolExecutor(32) as pool:
        replies = list(
            pool.map(
                lambda n: alice.send("POST", "chat_messages", {"session_id": chats[n % 8], **message}),
                range(64),
            )
        )
    assert sorted({reply.status_code for reply in replies}) == [201, 429]
    assert stored(owner, alice) == counted(owner, alice) == 99_000
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert refused.json()["details"] == '{"quota": "stored_bytes"}'


def test_parallel_requests_of_all_kinds_neither_deadlock_nor_lose_count(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None]
) -> None:
    for quota in ("turns", "sessions"):
        room(quota, 100_000)
    website = alice.insert("websites", name="Luna")["id"]
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    before = owner.execute(deadlocks).fetchone()

    def act(number: int) -> None:
        chance = random.Random(number)
        made = alice.insert("chat_sessions", website_id=website)["id"]
        message = alice.insert("chat_messages", session_id=made, role="user", content=text(chance))["id"]
        answered(alice, text(chance), text(chance), session_id=made, files={"index.html": text(chance)})
        alice.called("share_chat", session_id=made, token=new_id())
        alice.update(f"chat_messages?id=eq.{message}", content=text(chance))
        import_chat(alice, owner, chance, website)
        save_version(alice, owner, chance, website)
        (item,) = alice.called("trash_chats", session_ids=[made])
        if number % 2:
            alice.called("restore_trash", trash_id=item["id"])
        else:
            alice.delete(f"trash?id=eq.{item['id']}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(60)))
    assert counted(owner, alice) == stored(owner, alice) > 0
    assert owner.execute(deadlocks).fetchone() == before


def test_whoever_is_over_the_limit_reads_deletes_restores_and_ends_answers_but_adds_nothing(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None]
) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    first = answered(alice, "Hello", "Fine", website_id=website, files={"index.html": "<p>"})
    version = alice.rows(f"site_versions?website_id=eq.{website}&select=id")[0]["id"]
    running = start(alice, "More", session_id=alice.insert("chat_sessions", website_id=website)["id"])
    (item,) = alice.called("trash_chats", session_ids=[first.session_id])
    shared = alice.called("share_chat", session_id=running.session_id, token=new_id())["id"]
    room("stored_bytes", 1)
    assert running.finish(0, "Long text", files={"index.html": "<p>new"})["result"] == "finished"
    added = {"session_id": running.session_id, "role": "user", "content": "Hi"}
    full = (429, "quota_exceeded")
    assert error_of(alice.send("POST", "chat_messages", added)) == full
    assert error_of(alice.call("add_message", **added)) == full
    longer = {"content": "much more text than before"}
    assert error_of(alice.send("PATCH", f"chat_messages?id=eq.{running.id}", longer)) == full
    assert error_of(alice.send("POST", "site_versions", {"website_id": website, "files": {"a": "b"}})) == full
    assert error_of(alice.call("restore_version", version_id=version)) == full
    assert error_of(alice.call("branch_chat", message_id=running.id)) == full
    chat = {"website_id": website, "messages": [{"role": "user", "content": "Hi"}]}
    assert error_of(alice.call("save_chat", **chat)) == full
    assert (
        error_of(
            alice.call("start_turn", message="Hi", message_id=new_id(), answer_id=new_id(), lease=new_id())
        )
        == full
    )
    staged = {"import_id": new_id(), "at": 0, "messages": [{"role": "user", "content": "Hi"}]}
    assert error_of(alice.call("stage_import", **staged)) == full
    assert error_of(alice.call("share_chat", session_id=running.session_id, token=new_id())) == full
    assert error_of(alice.call("update_share", share_id=shared)) == full
    alice.called("restore_trash", trash_id=item["id"])
    alice.update(f"chat_messages?id=eq.{first.id}", content="x")
    alice.delete(f"chat_sessions?id=eq.{first.session_id}")
    assert counted(owner, alice) == stored(owner, alice)


def test_copies_of_shared_texts_have_been_counted_before_they_are_made(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None]
) -> None:
    room("stored_bytes", 1_000_000)
    made = alice.insert("chat_sessions")["id"]
    alice.insert("chat_messages", session_id=made, role="user", content="x" * 100_000)
    replies = [alice.call("share_chat", session_id=made, token=new_id()).status_code for _ in range(20)]
    assert replies == [200] * 9 + [429] * 11
    alice.delete(f"chat_messages?session_id=eq.{made}")
    assert counted(owner, alice) == stored(owner, alice) == 900_000
    alice.delete("chat_shares?id=not.is.null")
    assert counted(owner, alice) == 0


def test_what_is_staged_is_counted_until_it_is_a_chat_or_given_up(
    alice: Caller, owner: psycopg.Connection, room: Callable[[str, int], None]
) -> None:
    room("stored_bytes", 1_000_000)
    file, message = new_id(), {"role": "user", "content": "x" * 100_000}
    replies = [alice.call("stage_import", import_id=file, at=at, messages=[message]) for at in range(10)]
    assert [reply.is_success for reply in replies] == [True] * 9 + [False]
    assert error_of(replies[9]) == (429, "quota_exceeded")
    assert 900_000 <= counted(owner, alice) == stored(owner, alice) <= 1_000_000
    alice.called("import_chat", import_id=file, chat={})
    assert counted(owner, alice) == stored(owner, alice) == 900_000, "as a chat it has as much room again"
    alice.call("stage_import", import_id=(other := new_id()), at=0, messages=[{**message, "content": "x"}])
    alice.call("discard_import", import_id=other)
    assert counted(owner, alice) == 900_000


def test_unknown_fields_are_not_staged_and_nothing_renews_nothing(
    alice: Caller, owner: psycopg.Connection
) -> None:
    file = new_id()
    message = {"id": "q", "role": "user", "content": "Hi", "more": "x" * 100_000}
    alice.call("stage_import", import_id=file, at=0, messages=[message])
    assert counted(owner, alice) < 200
    (size,) = owner.execute(
        "select pg_column_size(message) from private.staged_messages where user_id = %s", (alice.id,)
    ).fetchone() or (0,)
    assert 0 < size < 200
    renewed = "select touched_at > now() - interval '1 minute' from private.imports where user_id = %s"
    owner.execute(
        "update private.imports set touched_at = now() - interval '10 minutes' where user_id = %s",
        (alice.id,),
    )
    for batch, is_renewed in (([], False), ([{**message, "id": "r"}], True)):
        assert alice.call("stage_import", import_id=file, at=1, messages=batch).is_success
        assert owner.execute(renewed, (alice.id,)).fetchone() == (is_renewed,)


def test_a_deleted_account_leaves_no_count_behind(alice: Caller, owner: psycopg.Connection) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    first = answered(alice, website_id=website, files={"index.html": "<p>"})
    alice.called("share_chat", session_id=first.session_id, token=new_id())
    alice.called("clear_chat", session_id=first.session_id)
    stage(alice, owner, random.Random(0), website)
    running = start(alice, session_id=first.session_id)
    running.append(0, "Half")
    owner.execute("delete from auth.users where id = %s", (alice.id,))
    assert running.finish(4, " and all")["result"] == "lost"
    for table in ("byte_changes", "storage", "usage_counters", "daily_usage"):
        left = owner.execute(f"select count(*) from private.{table} where user_id = %s", (alice.id,))
        assert left.fetchone() == (0,), table
