"""The one address of all parts."""

import asyncio
import http.client
import json
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from embedded import gateway
from embedded.assistant import chat_completions
from embedded.ports import HOST, Port, is_open
from sitethread import filters
from tests.assistant_server import running_assistant
from tests.embedded.processes import eventually
from tests.long_chats import add_chat
from tests.stacks import Person, Stack


@pytest.mark.parametrize("path", ["/rest/v1/websites", "/auth/v1/settings"])
def test_a_request_without_a_key_is_refused(stack: Stack, path: str) -> None:
    answer = stack.request("GET", path, headers={"apikey": ""})
    missing = stack.bare("GET", path)
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")
    assert (missing.status_code, missing.json()["message"]) == (401, "No API key found in request")


@pytest.mark.parametrize("path", ["/rest/v1/websites", "/auth/v1/settings"])
def test_a_wrong_key_is_refused(stack: Stack, path: str) -> None:
    answer = stack.bare("GET", path, headers={"apikey": "sb_publishable_other"})
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")


def test_a_key_in_authorization_is_nobody(stack: Stack) -> None:
    """Clients send it there before anybody signed in; PostgREST would take it for a broken token."""
    answer = stack.rest("websites", token=stack.publishable_key)
    assert answer.json()["message"] == "permission denied for table websites"


def test_the_key_may_stand_in_the_query(stack: Stack, alice: Person) -> None:
    path = f"/rest/v1/websites?apikey={stack.publishable_key}&select=id"
    answer = stack.bare("GET", path, headers={"Authorization": f"Bearer {alice.access_token}"})
    assert (answer.status_code, answer.json()) == (200, [])


def test_the_key_leaves_the_query_whole(stack: Stack, alice: Person) -> None:
    stack.rest("websites", alice.access_token, "POST", json={"name": "apikey=1"}).raise_for_status()
    for query in ("name=eq.apikey=1&apikey={}&select=name", "select=name&name=eq.apikey=1&apikey={}"):
        path = f"/rest/v1/websites?{query.format(stack.publishable_key)}"
        answer = stack.bare("GET", path, headers={"Authorization": f"Bearer {alice.access_token}"})
        assert answer.json() == [{"name": "apikey=1"}]


def test_links_in_mails_and_public_keys_need_no_key(stack: Stack) -> None:
    assert stack.bare("GET", "/auth/v1/.well-known/jwks.json").status_code == 200
    assert stack.bare("GET", "/auth/v1/verify?token=x&type=recovery").status_code == 303


@pytest.mark.parametrize("path", ["/rest/v1/websites", "/auth/v1/user"])
def test_a_page_of_any_origin_may_call(stack: Stack, path: str) -> None:
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "PATCH"}
    allowed = stack.bare("OPTIONS", path, headers=asked)
    assert allowed.status_code == 200
    assert "PATCH" in allowed.headers["access-control-allow-methods"]
    for header in ("authorization", "apikey", "x-client-info", "prefer", "x-supabase-api-version"):
        assert header in allowed.headers["access-control-allow-headers"]
    answer = stack.request("GET", path, headers={"Origin": "http://localhost:3000"})
    refused = stack.bare("GET", path, headers={"Origin": "http://localhost:3000"})
    for response in (allowed, answer, refused):
        assert response.headers.get_list("access-control-allow-origin") == ["*"]


def test_an_unknown_path_is_not_found(stack: Stack) -> None:
    assert stack.request("GET", "/storage/v1/bucket").status_code == 404
    assert stack.request("GET", "/").status_code == 404


@pytest.mark.parametrize(
    ("table", "most"), [("websites?select=id&name", 2048), ("chat_sessions?title", 8192)]
)
def test_a_long_address_is_refused(stack: Stack, alice: Person, table: str, most: int) -> None:
    path = f"/rest/v1/{table}=eq."
    within = stack.request("GET", path + "x" * (most - len(path)), alice.access_token)
    beyond = stack.request("GET", path + "x" * (most + 1 - len(path)), alice.access_token)
    assert (within.status_code, beyond.status_code) == (200, 414)


def test_a_long_search_for_chats_embeds_nothing(stack: Stack, alice: Person) -> None:
    search = f"/rest/v1/chat_sessions?%73elect=*,chat_messages(*)&title=eq.{'x' * 2048}"
    assert stack.request("GET", search, alice.access_token).status_code == 414


@pytest.mark.parametrize(
    "condition",
    [
        "name=match.(a*)*b",
        "name=%69match.x",
        "name=not.imatch.x",
        "or=(name.match.x)",
        "name=match(any).{x}",
        'name=imatch."a.*"',
        'name=imatch."\\a"',
        'name=imatch."a',
        "name=eq.%zz",
        "name=like.*a*",
        "name=not.i%6Cike.*a*",
        "name=ilike(any).{a,b}",
        "or=(id.is.null,name.not.like%28all%29.{a})",
        "not.and=(name.ilike.a,id.is.null)",
        "name=eq.%00%26&name=like.a",
        "name=fts.a",
        "name=wfts(english).a",
        "or=(" + ",".join(['name.imatch."a"'] * 5) + ")",
        "&".join(['name=im%61tch."a"'] * 5),
    ],
)
def test_a_search_for_a_pattern_is_refused(stack: Stack, alice: Person, condition: str) -> None:
    for method in ("GET", "DELETE"):
        refused = stack.rest(f"websites?{condition}", alice.access_token, method)
        assert (refused.status_code, refused.json()["message"]) == (400, gateway.NO_PATTERNS["message"])


@pytest.mark.parametrize(
    "query",
    [
        "select=name::int",
        "select=id,chat_sessions(title::int)",
        "%73elec%74=name%3A%3aint",
        'select="a%26b":name:%3Aint',
        "name=eq.a;select=name::int",
    ],
)
def test_a_cast_is_refused(stack: Stack, alice: Person, query: str) -> None:
    """Its error quotes what couldn't be cast, and the database's log would have it."""
    refused = stack.rest(f"websites?{query}", alice.access_token)
    assert (refused.status_code, refused.json()["message"]) == (400, gateway.NO_CASTS["message"])


@pytest.mark.parametrize(
    "text",
    [
        'a"b',
        "1 + 1 = 2 (or 10?)",
        "C:\\x",
        "[{^$*.|}]",
        "100 % 🙂",
        "match." * 6,
        "=like.x",
        ".ilike(any)",
        "&select=std::map",
    ],
)
def test_the_app_looks_for_any_text(stack: Stack, alice: Person, text: str) -> None:
    chat = {"title": f"So {text}!", "tags": [text]}
    stack.rest("chat_sessions", alice.access_token, "POST", json=chat).raise_for_status()
    words = filters.contains(("title", "last_message_preview"), text)
    query = urlencode({"or": f"({words})", "tags": filters.has_item(text)})
    found = stack.rest(f"chat_sessions?{query}", alice.access_token)
    assert [chat["title"] for chat in found.json()] == [f"So {text}!"]


NAMES = json.dumps({f"name{number}": 1 for number in range(200)})


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("rpc/readiness", {"Content-Type": "application/json"}),
        ("rpc/readiness?columns=needs", {"Content-Type": "application/x-www-form-urlencoded"}),
        ("rpc/readiness?columns=needs", {}),
        ("rpc/readiness", {"Content-Type": "application/json", "Authorization": "Basic eDp4"}),
        ("rpc/readiness", {"Content-Type": "application/json", "Authorization": "Bearer"}),
    ],
)
def test_nobody_sends_a_long_body_without_the_names_of_its_values(
    stack: Stack, path: str, headers: dict[str, str]
) -> None:
    """PostgREST 12 took 6 s for 1,000 wrong names, 20 s for 2,000."""
    refused = stack.rest(path, None, "POST", content=NAMES, headers=headers)
    assert (refused.status_code, refused.json()["message"]) == (413, gateway.NO_NAMES["message"])
    named = {"Content-Type": "application/json"}
    assert (
        stack.rest("rpc/readiness?columns=name1", None, "POST", content=NAMES, headers=named).status_code
        == 404
    )


def test_a_body_without_a_length_is_refused(stack: Stack, alice: Person) -> None:
    body = iter([b'{"website_id": ', b'"x"}'])
    refused = stack.rest("rpc/read_versions", alice.access_token, "POST", content=body)
    assert (refused.status_code, refused.json()["message"]) == (411, "The body needs a Content-Length.")


def test_http_2_where_a_body_needs_no_length_is_not_spoken(stack: Stack) -> None:
    address = urlsplit(stack.supabase_url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as connection:
        # Its beginning, and an empty frame of settings.
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        assert connection.recv(100)[:8] in (b"", b"HTTP/1.1", b"HTTP/1.0")


@pytest.mark.parametrize("key", ["publishable", "none", "no token"])
def test_bodies_of_nobody_are_as_large_as_an_answer(stack: Stack, alice: Person, key: str) -> None:
    def send(function: str, token: str | None, size: int) -> int:
        beginning, end = '{"appends": [], "x": "', '"}'
        body = beginning + "x" * (size - len(beginning + end)) + end
        headers = {"Content-Type": "application/json"}
        return stack.rest(
            f"rpc/{function}?columns=appends", token, "POST", content=body.encode(), headers=headers
        ).status_code

    nobody = {"publishable": stack.publishable_key, "none": None, "no token": "a b"}[key]
    mebibyte = 1024 * 1024
    for function, most in (("append_chunks", 4), ("finish_answer", 10)):
        assert send(function, nobody, most * mebibyte) != 413
        assert send(function, nobody, most * mebibyte + 1) == 413
    assert send("append_chunks", alice.access_token, 12 * mebibyte) != 413
    assert send("append_chunks", alice.access_token, 12 * mebibyte + 1) == 413


@pytest.fixture
def gateway_to(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """Starts a gateway whose services listen on the given port; returns its address."""
    with ExitStack() as started:

        def start(services_port: int) -> str:
            port = started.enter_context(Port()).number
            (tmp_path / "gateway.cfg").write_text(gateway.config(port, services_port, services_port, "key"))
            command = [gateway.binary(), "-db", "-q", "-f", str(tmp_path / "gateway.cfg")]
            started.callback(started.enter_context(subprocess.Popen(command)).kill)
            assert eventually(lambda: is_open(port), seconds=60)
            return f"http://{HOST}:{port}"

        yield start


def test_an_answer_streams_as_it_is_written(
    gateway_to: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The assistant goes on when its first words have come: what holds them back on the way waits for ever."""
    has_come = threading.Event()

    async def held(*_: object, **__: object) -> AsyncIterator[str]:
        yield "Once "
        await asyncio.to_thread(has_come.wait)
        yield "upon a time"

    monkeypatch.setattr(chat_completions, "paced", held)
    body = {"stream": True, "messages": [{"role": "user", "content": "Make a page for a bakery"}]}
    with running_assistant() as port:
        url = f"{gateway_to(port)}/llm/v1/chat/completions"
        try:
            with httpx.stream(
                "POST", url, json=body, headers={"Authorization": "Bearer none"}, timeout=60
            ) as answer:
                lines = answer.iter_lines()
                assert any("Once " in line for line in lines)
                has_come.set()
                assert any("upon a time" in line for line in lines)
        finally:
            has_come.set()


def test_lists_end_at_a_thousand_rows(stack: Stack, alice: Person) -> None:
    """As on hosted Supabase, so that a list without pages shows itself here first."""
    chat = add_chat(stack, alice, 1005)
    messages = stack.rest(f"chat_messages?select=id&session_id=eq.{chat}", alice.access_token)
    assert len(messages.json()) == 1000


def test_a_head_costs_the_next_request_nothing(stack: Stack, alice: Person) -> None:
    """PostgREST closes a connection after it, and nothing else must be sent there."""
    where = urlsplit(stack.supabase_url)
    client = http.client.HTTPConnection(HOST, where.port)
    headers = {"apikey": stack.publishable_key, "Authorization": f"Bearer {alice.access_token}"}
    for _ in range(100):
        for method in ("HEAD", "GET"):
            client.request(method, "/rest/v1/websites", headers=headers)
            response = client.getresponse()
            response.read()
            assert response.status == 200
    client.close()
