"""The openai client over our connections to the model."""

import gzip
from collections.abc import Iterator

import pytest

from sitethread.model.client import Model
from sitethread.model.events import Finish, ModelError, Text
from sitethread.settings import Settings
from tests.unit.scripted_server import ScriptedServer, scripted_server

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
EVENTS = (
    b'data: {"choices":[{"delta":{"content":"Once"},"finish_reason":"stop"}],"model":"m"}\n\ndata: [DONE]\n\n'
)
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(EVENTS) + EVENTS
QUESTION = [{"role": "user", "content": "Hello"}]
ANSWER = [Text("Once"), Finish("stop", "m")]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as serving:
        yield serving


def model_at(url: str) -> Model:
    return Model(Settings("http://127.0.0.1", "key", openai_api_key="key", openai_base_url=f"{url}/v1"))


def test_the_next_answer_is_read_over_the_same_connection_though_the_last_one_is_aborted(
    server: ScriptedServer,
) -> None:
    server.script = [WHOLE, WHOLE.replace(b"data: [DONE]", b"<pause>data: [DONE]")]
    model = model_at(server.url)
    first = model.stream(QUESTION)
    assert list(first) == ANSWER
    second = iter(model.stream(QUESTION))
    assert next(second) == ANSWER[0]
    first.abort()
    assert list(second) == ANSWER[1:]
    assert len(server.connections) == 1
    assert server.requests[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\n")


def test_a_model_that_hangs_up_before_it_answers_is_asked_again(server: ScriptedServer) -> None:
    server.script = [b"close", WHOLE]
    assert list(model_at(server.url).stream(QUESTION)) == ANSWER


def test_what_a_model_compresses_is_read(server: ScriptedServer) -> None:
    packed = gzip.compress(EVENTS)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    server.script = [head + packed]
    assert list(model_at(server.url).stream(QUESTION)) == ANSWER


def test_a_body_that_breaks_off_is_a_disconnection(server: ScriptedServer) -> None:
    server.script = [WHOLE.replace(b"\n\ndata: [DONE]\n\n", b"\n\n") + b"<pause>close"]
    with pytest.raises(ModelError, match="model_disconnected"):
        list(model_at(server.url).stream(QUESTION))


def test_a_proxy_that_the_environment_names_is_used(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", "elsewhere.example")
    server.script = [WHOLE]
    assert list(model_at("http://model.example").stream(QUESTION)) == ANSWER
    assert server.requests[0].startswith(b"POST http://model.example/v1/chat/completions HTTP/1.1\r\n")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.script = [WHOLE]
    assert list(model_at(server.url).stream(QUESTION)) == ANSWER
    assert server.requests[1].startswith(b"POST /v1/")
