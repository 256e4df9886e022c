"""A chat that was exported comes back in, all or nothing."""

import copy
import json
from datetime import datetime
from typing import Any

import pytest

from tests.http_client import JSON, UNKNOWN, ApiClient
from tests.stacks import Person, Stack

IMPORT = "/api/chat/import"
KEPT = ("role", "kind", "content", "status", "tool_calls", "sources", "model", "prompt_tokens", "completion_tokens",
        "created_at", "seq")  # fmt: skip


@pytest.fixture
def exported(as_alice: ApiClient) -> dict[str, Any]:
    session = as_alice.new_session(helper="seo", title="Launch")["id"]
    as_alice.patch(f"/api/chat/sessions/{session}", {"tags": ["a", "b"]})
    as_alice.new_message(session, "Make it blue")
    as_alice.new_message(
        session, "Done. 🎉", "assistant", sources=[{"url": "x"}], tool_calls=[{"y": 1}], tokens=7
    )
    as_alice.new_message(session, "And green", kind="design")
    document: dict[str, Any] = as_alice.send("GET", f"/api/chat/sessions/{session}/export?format=json").json()
    return document


def chats(caller: ApiClient) -> int:
    return len(caller.get("/api/chat/sessions")["sessions"])


def test_an_exported_chat_comes_back_as_it_was(
    as_alice: ApiClient, as_charlie: ApiClient, exported: dict[str, Any]
) -> None:
    for caller in (as_alice, as_charlie):
        website = caller.new_website()["id"]
        session = caller.post(f"{IMPORT}?websiteId={website}", exported)["session"]
        assert (session["title"], session["helper"], session["tags"]) == ("Launch", "seo", ["a", "b"])
        assert (session["website_id"], session["message_count"]) == (website, 3)
        assert session["last_message_preview"] == "And green" and not session["is_unread"]
        found = caller.get(f"/api/chat/sessions/{session['id']}")["messages"]
        was = exported["messages"]
        assert [{key: m[key] for key in KEPT} for m in found] == [{key: m[key] for key in KEPT} for m in was]
        assert not {m["id"] for m in found} & {m["id"] for m in was}
        ids = [None] + [m["id"] for m in found]
        assert [m["follows_id"] for m in found] == ids[:3]
    assert caller.new_message(session["id"], "On")["seq"] == 4


def test_alternatives_survive(as_alice: ApiClient) -> None:
    def message(id: str, role: str, follows: str | None, **more: Any) -> dict[str, Any]:
        return {"id": id, "role": role, "content": id, "follows_id": follows, **more}

    document = {
        "format": "sitethread-chat", "version": 1, "session": {"title": "Two ways"},
        "messages": [
            message("q1", "user", None), message("a1", "assistant", "q1", reply_to="q1"),
            message("a2", "assistant", "q1", reply_to="q1"), message("q2", "user", None, edit_of="q1"),
        ],
    }  # fmt: skip
    session = as_alice.post(IMPORT, document)["session"]["id"]
    q1, a1, a2, q2 = as_alice.get(f"/api/chat/sessions/{session}")["messages"]
    assert a1["reply_to"] == a2["reply_to"] == a1["follows_id"] == a2["follows_id"] == q1["id"]
    assert (q2["edit_of"], q2["follows_id"], q1["follows_id"]) == (q1["id"], None, None)


def broken(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with one value replaced, or removed when it is `...`."""
    changed: Any = copy.deepcopy(document)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = changed
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return dict(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("format", "other"), ("format", ...), ("version", 2), ("session", ...), ("session", []), ("messages", ...),
        ("messages", {}), ("session.helper", "chef"), ("session.title", "x" * 201), ("session.tags", ["x"] * 11),
        ("messages.1.role", "system"), ("messages.1.role", ...), ("messages.2.content", ...),
        ("messages.2.content", {"a": 1}), ("messages.2.content", " "), ("messages.2.content", "x" * 100_001),
        ("messages.2.kind", "Not a kind"), ("messages.2.status", "odd"), ("messages.1.id", 5),
        ("messages.1.id", "x" * 65),
        ("messages.1.prompt_tokens", -1), ("messages.1.prompt_tokens", 10**30), ("messages.1.tool_calls", "none"),
        ("messages.1.created_at", "yesterday"), ("messages.1.created_at", "0001-01-01T00:00:00+23:59"),
        ("messages.1.created_at", "9999-12-31T23:59:59-23:59"),
        ("messages.0.created_at", "2024-01-01T00:00:00+16:00"),
        ("messages.0.created_at", "2024-01-01T00:00:00-23:59"), ("messages.2.tool_calls", [{"x": "y" * 900_000}]),
        ("messages.1.sources", 1), ("messages.1", None),
    ],
)  # fmt: skip
def test_an_error_names_its_place_and_nothing_is_imported(
    as_charlie: ApiClient, exported: dict[str, Any], path: str, value: Any
) -> None:
    response = as_charlie.send("POST", IMPORT, json=broken(exported, path, value))
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "invalid_import"), error
    assert error["place"].startswith(path) or path.startswith(error["place"])
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
@pytest.mark.parametrize("field", ["content", "tool_calls"])
def test_text_that_cannot_be_stored_is_named_by_its_place(
    as_charlie: ApiClient, exported: dict[str, Any], text: str, field: str
) -> None:
    exported["messages"][2][field] = text if field == "content" else [{"in": [text]}]
    sent = as_charlie.send("POST", IMPORT, content=json.dumps(exported), headers=JSON)
    error = sent.json()["error"]
    assert (error["code"], error["place"]) == ("invalid_unicode", f"messages.2.{field}")
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("offset", ["+15:59", "-15:59", "Z", ""])
def test_times_from_all_over_the_world_are_kept(
    as_alice: ApiClient, exported: dict[str, Any], offset: str
) -> None:
    exported["messages"][0]["created_at"] = f"2024-01-02T03:04:05{offset}"
    session = as_alice.post(IMPORT, exported)["session"]["id"]
    shown = as_alice.get(f"/api/chat/sessions/{session}")["messages"][0]["created_at"]
    stored = datetime.fromisoformat(f"2024-01-02T03:04:05{offset or 'Z'}")
    assert datetime.fromisoformat(shown) == stored


def test_two_messages_with_one_id_are_refused(as_charlie: ApiClient, exported: dict[str, Any]) -> None:
    exported["messages"][2]["id"] = exported["messages"][0]["id"]
    error = as_charlie.send("POST", IMPORT, json=exported).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.2.id")
    assert chats(as_charlie) == 0


def test_hostile_ids_are_only_names_within_the_file(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    hers = as_alice.new_message(as_alice.new_session()["id"], "Hers")
    messages = [
        {
            "id": hers["id"],
            "role": "user",
            "content": "Mine",
            "session_id": hers["session_id"],
            "user_id": UNKNOWN,
        },
        {
            "id": "'; drop",
            "role": "assistant",
            "content": "Me too",
            "reply_to": hers["id"],
            "version_id": UNKNOWN,
        },
        {"role": "user", "content": "Third", "follows_id": "no such", "reply_to": "'; drop", "seq": -5},
    ]
    document = {
        "format": "sitethread-chat",
        "version": 1,
        "session": {"id": hers["session_id"]},
        "messages": messages,
    }
    session = as_charlie.post(IMPORT, document)["session"]["id"]
    found = as_charlie.get(f"/api/chat/sessions/{session}")["messages"]
    assert [m["seq"] for m in found] == [1, 2, 3] and hers["id"] not in str(found)
    assert found[1]["reply_to"] == found[0]["id"] and found[1]["version_id"] is None
    assert (found[2]["follows_id"], found[2]["reply_to"]) == (found[1]["id"], None)
    assert as_alice.get(f"/api/chat/sessions/{hers['session_id']}")["messages"] == [hers]


def test_a_truncated_file_is_refused_with_line_and_column(
    as_alice: ApiClient, exported: dict[str, Any]
) -> None:
    data = json.dumps(exported, indent=2).encode()[:-40]
    before = chats(as_alice)
    response = as_alice.send("POST", IMPORT, content=data, headers=JSON)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "invalid_import")
    assert error["place"].startswith("line ") and "column" in error["place"]
    assert chats(as_alice) == before


def test_a_hundred_thousand_messages_are_too_many(as_alice: ApiClient) -> None:
    message = {"role": "user", "content": "x"}
    document = {"format": "sitethread-chat", "version": 1, "session": {}, "messages": [message] * 100_000}
    response = as_alice.send("POST", IMPORT, json=document)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["place"]) == (422, "invalid_import", "messages")
    assert chats(as_alice) == 0


def test_a_file_over_64_mebibytes_and_one_value_that_is_endless_are_too_large(as_alice: ApiClient) -> None:
    endless = (b'{"x": [' + b"[]," * 4_000_000, b'{"messages": [{"content": "' + b"x" * 20_000_000)
    for data in (b" " * (64 * 1024 * 1024 + 1), *endless):
        response = as_alice.send("POST", IMPORT, content=data, headers=JSON)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
    assert chats(as_alice) == 0


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "line 1, column 1"), (b"[]", "line 1, column 1"), (b'{"format"\n: "x"\n,}', "line 3, column 2"),
        (b'{"session": {"title": "\xff', "line 1, column 24"), (b'{"session": {"title":\n"\0', "line 2, column 2"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"), (b'{"messages": [' + b"[]," * 4_000_000, "messages.0"),
        (b'{"messages": [{"role": "user", "role": "user"}', "messages.0"),
        (b'{"messages": [{"role": "user", "content": "a", "tokens": NaN}', "messages.0"),
        (b'{"messages": [{"role": "user", "content": "a"}], "messages": []}', "messages"),
        (b'{"messages": [{"role": "user", "content": "a"}]', "line 1, column 48"),
        (b'{"messages": [{"role": "user", "content": "a"}]}', "format"),
        (b'{"messages": ' + b"[" * 100_000, "messages.0"),
        (b'{"format": "sitethread-chat", "version": 1, "session": {}, "messages": []} {', "line 1, column 76"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused_with_the_place_where_it_ceases_to_be_one(
    as_charlie: ApiClient, data: bytes, place: str
) -> None:
    response = as_charlie.send("POST", IMPORT, content=data, headers=JSON)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["place"]) == (422, "invalid_import", place), error
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("field", ["tool_calls", "sources"])
def test_a_message_has_no_more_tool_calls_or_sources_than_can_be_kept(
    as_charlie: ApiClient, exported: dict[str, Any], field: str
) -> None:
    exported["messages"][1][field] = [{"x": "y" * 262_144}]
    error = as_charlie.send("POST", IMPORT, json=exported).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.1")
    assert error["message"].endswith("messages.1: its tool calls or sources are too large.")


def test_messages_that_say_nothing_of_each_other_follow_one_another(as_alice: ApiClient) -> None:
    """The chat may also come after its messages."""
    messages = [{"role": role, "content": role} for role in ("user", "assistant", "user")]
    document = {"messages": messages, "session": {"title": "Last"}, "version": 1, "format": "sitethread-chat"}
    session = as_alice.post(IMPORT, document)["session"]
    assert session["title"] == "Last"
    question, answer, last = as_alice.get(f"/api/chat/sessions/{session['id']}")["messages"]
    assert (question["follows_id"], answer["follows_id"], last["follows_id"]) == (
        None,
        question["id"],
        answer["id"],
    )
    assert answer["reply_to"] == question["id"]


def test_an_error_at_the_end_of_a_long_file_leaves_nothing_behind(
    as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    message = {"role": "user", "content": "word " * 2_000}
    document = {"format": "sitethread-chat", "version": 1, "session": {}}
    error = as_alice.send("POST", IMPORT, json={**document, "messages": [message] * 500 + [{}]}).json()[
        "error"
    ]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.500.role")
    assert chats(as_alice) == 0
    assert stack.sql("select 1 from private.imports where user_id = %s", alice.id) == []


def test_an_empty_chat_comes_back(as_alice: ApiClient) -> None:
    document = {"format": "sitethread-chat", "version": 1, "session": {"title": "Nothing"}, "messages": []}
    session = as_alice.post(IMPORT, document)["session"]
    assert (session["title"], session["message_count"]) == ("Nothing", 0)


def test_a_big_chat_comes_in_whole(as_alice: ApiClient) -> None:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": f"{n} " + "word " * 200} for n in range(5_000)]
    document = {"format": "sitethread-chat", "version": 1, "session": {}, "messages": messages}
    assert as_alice.post(IMPORT, document)["session"]["message_count"] == 5_000


def test_a_foreign_website_is_not_found(
    as_alice: ApiClient, as_charlie: ApiClient, exported: dict[str, Any]
) -> None:
    website = as_alice.new_website()["id"]
    for id in (website, UNKNOWN):
        refused = as_charlie.refused("POST", f"{IMPORT}?website_id={id}", json=exported)
        assert refused == (404, "not_found")
    assert chats(as_charlie) == 0


def test_the_same_key_imports_once(as_alice: ApiClient, exported: dict[str, Any]) -> None:
    before = chats(as_alice)
    headers = {"Idempotency-Key": "this file"}
    first = as_alice.post(IMPORT, exported, headers=headers)["session"]["id"]
    assert as_alice.post(IMPORT, exported, headers=headers)["session"]["id"] == first
    assert chats(as_alice) == before + 1
