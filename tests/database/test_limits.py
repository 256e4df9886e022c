"""The database itself holds the limits: what is a character too long, blank or of an unknown kind is refused."""

import dataclasses
import json
from collections.abc import Callable

import httpx
import psycopg
import pytest

from sitethread.answers.flushing import BATCH_ANSWERS
from sitethread.helpers import HELPERS
from sitethread.limits import LIMITS
from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.turns import start
from tests.stacks import Stack

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def parents(alice: Caller) -> Json:
    """A website and a chat to put rows in."""
    website = alice.insert("websites", name="Luna")["id"]
    return {"website_id": website, "session_id": alice.insert("chat_sessions", website_id=website)["id"]}


def row(table: str, parents: Json, values: Json) -> Json:
    """Complete the values to a row that only they can spoil."""
    match table:
        case "websites":
            return {"name": "Sol", **values}
        case "chat_messages":
            return {"session_id": parents["session_id"], "role": "user", "content": "Hi", **values}
        case "site_versions":
            return {"website_id": parents["website_id"], "files": {"index.html": "<p>"}, **values}
        case _:
            return values


def pictures(alice: Caller) -> Json:
    """Upload 3.9 MB that begin like a picture, to be five files."""
    content = b"\x89PNG\r\n\x1a\n".ljust(3_900_000, b"x")
    return dict.fromkeys("bcdef", alice.put_file(content).json()["sha256"])


def commented(alice: Caller, parents: Json, **words: str) -> httpx.Response:
    """Share a page, and comment on it."""
    page = row("site_versions", parents, {"files": {"index.html": "<h1>Luna</h1>"}})
    version = alice.insert("site_versions", **page)["id"]
    token = new_id()
    alice.called("share_page", version_id=version, token=token)
    place = {"path": "index.html", "start_offset": 0, "end_offset": 13}
    return alice.call(
        "comment_on_page", **{"token": token, "author": "Bob", "text": "Nice", **place, **words}
    )


# How somebody stores or sends this many, straight at PostgREST, of what `sitethread/settings.py` limits.
HELD: dict[str, Callable[[Caller, Json, int], httpx.Response]] = {
    "message": lambda alice, parents, size: alice.send(
        "POST", "chat_messages", row("chat_messages", parents, {"content": "日" * size})
    ),
    "answer": lambda alice, parents, size: alice.send(
        "POST", "chat_messages", row("chat_messages", parents, {"content": "x" * size, "role": "assistant"})
    ),
    "title": lambda alice, _, size: alice.send("POST", "chat_sessions", {"title": "🎉" * size}),
    "website_name": lambda alice, _, size: alice.send("POST", "websites", {"name": "日" * size}),
    "brief": lambda alice, parents, size: alice.call(
        "save_brief", website_id=parents["website_id"], text="日" * size
    ),
    "tags": lambda alice, _, size: alice.send("POST", "chat_sessions", {"tags": ["x"] * size}),
    "tag": lambda alice, _, size: alice.send("POST", "chat_sessions", {"tags": ["日" * size]}),
    "query": lambda alice, _, size: alice.call("search_messages", query="x" * size),
    "saved_messages": lambda alice, _, size: alice.call(
        "stage_import", import_id=new_id(), at=0, messages=[{}] * size
    ),
    "prompt_name": lambda alice, _, size: alice.send("POST", "prompts", {"name": "日" * size, "text": "x"}),
    "prompt": lambda alice, _, size: alice.send("POST", "prompts", {"name": "x", "text": "日" * size}),
    "prompts": lambda alice, _, size: alice.call(
        "import_prompts", prompts=[{"id": new_id(), "name": "x", "text": "x"} for _ in range(size)]
    ),
    "file": lambda alice, parents, size: alice.put_file(b"x" * size),
    "texts": lambda alice, parents, size: alice.send(
        "POST",
        "site_versions",
        row("site_versions", parents, {"files": {"a": "x" * (size - 1_000_000), "b": "x" * 1_000_000}}),
    ),
    "author": lambda alice, parents, size: commented(alice, parents, author="日" * size),
    "comment": lambda alice, parents, size: commented(alice, parents, text="日" * size),
    "publication_events": lambda alice, parents, size: alice.call(
        "import_publication_events",
        website_id=parents["website_id"],
        events=[
            {
                "number": number,
                "action": "publish",
                "slug": "luna",
                "version_id": new_id(),
                "version_number": 1,
                "created_at": "2020-01-01T00:00:00Z",
            }
            for number in range(1, size + 1)
        ],
    ),
    "version": lambda alice, parents, size: alice.send(
        "POST",
        "site_versions",
        row(
            "site_versions",
            parents,
            {"files": {"a": "x" * (size - 5 * 3_900_000)}, "manifest": pictures(alice)},
        ),
    ),
}
# Limits of requests and of lists alone.
HTTP_ALONE = {
    "tool_calls", "body", "saved_chat", "imported", "account", "account_unpacked", "account_entries", "json_depth",
    "json_values", "page", "bulk", "messages_at_once", "page_name",
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(LIMITS)])
def test_the_database_holds_the_limits_of_the_settings(alice: Caller, parents: Json, name: str) -> None:
    assert (name in HELD) is not (name in HTTP_ALONE), "say whether the database holds it, too"
    if name in HELD:
        limit = getattr(LIMITS, name)
        within = HELD[name](alice, parents, limit)
        assert within.is_success, within.text
        beyond = HELD[name](alice, parents, limit + 1)
        assert beyond.json()["code"] in ("23514", "PT422", "PT409", "PT413"), beyond.text


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("websites", {"name": " \n"}),
        ("websites", {"name": None}),
        ("chat_sessions", {"title": " "}),
        ("chat_messages", {"role": "system"}),
        ("chat_messages", {"kind": "Design"}),
        ("chat_messages", {"kind": "x" * 41}),
        ("chat_messages", {"content": "\u200b\u2060\ufeff"}),
        ("chat_messages", {"tool_calls": [{"result": "x" * 262_144}]}),
        ("chat_messages", {"sources": [{"url": "x" * 262_144}]}),
        ("chat_messages", {"model": "x" * 201}),
        ("chat_messages", {"prompt_tokens": -1}),
        ("chat_messages", {"completion_tokens": -1}),
        ("site_versions", {"summary": "x" * 201}),
        ("site_versions", {"files": {"a": "x" * (LIMITS.file + 1)}}),
    ],
)
def test_what_is_over_a_limit_is_refused(alice: Caller, parents: Json, table: str, values: Json) -> None:
    refused = alice.send("POST", table, row(table, parents, values))
    assert refused.status_code == 400, refused.text
    assert refused.json()["code"] in ("23502", "23514")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("chat_sessions", {"helper": "reviewer", "tags": ["x" * 40] * 10}),
        ("chat_messages", {"kind": "x" * 40}),
        (
            "chat_messages",
            {
                "tool_calls": [{"result": "x" * 262_000}],
                "sources": [{"url": "x" * 262_000}],
                "model": "x" * 200,
            },
        ),
        ("site_versions", {"summary": "x" * 200}),
    ],
)
def test_what_is_just_within_the_limits_is_stored(
    alice: Caller, parents: Json, table: str, values: Json
) -> None:
    stored = alice.insert(table, **row(table, parents, values))
    assert {name: stored[name] for name in values} == values


def test_nobody_passes_off_a_version_as_an_answers(alice: Caller, parents: Json) -> None:
    refused = alice.send("POST", "site_versions", row("site_versions", parents, {"source": "answer"}))
    assert refused.status_code == 403


def test_a_question_is_no_reply(alice: Caller, parents: Json) -> None:
    question = alice.insert("chat_messages", **row("chat_messages", parents, {}))["id"]
    refused = alice.send("POST", "chat_messages", row("chat_messages", parents, {"reply_to": question}))
    assert refused.json()["code"] == "23514"


@pytest.mark.parametrize(
    "change",
    [
        "update public.chat_messages set status = 'done' where id = %s",
        "update public.chat_messages set finish_reason = repeat('x', 201) where id = %s",
        "update public.chat_messages set error_code = repeat('x', 201) where id = %s",
        "update public.chat_messages set seq = 1 where id = %s",
        "update public.chat_messages set role = 'user' where id = %s",
        "insert into private.provider_threads (user_id, session_id, sealed) "
        "select user_id, id, repeat('x', 1001) from public.chat_sessions where running_answer_id = %s",
        "update public.chat_sessions set title_source = 'model' where running_answer_id = %s",
        "insert into public.message_chunks (user_id, message_id, start_offset, text) "
        "select user_id, gen_random_uuid(), 0, 'x' from public.chat_messages where id = %s",
        "insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written) "
        "select user_id, gen_random_uuid(), session_id, 'x', 0 from public.chat_messages where id = %s",
        "insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written) select held.user_id, "
        "asked.id, held.session_id, held.lease_hash, 0 from private.answer_leases as held join public.chat_messages as "
        "asked on asked.session_id = held.session_id and asked.role = 'user' where held.message_id = %s",
        "insert into public.site_versions (user_id, website_id, files, source) "
        "select message.user_id, website.id, '{}', 'backup' from public.chat_messages as message "
        "join public.websites as website using (user_id) "
        "where message.id = %s",
        "update private.quotas set allowed = -1 where name = 'turns' and %s::uuid is not null",
    ],
)
def test_not_even_the_owner_of_the_database_stores_what_makes_no_sense(
    alice: Caller, owner: psycopg.Connection, change: str
) -> None:
    answer = start(alice, website_id=alice.insert("websites", name="Luna")["id"])
    with pytest.raises(psycopg.DatabaseError) as refused:
        owner.execute(change, (answer.id,))
    assert refused.value.sqlstate in ("23503", "23505", "23514", "PT403")


def test_a_chat_has_one_running_answer_and_every_number_once(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answer = start(alice)
    second = "insert into public.chat_messages (user_id, session_id, role, status) values (%s, %s, 'assistant', %s)"
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_running_answer"):
        owner.execute(second, (alice.id, answer.session_id, "streaming"))
    owner.execute("update public.chat_sessions set last_seq = 1 where id = %s", (answer.session_id,))
    with pytest.raises(psycopg.errors.UniqueViolation, match="seq_once"):
        owner.execute(second, (alice.id, answer.session_id, "failed"))


def test_a_website_has_every_version_number_once(
    alice: Caller, parents: Json, owner: psycopg.Connection
) -> None:
    alice.insert("site_versions", **row("site_versions", parents, {}))
    owner.execute(
        "update public.websites set latest_version_number = 0 where id = %s", (parents["website_id"],)
    )
    again = alice.send("POST", "site_versions", row("site_versions", parents, {}))
    assert again.json()["code"] == "23505"


def test_a_chat_with_a_helper_that_does_not_exist_is_refused(alice: Caller) -> None:
    refused = alice.send("POST", "chat_sessions", {"helper": "hacker"}).json()
    assert refused["code"] == "23503" and "chat_sessions_helper_fkey" in refused["message"]


def test_the_database_knows_the_helpers_that_the_app_offers(owner: psycopg.Connection) -> None:
    known = owner.execute("select name from private.helpers").fetchall()
    assert {name for (name,) in known} == set(HELPERS)


def test_a_chat_on_a_website_that_does_not_exist_is_refused(alice: Caller) -> None:
    assert alice.send("POST", "chat_sessions", {"website_id": new_id()}).json()["code"] == "23503"


@pytest.mark.parametrize("name", ["tool_calls", "sources"])
@pytest.mark.parametrize(
    "wrong",
    [[None], [1], ["x"], [[]], {}, "x", 1, True, [{"name": 1, "url": 1}], [{"name": {}, "title": []}]],
)
def test_what_comes_with_a_message_is_a_list_of_objects_with_texts(
    alice: Caller, parents: Json, name: str, wrong: object
) -> None:
    values = {"role": "assistant", name: wrong}
    refused = alice.send("POST", "chat_messages", row("chat_messages", parents, values))
    assert refused.status_code == 400 and f"chat_messages_{name}_shape" in refused.text, refused.text


@pytest.mark.parametrize(
    "number", ["1e5000", "-1e309", "0." + "1" * 401, "[" * 2000 + "]" * 2000], ids=lambda number: number[:9]
)
@pytest.mark.parametrize("name", ["tool_calls", "sources"])
def test_what_its_readers_can_not_hold_does_not_come_with_a_message(
    alice: Caller, stack: Stack, parents: Json, name: str, number: str
) -> None:
    values = json.dumps(row("chat_messages", parents, {name: [{"n": "NUMBER"}]})).replace('"NUMBER"', number)
    refused = stack.rest("chat_messages", alice.token, "POST", content=values, headers=JSON)
    assert error_of(refused) == (422, "invalid_field")
    stored = json.dumps(row("chat_messages", parents, {name: [{"n": 1}]}))
    stack.rest("chat_messages", alice.token, "POST", content=stored, headers=JSON).raise_for_status()
    assert len(alice.called("read_messages", session_id=parents["session_id"])["messages"]) == 1


@pytest.mark.parametrize("field", ["lease", "text", "answer_id", "offset"])
def test_an_append_makes_no_text_of_numbers(stack: Stack, field: str) -> None:
    """1,500 numbers, 13 kB as JSON, took the database 1.3 GB."""
    entry = {"answer_id": new_id(), "lease": "x", "offset": 0, "text": "x", field: "NUMBERS"}
    numbers = "[" + ",".join(["1e131071"] * 1500) + "]"
    body = json.dumps({"appends": [entry]}).replace('"NUMBERS"', numbers)
    refused = stack.rest("rpc/append_chunks?columns=appends", None, "POST", content=body, headers=JSON)
    assert error_of(refused) == (422, "invalid_field")


@pytest.mark.parametrize(
    ("expression", "some"),
    [
        ("private.is_readable(('[1' || repeat(',1', %s) || ']')::jsonb)", 25_000),
        ("to_tsvector('pg_catalog.simple', private.without_comments(repeat('<!--', %s)))", 2_500),
    ],
)
def test_eight_times_as_much_costs_about_eight_times_as_much(
    owner: psycopg.Connection, expression: str, some: int
) -> None:
    """A megabyte of numbers took until the statement timeout, a message of opened comments a second."""

    def milliseconds(times: int) -> float:
        query = f"explain (analyze, format json) select {expression.replace('%s', str(times))} from pg_class limit 1"
        plans = (owner.execute(query.encode()).fetchone() for _ in range(3))
        return min(plan[0][0]["Planning Time"] + plan[0][0]["Execution Time"] for plan in plans if plan)

    assert milliseconds(8 * some) < 4 * 8 * milliseconds(some)


def test_an_append_names_each_answer_once(alice: Caller, nobody: Caller) -> None:
    """One lease, named 100 times, brought 10,000 results."""
    answer = start(alice)
    entry = {"answer_id": answer.id, "lease": answer.lease, "offset": 0, "text": "x"}
    for again in (entry, {**entry, "answer_id": answer.id.upper()}):
        assert error_of(nobody.call("append_chunks", appends=[entry, again])) == (422, "invalid_field")
    assert answer.append(0, "x") == "written"


def test_an_append_takes_as_many_answers_as_a_worker_sends(nobody: Caller) -> None:
    entries = [
        {"answer_id": new_id(), "lease": "x", "offset": 0, "text": ""} for _ in range(BATCH_ANSWERS + 1)
    ]
    assert len(nobody.called("append_chunks", appends=entries[:-1])) == BATCH_ANSWERS
    assert error_of(nobody.call("append_chunks", appends=entries)) == (422, "invalid_field")


def test_a_function_is_an_object_with_a_text_as_name(alice: Caller, parents: Json) -> None:
    for wrong in ("x", {"name": 1}):
        values = row("chat_messages", parents, {"role": "assistant", "tool_calls": [{"function": wrong}]})
        assert alice.send("POST", "chat_messages", values).json()["code"] == "23514"


@pytest.mark.parametrize(
    "values",
    [
        {"tool_calls": [{"name": "check_page", "result": {"a": 1}}, {"id": 7}, {"function": {"name": "x"}}]},
        {"sources": [{"url": "https://example.com", "title": None}, {}]},
        {"tool_calls": [], "sources": []},
        {"tool_calls": None, "sources": None},
    ],
)
def test_what_providers_send_with_a_message_is_stored(alice: Caller, parents: Json, values: Json) -> None:
    stored = alice.insert("chat_messages", **row("chat_messages", parents, {"role": "assistant", **values}))
    assert {name: stored[name] for name in values} == values


def test_a_search_is_refused_before_it_is_parsed(alice: Caller, owner: psycopg.Connection) -> None:
    """Parsing 1 MB takes seconds."""
    refused = alice.call("search_messages", query="a & b | c " * 100_000)
    assert (refused.status_code, refused.json()["message"]) == (422, "query_too_long")
    owner.execute("begin")
    try:
        owner.execute("set local statement_timeout = '500ms'")
        with pytest.raises(psycopg.Error) as raised:
            owner.execute("select public.search_messages(%s)", ("a & b | c " * 100_000,))
        assert raised.value.sqlstate == "PT422"
    finally:
        owner.execute("rollback")
