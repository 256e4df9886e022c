"""A chat's counters, preview and title follow its messages, whatever happens to them at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.database.callers import Caller, Json, error_of, expect, new_id
from tests.database.stalls import stalled
from tests.database.turns import answered, start
from tests.stacks import Stack

Say = Callable[..., Json]


@pytest.fixture
def chat(alice: Caller) -> Json:
    return alice.insert("chat_sessions")


@pytest.fixture
def say(alice: Caller, chat: Json) -> Say:
    """Add a message to the chat."""

    def add(content: str, role: str = "user", **values: object) -> Json:
        return alice.insert("chat_messages", session_id=chat["id"], role=role, content=content, **values)

    return add


def session(caller: Caller, chat: Json) -> Json:
    return caller.rows(f"chat_sessions?select={_SESSION}&id=eq.{chat['id']}")[0]


_SESSION = "title,title_source,last_message_preview,last_message_at,message_count,created_at,updated_at"


def seqs(caller: Caller, chat: Json) -> list[int]:
    return [
        row["seq"] for row in caller.rows(f"chat_messages?select=seq&session_id=eq.{chat['id']}&order=seq")
    ]


def differences(owner: psycopg.Connection, session_id: str) -> list[Any]:
    """Recompute from the messages what the chat says, and return what differs."""
    return owner.execute(
        """
        select session.message_count, found.messages, session.last_message_at, found.at,
            session.last_message_preview, found.preview, session.running_answer_id, found.running
        from public.chat_sessions as session, lateral (
            select count(*) as messages, max(message.created_at) as at,
                (array_agg(message.id) filter (where message.status = 'streaming'))[1] as running,
                (array_agg(private.preview_of(message.content) order by message.seq desc)
                    filter (where private.preview_of(message.content) is not null))[1] as preview
            from public.chat_messages as message
            where message.user_id = session.user_id and message.session_id = session.id
        ) as found
        where session.id = %s and (
            session.message_count, session.last_message_at, session.last_message_preview, session.running_answer_id
        ) is distinct from (found.messages, found.at, found.preview, found.running)
        """,
        (session_id,),
    ).fetchall()


def test_a_message_in_no_chat_is_refused(alice: Caller) -> None:
    stray = {"session_id": new_id(), "role": "user", "content": "Hi"}
    assert error_of(alice.send("POST", "chat_messages", stray)) == (404, "not_found")


def test_a_refused_message_takes_no_number(alice: Caller, chat: Json, say: Say) -> None:
    first = say("One")
    for values in (
        {"content": " \u200b\n"},
        {"content": "x" * 100_001},
        {"content": "Two", "role": "system"},
        {"content": "Two", "id": first["id"]},
        {"content": "Two", "reply_to": first["id"]},
        {"content": "Two", "role": "assistant", "reply_to": new_id()},
    ):
        refused = alice.send("POST", "chat_messages", {"session_id": chat["id"], "role": "user", **values})
        assert refused.status_code in (400, 404, 409), refused.text
    assert say("Two")["seq"] == 2
    assert session(alice, chat)["message_count"] == 2


def test_an_upsert_that_ignores_duplicates_counts_nothing(alice: Caller, chat: Json, say: Say) -> None:
    again = {"id": say("One")["id"], "session_id": chat["id"], "role": "user", "content": "Again"}
    repeated = alice.send("POST", "chat_messages", again, prefer="resolution=ignore-duplicates")
    assert repeated.json()["code"] == "23505"
    assert say("Two")["seq"] == 2
    assert session(alice, chat)["message_count"] == 2


def test_a_reply_cannot_point_into_another_chat(alice: Caller, say: Say) -> None:
    question = say("One")
    elsewhere = {"session_id": alice.insert("chat_sessions")["id"], "role": "assistant", "content": "Hi"}
    refused = alice.send("POST", "chat_messages", {**elsewhere, "reply_to": question["id"]})
    assert error_of(refused) == (404, "not_found")


def test_parallel_messages_are_numbered_without_a_gap(
    alice: Caller, chat: Json, say: Say, owner: psycopg.Connection
) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: say(f"Message {number}"), range(200)))
    assert seqs(alice, chat) == list(range(1, 201))
    assert differences(owner, chat["id"]) == []
    times = alice.rows(f"chat_messages?select=created_at&session_id=eq.{chat['id']}&order=seq")
    assert times == sorted(times, key=lambda row: row["created_at"]), (
        "the order of writing is the order of time"
    )


def test_a_thousand_messages_in_one_insert_are_numbered_in_order(
    alice: Caller, chat: Json, owner: psycopg.Connection
) -> None:
    many = [{"session_id": chat["id"], "role": "user", "content": f"{number}"} for number in range(1000)]
    expect(alice.send("POST", "chat_messages", many), 201)
    rows = alice.rows(f"chat_messages?select=seq,content&session_id=eq.{chat['id']}&order=seq")
    assert [(row["seq"], row["content"]) for row in rows] == [(n + 1, str(n)) for n in range(1000)]
    assert differences(owner, chat["id"]) == []


@pytest.mark.parametrize(
    ("content", "preview"),
    [
        ("Hello", "Hello"),
        ("  a\n\n b\tc ", "a b c"),
        ("x" * 300, "x" * 140),
        ("**Bold**, _it_ and `code`", "Bold, _it_ and code"),
        ("# A title\n\n- one\n- two\n1. three\n> said", "A title one two three said"),
        ("[a link](https://example.com) ![a picture](x.png)", "a link a picture"),
        ("Here:\n```html\n<!doctype html>\n```\nDone.", "Here: Done."),
        ("Here:\n```html\n<p>never closed", "Here:"),
        ("```html\n<p>only code</p>\n```", "html <p>only code</p>"),
        ("```", "```"),
        ("**", "**"),
        ("日本語 🎉 e\u0301", "日本語 🎉 e\u0301"),
    ],
)
def test_the_preview_is_the_last_message_as_plain_text(
    alice: Caller, chat: Json, say: Say, content: str, preview: str
) -> None:
    say("Before")
    say(content)
    assert session(alice, chat)["last_message_preview"] == preview


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("Make a page", "Make a page"),
        ("  Make\n\n a \t page  ", "Make a page"),
        ("x" * 50, "x" * 50),
        ("x" * 51, "x" * 50 + "…"),
        (
            "Create a landing page for a coffee shop called Luna",
            "Create a landing page for a coffee shop called…",
        ),
        (
            "Create a landing page for a coffee shop called Lun and",
            "Create a landing page for a coffee shop called Lun…",
        ),
        ("short " + "x" * 60, "short " + "x" * 44 + "…"),
        ("🎉" * 60, "🎉" * 50 + "…"),
    ],
)
def test_the_first_user_message_names_the_chat(
    alice: Caller, chat: Json, say: Say, message: str, title: str
) -> None:
    say("Welcome! What shall we build?", role="assistant")
    assert session(alice, chat)["title"] == "New chat"
    say(message)
    say("Something else")
    found = session(alice, chat)
    assert (found["title"], found["title_source"]) == (title, "auto")


def test_a_client_that_asks_for_new_chat_gets_a_title_from_the_first_message(alice: Caller) -> None:
    for title in ("New Chat", "new chat"):
        asked = alice.insert("chat_sessions", title=title)
        assert asked["title_source"] == "auto"
        alice.insert("chat_messages", session_id=asked["id"], role="user", content="Make a page")
        assert session(alice, asked)["title"] == "Make a page"


def test_the_line_that_names_pictures_is_no_title(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")
    for said, title in (
        ("Pictures: images/beans.webp", "New chat"),
        ("Pictures: of my dog\n\nPictures: images/beans.webp, logo.PNG", "Pictures: of my dog"),
    ):
        alice.insert("chat_messages", session_id=chat["id"], role="user", content=said)
        assert session(alice, chat)["title"] == title


def test_a_title_that_a_person_gave_stays(alice: Caller, chat: Json) -> None:
    named = alice.insert("chat_sessions", title="Luna")
    alice.update(f"chat_sessions?id=eq.{chat['id']}", title="Sol")
    for which, title in ((named, "Luna"), (chat, "Sol")):
        alice.insert("chat_messages", session_id=which["id"], role="user", content="Make a page")
        found = session(alice, which)
        assert (found["title"], found["title_source"]) == (title, "user")


def test_a_person_renames_a_chat_that_named_itself(alice: Caller, chat: Json, say: Say) -> None:
    say("Make a page")
    say("And another")
    assert alice.update(f"chat_sessions?id=eq.{chat['id']}", title="Mine")[0]["title_source"] == "user"
    say("More")
    assert session(alice, chat)["title"] == "Mine"


def test_saving_the_same_title_or_another_field_claims_no_title(alice: Caller, chat: Json, say: Say) -> None:
    say("Make a page")
    same = alice.update(f"chat_sessions?id=eq.{chat['id']}", title="Make a page", tags=["one"])[0]
    assert same["title_source"] == "auto"


@pytest.mark.parametrize("tags", [[""], ["a", ""], [None], ["a\nb"], ["x" * 41], ["x"] * 11])
def test_odd_tags_are_refused(alice: Caller, tags: list[str | None]) -> None:
    assert alice.send("POST", "chat_sessions", {"tags": tags}).status_code == 400


def test_ten_tags_of_forty_characters_are_stored(alice: Caller) -> None:
    assert alice.insert("chat_sessions", tags=["ü" * 40] * 10)["tags"] == ["ü" * 40] * 10


@pytest.mark.parametrize("title", ["", " \n", "x" * 201])
def test_a_blank_or_endless_title_is_refused(alice: Caller, chat: Json, title: str) -> None:
    assert alice.send("PATCH", f"chat_sessions?id=eq.{chat['id']}", {"title": title}).status_code == 400


def test_an_edit_of_the_last_message_shows_and_of_an_earlier_one_does_not(
    alice: Caller, chat: Json, say: Say, owner: psycopg.Connection
) -> None:
    first, last = say("One"), say("Two")
    alice.update(f"chat_messages?id=eq.{first['id']}", content="First")
    assert session(alice, chat)["last_message_preview"] == "Two"
    alice.update(f"chat_messages?id=eq.{last['id']}", content="Last")
    assert session(alice, chat)["last_message_preview"] == "Last"
    assert differences(owner, chat["id"]) == []


def test_an_edit_that_waited_for_another_sees_what_that_one_wrote(
    stack: Stack, alice: Caller, chat: Json, say: Say
) -> None:
    first, last = say("One"), say("Two")
    with ThreadPoolExecutor(2) as threads:
        with stalled(
            stack, "select from public.chat_sessions where id = %s for update", chat["id"]
        ) as wait_for:
            edits = [threads.submit(alice.update, f"chat_messages?id=eq.{last['id']}", content="Last")]
            wait_for(1)
            edits.append(threads.submit(alice.update, f"chat_messages?id=eq.{first['id']}", content="First"))
            wait_for(2)
        assert [edit.result()[0]["content"] for edit in edits] == ["Last", "First"]
    assert session(alice, chat)["last_message_preview"] == "Last"


def test_deletes_show_in_count_preview_and_time(
    alice: Caller, chat: Json, say: Say, owner: psycopg.Connection
) -> None:
    messages = [say(f"Message {number}") for number in range(4)]
    for gone in ([messages[3]], messages[0:1], messages[1:3]):
        alice.delete(f"chat_messages?id=in.({','.join(message['id'] for message in gone)})")
        assert differences(owner, chat["id"]) == []
    empty = session(alice, chat)
    assert (empty["message_count"], empty["last_message_at"], empty["last_message_preview"]) == (
        0,
        None,
        None,
    )
    assert say("Again")["seq"] == 5, "a number is never used twice"


def test_a_chat_follows_its_answer_from_start_to_deletion(alice: Caller, owner: psycopg.Connection) -> None:
    answer = start(alice, "Make a page")
    assert differences(owner, answer.session_id) == []
    answer.append(0, "Half")
    answer.finish(4, " and half")
    assert differences(owner, answer.session_id) == []
    running = start(alice, "More", session_id=answer.session_id)
    assert differences(owner, answer.session_id) == []
    alice.delete(f"chat_messages?id=eq.{running.id}")
    assert differences(owner, answer.session_id) == []
    assert running.append(0, "x") == "lost"


def test_threads_that_add_edit_and_delete_leave_the_chat_right(
    alice: Caller, chat: Json, say: Say, owner: psycopg.Connection
) -> None:
    def live(number: int) -> None:
        kept, edited, gone = say(f"{number} kept"), say(f"{number} edited"), say(f"{number} gone")
        alice.update(f"chat_messages?id=eq.{edited['id']}", content=f"{number} **changed**")
        alice.delete(f"chat_messages?id=eq.{gone['id']}")
        assert kept["seq"] < edited["seq"] < gone["seq"]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(live, range(40)))
    assert session(alice, chat)["message_count"] == 80
    assert differences(owner, chat["id"]) == []


def test_updated_at_moves_with_every_change(alice: Caller, chat: Json, say: Say) -> None:
    seen = [datetime.fromisoformat(session(alice, chat)["updated_at"])]
    message = say("One")
    seen.append(datetime.fromisoformat(session(alice, chat)["updated_at"]))
    edited = alice.update(f"chat_messages?id=eq.{message['id']}", content="Two")[0]
    assert edited["updated_at"] > message["updated_at"]
    seen.append(datetime.fromisoformat(session(alice, chat)["updated_at"]))
    alice.delete(f"chat_messages?id=eq.{message['id']}")
    seen.append(datetime.fromisoformat(session(alice, chat)["updated_at"]))
    alice.update(f"chat_sessions?id=eq.{chat['id']}", pinned_at="2026-01-01T00:00:00Z")
    seen.append(datetime.fromisoformat(session(alice, chat)["updated_at"]))
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("table", ["websites", "chat_sessions", "chat_messages"])
@pytest.mark.parametrize(
    "change", ["user_id = gen_random_uuid()", "id = gen_random_uuid()", "created_at = 'epoch'"]
)
def test_not_even_the_owner_of_the_database_changes_who_when_and_which(
    alice: Caller, owner: psycopg.Connection, table: str, change: str
) -> None:
    answered(alice, website_id=alice.insert("websites", name="Luna")["id"])
    with pytest.raises(psycopg.DatabaseError, match="immutable_column"):
        owner.execute(f"update public.{table} set {change} where user_id = %s", (alice.id,))


def test_deleting_a_chat_a_website_an_account_takes_everything_below_along(
    alice: Caller, charlie: Caller, owner: psycopg.Connection
) -> None:
    def left() -> dict[str, int]:
        tables = (
            "websites",
            "chat_sessions",
            "chat_messages",
            "message_chunks",
            "site_versions",
            "site_files",
        )
        counts = {t: f"select count(*) from public.{t} where user_id = %(id)s" for t in tables}
        counts["leases"] = "select count(*) from private.answer_leases where user_id = %(id)s"
        counts["asked"] = "select count(*) from private.idempotency_keys where user_id = %(id)s"
        counts["counters"] = "select count(*) from private.usage_counters where user_id = %(id)s"
        return {name: owner.execute(query, {"id": alice.id}).fetchone()[0] for name, query in counts.items()}

    kept = answered(charlie, website_id=charlie.insert("websites", name="Sol")["id"])
    website = alice.insert("websites", name="Luna")["id"]
    page = {"index.html": "<p>"}
    first = answered(alice, website_id=website, files=page)
    second = answered(alice, website_id=website, files={"index.html": "<p>2"})
    start(alice, "More", session_id=second.session_id).append(0, "Half")

    alice.delete(f"chat_sessions?id=eq.{first.session_id}")
    assert left() == {
        "websites": 1,
        "chat_sessions": 1,
        "chat_messages": 4,
        "message_chunks": 1,
        "site_versions": 2,
        "site_files": 2,
        "leases": 2,
        "asked": 2,
        "counters": 3,
    }, "versions outlive the chat that made them"
    alice.delete(f"websites?id=eq.{website}")
    assert set(left().values()) == {0, 3}
    answered(alice, website_id=alice.insert("websites", name="Again")["id"], files=page)
    owner.execute("delete from auth.users where id = %s", (alice.id,))
    assert set(left().values()) == {0}
    assert len(charlie.rows(f"chat_messages?session_id=eq.{kept.session_id}")) == 2


def test_five_thousand_messages_are_deleted_within_the_time_that_a_request_has(
    alice: Caller, chat: Json, owner: psycopg.Connection
) -> None:
    def fill(session_id: str) -> None:
        owner.execute(
            "insert into public.chat_messages (user_id, session_id, role, content) "
            "select %s, %s, 'user', repeat('words ', 20) from generate_series(1, 5000)",
            (alice.id, session_id),
        )

    for path in (
        f"chat_messages?session_id=eq.{chat['id']}&seq=lte.5000",
        f"chat_sessions?id=eq.{chat['id']}",
    ):
        fill(chat["id"])
        alice.delete(path)
    assert alice.rows("chat_messages?select=seq&limit=1") == []


# White space as Postgres and Python both see it, and everything that text can hold.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300)
markdown = st.lists(st.sampled_from(list("`*_~#>-[]()! \n\t1.ab")) | texts, max_size=40).map("".join)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(markdown)
@example("[" * 4000)
@example("[a](" * 1000)
@example("``` " * 1000)
@example("- " * 2000)
def test_a_preview_is_short_and_flat_whatever_the_text(owner: psycopg.Connection, text: str) -> None:
    with owner.transaction():
        owner.execute("set local statement_timeout = '8s'")  # The time that a request has.
        preview, is_blank = owner.execute(
            "select private.preview_of(%(text)s), left(%(text)s, 1000) !~ '\\S'", {"text": text}
        ).fetchone()
    assert preview is not None or is_blank
    if preview is not None:
        assert 1 <= len(preview) <= 140
        assert not set(preview) & set("\n\t\r\v\f")
        assert "  " not in preview


@few
@given(texts | st.lists(st.text("abcde", min_size=1, max_size=30), max_size=30).map(" ".join))
def test_a_title_is_the_beginning_of_the_message_up_to_a_whole_word(
    owner: psycopg.Connection, text: str
) -> None:
    title, line = owner.execute(
        "select private.title_of(%(text)s), private.title_line(%(text)s)",
        {"text": text},
    ).fetchone()
    if len(line) <= 50:
        assert title == line
        return
    start = title.removesuffix("…")
    assert title.endswith("…")
    assert len(start) <= 50
    assert line.startswith(start)
    words_end_there = line[len(start)] == " "
    if " " in line[25:51]:
        assert words_end_there
