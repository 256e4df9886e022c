"""The OpenAPI document: responses look as it says; tests/fuzz sends whatever it allows."""

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from typing_extensions import is_typeddict

from tests.http_client import ApiClient
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from tests.web.versions import save_version
from web.api import responses
from web.api.request_models import Fields, Query


def test_responses_have_the_documented_schemas(as_alice: ApiClient, alice: Person, stack: Stack) -> None:
    website = as_alice.post("/api/websites", {"name": "Coffee"})
    responses.WebsiteResponse.model_validate(website, strict=True, extra="forbid")
    id = website["website"]["id"]
    session = as_alice.post("/api/chat/sessions", {"website_id": id})
    responses.SessionResponse.model_validate(session, strict=True, extra="forbid")
    chat = session["session"]["id"]
    message = as_alice.post(f"/api/chat/sessions/{chat}/messages", {"role": "user", "content": "Hi"})
    responses.MessageResponse.model_validate(message, strict=True, extra="forbid")
    version = save_version(stack, alice, id)
    for path, schema in {
        "/api/websites": responses.WebsiteList,
        f"/api/websites/{id}": responses.WebsiteResponse,
        f"/api/websites/{id}/brief": responses.BriefResponse,
        f"/api/websites/{id}/versions": responses.VersionList,
        f"/api/versions/{version}": responses.VersionFilesResponse,
        f"/api/versions/{version}/elements": responses.ElementsResponse,
        f"/api/versions/{version}/pages": responses.SitePageList,
        "/api/chat/sessions": responses.SessionList,
        f"/api/chat/sessions/{chat}": responses.SessionDetail,
        f"/api/chat/messages?session_id={chat}": responses.MessageList,
        "/api/helpers": responses.HelperList,
    }.items():
        schema.model_validate(as_alice.get(path), strict=True, extra="forbid")
    restored = as_alice.post(f"/api/versions/{version}/restore")
    responses.VersionResponse.model_validate(restored, strict=True, extra="forbid")


def subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_no_two_schemas_share_a_name() -> None:
    kinds = {*subclasses(Fields), *subclasses(responses.Success)} - {*subclasses(Query)}
    rows = {
        value
        for name, module in sys.modules.items()
        if name.startswith("sitethread.")
        for value in vars(module).values()
        if is_typeddict(value)
    }
    named = Counter(kind.__name__ for kind in kinds | rows)
    assert named.total() > 50
    assert [name for name, count in named.items() if count > 1] == [], "the document knows them by name alone"


def test_the_document_is_made_before_there_are_requests(make_app: Callable[..., Flask]) -> None:
    assert make_app().extensions["openapi"]["paths"]


def test_links_lead_from_every_response_to_operations_that_take_its_id(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").get_json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    names = {
        operation["operationId"]: {f"path.{part['name']}" for part in operation.get("parameters", [])}
        for operation in operations
    }
    links = [
        link
        for operation in operations
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert all(set(link["parameters"]) <= names[link["operationId"]] for link in links)
    linked = {name for link in links for name in link["parameters"]}
    ids = (
        "website",
        "session",
        "message",
        "version",
        "share",
        "page_share",
        "comment",
        "prompt",
        "trash",
        "chat",
        "submission",
    )
    assert linked == {f"path.{name}_id" for name in ids} | {"path.token", "path.page_token"}


@pytest.fixture(scope="module")
def somebody(app: Flask, stack: Stack) -> ApiClient:
    return client_of(app, stack.sign_up())


def test_texts_of_every_script_come_back_as_they_went(somebody: ApiClient) -> None:
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
