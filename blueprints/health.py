"""For load balancers and people who keep the app running."""

import secrets
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sitethread import errors, metrics
from web.error_handlers import log_failure
from web.extensions import answer_engine, database, settings

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that this process serves requests."""
    return jsonify(success=True, status="ok")


@bp.get("/metrics")
def metrics_page() -> ResponseReturnValue:
    """Give Prometheus its figures, when a token is set and sent."""
    token = settings().metrics_token
    if token is None:
        raise errors.NotFound
    if not secrets.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        raise errors.InvalidToken
    return Response(metrics.page(), content_type=metrics.CONTENT_TYPE)


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether database, auth and model settings are all there; 503 names what is not."""
    problems = {
        "database": _problem(database().check_rows),
        "auth": _problem(database().check_auth),
        "model": settings().model_problem,
        "worker": None if answer_engine().is_open else "This worker is stopping.",
    }
    is_ready = not any(problems.values())
    shown = {name: problem or "ok" for name, problem in problems.items()}
    response = jsonify(success=is_ready, status="ready" if is_ready else "not ready", **shown)
    response.status_code = 200 if is_ready else 503
    if not is_ready:
        response.headers["Retry-After"] = "2"
    return response


def _problem(check: Callable[[], None]) -> str | None:
    try:
        check()
    except errors.DomainError as error:
        log_failure(error)
        return error.message
    return None
