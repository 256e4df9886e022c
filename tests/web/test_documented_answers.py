"""The OpenAPI document: answers look as it says, and whatever it allows is answered with a code."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints import shapes
from tests.stacks import Person, Stack
from tests.web.conftest import Caller
from tests.web.test_versions import save_version

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False), st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3),
    max_leaves=6,
)
ODD_IDS = ["00000000-0000-4000-8000-000000000000", "x", "%00", "..", "{}", "𝟘"]


def test_answers_have_the_shapes_of_the_document(as_alice: Caller, alice: Person, stack: Stack) -> None:
    website = as_alice.post("/api/websites", {"name": "Coffee"})
    shapes.WebsiteAnswer.model_validate(website, strict=True, extra="forbid")
    id = website["website"]["id"]
    session = as_alice.post("/api/chat/sessions", {"website_id": id})
    shapes.SessionAnswer.model_validate(session, strict=True, extra="forbid")
    chat = session["session"]["id"]
    message = as_alice.post(f"/api/chat/sessions/{chat}/messages", {"role": "user", "content": "Hi"})
    shapes.MessageAnswer.model_validate(message, strict=True, extra="forbid")
    version = save_version(stack, alice, id)
    for path, shape in {
        "/api/websites": shapes.WebsiteList,
        f"/api/websites/{id}": shapes.WebsiteAnswer,
        f"/api/websites/{id}/versions": shapes.VersionList,
        f"/api/versions/{version}": shapes.VersionFilesAnswer,
        "/api/chat/sessions": shapes.SessionList,
        f"/api/chat/sessions/{chat}": shapes.SessionDetail,
        f"/api/chat/messages?session_id={chat}": shapes.MessageList,
        "/api/helpers": shapes.HelperList,
    }.items():
        shape.model_validate(as_alice.get(path), strict=True, extra="forbid")
    restored = as_alice.post(f"/api/versions/{version}/restore")
    shapes.VersionAnswer.model_validate(restored, strict=True, extra="forbid")


def operations(app: Flask) -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = app.test_client().get("/api/openapi.json").get_json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, {**operation, "schemas": document["components"]["schemas"]}


def fields_of(operation: dict[str, Any]) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    schema = operation["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return list(schema.get("properties", {}))


@pytest.fixture(scope="module")
def somebody(app: Flask, stack: Stack) -> Caller:
    return Caller(app, stack.sign_up().access_token)


def test_whatever_comes_is_answered_with_a_code(app: Flask, somebody: Caller) -> None:
    doors = [door for door in operations(app) if door[1] != "/api/chat"]
    assert len(doors) > 15
    own = {
        "website_id": somebody.new_website()["id"],
        "session_id": somebody.new_session()["id"],
    }

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        method, path, operation = data.draw(st.sampled_from(doors))
        names = [part["name"] for part in operation.get("parameters", []) if part["in"] == "query"]
        for name in [part["name"] for part in operation.get("parameters", []) if part["in"] == "path"]:
            ids = ODD_IDS + ([own[name]] if name in own and method != "DELETE" else [])
            path = path.replace("{" + name + "}", data.draw(st.sampled_from(ids)))
        query = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), st.text(max_size=30), max_size=3))
        fields = fields_of(operation)
        body = data.draw(st.dictionaries(st.sampled_from(fields), VALUES, max_size=4)) if fields else None
        options = {"data": json.dumps(body).encode(), "content_type": "application/json"} if fields else {}
        response = somebody.send(method, path, query_string=query, **options)
        if response.status_code >= 400:
            error = response.get_json()["error"]
            assert error["code"] and error["message"] and error["request_id"]

    send()


def test_texts_of_every_script_come_back_as_they_went(somebody: Caller) -> None:
    session = somebody.new_session()["id"]
    texts = [
        "مرحبا",
        "日本語のテキスト",
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "e\u0301",
        "\u2028line\u2029",
        "\U0010ffff",
        "a\r\nb\t",
        "<script>",
        "\\u0000",
    ]
    for text, role in itertools.product(texts, ["user", "assistant"]):
        assert somebody.new_message(session, text, role)["content"] == text
    stored = somebody.get(f"/api/chat/sessions/{session}/messages")["messages"]
    assert [message["content"] for message in stored][::2] == texts
