"""The OpenAPI document: what the framework makes of the models that validate, put right."""

from collections.abc import Iterator
from typing import Any

from flask import current_app
from flask_openapi3.openapi import OpenAPI

from web.api import responses

# Where an answer holds the id that other doors have in their path.
_NAMED: dict[str, dict[str, str]] = {
    "WebsiteAnswer": {"website_id": "/website/id"},
    "SessionAnswer": {"session_id": "/session/id"},
    "ProjectChatAnswer": {"session_id": "/session/id"},
    "MessageAnswer": {"message_id": "/message/id"},
    "ProjectMessageAnswer": {"message_id": "/message/id"},
    "VersionList": {"version_id": "/versions/0/id"},
    "VersionAnswer": {"version_id": "/version/id"},
    "SavedChatAnswer": {"chat_id": "/chat/id"},
    "ShareAnswer": {"share_id": "/share/id", "token": "/share/token"},
    "Trashed": {"trash_id": "/trash_id"},
}


def document() -> dict[str, object]:
    """Return the OpenAPI document."""
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101
    spec: dict[str, Any] = app.api_doc
    targets = _targets(spec)
    for model in spec["components"]["schemas"].values():
        for field in model.get("properties", {}).values():
            # Left out is not null, where null is refused.
            if field.get("default", ...) is None and {"type": "null"} not in field.get("anyOf", []):
                del field["default"]
    for operation in _operations(spec):
        for parameter in operation.get("parameters", []):
            parameter["schema"] = _as_sent(parameter["schema"])
        # Where no refusal of the input is written down there is none; the framework invents one.
        if _schema_of(operation["responses"].get("422", {})).get("type") == "array":
            del operation["responses"]["422"]
        # It also joins a docstring's lines in HTML.
        if "description" in operation:
            operation["description"] = operation["description"].replace("<br/>", "\n")
        for response in operation["responses"].values():
            # It leaves out what is said of an event's data.
            if "text/event-stream" in response.get("content", {}):
                response["content"] = responses.EVENTS["content"]
            if links := _links(_schema_of(response), targets):
                response["links"] = links
    return spec


def _operations(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (operation for methods in spec["paths"].values() for operation in methods.values())


def _schema_of(response: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = response.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _as_sent(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a parameter as an address can hold it: one that is left out is not sent as null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**rest, **kinds[0]}


def _targets(spec: dict[str, Any]) -> dict[str, list[str]]:
    """Return the operations that have a name in their path, by that name."""
    found: dict[str, list[str]] = {}
    for operation in _operations(spec):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                found.setdefault(parameter["name"], []).append(operation["operationId"])
    return found


def _links(schema: dict[str, Any], targets: dict[str, list[str]]) -> dict[str, Any]:
    """Say where to go on from an answer, with the ids that it holds."""
    return {
        target: {"operationId": target, "parameters": {f"path.{name}": f"$response.body#{place}"}}
        for name, place in _NAMED.get(schema.get("$ref", "").rpartition("/")[2], {}).items()
        for target in targets.get(name, [])
    }
