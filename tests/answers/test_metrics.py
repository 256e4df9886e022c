"""What an operator sees, and nobody else."""

from collections.abc import Iterator

import httpx
import pytest

from tests.app_server import AppServer
from tests.fake_model import FakeModel, Say, Status
from tests.stacks import Stack


@pytest.fixture(scope="module")
def server(stack: Stack, model: FakeModel) -> Iterator[AppServer]:
    with AppServer(stack, model.base_url, METRICS_TOKEN="a-token-for-tests") as running:
        yield running


def test_figures_are_for_whoever_has_the_token(server):
    for headers in ({}, {"Authorization": "Bearer another"}):
        refused = httpx.get(f"{server.url}/metrics", headers=headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_token")


def test_answers_of_all_workers_are_counted_without_a_word_of_them(server, client, model):
    for _ in range(4):
        model.enqueue(Say("A secret between us."))
        client.ask("Tell me a secret")
    model.enqueue(Status(401))
    client.ask("Again")
    text = httpx.get(f"{server.url}/metrics", headers={"Authorization": "Bearer a-token-for-tests"}).text
    assert 'sitethread_ended_answers_total{status="complete"} 4.0' in text
    assert 'sitethread_model_errors_total{code="model_refused_key"} 1.0' in text
    assert "sitethread_running_answers 0.0" in text
    assert "sitethread_flush_seconds_count" in text
    assert "secret" not in text
