"""A chat that was exported comes back in, all or nothing."""

import copy
import json
import re
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests import chat_file
from tests.http_client import JSON, UNKNOWN, ApiClient
from tests.stacks import Person, Stack

IMPORT = "/api/chat/import"
MEBIBYTE = 1024 * 1024
HEAD = b'{"format": "sitethread-chat", "version": 2, "session": {}}\n'
MESSAGE = b'{"role": "user", "content": "x"}\n'
LONG_MESSAGE = MESSAGE.replace(b"x", b"x" * 524_288).replace(b"user", b"assistant")
KEPT = ("role", "kind", "content", "status", "tool_calls", "sources", "model", "prompt_tokens", "completion_tokens",
        "created_at", "seq")  # fmt: skip


@pytest.fixture(params=[1, 2])
def version(request: pytest.FixtureRequest) -> int:
    """Of the file's format."""
    return int(request.param)


@pytest.fixture
def exported(as_alice: ApiClient, version: int) -> dict[str, Any]:
    session = as_alice.new_session(helper="seo", title="Launch")["id"]
    as_alice.patch(f"/api/chat/sessions/{session}", {"tags": ["a", "b"]})
    as_alice.new_message(session, "Make it blue")
    as_alice.new_message(
        session, "Done. 🎉", "assistant", sources=[{"url": "x"}], tool_calls=[{"y": 1}], tokens=7
    )
    as_alice.new_message(session, "And green", kind="design")
    return {**chat_file.read(export(as_alice, session)), "version": version}


def export(caller: ApiClient, session: str) -> str:
    response = caller.send("GET", f"/api/chat/sessions/{session}/export?format=json")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/jsonl")
    return response.text


def made(version: int, messages: list[Any], **session: Any) -> dict[str, Any]:
    return {"format": "sitethread-chat", "version": version, "session": session, "messages": messages}


def send(
    caller: ApiClient, document: dict[str, Any], version: int, query: str = "", **options: Any
) -> httpx.Response:
    headers = {"Content-Type": chat_file.TYPES[version], **options.pop("headers", {})}
    content = chat_file.write(document, version)
    return caller.send("POST", f"{IMPORT}{query}", content=content, headers=headers, **options)


def imported(caller: ApiClient, document: dict[str, Any], version: int, *query: str, **options: Any) -> Any:
    response = send(caller, document, version, *query, **options)
    assert response.status_code == 201, response.text
    return response.json()["session"]


def chats(caller: ApiClient) -> int:
    return len(caller.get("/api/chat/sessions")["sessions"])


def test_an_exported_chat_comes_back_as_it_was(
    as_alice: ApiClient, as_charlie: ApiClient, exported: dict[str, Any], version: int
) -> None:
    for caller in (as_alice, as_charlie):
        website = caller.new_website()["id"]
        session = imported(caller, exported, version, f"?websiteId={website}")
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


def test_alternatives_survive(as_alice: ApiClient, version: int) -> None:
    def message(id: str, role: str, follows: str | None, **more: Any) -> dict[str, Any]:
        return {"id": id, "role": role, "content": id, "follows_id": follows, **more}

    messages = [
        message("q1", "user", None), message("a1", "assistant", "q1", reply_to="q1"),
        message("a2", "assistant", "q1", reply_to="q1"), message("q2", "user", None, edit_of="q1"),
    ]  # fmt: skip
    session = imported(as_alice, made(version, messages, title="Two ways"), version)["id"]
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
        ("format", "other"), ("format", ...), ("version", 3), ("session", ...), ("session", []),
        ("session.helper", "chef"), ("session.title", "x" * 201), ("session.tags", ["x"] * 11),
        ("messages.1.role", "system"), ("messages.1.role", ...), ("messages.2.content", ...),
        ("messages.2.content", {"a": 1}), ("messages.2.content", " "), ("messages.2.content", "x" * 100_001),
        ("messages.2.content", "\u200b\u0301"), ("session.title", "\u200b"), ("session.tags", ["a", "\u2060"]),
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
def test_a_fault_is_named_by_its_place_and_nothing_is_imported(
    as_charlie: ApiClient, exported: dict[str, Any], version: int, path: str, value: Any
) -> None:
    response = send(as_charlie, broken(exported, path, value), version)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "invalid_import"), error
    assert error["place"].startswith(path) or path.startswith(error["place"])
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("version", [1])
@pytest.mark.parametrize(("path", "value"), [("version", 2), ("messages", ...), ("messages", {})])
def test_a_file_of_format_1_has_its_version_and_its_messages(
    as_charlie: ApiClient, exported: dict[str, Any], version: int, path: str, value: Any
) -> None:
    error = send(as_charlie, broken(exported, path, value), version).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", path)
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
@pytest.mark.parametrize("field", ["content", "tool_calls"])
def test_text_that_cannot_be_stored_is_named_by_its_place(
    as_charlie: ApiClient, exported: dict[str, Any], version: int, text: str, field: str
) -> None:
    exported["messages"][2][field] = text if field == "content" else [{"in": [text]}]
    error = send(as_charlie, exported, version).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_unicode", f"messages.2.{field}")
    assert chats(as_charlie) == 0


@pytest.mark.parametrize("offset", ["+15:59", "-15:59", "Z", ""])
def test_times_from_all_over_the_world_are_kept(
    as_alice: ApiClient, exported: dict[str, Any], version: int, offset: str
) -> None:
    exported["messages"][0]["created_at"] = f"2024-01-02T03:04:05{offset}"
    session = imported(as_alice, exported, version)["id"]
    shown = as_alice.get(f"/api/chat/sessions/{session}")["messages"][0]["created_at"]
    stored = datetime.fromisoformat(f"2024-01-02T03:04:05{offset or 'Z'}")
    assert datetime.fromisoformat(shown) == stored


def test_two_messages_with_one_id_are_refused(
    as_charlie: ApiClient, exported: dict[str, Any], version: int
) -> None:
    exported["messages"][2]["id"] = exported["messages"][0]["id"]
    error = send(as_charlie, exported, version).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.2.id")
    assert chats(as_charlie) == 0


def test_hostile_ids_are_only_names_within_the_file(
    as_alice: ApiClient, as_charlie: ApiClient, version: int
) -> None:
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
    document = made(version, messages, id=hers["session_id"])
    session = imported(as_charlie, document, version)["id"]
    found = as_charlie.get(f"/api/chat/sessions/{session}")["messages"]
    assert [m["seq"] for m in found] == [1, 2, 3] and hers["id"] not in str(found)
    assert found[1]["reply_to"] == found[0]["id"] and found[1]["version_id"] is None
    assert (found[2]["follows_id"], found[2]["reply_to"]) == (found[1]["id"], None)
    assert as_alice.get(f"/api/chat/sessions/{hers['session_id']}")["messages"] == [hers]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_truncated_file_is_refused_with_line_and_column(
    as_alice: ApiClient, exported: dict[str, Any], version: int, indent: int | None
) -> None:
    data = (
        json.dumps(exported, indent=indent).encode() if version == 1 else chat_file.write(exported, version)
    )
    before = chats(as_alice)
    response = as_alice.send("POST", IMPORT, content=data[:-40], headers=JSON)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "invalid_import")
    line = {1: data.count(b"\n", 0, -40) + 1, 2: 4}[version]
    assert error["place"].startswith(f"line {line}, column ")
    assert chats(as_alice) == before


@pytest.mark.parametrize(
    ("version", "messages", "place"), [(1, 10_001, "messages"), (2, 100_000, "messages")]
)
def test_more_than_ten_thousand_messages_are_too_many(
    as_alice: ApiClient, version: int, messages: int, place: str
) -> None:
    response = send(as_alice, made(version, [{"role": "user", "content": "x"}] * messages), version)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["place"]) == (422, "invalid_import", place)
    assert chats(as_alice) == 0


@pytest.mark.parametrize(
    "data",
    [
        b" " * (64 * MEBIBYTE + 1),
        b"\n" * (64 * MEBIBYTE + 1),
        HEAD + LONG_MESSAGE * 129,
        b'{"x": [' + b"[]," * 4_000_000,
        b'{"messages": [{"content": "' + b"x" * 20_000_000,
        HEAD + b'{"content": "' + b"x" * 20_000_000,
        HEAD + b'{"content": [' + b"[]," * 4_000_000,
        b'{"messages": [' + b"[]," * 400_000,
    ],
    ids=["spaces", "empty lines", "file", "old value", "old text", "text", "value", "old values"],
)
def test_a_file_over_64_mebibytes_and_one_value_that_is_endless_are_too_large(
    as_alice: ApiClient, data: bytes
) -> None:
    response = as_alice.send("POST", IMPORT, content=data, headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "body_too_large")
    assert chats(as_alice) == 0


@pytest.mark.parametrize("indent", [None, 1])
def test_a_file_of_format_1_has_at_most_8_mebibytes(as_alice: ApiClient, indent: int | None) -> None:
    messages = [{"role": "assistant", "content": "word " * 180_000}] * 9
    data = json.dumps(made(1, messages), indent=indent).encode()
    fitting = data + b" " * (8 * MEBIBYTE - len(data))
    error = as_alice.send("POST", IMPORT, content=fitting + b" ", headers=JSON).json()["error"]
    assert error["code"] == "body_too_large" and "64 MiB" in error["message"]
    assert chats(as_alice) == 0
    response = as_alice.send("POST", IMPORT, content=fitting, headers=JSON)
    assert response.json()["session"]["message_count"] == 9


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "line 1, column 1"), (b"[]", "line 1, column 1"), (b'{"format"\n: "x"\n,;}', "line 3, column 2"),
        (b'{"session": {"title": "\xff', "line 1, column 24"), (b'{"session": {"title":\n"\0', "line 2, column 2"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"), (b'{"messages": [' + b"[]," * 30_000, "line 1, column 90015"),
        (b'{"messages": [{"role": "user", "role": "user"}', "line 1, column 1"),
        (b'{"messages": [{"role": "user", "content": "a", "tokens": NaN}', "line 1, column 1"),
        (b'{"messages": [{"role": "user", "content": "a"}], "messages": []}', "line 1, column 1"),
        (b'{"messages": [{"role": "user", "content": "a"}]', "line 1, column 48"),
        (b'{"messages": [{"role": "user", "content": "a"}]}', "format"),
        (b'{"messages": ' + b"[" * 100_000, "line 1, column 1"),
        (b'{"format": "sitethread-chat", "version": 1, "session": {}, "messages": []} {', "line 1, column 76"),
        (b'{"format": "sitethread-chat", "version": 1, "session": {}, "messages": [[]]}', "messages.0"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused_with_the_place_where_it_ceases_to_be_one(
    as_charlie: ApiClient, data: bytes, place: str
) -> None:
    response = as_charlie.send("POST", IMPORT, content=data, headers=JSON)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["place"]) == (422, "invalid_import", place), error
    assert chats(as_charlie) == 0


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (MESSAGE, "format"), (MESSAGE + HEAD + MESSAGE, "format"), (HEAD + MESSAGE + HEAD, "messages.1.role"),
        (HEAD + b"\n", "line 2, column 1"), (HEAD + MESSAGE + b"\n" + MESSAGE, "line 3, column 1"),
        (b"\n" + HEAD + MESSAGE, "line 3, column 1"), (HEAD + MESSAGE + b" \n", "line 3, column 2"),
        (b"\xef\xbb\xbf" + HEAD, "line 1, column 1"), (HEAD + b"\xef\xbb\xbf" + MESSAGE, "line 2, column 1"),
        (HEAD + MESSAGE + b'{"role": "user",\n"content": "a"}\n', "line 3, column 17"),
        (HEAD + MESSAGE[:-3], "line 2, column 29"), (HEAD[:-1] + MESSAGE, "line 1, column 59"),
        (HEAD + b"{}" + MESSAGE, "line 2, column 3"), (HEAD + MESSAGE.replace(b"x", b"\xff"), "line 2, column 30"),
        (HEAD + MESSAGE.replace(b"x", b"\0"), "line 2, column 30"), (HEAD + b"[]\n", "messages.0"),
        (HEAD + b'{"role": "user", "role": "user"}\n', "messages.0"), (HEAD + b'{"content": NaN}\n', "messages.0"),
        (HEAD + MESSAGE + b"[" * 100_000, "messages.1"), (HEAD.replace(b"{}", b'{"helper": "chef"}'), "session.helper"),
        (HEAD.replace(b"{}", b'{"title": 1, "title": 2}'), "line 1, column 1"),
        (HEAD.replace(b"{}", b'{"message_count": 2}') + MESSAGE, "messages.1"),
    ],
)  # fmt: skip
def test_lines_that_are_no_export_are_refused_with_their_place(
    as_charlie: ApiClient, data: bytes, place: str
) -> None:
    response = as_charlie.send("POST", IMPORT, content=data, headers={"Content-Type": "application/jsonl"})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["place"]) == (422, "invalid_import", place), error
    assert chats(as_charlie) == 0


@pytest.mark.parametrize(
    "data",
    [HEAD + MESSAGE * 2, HEAD + MESSAGE + MESSAGE[:-1], (HEAD + MESSAGE * 2).replace(b"\n", b"\r\n")],
    ids=["as exported", "without the last end", "CRLF"],
)
@pytest.mark.parametrize("type", ["application/jsonl", "application/x-ndjson", "application/json"])
def test_lines_may_end_in_several_ways_and_come_as_several_types(
    as_alice: ApiClient, data: bytes, type: str
) -> None:
    response = as_alice.send("POST", IMPORT, content=data, headers={"Content-Type": type})
    assert response.json()["session"]["message_count"] == 2


def test_another_type_is_refused(as_alice: ApiClient) -> None:
    refused = as_alice.refused("POST", IMPORT, content=HEAD, headers={"Content-Type": "text/plain"})
    assert refused == (415, "unsupported_media_type")
    assert (
        as_alice.refused(
            "POST", "/api/websites", content=b'{"name": "a"}', headers={"Content-Type": "application/jsonl"}
        )
        == refused
    )


@pytest.mark.parametrize("messages", [0, 3, 2_500])
def test_a_chat_that_came_back_is_exported_as_it_was(
    as_alice: ApiClient, alice: Person, stack: Stack, messages: int
) -> None:
    session = as_alice.new_session(title="Line ends")["id"]
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, role, content, tool_calls)"
        " select %s, %s, 'assistant', E'n\\n\u2028\\u0085 ' || n, '[{\"x\": 1.50}]' from generate_series(1, %s) n",
        alice.id,
        session,
        messages,
    )
    as_alice.patch(f"/api/chat/sessions/{session}", {"last_read_seq": messages})
    first = export(as_alice, session)
    response = as_alice.send(
        "POST", IMPORT, content=first.encode(), headers={"Content-Type": "application/jsonl"}
    )
    second = export(as_alice, response.json()["session"]["id"])
    assert first.count("\n") == messages + 1
    assert without_ids_and_times(second) == without_ids_and_times(first)


def without_ids_and_times(text: str) -> str:
    """Number ids in the order in which they come; all else stays as it is, byte for byte."""
    ids: dict[str, str] = {}
    text = re.sub(r'"(created_at|updated_at|last_message_at)":"[^"]*"', r'"\1":""', text)
    return re.sub(r"[0-9a-f-]{36}", lambda found: ids.setdefault(found[0], f"id {len(ids)}"), text)


def test_what_was_deleted_is_not_exported(as_alice: ApiClient, alice: Person, stack: Stack) -> None:
    session = as_alice.new_session()["id"]
    stack.sql(
        "insert into public.chat_messages (user_id, session_id, role, content)"
        " select %s, %s, 'user', 'n ' || n from generate_series(1, 3100) n",
        alice.id,
        session,
    )
    stack.sql("delete from public.chat_messages where session_id = %s and seq between 500 and 2600", session)
    found = chat_file.read(export(as_alice, session))["messages"]
    assert [message["seq"] for message in found] == [*range(1, 500), *range(2601, 3101)]


@pytest.mark.parametrize("field", ["tool_calls", "sources"])
def test_a_message_has_no_more_tool_calls_or_sources_than_can_be_kept(
    as_charlie: ApiClient, exported: dict[str, Any], version: int, field: str
) -> None:
    exported["messages"][1][field] = [{"x": "y" * 262_144}]
    error = send(as_charlie, exported, version).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.1")
    assert error["message"].endswith("messages.1: its tool calls or sources are too large.")


def test_messages_that_say_nothing_of_each_other_follow_one_another(as_alice: ApiClient) -> None:
    """The chat may also come after its messages."""
    messages = [{"role": role, "content": role} for role in ("user", "assistant", "user")]
    document = {"messages": messages, "session": {"title": "Last"}, "version": 1, "format": "sitethread-chat"}
    session = imported(as_alice, document, 1)
    assert session["title"] == "Last"
    question, answer, last = as_alice.get(f"/api/chat/sessions/{session['id']}")["messages"]
    assert (question["follows_id"], answer["follows_id"], last["follows_id"]) == (
        None,
        question["id"],
        answer["id"],
    )
    assert answer["reply_to"] == question["id"]


def test_a_fault_at_the_end_of_a_long_file_leaves_nothing_behind(
    as_alice: ApiClient, alice: Person, stack: Stack, version: int
) -> None:
    message = {"role": "user", "content": "word " * 2_000}
    document = made(version, [message] * 500 + [{}])
    error = send(as_alice, document, version).json()["error"]
    assert (error["code"], error["place"]) == ("invalid_import", "messages.500.role")
    assert chats(as_alice) == 0
    assert stack.sql("select 1 from private.imports where user_id = %s", alice.id) == []


def test_an_empty_chat_comes_back(as_alice: ApiClient, version: int) -> None:
    session = imported(as_alice, made(version, [], title="Nothing"), version)
    assert (session["title"], session["message_count"]) == ("Nothing", 0)


def test_a_big_chat_comes_in_whole(as_alice: ApiClient, version: int) -> None:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": f"{n} " + "word " * 200} for n in range(5_000)]
    assert imported(as_alice, made(version, messages), version)["message_count"] == 5_000


def test_a_foreign_website_is_not_found(
    as_alice: ApiClient, as_charlie: ApiClient, exported: dict[str, Any], version: int
) -> None:
    website = as_alice.new_website()["id"]
    for id in (website, UNKNOWN):
        response = send(as_charlie, exported, version, f"?website_id={id}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert chats(as_charlie) == 0


def test_the_same_key_imports_once(as_alice: ApiClient, exported: dict[str, Any], version: int) -> None:
    before = chats(as_alice)
    headers = {"Idempotency-Key": "this file"}
    first = imported(as_alice, exported, version, headers=headers)["id"]
    assert imported(as_alice, exported, version, headers=headers)["id"] == first
    assert chats(as_alice) == before + 1
