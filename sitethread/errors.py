"""The errors of the domain, in words that a user can act on.

Each has a stable `code` that scripts rely on, an HTTP `status`, a `message`, and `extra` values such as the id of the
running answer. `web/error_handlers.py` makes responses of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """The base of all errors; raised itself for an unexpected exception.

    `cause` is for the log alone: what a service said about it, without values, tokens or texts.
    """

    code: ClassVar[str] = "unexpected"
    status: ClassVar[int] = 500
    default_message: ClassVar[str] = (
        "Something went wrong on our side. Nothing you saved is lost; please try again."
    )
    retry_seconds: ClassVar[int | None] = None
    named: ClassVar[dict[str, type["DomainError"]]] = {}

    def __init_subclass__(cls) -> None:
        cls.named.setdefault(cls.code, cls)

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        self.message = message or self.default_message
        self.extra = {name: value for name, value in extra.items() if value is not None}
        if self.retry_seconds is not None:
            self.extra.setdefault("retry_after", self.retry_seconds)
        self.cause: Mapping[str, object] = {}
        super().__init__(f"{self.code}: {self.message}")

    @property
    def retry_after(self) -> int | None:
        """Seconds after which to try again, or None."""
        value = self.extra.get("retry_after")
        return None if value is None else max(1, int(value))


class Unexpected(DomainError):
    """A bug: a query that the database refuses to run, a missing grant, or a reply of Supabase that we don't know."""


# Authentication and authorisation


class AuthRequired(DomainError):
    code, status = "auth_required", 401
    default_message = "Please sign in first."


class InvalidToken(DomainError):
    code, status = "invalid_token", 401
    default_message = "This access token is not valid here. Please sign in again."


class TokenExpired(DomainError):
    code, status = "token_expired", 401
    default_message = "Your sign-in has expired. Please sign in again."


class Forbidden(DomainError):
    code, status = "forbidden", 403
    default_message = "You may not do this."


class CsrfRejected(DomainError):
    code, status = "csrf_rejected", 403
    default_message = "This request did not come from one of our own pages, so it was refused."


class BadHost(DomainError):
    code, status = "bad_host", 400
    default_message = "This site is not served under that host name and port."


# Resources


class NotFound(DomainError):
    """No such row for this user: another user's row and one that doesn't exist are the same."""

    code, status = "not_found", 404
    default_message = "We could not find that."


class MethodNotAllowed(DomainError):
    code, status = "method_not_allowed", 405
    default_message = "This address does not accept that method."


class Conflict(DomainError):
    code, status = "conflict", 409
    default_message = "This clashes with something already saved. Load it again and retry."


class AnswerRunning(DomainError):
    """`extra["answer_id"]` is the answer that is still being written."""

    code, status = "answer_running", 409
    default_message = "An answer is still being written in this chat. Wait for it, or stop it."


class AnswerComplete(DomainError):
    code, status = "answer_complete", 409
    default_message = "This answer is complete; there is nothing to continue."


class NoQuestion(DomainError):
    code, status = "no_question", 409
    default_message = "The question to this answer is gone, so it can't be answered again."


class ChatDiverged(DomainError):
    """`extra["chat"]` is the chat as it is stored; `rest` reads its further messages when it is a long one."""

    code, status = "chat_diverged", 409
    default_message = "This chat was changed elsewhere. Load it again, or replace it on purpose."

    def __init__(self, chat: object = None, rest: Iterator[list[Any]] | None = None) -> None:
        super().__init__(chat=chat)
        self.rest = rest


class ChatInTrash(DomainError):
    code, status = "chat_in_trash", 409
    default_message = "The chat these messages belong to was deleted. Bring it back first."


class BriefChanged(DomainError):
    """`extra["brief"]` is the brief as it is stored."""

    code, status = "brief_changed", 409
    default_message = "This brief was changed elsewhere. Load it again before you save."


class EditConflict(DomainError):
    """`extra["version_id"]` is the website's current version."""

    code, status = "edit_conflict", 409
    default_message = "The page has changed since. Load it again and repeat the edit."


class PathTaken(DomainError):
    code, status = "path_taken", 409
    default_message = "There is a file of that name already. Choose another name."


class TooManyPages(DomainError):
    code, status = "too_many_pages", 409
    default_message = "A website has at most 12 pages. Delete one first."


class TargetStale(DomainError):
    code, status = "target_stale", 409
    default_message = "What you pointed at has changed or is gone. Point at it again."


class NothingToPublish(DomainError):
    code, status = "nothing_to_publish", 409
    default_message = "This website has no page yet, so there is nothing to publish."


class SlugTaken(DomainError):
    code, status = "slug_taken", 409
    default_message = "Another website has this address, or had it in the last 30 days. Choose another one."


class TooManyShares(DomainError):
    code, status = "too_many_shares", 409
    default_message = "There are 20 links already. Take one back first."


class TooManyUploads(DomainError):
    code, status = "too_many_uploads", 409
    default_message = (
        "There are 1,000 uploaded files that no version has. Those that none has within a day go; then there is room "
        "for more."
    )


class ChatImported(Conflict):
    """A chat of a file that came with an earlier import of it."""

    code = "chat_imported"
    default_message = "It is here already, from an earlier import."


class LinkOver(NotFound):
    """A share's link that opens nothing: revoked, ended, or never made."""

    default_message = (
        "This link shows nothing. Whoever shared it has taken it back, its time is over, or a part of its address is "
        "missing or mistyped."
    )


class TooManyPrompts(DomainError):
    code, status = "too_many_prompts", 409
    default_message = "You have saved 100 prompts, which is the most. Delete one first."


class KeyReused(DomainError):
    code, status = "key_reused", 422
    default_message = "This message id was already used for another message."


class QuotaExceeded(DomainError):
    """`extra["quota"]` names it; `retry_after` says in how many seconds there is room again, if ever."""

    code, status, retry_seconds = "quota_exceeded", 429, 60
    default_message = "That was a lot in a short time. Please wait a moment and try again."
    messages: ClassVar[dict[str, str]] = {
        "sessions": "You have started as many chats as you can in a day.",
        "messages": "You have added as many messages as you can in a day.",
        "model_tokens": "You have used up what the model reads and writes for you in a day.",
        "stored_bytes": "Your storage is full. To make room, delete submissions, websites, or chats and the trash.",
        "websites": "You have as many websites as you can have. Delete one first.",
        "versions": "This website has as many versions as it can have.",
        "publications": "You have published as often as you can in a day.",
        "slug_changes": "You have chosen as many addresses for websites as you can in a day.",
        "slug_checks": "You have looked up as many addresses as you can in a day.",
        "submissions": "This website has as many submissions as it can have. Delete some first.",
        "running_answers": "As many answers as you can have at once are being written. Wait for one, or stop it.",
        "running_imports": "As many imports as you can have at once are under way. Wait for one.",
    }

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or self._message(**extra), **extra)

    def _message(self, quota: str = "", retry_after: float | None = None, **_: Any) -> str | None:
        message = self.messages.get(quota)
        if message is None or retry_after is None or retry_after <= 60:
            return message
        if retry_after < 7200:
            return f"{message} Try again in {round(retry_after / 60)} minutes."
        return f"{message} Try again in {round(retry_after / 3600)} hours."


class TooManyReads(DomainError):
    code, status, retry_seconds = "too_many_reads", 429, 5
    default_message = (
        "Several whole chats are being sent to you already. Please wait until one of them is complete."
    )


class TooManyChecks(DomainError):
    code, status, retry_seconds = "too_many_checks", 429, 5
    default_message = "Pages of yours are being checked already. Please wait until that is done."


class RateLimited(DomainError):
    code, status, retry_seconds = "rate_limited", 429, 60
    default_message = "Too many attempts. Please wait a minute and try again."


class TooManyComments(DomainError):
    code, status, retry_seconds = "too_many_comments", 429, 3600
    default_message = (
        "There are as many comments here as there may be for now. Tell whoever sent you the link."
    )


class TooManyMails(RateLimited):
    """Supabase Auth has mailed this address, or all addresses together, as often as it may for now."""


# Requests


class InvalidJson(DomainError):
    code, status = "invalid_json", 400
    default_message = "The body is not valid JSON."


class JsonTooDeep(DomainError):
    code, status = "json_too_deep", 400
    default_message = "The JSON body is nested too deeply."


class InvalidEncoding(DomainError):
    code, status = "invalid_encoding", 400
    default_message = "The body is not UTF-8 text without a byte-order mark."


class DuplicateKey(DomainError):
    code, status = "duplicate_key", 400
    default_message = "An object in the body has the same key twice."


class BadRequest(DomainError):
    code, status = "bad_request", 400
    default_message = "This request could not be understood."


class BadCursor(DomainError):
    code, status = "bad_cursor", 400
    default_message = "The position to resume from must be a whole number from 0 to the length of the answer."


class RequestTooSlow(DomainError):
    """The connection is closed with it."""

    code, status = "request_too_slow", 408
    default_message = "The request took too long to arrive. Check your connection and try again."


class BodyTooLarge(DomainError):
    code, status = "body_too_large", 413
    default_message = "The body is too large."


class AddressTooLong(DomainError):
    code, status = "address_too_long", 414
    default_message = "The address is too long."


class HeadersTooLarge(DomainError):
    code, status = "headers_too_large", 431
    default_message = "The headers of the request are too large."


class UnsupportedMediaType(DomainError):
    code, status = "unsupported_media_type", 415
    default_message = "Send JSON: Content-Type application/json, without a Content-Encoding."


class InvalidPicture(DomainError):
    code, status = "invalid_picture", 422
    default_message = "The picture can't be read: it is damaged, or not what its type says."


class PictureTooLarge(DomainError):
    code, status = "picture_too_large", 422
    default_message = "The picture has more than 40 million pixels."


class UnsupportedFile(DomainError):
    code, status = "unsupported_file", 415
    default_message = (
        "A website can't have this file: it may have pictures (PNG, JPEG, WebP, GIF, AVIF, ICO), fonts (WOFF, WOFF2), "
        "PDF and texts in UTF-8, and a file must be what its type says."
    )


class InvalidBody(DomainError):
    code, status = "invalid_body", 422
    default_message = "The body must be a JSON object."


class InvalidField(DomainError):
    """`extra["field"]` names it."""

    code, status = "invalid_field", 422
    default_message = "One of the fields has a value that is not allowed."


class InvalidSlug(InvalidField):
    """`extra["suggestion"]` is a slug that is made of the website's name."""

    code, status = "invalid_slug", 422
    default_message = (
        "The address may have 3 to 63 of the letters a to z, digits and hyphens, and begins and ends with a letter or "
        "digit. Other letters, which can look like these, are not allowed."
    )


class SlugReserved(InvalidSlug):
    code, status = "slug_reserved", 422
    default_message = "This address is kept for the service itself. Choose another one."


class InvalidDomain(InvalidField):
    code, status = "invalid_domain", 422
    default_message = (
        "Give the name of a domain of yours, such as www.luna.example, without https:// and without a path."
    )


class SlugRequired(InvalidField):
    """Neither was a slug given, nor has the website had one."""

    code, status = "slug_required", 422
    default_message = "Choose an address for the website."


class MissingField(InvalidField):
    code, status = "missing_field", 422
    default_message = "A field is missing."


class UnknownField(InvalidField):
    code, status = "unknown_field", 422
    default_message = "There is a field we don't know."


class InvalidUnicode(InvalidField):
    code, status = "invalid_unicode", 422
    default_message = "A text contains characters that can't be stored (a lone surrogate or a NUL)."


class EmptyMessage(InvalidField):
    code, status = "empty_message", 422
    default_message = "The message is empty."


class InvalidPage(DomainError):
    code, status = "invalid_page", 422
    default_message = "The limit must be a number from 1 to 100, and the cursor one that this list gave you."


class InvalidImport(DomainError):
    """`extra["place"]` says where in the file."""

    code, status = "invalid_import", 422
    default_message = "This is not a chat that was exported here."


class EditNotFound(DomainError):
    """`extra["index"]` is the edit's, from 0; `nearest` are lines of the file that come near to what it looked for."""

    code, status = "edit_not_found", 422
    default_message = "The text to replace is not in the file."


class EditAmbiguous(DomainError):
    """`extra["index"]` is the edit's, from 0; `nearest` are the first lines that it fits."""

    code, status = "edit_ambiguous", 422
    default_message = "The text to replace is in the file more than once. Take more of what is around it."


class EditBreaksPage(DomainError):
    """`extra["index"]` is the edit's, from 0; `nearest` are the lines of the tags that it would leave open or stray."""

    code, status = "edit_breaks_page", 422
    default_message = "The page would have a tag without its end or its beginning, which it had not before."


class QueryTooLong(DomainError):
    code, status = "query_too_long", 422
    default_message = "That is too long to search for."


# Accounts


class WrongPassword(DomainError):
    code, status = "wrong_password", 401
    default_message = "That e-mail and password don't match. Check both, or reset your password."


class NotOwnPassword(WrongPassword):
    """Of somebody who is signed in: a 401 would say that the request's token is not valid."""

    status = 403
    default_message = "That is not your current password."


class PasswordRequired(DomainError):
    """The database asks for a sign-in by password a moment ago."""

    code, status = "password_required", 403
    default_message = "Please sign in with your password again first."


class SharePasswordRequired(DomainError):
    """The link has a password, and the request no ticket of it."""

    code, status = "share_password_required", 403
    default_message = "This link has a password. Whoever shared it can tell you."


class WrongSharePassword(DomainError):
    code, status = "wrong_share_password", 403
    default_message = "That is not the password of this link."


class EmailNotConfirmed(DomainError):
    code, status = "email_not_confirmed", 403
    default_message = "Please open the link in the mail we sent you, then sign in."


class EmailTaken(DomainError):
    code, status = "email_taken", 409
    default_message = "There is already an account with this e-mail. Sign in instead, or reset your password."


class InvalidEmail(DomainError):
    code, status = "invalid_email", 422
    default_message = "That does not look like an e-mail address."


class WeakPassword(DomainError):
    code, status = "weak_password", 422
    default_message = "That password is too easy to guess. Use at least 8 characters."


class SamePassword(DomainError):
    code, status = "same_password", 422
    default_message = "That is already your password. Choose a new one."


class LinkExpired(DomainError):
    code, status = "link_expired", 422
    default_message = "This link has expired or was already used. Ask for a new one."


class SignUpsClosed(DomainError):
    code, status = "sign_ups_closed", 403
    default_message = "New accounts can't be made here at the moment."


# Dependencies


class DatabaseUnavailable(DomainError):
    code, status, retry_seconds = "database_unavailable", 503, 2
    default_message = (
        "The database can't be reached right now. Nothing you saved is lost; try again in a moment."
    )


class DatabaseBusy(DatabaseUnavailable):
    """The database gave a query up: it took too long, or stood in the way of another one."""

    code = "database_busy"
    default_message = (
        "The database is too busy for this right now. Nothing you saved is lost; try again in a moment."
    )


class TooManyImports(DomainError):
    code, status, retry_seconds = "too_many_imports", 503, 10
    default_message = "Many files are being imported at the moment. Yours was not; try again in a moment."


class MailNotSent(DomainError):
    code, status, retry_seconds = "mail_not_sent", 503, 60
    default_message = "The mail could not be sent. What you set is saved; have it sent again in a moment."


class AuthUnavailable(DomainError):
    code, status, retry_seconds = "auth_unavailable", 503, 2
    default_message = "Signing in is not possible right now. Please try again in a moment."


class ServerRestarting(DomainError):
    code, status, retry_seconds = "server_restarting", 503, 2
    default_message = "The server is restarting. Your message was not sent; try again in a moment."


class NoticesOff(DomainError):
    code, status = "notices_off", 409
    default_message = (
        "Notices are off on this server: it has no SITETHREAD_SECRET to keep addresses safe with."
    )


class NothingToSend(DomainError):
    code, status = "nothing_to_send", 409
    default_message = "There is nobody to send this to: add a mail address or a webhook, or it has been sent."


class ModelNotConfigured(DomainError):
    code, status, retry_seconds = "model_not_configured", 503, 60
    default_message = "No model is set up on this server, so no answer can be written."
