"""The OpenAPI 3.1 document, made of the routes and models that validate requests."""

import re
from collections.abc import Iterator
from http import HTTPStatus

from flask import Flask, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sitethread import __version__
from web.api.blueprint import Operation
from web.api.request_models import OptionalBody
from web.api.responses import DocumentedResponse, ErrorResponse, Schema

_DESCRIPTION = """\
Everything that the pages do, for scripts. Send `Authorization: Bearer <Supabase access token>`, or the cookies of a
sign-in together with `Sec-Fetch-Site: same-origin`. Request fields may be written in snake_case or camelCase; responses
are snake_case. Every error is `{"success": false, "error": {"code", "message", "request_id"}}`."""
_SECURITY_SCHEMES: Schema = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Supabase access token.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sitethread_access",
        "description": "Signed in by the pages.",
    },
}
_READ_ERRORS = (400, 401, 404, 414, 422, 431, 503)
_WRITE_ERRORS = (*_READ_ERRORS, 403, 408, 409, 413, 415, 429)
_REFERENCE = "#/components/schemas/{model}"
_PLACEHOLDER = re.compile(r"<(?:(\w+):)?(\w+)>")
# Where a response holds the id that other routes have in their path.
_LINKED_IDS: dict[str, dict[str, str]] = {
    "WebsiteResponse": {"website_id": "/website/id"},
    "SessionResponse": {"session_id": "/session/id"},
    "ProjectChatResponse": {"session_id": "/session/id"},
    "MessageResponse": {"message_id": "/message/id"},
    "ProjectMessageResponse": {"message_id": "/message/id"},
    "VersionList": {"version_id": "/versions/0/id"},
    "VersionResponse": {"version_id": "/version/id"},
    "SavedChatResponse": {"chat_id": "/chat/id"},
    "ShareResponse": {"share_id": "/share/id", "token": "/share/token"},
    "PageShareResponse": {"page_share_id": "/share/id", "page_token": "/share/token"},
    "SubmissionResponse": {"submission_id": "/submission/id"},
    "SubmissionList": {"submission_id": "/submissions/0/id"},
    "SavedPromptResponse": {"prompt_id": "/prompt/id"},
    "PageCommentResponse": {"comment_id": "/comment/id"},
    "Trashed": {"trash_id": "/trash_id"},
}


def init_app(app: Flask) -> None:
    """Make the document of all routes that are registered: it takes 50 ms, which other requests would wait for."""
    app.extensions["openapi"] = _document(app)


def document() -> Schema:
    """Return the OpenAPI document of the current app."""
    found: Schema = current_app.extensions["openapi"]
    return found


def _document(app: Flask) -> Schema:
    operations = list(_operations(app))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sitethread", "version": __version__, "description": _DESCRIPTION},
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for *_, operation in operations)],
        "paths": _paths(operations),
        "components": {"schemas": _schemas(operations), "securitySchemes": _SECURITY_SCHEMES},
    }


def _operations(app: Flask) -> Iterator[tuple[str, str, str, Operation]]:
    """Yield rule, method, operation id and description of each documented route."""
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation is not None:
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for method in map(str.lower, methods):
                name = rule.endpoint if len(methods) == 1 else f"{rule.endpoint}.{method}"
                yield rule.rule, method, name, operation


def _paths(operations: list[tuple[str, str, str, Operation]]) -> Schema:
    targets: dict[str, list[str]] = {}
    for rule, _, operation_id, _ in operations:
        for _, name in _PLACEHOLDER.findall(rule):
            targets.setdefault(name, []).append(operation_id)
    paths: Schema = {}
    for rule, method, operation_id, operation in operations:
        path = paths.setdefault(_PLACEHOLDER.sub(r"{\2}", rule), {})
        path[method] = _operation(rule, method, operation_id, operation, targets)
    return paths


def _operation(
    rule: str, method: str, operation_id: str, operation: Operation, targets: dict[str, list[str]]
) -> Schema:
    described: Schema = {
        "operationId": operation_id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*_path_parameters(rule), *_parameters(operation)],
        "responses": _responses(method, operation, targets),
    }
    if not operation.is_public:
        described["security"] = [{name: []} for name in _SECURITY_SCHEMES]
    if operation.description:
        described["description"] = operation.description
    if operation.body or operation.body_description:
        content = (_json(operation.body) if operation.body else {}) | operation.body_description.get(
            "content", {}
        )
        is_required = not (operation.body and issubclass(operation.body, OptionalBody))
        described["requestBody"] = {**operation.body_description, "content": content, "required": is_required}
    return described


def _path_parameters(rule: str) -> Iterator[Schema]:
    for converter, name in _PLACEHOLDER.findall(rule):
        schema = {"type": "string", "format": "uuid"} if converter == "id" else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _parameters(operation: Operation) -> Iterator[Schema]:
    for source, place in (("headers", "header"), ("query", "query")):
        if source not in operation.models:
            continue
        model = operation.models[source].model_json_schema()
        for name, schema in model["properties"].items():
            sent = _as_sent(schema)
            described = {"description": sent["description"]} if "description" in sent else {}
            yield {
                "name": name,
                "in": place,
                "required": name in model.get("required", []),
                "schema": sent,
                **described,
            }


def _as_sent(schema: Schema) -> Schema:
    """Describe a parameter as an address can hold it: one that is left out is not sent as null."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**rest, **kinds[0]}


def _responses(method: str, operation: Operation, targets: dict[str, list[str]]) -> Schema:
    responses: Schema = {
        str(status): _response(status, documented) for status, documented in operation.responses.items()
    }
    for status, documented in operation.responses.items():
        if isinstance(documented, type) and (links := _links(documented, targets)):
            responses[str(status)]["links"] = links
    for status in _READ_ERRORS if method == "get" else _WRITE_ERRORS:
        if not (operation.is_public and status == 401):
            responses[str(status)] = _response(status, ErrorResponse)
    return responses


def _response(status: int, documented: DocumentedResponse) -> Schema:
    if isinstance(documented, type):
        return {"description": HTTPStatus(status).phrase, "content": _json(documented)}
    return dict(documented)


def _json(model: type[BaseModel]) -> Schema:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}


def _links(model: type[BaseModel], targets: dict[str, list[str]]) -> Schema:
    """Say where to go on from a response, with the ids that it holds."""
    return {
        target: {"operationId": target, "parameters": {f"path.{name}": f"$response.body#{place}"}}
        for name, place in _LINKED_IDS.get(model.__name__, {}).items()
        for target in targets.get(name, [])
    }


def _schemas(operations: list[tuple[str, str, str, Operation]]) -> Schema:
    models: dict[type[BaseModel], None] = {ErrorResponse: None}
    for *_, operation in operations:
        documented = [model for model in operation.responses.values() if isinstance(model, type)]
        models |= dict.fromkeys([*documented, *([operation.body] if operation.body else [])])
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=_REFERENCE)
    for schema in schemas["$defs"].values():
        for field in schema.get("properties", {}).values():
            # A field that may be left out, but not be null, has no default.
            if field.get("default", ...) is None and {"type": "null"} not in field.get("anyOf", []):
                del field["default"]
    return dict(schemas["$defs"])
