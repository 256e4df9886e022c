"""What a refusal of Postgres, PostgREST or Supabase Auth means: the one table from their codes to ours."""

import json
import re
from typing import Any

from sitethread import errors, tokens

# PostgREST's codes: https://postgrest.org/en/v12/references/errors.html
# Postgres's: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: dict[str, type[errors.DomainError]] = {
    "PGRST000": errors.DatabaseUnavailable,
    "PGRST001": errors.DatabaseUnavailable,
    "PGRST002": errors.DatabaseUnavailable,
    "PGRST003": errors.DatabaseUnavailable,
    "PGRST100": errors.InvalidPage,
    "PGRST103": errors.InvalidPage,
    "PGRST116": errors.NotFound,
    "PGRST302": errors.AuthRequired,
    "22001": errors.InvalidField,
    "22003": errors.InvalidField,
    "22007": errors.InvalidPage,
    "22008": errors.InvalidPage,
    "22021": errors.InvalidUnicode,
    "22P02": errors.NotFound,
    "22P05": errors.InvalidUnicode,
    "23502": errors.InvalidField,
    # The parent is not there, or not ours; composite owner keys make the two the same.
    "23503": errors.NotFound,
    "23505": errors.Conflict,
    "23514": errors.InvalidField,
    "25006": errors.DatabaseUnavailable,
    "40001": errors.DatabaseUnavailable,
    "40P01": errors.DatabaseUnavailable,
    "42501": errors.Forbidden,
    "54000": errors.InvalidField,
    "55P03": errors.DatabaseUnavailable,
    "57014": errors.DatabaseUnavailable,
}
_POSTGRES_CLASSES: dict[str, type[errors.DomainError]] = {
    "08": errors.DatabaseUnavailable,
    "53": errors.DatabaseUnavailable,
    "57": errors.DatabaseUnavailable,
    "58": errors.DatabaseUnavailable,
}
_UNSEEN = "should have something to read in it"
# Constraints that need to be told apart from others: what they mean, of which field, in which words.
_CONSTRAINTS: dict[str, tuple[type[errors.InvalidField], str, str | None]] = {
    "chat_messages_content_not_blank": (errors.EmptyMessage, "content", None),
    "chat_sessions_title_not_blank": (errors.InvalidField, "title", _UNSEEN),
    "chat_sessions_tag_not_blank": (errors.InvalidField, "tags", _UNSEEN),
    "websites_name_not_blank": (errors.InvalidField, "name", _UNSEEN),
    "chat_sessions_helper_fkey": (errors.InvalidField, "helper", "is no helper that is known here"),
}
# Postgres: new row for relation "websites" violates check constraint "websites_name_not_blank"
_VIOLATION = re.compile(r' constraint "(\w+)"$')
_RAISED: dict[str, type[errors.DomainError]] = {
    "PT401": errors.AuthRequired,
    "PT403": errors.Forbidden,
    "PT404": errors.NotFound,
    "PT409": errors.Conflict,
    "PT422": errors.InvalidField,
    "PT429": errors.QuotaExceeded,
    "PT503": errors.DatabaseUnavailable,
}

# https://supabase.com/docs/guides/auth/debugging/error-codes
_AUTH: dict[str, type[errors.DomainError]] = {
    "invalid_credentials": errors.WrongPassword,
    "email_not_confirmed": errors.EmailNotConfirmed,
    "user_already_exists": errors.EmailTaken,
    "email_exists": errors.EmailTaken,
    "email_address_invalid": errors.InvalidEmail,
    "validation_failed": errors.InvalidEmail,
    "weak_password": errors.WeakPassword,
    "same_password": errors.SamePassword,
    "signup_disabled": errors.SignUpsClosed,
    "email_provider_disabled": errors.SignUpsClosed,
    "otp_expired": errors.LinkExpired,
    "flow_state_expired": errors.LinkExpired,
    "over_request_rate_limit": errors.RateLimited,
    "over_email_send_rate_limit": errors.RateLimited,
    "user_banned": errors.Forbidden,
    "refresh_token_not_found": errors.TokenExpired,
    "refresh_token_already_used": errors.TokenExpired,
    "session_not_found": errors.TokenExpired,
    "session_expired": errors.TokenExpired,
    "user_not_found": errors.TokenExpired,
    "bad_jwt": errors.InvalidToken,
    "no_authorization": errors.AuthRequired,
    "request_timeout": errors.AuthUnavailable,
}


def from_postgres(
    code: str | None, message: str | None, details: Any, access_token: str | None
) -> errors.DomainError:
    """Say what a refused query means; `access_token` tells an expired token from a wrong one."""
    code = code or ""
    if code.startswith("PT") and len(code) == 5:
        return _raised(code, message or "", details)
    if code in {"PGRST301", "PGRST303"}:
        return (
            errors.TokenExpired()
            if access_token and tokens.is_expired(access_token)
            else errors.InvalidToken()
        )
    if (found := _VIOLATION.search(message or "")) and found[1] in _CONSTRAINTS:
        refusal, field, problem = _CONSTRAINTS[found[1]]
        return refusal(problem and f"{field}: {problem}.", field=field)
    kind = _POSTGRES.get(code) or _POSTGRES_CLASSES.get(code[:2] if len(code) == 5 else "")
    return kind() if kind else errors.Unexpected()


def from_auth(code: str | None, status: int | None, name: str) -> errors.DomainError:
    """Say what a refusal of Supabase Auth means."""
    if kind := _AUTH.get(code or ""):
        return kind()
    if name == "AuthRetryableError" or (status or 0) >= 500:
        return errors.AuthUnavailable()
    if status == 429:
        return errors.RateLimited()
    if status in {401, 403}:
        return errors.TokenExpired()
    return errors.Unexpected()


def _raised(code: str, identifier: str, details: Any) -> errors.DomainError:
    """Read what our own SQL raised: SQLSTATE PTxyz, an identifier, and facts as a JSON object."""
    kind = errors.DomainError.named.get(identifier) or _RAISED.get(code)
    return kind(**_facts(details)) if kind else errors.Unexpected()


def _facts(details: Any) -> dict[str, Any]:
    if isinstance(details, str):
        try:
            details = json.loads(details)
        except ValueError:
            return {}
    return {k: v for k, v in details.items() if k != "message"} if isinstance(details, dict) else {}
