"""Errors with Supabase Auth's codes and messages: clients show and compare them."""

from starlette.requests import Request
from starlette.responses import JSONResponse


class AuthError(Exception):
    """Ends a request with a status, a stable error code and a message for the client.

    `retry_after` is in seconds, for a client that asked too often.
    """

    def __init__(self, status: int, error_code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message
        self.retry_after = retry_after
        self.extra: dict[str, object] = {}

    def body(self) -> dict[str, object]:
        return {"code": self.status, "error_code": self.error_code, "msg": self.message, **self.extra}


class WeakPassword(AuthError):
    def __init__(self, message: str, reason: str) -> None:
        super().__init__(422, "weak_password", message)
        self.extra = {"weak_password": {"reasons": [reason]}}


def validation_failed(message: str) -> AuthError:
    return AuthError(400, "validation_failed", message)


def unstorable() -> AuthError:
    return validation_failed("A value has characters that can't be stored")


def invalid_credentials() -> AuthError:
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def email_not_confirmed() -> AuthError:
    return AuthError(400, "email_not_confirmed", "Email not confirmed")


def user_already_exists() -> AuthError:
    return AuthError(422, "user_already_exists", "User already registered")


def email_exists() -> AuthError:
    return AuthError(422, "email_exists", "A user with this email address has already been registered")


def session_not_found() -> AuthError:
    return AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")


def user_not_found() -> AuthError:
    return AuthError(403, "user_not_found", "User from sub claim in JWT does not exist")


def otp_expired() -> AuthError:
    return AuthError(403, "otp_expired", "Email link is invalid or has expired")


def too_many_requests(retry_after: int) -> AuthError:
    return AuthError(429, "over_request_rate_limit", "Request rate limit reached", retry_after)


def too_many_mails(retry_after: int) -> AuthError:
    message = f"For security purposes, you can only request this after {retry_after} seconds."
    return AuthError(429, "over_email_send_rate_limit", message, retry_after)


async def respond(request: Request, error: AuthError) -> JSONResponse:
    """Return the response for an error."""
    headers = None if error.retry_after is None else {"Retry-After": str(max(1, error.retry_after))}
    return JSONResponse(error.body(), error.status, headers)


async def respond_unstorable(request: Request, error: Exception) -> JSONResponse:
    """Respond to text that the database can't hold, such as a NUL."""
    return await respond(request, unstorable())


async def respond_gone(request: Request, error: Exception) -> JSONResponse:
    """Respond to a missing foreign key: the user was deleted while the request was served."""
    return await respond(request, user_not_found())


async def respond_not_found(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"code": 404, "error_code": "not_found", "msg": "Not found"}, 404)


async def respond_unexpected(request: Request, error: Exception) -> JSONResponse:
    """Respond to an unexpected error, whose cause is in the log alone.

    The server closes the connection after it: nobody must send the next request there.
    """
    body = {"code": 500, "error_code": "unexpected_failure", "msg": "Unexpected failure"}
    return JSONResponse(body, 500, {"Connection": "close"})


async def respond_unavailable(request: Request, error: Exception) -> JSONResponse:
    """Respond while the database is unavailable."""
    body = {"code": 503, "error_code": "unexpected_failure", "msg": "Database is not available"}
    return JSONResponse(body, 503, {"Retry-After": "2"})
