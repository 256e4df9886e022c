"""Maps the error codes of Postgres, PostgREST and Supabase Auth to the errors of this domain."""

import json
import re
from typing import Any

from sitethread import errors, tokens


def _by_code(codes: dict[type[errors.DomainError], str]) -> dict[str, type[errors.DomainError]]:
    return {code: error for error, text in codes.items() for code in text.split()}


# PostgREST's codes: https://postgrest.org/en/v12/references/errors.html
# Postgres's, or the first two characters that a class of them shares:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
# Our own SQL raises PTxyz with an error code as message; these stand in for unknown codes.
# Everything else is our own fault: a query that can't be parsed, a missing grant, function or column. What users send
# is validated before, down to ids, times and cursors.
_POSTGRES = _by_code({
    errors.DatabaseUnavailable: "PGRST000 PGRST001 PGRST002 PGRST003 25006 08 53 57 58 PT503",
    # Also our own fault: a deadlock, or a statement or a wait for a lock that took too long.
    errors.DatabaseBusy: "40001 40P01 55P03 57014",
    errors.AuthRequired: "PGRST302 PT401",
    errors.Forbidden: "PT403",
    # 23503: foreign keys include user_id, so that another user's row counts as missing.
    errors.NotFound: "23503 PT404",
    errors.Conflict: "23505 PT409",
    errors.InvalidField: "22001 22003 23502 23514 54000 PT422",
    errors.InvalidUnicode: "22021 22P05",
    errors.QuotaExceeded: "PT429",
})  # fmt: skip
ROLLED_BACK = frozenset({"40001", "40P01"})
"""Codes of a transaction that another one stood in the way of: nothing of it is stored, and it may be sent again."""
# Their messages name tables, functions and the like, never a value; those of all others may quote what was sent.
_SAFE_MESSAGES = ("PGRST0", "PGRST2", "PT", "08", "25", "40", "42", "53", "55", "57", "58")
# From the first quote or bracket on: what is quoted may itself hold quotes.
_QUOTED = re.compile("""["'(`].*""", re.DOTALL)
_INVISIBLE = "should have something to read in it"
# Constraints with an error of their own: the error, the field and what is wrong with it.
_CONSTRAINTS: dict[str, tuple[type[errors.InvalidField], str, str | None]] = {
    "chat_messages_content_not_blank": (errors.EmptyMessage, "content", None),
    "chat_sessions_title_not_blank": (errors.InvalidField, "title", _INVISIBLE),
    "chat_sessions_tag_not_blank": (errors.InvalidField, "tags", _INVISIBLE),
    "websites_name_not_blank": (errors.InvalidField, "name", _INVISIBLE),
    "prompts_name_not_blank": (errors.InvalidField, "name", _INVISIBLE),
    "prompts_text_not_blank": (errors.InvalidField, "text", _INVISIBLE),
    "chat_sessions_helper_fkey": (errors.InvalidField, "helper", "is no helper that is known here"),
}
# Postgres: new row for relation "websites" violates check constraint "websites_name_not_blank"
_VIOLATION = re.compile(r' constraint "(\w+)"$')

# https://supabase.com/docs/guides/auth/debugging/error-codes
_AUTH = _by_code({
    errors.WrongPassword: "invalid_credentials",
    errors.EmailNotConfirmed: "email_not_confirmed",
    errors.EmailTaken: "user_already_exists email_exists",
    errors.InvalidEmail: "email_address_invalid validation_failed",
    errors.WeakPassword: "weak_password",
    errors.SamePassword: "same_password",
    errors.SignUpsClosed: "signup_disabled email_provider_disabled",
    errors.LinkExpired: "otp_expired flow_state_expired",
    errors.RateLimited: "over_request_rate_limit",
    errors.TooManyMails: "over_email_send_rate_limit",
    errors.Forbidden: "user_banned",
    errors.TokenExpired: "refresh_token_not_found refresh_token_already_used session_not_found session_expired"
    " user_not_found",
    errors.InvalidToken: "bad_jwt",
    errors.AuthRequired: "no_authorization",
    errors.AuthUnavailable: "request_timeout",
})  # fmt: skip


def from_postgres(
    code: str | None, message: str | None, details: object, access_token: str | None, query: str = ""
) -> errors.DomainError:
    """Return the error that a refused query means; `access_token` tells an expired token from an invalid one.

    Our own SQL raises SQLSTATE PTxyz with an error's code as message and its `extra` as a JSON object in `details`.
    `query` is the table or the function, for the log.
    """
    error = _error_of(code or "", message, details, access_token)
    cause = {"sqlstate": code, "database_message": _without_values(code or "", message or ""), "query": query}
    error.cause = {name: value for name, value in cause.items() if value}
    return error


def _error_of(
    code: str, message: str | None, details: object, access_token: str | None
) -> errors.DomainError:
    if code.startswith("PT") and len(code) == 5:
        error = errors.DomainError.named.get(message or "") or _POSTGRES.get(code)
        return error(**_extra(details)) if error else errors.Unexpected()
    if code in {"PGRST301", "PGRST303"}:
        is_expired = access_token is not None and tokens.is_expired(access_token)
        return errors.TokenExpired() if is_expired else errors.InvalidToken()
    if (found := _VIOLATION.search(message or "")) and found[1] in _CONSTRAINTS:
        field_error, field, problem = _CONSTRAINTS[found[1]]
        return field_error(problem and f"{field}: {problem}.", field=field)
    error = _POSTGRES.get(code) or _POSTGRES.get(code[:2] if len(code) == 5 else "")
    return error() if error else errors.Unexpected()


def from_auth(code: str | None, status: int | None, name: str) -> errors.DomainError:
    """Return the error that a refusal of Supabase Auth means; `name` is that of the client's exception class."""
    error = _auth_error_of(code, status, name)
    error.cause = {"auth_code": code, "auth_status": status}
    return error


def _auth_error_of(code: str | None, status: int | None, name: str) -> errors.DomainError:
    if error := _AUTH.get(code or ""):
        return error()
    if name == "AuthRetryableError" or (status or 0) >= 500:
        return errors.AuthUnavailable()
    if status == 429:
        return errors.RateLimited()
    if status in {401, 403}:
        return errors.TokenExpired()
    return errors.Unexpected()


def _without_values(code: str, message: str) -> str:
    if not code.startswith(_SAFE_MESSAGES):
        message = _QUOTED.sub("…", message)
    return message[:300]


def _extra(details: object) -> dict[str, Any]:
    try:
        extra = json.loads(details) if isinstance(details, str) else details
    except ValueError:
        return {}
    return {k: v for k, v in extra.items() if k != "message"} if isinstance(extra, dict) else {}
