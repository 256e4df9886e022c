"""Turns every error into a response: JSON for the API, a page in the browser. Logs failures of ours, once."""

import logging

from flask import Flask, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from sitethread import errors, metrics
from web.published_sites import is_for_visitors, plain_page

log = logging.getLogger("sitethread")

_TITLES = {
    400: "That request did not work",
    401: "Please sign in",
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That request did not work",
    408: "That took too long",
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
    """Return the response to an error: JSON, a page, or a redirect to the sign-in page."""
    if type(error) is not errors.DomainError:
        log_failure(error)
    if is_for_visitors():
        return _for_visitor(error)
    if _is_sign_in_needed(error):
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    shown = {"code": error.code, "message": error.message, "request_id": g.request_id, **error.extra}
    response = jsonify(success=False, error=shown) if wants_json() else make_response(_page(error))
    response.status_code = error.status
    if error.status in (429, 503):
        metrics.refusals.labels(error.code).inc()
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401 and wants_json():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def log_failure(error: errors.DomainError) -> None:
    """Log an error with its cause if it is a failure of ours rather than a refusal."""
    if error.status >= 500:
        level = logging.WARNING if error.status == 503 else logging.ERROR
        log.log(level, error.code, exc_info=error)


def respond_to_http_error(error: HTTPException) -> BaseResponse:
    """Give errors of Flask and Werkzeug our codes and messages."""
    status = error.code or 500
    if status in {301, 302, 307, 308}:
        return error.get_response()
    kind = _BY_STATUS.get(status, errors.BadRequest if status < 500 else errors.Unexpected)
    response = respond(errors.BadHost() if isinstance(error, SecurityError) else kind())
    if allowed := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allowed
    return response


def respond_to_unexpected(error: Exception) -> BaseResponse:
    """Log an error that is none of ours, and respond with `unexpected`."""
    log.error("unexpected", exc_info=error)
    return respond(errors.DomainError())


def _for_visitor(error: errors.DomainError) -> BaseResponse:
    """Return a page that says no more than a visitor of a published website needs to know."""
    if error.status in (429, 503):
        metrics.refusals.labels(error.code).inc()
    message = "No website is published at this address." if error.status == 404 else error.message
    response = plain_page(error.status, _TITLES.get(error.status, _TITLES[500]), message)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def wants_json() -> bool:
    """Whether the client is a program rather than a browser that shows a page."""
    is_api = request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
    return (is_api and request.path != "/api/docs") or "text/html" not in request.headers.get("Accept", "")


def _is_sign_in_needed(error: errors.DomainError) -> bool:
    return (
        isinstance(error, errors.AuthRequired | errors.InvalidToken | errors.TokenExpired)
        and request.method == "GET"
        and not wants_json()
    )


def _page(error: errors.DomainError) -> str:
    return render_template(
        "error.html",
        code=error.status,
        title=_TITLES.get(error.status, _TITLES[500]),
        message=error.message,
        request_id=g.request_id,
    )
