"""A quota holds however many ask at once, over all workers."""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.app_server import AppServer
from tests.fake_model import FakeModel, Raw
from tests.http_client import HttpClient, connect
from tests.stacks import Person, Stack

ALLOWED, ASKED = 20, 64


@pytest.fixture
def twenty_turns(stack: Stack) -> Iterator[None]:
    """Allow 20 turns a day for the time of a test, and no other limit that could come first."""
    before = stack.sql("select name, allowed, every from private.quotas")
    stack.sql("update private.quotas set allowed = greatest(allowed, 1000)")
    stack.sql("update private.quotas set allowed = %s, every = '1 day' where name = 'turns'", ALLOWED)
    yield
    for quota in before:
        stack.sql(
            "update private.quotas set allowed = %s, every = %s where name = %s",
            *(quota["allowed"], quota["every"], quota["name"]),
        )


@pytest.mark.usefixtures("twenty_turns")
def test_of_64_questions_at_once_to_4_workers_exactly_20_are_answered(
    stack: Stack, model: FakeModel, alice: Person
) -> None:
    together = threading.Barrier(ASKED)
    with AppServer(stack, model.base_url, workers=4) as server:

        def ask(number: int) -> httpx.Response:
            # A connection each, so that all workers get some.
            with HttpClient(connect(server.url), alice.access_token) as client:
                together.wait(30)
                question = {"message": f"2 words, seed {number}", "message_id": str(uuid.uuid4())}
                # A machine at its limits refuses some at first, as they all wait for one row.
                while (answer := client.send("POST", "/api/chat", json=question)).status_code == 503:
                    time.sleep(float(answer.headers["Retry-After"]))
                return answer

        with ThreadPoolExecutor(ASKED) as pool:
            answers = list(pool.map(ask, range(ASKED)))
    assert Counter(answer.status_code for answer in answers) == {200: ALLOWED, 429: ASKED - ALLOWED}
    # A worker may have ended some streams of a person who follows many answers; all answers are written.
    messages = stack.rest("chat_messages?select=status&role=eq.assistant", alice.access_token).json()
    assert [message["status"] for message in messages] == ["complete"] * ALLOWED
    for refused in (answer for answer in answers if answer.status_code == 429):
        error = refused.json()["error"]
        assert error["code"] == "quota_exceeded"
        assert (
            error["message"].endswith(".") and "PT429" not in refused.text and "quota" not in error["message"]
        )
        assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    kept = stack.sql("select count(*) as n from chat_messages where user_id = %s and role = 'user'", alice.id)
    assert kept == [{"n": ALLOWED}], "what is refused leaves nothing behind"


DIRECT = {"Prefer": "return=minimal"}


@pytest.fixture
def limits(stack: Stack) -> Iterator[Callable[[str, int], None]]:
    """Change what a person may use until the end of the test."""
    before = stack.sql("select name, allowed from private.quotas")

    def allow(quota: str, allowed: int) -> None:
        stack.sql("update private.quotas set allowed = %s where name = %s", allowed, quota)

    yield allow
    for quota in before:
        allow(quota["name"], quota["allowed"])


def insert(stack: Stack, person: Person, table: str, rows: object) -> httpx.Response:
    """Insert straight at PostgREST."""
    return stack.rest(table, person.access_token, "POST", json=rows, headers=DIRECT, timeout=60)


def chat_of(stack: Stack, person: Person) -> str:
    chat = str(uuid.uuid4())
    assert insert(stack, person, "chat_sessions", {"id": chat}).status_code == 201
    return chat


def website_of(stack: Stack, person: Person) -> str:
    website = str(uuid.uuid4())
    assert insert(stack, person, "websites", {"id": website, "name": "Luna"}).status_code == 201
    return website


@pytest.mark.parametrize("rows", [201, 5_000])
def test_nobody_has_more_than_200_websites(stack: Stack, alice: Person, rows: int) -> None:
    assert insert(stack, alice, "websites", [{"name": "x"}] * rows).status_code == 429
    assert stack.sql("select count(*) as n from websites where user_id = %s", alice.id) == [{"n": 0}]


def test_of_64_websites_at_once_there_are_20(
    stack: Stack, alice: Person, limits: Callable[[str, int], None]
) -> None:
    limits("websites", 20)
    with ThreadPoolExecutor(32) as pool:
        replies = list(pool.map(lambda _: insert(stack, alice, "websites", {"name": "x"}), range(64)))
    assert Counter(reply.status_code for reply in replies) == {201: 20, 429: 44}


def test_6000_messages_in_one_request_are_refused(stack: Stack, alice: Person) -> None:
    row = {"session_id": chat_of(stack, alice), "role": "user", "content": "x"}
    assert insert(stack, alice, "chat_messages", [row] * 6_000).status_code == 413
    assert insert(stack, alice, "chat_messages", [row] * 1_000).status_code == 201


@pytest.mark.parametrize("megabytes", [40, 60])
def test_large_requests_are_refused(stack: Stack, alice: Person, megabytes: int) -> None:
    row = {"session_id": chat_of(stack, alice), "role": "assistant", "content": "x" * 1_000_000}
    assert insert(stack, alice, "chat_messages", [row] * megabytes).status_code == 413
    assert stack.sql("select count(*) as n from chat_messages where user_id = %s", alice.id) == [{"n": 0}]


def test_a_day_has_so_many_messages_however_they_come(
    stack: Stack, alice: Person, limits: Callable[[str, int], None]
) -> None:
    limits("messages", 1_500)
    row = {"session_id": chat_of(stack, alice), "role": "user", "content": "x"}
    assert insert(stack, alice, "chat_messages", [row] * 1_000).status_code == 201
    assert insert(stack, alice, "chat_messages", [row] * 501).status_code == 429
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: insert(stack, alice, "chat_messages", [row] * 60), range(12)))
    assert Counter(reply.status_code for reply in replies) == {201: 8, 429: 4}
    refused = next(reply for reply in replies if reply.status_code == 429)
    details = json.loads(refused.json()["details"])
    assert details["quota"] == "messages" and 0 < details["retry_after"] <= 86_400
    added = stack.rest("rpc/add_message", alice.access_token, "POST", json={**row, "content": "y"})
    assert added.status_code == 201 or added.status_code == 200, "20 are left"


def test_a_page_beyond_the_limit_is_not_sent_to_the_model(
    stack: Stack, model: FakeModel, server: AppServer, alice: Person
) -> None:
    website = website_of(stack, alice)
    with HttpClient(connect(server.url), alice.access_token) as client:
        for size, is_sent in ((300_000, True), (300_001, False), (4_000_000, False)):
            version = {"website_id": website, "files": {"index.html": "<p>" + "x" * (size - 3)}}
            assert insert(stack, alice, "site_versions", version).status_code == 201
            asked = client.send("POST", "/api/chat", json={"message": "Hi", "website_id": website})
            assert "event: done" in asked.text
            sent = json.dumps(model.requests[-1]["messages"])
            assert ("x" * 1_000 in sent) is is_sent
            assert (len(sent) > 300_000) is is_sent
            assert (f"too long to be shown to you: {size:,} bytes" in sent) is not is_sent


def tokens_of(stack: Stack, person: Person) -> int:
    rows = stack.sql(
        "select used from private.usage_counters where user_id = %s and name = 'model_tokens'", person.id
    )
    return int(rows[0]["used"]) if rows else 0


def ask(client: HttpClient, message: str = "2 words, seed 1") -> httpx.Response:
    return client.send("POST", "/api/chat", json={"message": message})


def test_the_models_figures_are_what_counts(
    stack: Stack, model: FakeModel, server: AppServer, alice: Person
) -> None:
    with HttpClient(connect(server.url), alice.access_token) as client:
        done = json.loads(ask(client).text.rpartition("event: done\ndata: ")[2])
        took = done["usage"]["prompt_tokens"] + done["usage"]["completion_tokens"]
        assert tokens_of(stack, alice) == took > 0
        (chat,) = stack.sql("select id from chat_sessions where user_id = %s", alice.id)
        forged = {
            "session_id": str(chat["id"]),
            "role": "assistant",
            "content": "x",
            "prompt_tokens": 1_000_000,
        }
        assert insert(stack, alice, "chat_messages", forged).status_code == 201
        stack.rest(f"chat_sessions?id=eq.{chat['id']}", alice.access_token, "DELETE")
        assert tokens_of(stack, alice) == took, "neither what is added nor what is deleted counts"
        (day,) = client.send("GET", "/api/usage").json()["usage"]["days"]
        counted = {"questions": 1, "answers": 1, "cached_tokens": 0, **done["usage"]}
        assert {**day, "day": ""} == {"day": "", **counted}


def test_a_model_that_reports_nothing_is_guessed_from_the_characters(
    stack: Stack, model: FakeModel, server: AppServer, alice: Person
) -> None:
    text = b'data: {"choices": [{"delta": {"content": "' + b"x" * 8_000 + b'"}}]}\n\n'
    end = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    model.enqueue(Raw(text + end))
    with HttpClient(connect(server.url), alice.access_token) as client:
        assert "event: done" in ask(client).text
    assert 2_000 < tokens_of(stack, alice) < 4_000


def test_tokens_are_reserved_before_the_model_is_called_and_used_up_for_the_day(
    stack: Stack, model: FakeModel, server: AppServer, alice: Person, limits: Callable[[str, int], None]
) -> None:
    with HttpClient(connect(server.url), alice.access_token) as client:
        ask(client)
        limits("model_tokens", tokens_of(stack, alice) + 4_000)
        asked_before = len(model.requests)
        refused = ask(client)
        assert refused.status_code == 429, refused.text
        error = refused.json()["error"]
        assert (error["code"], error["quota"]) == ("quota_exceeded", "model_tokens")
        assert error["message"].startswith(
            "You have used up what the model reads and writes for you in a day."
        )
        assert 0 < int(refused.headers["Retry-After"]) <= 86_400
        assert len(model.requests) == asked_before
    kept = stack.sql("select count(*) as n from chat_messages where user_id = %s", alice.id)
    assert kept == [{"n": 2}], "what is refused leaves nothing behind"


def test_parallel_questions_cannot_reserve_the_same_tokens(
    stack: Stack, alice: Person, limits: Callable[[str, int], None]
) -> None:
    for quota in ("turns", "sessions", "running_answers"):
        limits(quota, 1_000)
    limits("model_tokens", 5 * 4_600)

    def start(_: int) -> int:
        ids = {name: str(uuid.uuid4()) for name in ("message_id", "answer_id", "lease")}
        return stack.rest(
            "rpc/start_turn", alice.access_token, "POST", json={"message": "Hi", **ids}
        ).status_code

    with ThreadPoolExecutor(16) as pool:
        assert Counter(pool.map(start, range(24))) == {200: 5, 429: 19}
    assert 5 * 4_000 < tokens_of(stack, alice) <= 5 * 4_600
