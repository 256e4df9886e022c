"""Turns every error into an answer: JSON for the API, a page for people; logs the unexpected ones, once."""

import logging
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors, metrics

log = logging.getLogger("sitethread")

_TITLES = {
    400: "That request did not work",
    401: "Please sign in",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That request did not work",
    409: "That clashes with something",
    413: "That is too large",
    422: "Something is missing or wrong",
    429: "One moment, please",
    500: "Something went wrong",
    503: "Back in a moment",
}
_BY_STATUS: dict[int, type[errors.DomainError]] = {
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.BodyTooLarge,
    415: errors.UnsupportedMediaType,
}


def init_app(app: Flask) -> None:
    app.register_error_handler(errors.DomainError, respond)
    app.register_error_handler(HTTPException, respond_to_http_error)
    app.register_error_handler(Exception, respond_to_unexpected)


def respond(error: errors.DomainError) -> BaseResponse:
    """Say what went wrong in the form that the asking side reads."""
    if isinstance(error, errors.Unexpected):
        log.error("unexpected", exc_info=error)
    if _is_sign_in_needed(error):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    response = jsonify(as_json(error)) if wants_json() else _page(error)
    response.status_code = error.status
    if error.status in (429, 503):
        metrics.refusals.labels(error.code).inc()
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401 and wants_json():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def as_json(error: errors.DomainError) -> dict[str, Any]:
    """Return the error object that every door of the API, and the event stream, gives."""
    shown = {"code": error.code, "message": error.message, **error.extra, "request_id": g.request_id}
    return {"success": False, "error": shown}


def respond_to_http_error(error: HTTPException) -> BaseResponse:
    """Give the framework's own refusals our codes and words."""
    status = error.code or 500
    if status in {301, 302, 307, 308}:
        return error.get_response()
    kind = _BY_STATUS.get(status)
    if kind is None:
        kind = errors.BadRequest if status < 500 else errors.Unexpected
        kind = errors.BadHost if type(error).__name__ == "SecurityError" else kind
    response = respond(kind())
    if allowed := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allowed
    return response


def respond_to_unexpected(error: Exception) -> BaseResponse:
    log.error("unexpected", exc_info=error)
    unexpected = errors.DomainError()
    return respond(unexpected)


def wants_json() -> bool:
    """Whether the asking side is a program."""
    if request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics")) and request.path != "/api/docs":
        return True
    return "text/html" not in request.headers.get("Accept", "")


def _is_sign_in_needed(error: errors.DomainError) -> bool:
    return (
        isinstance(error, errors.AuthRequired | errors.InvalidToken | errors.TokenExpired)
        and request.method == "GET"
        and not wants_json()
    )


def _page(error: errors.DomainError) -> Response:
    html = render_template(
        "error.html",
        code=error.status,
        title=_TITLES.get(error.status, _TITLES[500]),
        message=error.message,
        request_id=g.request_id,
    )
    return Response(html, mimetype="text/html")
