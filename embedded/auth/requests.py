"""Reads and checks what a request sends."""

import json

from starlette.requests import Request

from embedded.auth.errors import AuthError, unstorable, validation_failed
from embedded.auth.mails import KINDS
from embedded.auth.users import Json

# In bytes.
MAXIMUM_BODY = 100_000


async def json_body(request: Request) -> Json:
    """Return the request's JSON object."""
    text = b""
    async for piece in request.stream():
        text += piece
        if len(text) > MAXIMUM_BODY:
            raise AuthError(413, "request_too_large", "Request body too large")
    return as_object(_parsed(text), "body")


def _parsed(text: bytes) -> object:
    try:
        value: object = json.loads(text or b"{}")
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        # A lone surrogate, which neither bcrypt nor the database takes.
        raise unstorable() from error
    except (ValueError, RecursionError) as error:
        raise AuthError(400, "bad_json", "Could not parse request body as JSON") from error
    return value


def as_object(value: object, name: str) -> Json:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise validation_failed(f"{name} must be an object")
    return value


def token_type(kind: object) -> str:
    if not isinstance(kind, str) or kind not in KINDS:
        raise validation_failed("Unsupported verification type")
    return kind


def ip(request: Request) -> str:
    """Return the address of whoever connected to the gateway, which puts it in place of what they sent."""
    return request.headers.get("x-forwarded-for", "127.0.0.1")
