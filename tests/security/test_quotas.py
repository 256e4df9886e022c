"""A quota holds however many ask at once, over all workers."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.app_server import AppServer
from tests.fake_model import FakeModel
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
    assert all("event: done" in answer.text for answer in answers if answer.status_code == 200)
    for refused in (answer for answer in answers if answer.status_code == 429):
        error = refused.json()["error"]
        assert error["code"] == "quota_exceeded"
        assert (
            error["message"].endswith(".") and "PT429" not in refused.text and "quota" not in error["message"]
        )
        assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    kept = stack.sql("select count(*) as n from chat_messages where user_id = %s and role = 'user'", alice.id)
    assert kept == [{"n": ALLOWED}], "what is refused leaves nothing behind"
