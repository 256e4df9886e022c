"""Blueprints of the JSON API: a view's annotations say what it takes, which is validated and documented.

A view takes the ids in its address as text, and up to three models by name: `headers`, `query` and `body`. Why this is
not a library: docs/decisions/0005-one-model-validates-and-documents.md.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue, RouteCallable
from pydantic import BaseModel, ValidationError

from sitethread.field_names import given_twice, names_of
from sitethread.validation import to_domain_error
from web.api.request_models import OptionalBody
from web.api.responses import DocumentedResponse, Schema
from web.authentication import require_user

View = TypeVar("View", bound=RouteCallable)


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of a route. `models` are what its view takes, by `headers`, `query`, `body`."""

    tag: str
    is_public: bool
    summary: str
    description: str
    models: Mapping[str, type[BaseModel]]
    responses: Mapping[int, DocumentedResponse]
    body: type[BaseModel] | None
    body_description: Schema


class ApiBlueprint(Blueprint):
    """A blueprint whose routes require a signed-in user, unless it is public, and are in the OpenAPI document."""

    def __init__(self, name: str, import_name: str, tag: str, *, is_public: bool = False) -> None:
        super().__init__(name, import_name, url_prefix="/api")
        self._tag = tag
        self._is_public = is_public
        if not is_public:
            self.before_request(require_user)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register a view that takes validated models.

        `responses` are its successful responses by status: a model, or an OpenAPI response object. `summary` stands
        for the docstring's first line in the document; `file` is the model of a body that the view reads by itself,
        with more of its OpenAPI object in `file_description`, which stands alone for a body that is no JSON.
        """
        responses = options.pop("responses")
        summary = options.pop("summary", None)
        file = options.pop("file", None)
        file_description = options.pop("file_description", {})

        def register(view: View) -> View:
            annotations = inspect.get_annotations(view, eval_str=True)
            models = {source: annotations[source] for source in _READERS if source in annotations}
            title, _, rest = inspect.cleandoc(view.__doc__ or "").partition("\n")
            operation = Operation(
                tag=self._tag,
                is_public=self._is_public,
                summary=summary or title,
                description=f"{title}\n{rest}".strip() if summary else rest.strip(),
                models=models,
                responses=responses,
                body=file or models.get("body"),
                body_description=file_description,
            )
            self.add_url_rule(rule, view.__name__, _validated(view, models, operation), **options)
            return view

        return register


def success(status: int = 200, **values: object) -> Response:
    """Return `{"success": true, …}` with these values."""
    response = jsonify(success=True, **values)
    response.status_code = status
    return response


def _validated(
    view: Callable[..., Any], models: Mapping[str, type[BaseModel]], operation: Operation
) -> Callable[..., ResponseReturnValue]:
    @functools.wraps(view)
    def validate(**ids: str) -> ResponseReturnValue:
        try:
            found = {
                source: model.model_validate(_READERS[source](model)) for source, model in models.items()
            }
        except ValidationError as error:
            raise to_domain_error(error) from None
        response: ResponseReturnValue = view(**ids, **found)
        return response

    validate.operation = operation  # type: ignore[attr-defined]
    return validate


def _headers(model: type[BaseModel]) -> dict[str, str]:
    names = [field.alias for field in model.model_fields.values()]
    return {name: request.headers[name] for name in names if name and name in request.headers}


def _query(model: type[BaseModel]) -> dict[str, str]:
    names = names_of(model)
    for name, values in request.args.lists():
        if name in names and len(set(values)) > 1:
            raise given_twice(names[name])
    return request.args.to_dict()


def _body(model: type[BaseModel]) -> Any:
    has_none = not request.content_length and "Transfer-Encoding" not in request.headers
    return {} if has_none and issubclass(model, OptionalBody) else request.get_json()


_READERS: dict[str, Callable[[type[BaseModel]], Any]] = {
    "headers": _headers,
    "query": _query,
    "body": _body,
}
