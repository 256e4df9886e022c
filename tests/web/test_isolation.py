"""Many people at once through one process: nobody's request carries another's token."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from sitethread import database
from tests.app_server import AppServer
from tests.http_client import ApiClient, connect
from tests.stacks import Stack
from tests.web.conftest import client_of
from tests.web.recording_proxy import RecordingProxy


def test_64_threads_with_many_users_never_mix_up_tokens(stack: Stack, make_app: Callable[..., Flask]) -> None:
    people = [stack.sign_up() for _ in range(16)]
    ready = threading.Barrier(64)
    with RecordingProxy(stack.supabase_url) as proxy:
        app = make_app(supabase_url=proxy.url)

        def visit(number: int) -> None:
            person = people[number % len(people)]
            caller = client_of(app, person)
            ready.wait(20)
            for turn in range(4):
                website = caller.new_website(f"{person.id}")
                caller.patch(f"/api/websites/{website['id']}", {"name": f"{person.id} {turn}"})
                listed = caller.get("/api/websites", limit=100)["websites"]
                assert listed and all(site["name"].startswith(person.id) for site in listed)

        with ThreadPoolExecutor(64) as pool:
            list(pool.map(visit, range(64)))

        known = {f"Bearer {person.access_token}": person.id for person in people}
        keys = [path for _, path, _ in proxy.requests if path.endswith("jwks.json")]
        asked = [request for request in proxy.requests if request[1] not in keys]
        made = [(path, token) for method, path, token in asked if method == "POST"]
        assert len(keys) == 1, "what tokens are signed with is asked for once"
        assert len(asked) == 64 * 4 * 3, "one request to Supabase for each of ours, and no other"
        assert {token for _, _, token in asked} == set(known)
        assert len(made) == 64 * 4
        assert proxy.connections <= 64, "connections are shared"
    for person in people:
        rows = stack.sql("select name from public.websites where user_id = %s", person.id)
        assert len(rows) == 16 and all(row["name"].startswith(person.id) for row in rows)


def test_64_greenlets_of_one_worker_never_mix_up_tokens(stack: Stack) -> None:
    people = [stack.sign_up() for _ in range(16)]
    ready = threading.Barrier(64)
    with (
        RecordingProxy(stack.supabase_url) as proxy,
        AppServer(stack, stack.openai_base_url, workers=1, SUPABASE_URL=proxy.url) as server,
        connect(server.url) as http,
    ):

        def visit(number: int) -> None:
            person = people[number % len(people)]
            client = ApiClient(http, person.access_token)
            ready.wait(20)
            for _ in range(4):
                client.new_website(person.id)
                listed = client.get("/api/websites", limit=100)["websites"]
                assert listed and {site["name"] for site in listed} == {person.id}

        with ThreadPoolExecutor(64) as pool:
            list(pool.map(visit, range(64)))
        asked = [request for request in proxy.requests if request[1].startswith("/rest/v1/websites")]
    assert len(asked) == 64 * 4 * 2, "one request to Supabase for each of ours"
    tokens = Counter(token for _, _, token in asked)
    assert tokens == {f"Bearer {person.access_token}": 64 * 4 * 2 // 16 for person in people}
    for person in people:
        rows = stack.sql("select name from public.websites where user_id = %s", person.id)
        assert [row["name"] for row in rows] == [person.id] * 16


def test_a_request_makes_at_most_one_client_over_the_shared_pool(
    stack: Stack, make_app: Callable[..., Flask], monkeypatch: object
) -> None:
    made: list[object] = []
    real = database.create_client

    def counting(url: str, key: str, options: database.ClientOptions) -> object:
        made.append(options.httpx_client)
        return real(url, key, options)

    app = make_app()
    person = stack.sign_up()
    caller = client_of(app, person)
    session = caller.new_session()["id"]
    monkeypatch.setattr(database, "create_client", counting)  # type: ignore[attr-defined]
    for path in ("/api/websites", f"/api/chat/sessions/{session}", f"/api/chat/sessions/{session}/export"):
        assert caller.send("GET", path).status_code == 200
        assert made == []
    assert caller.send("PATCH", f"/api/chat/sessions/{session}", json={"title": "Menu"}).status_code == 200
    assert made == [app.extensions["database"]._http]


def test_the_shared_pool_keeps_no_token_and_no_cookie(stack: Stack, make_app: Callable[..., Flask]) -> None:
    app = make_app()
    person = stack.sign_up()
    client_of(app, person).get("/api/websites")
    pool = app.extensions["database"]._http
    assert "authorization" not in pool.headers and "apikey" not in pool.headers
    assert not list(pool.cookies.jar) and pool.follow_redirects is False
