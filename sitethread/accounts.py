"""Accounts of Supabase Auth: signing up, in and out, passwords, and the renewal of tokens."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sitethread import errors
from sitethread.database import Database

log = logging.getLogger("sitethread")

PASSWORD_CHARACTERS = 8
# bcrypt, which Supabase Auth uses, reads no further.
PASSWORD_BYTES = 72


@dataclass(frozen=True)
class SignIn:
    """The tokens of one sign-in; the refresh token can be exchanged for the next pair, once."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


def sign_in(database: Database, email: str, password: str) -> SignIn:
    """Exchange e-mail and password for tokens; raise WrongPassword, EmailNotConfirmed or RateLimited."""
    email = clean_email(email)
    if not password:
        raise errors.WrongPassword
    with database.auth() as auth:
        return _required(auth.sign_in_with_password({"email": email, "password": password}).session)


def sign_up(
    database: Database, email: str, password: str, confirm_url: str, has_account_url: str
) -> SignIn | None:
    """Create an account and sign in. Return None when a mail says how to go on.

    It leads to `confirm_url` where new addresses are confirmed, and to `has_account_url` if the address has an
    account: only who reads its mails learns that. Raise InvalidEmail, WeakPassword, SignUpsClosed or RateLimited.
    """
    email = clean_email(email)
    check_password(password)
    try:
        with database.auth() as auth:
            made = auth.sign_up(
                {"email": email, "password": password, "options": {"email_redirect_to": confirm_url}}
            )
        # When addresses are confirmed by mail, Supabase returns a user without identities for a taken address.
        is_taken = made.user is not None and made.user.identities == []
    except errors.EmailTaken:
        is_taken = True
    except errors.TooManyMails:
        _log_unsent_mail()
        return None
    if is_taken:
        request_reset(database, email, has_account_url)
        return None
    return _required(made.session) if made.session else None


def open_link(database: Database, token_hash: str, kind: str) -> SignIn | None:
    """Sign in with the one-time token of a mailed link; raise LinkExpired.

    Return None when a new address needs the link in the mail to the other address, too.
    """
    params: Any = {"token_hash": token_hash, "type": kind}
    try:
        with database.auth() as auth:
            response = auth.verify_otp(params)
    except (errors.TokenExpired, errors.InvalidEmail, errors.EmailTaken, errors.NotFound):
        raise errors.LinkExpired from None
    return None if response.user is None else _required(response.session)


def request_reset(database: Database, email: str, reset_url: str) -> None:
    """Have a link to `reset_url` mailed; nothing tells whether the address is known. Raise InvalidEmail."""
    try:
        with database.auth() as auth:
            auth.reset_password_for_email(clean_email(email), {"redirect_to": reset_url})
    except errors.TooManyMails:
        _log_unsent_mail()


def current_email(database: Database, access_token: str) -> str:
    """Return the signed-in user's address: that of the token may have changed since."""
    with database.auth() as auth:
        response = auth.get_user(access_token)
    return (response.user.email if response else None) or ""


def confirmed_email(database: Database, access_token: str) -> str:
    """Return the signed-in user's address if it is confirmed, else an empty text."""
    with database.auth() as auth:
        response = auth.get_user(access_token)
    user = response.user if response else None
    return (user.email or "") if user and user.email_confirmed_at else ""


def check_own_password(database: Database, email: str, password: str) -> None:
    """Raise WrongPassword unless it is the account's; the sign-in that shows it ends at once."""
    try:
        sign_out(database, sign_in(database, email, password).access_token)
    except errors.WrongPassword:
        raise errors.WrongPassword("That is not your current password.") from None


def delete(database: Database, user_id: str, email: str, password: str) -> None:
    """Delete an account for good; raise NotOwnPassword unless the password is that of its address."""
    try:
        fresh = sign_in(database, email, password)
    except errors.WrongPassword:
        raise errors.NotOwnPassword from None
    rows = database.as_user(fresh.access_token, long_calls=True)
    try:
        if rows.user_id != user_id:
            # The address has changed hands a moment ago.
            raise errors.NotOwnPassword
        rows.call("delete_account", {})
    except errors.DomainError:
        with suppress(errors.DomainError):
            sign_out(database, fresh.access_token)
        raise


def change_password(database: Database, tokens: SignIn, password: str, current: str | None = None) -> None:
    """Set a new password for the signed-in user; raise WeakPassword or SamePassword.

    `current` is the password until now, which some projects ask for except after a recovery link.
    """
    check_password(password)
    changes: Any = {"password": password} | ({"current_password": current} if current else {})
    with database.auth() as auth:
        auth.set_session(tokens.access_token, tokens.refresh_token)
        auth.update_user(changes)


def request_email_change(
    database: Database, tokens: SignIn, email: str, confirm_url: str, has_account_url: str
) -> None:
    """Have links to `confirm_url` mailed; the address counts once they were opened. Raise InvalidEmail.

    As with `sign_up`, only a mail tells that the new address has an account.
    """
    email = clean_email(email)
    try:
        with database.auth() as auth:
            auth.set_session(tokens.access_token, tokens.refresh_token)
            auth.update_user({"email": email}, {"email_redirect_to": confirm_url})
    except errors.TooManyMails:
        _log_unsent_mail()
    except errors.EmailTaken:
        request_reset(database, email, has_account_url)


def sign_out(database: Database, access_token: str, *, everywhere: bool = False) -> None:
    """Revoke the refresh token of this sign-in, or of all of the user's; one that has ended already is ignored."""
    try:
        with database.auth() as auth:
            auth.admin.sign_out(access_token, "global" if everywhere else "local")
    except (errors.TokenExpired, errors.InvalidToken, errors.AuthRequired):
        return


def clean_email(email: str) -> str:
    """Strip white space from an address; raise InvalidEmail for what can't be one."""
    email = email.strip()
    name, at, host = email.rpartition("@")
    if not (at and name and ("." in host.strip(".") or host == "localhost")) or len(email) > 254:
        raise errors.InvalidEmail
    if any(c.isspace() or not c.isprintable() for c in email):
        raise errors.InvalidEmail
    return email


def check_password(password: str) -> None:
    """Raise WeakPassword for fewer than 8 characters or more than 72 bytes."""
    if len(password) < PASSWORD_CHARACTERS:
        raise errors.WeakPassword(f"Use at least {PASSWORD_CHARACTERS} characters for your password.")
    if len(password.encode("utf-8", "replace")) > PASSWORD_BYTES:
        raise errors.WeakPassword(
            f"Use at most {PASSWORD_BYTES} bytes for your password: that is {PASSWORD_BYTES} plain letters"
            " and digits, or fewer where there are accents, other scripts or emoji."
        )


def renew(database: Database, refresh_token: str) -> SignIn:
    """Exchange a refresh token for the next pair; raise TokenExpired when the sign-in has ended, AuthUnavailable."""
    with database.auth() as auth:
        return _required(auth.refresh_session(refresh_token).session)


def _log_unsent_mail() -> None:
    """Log that Supabase Auth sends no more mails for now; a response that said so would tell who has an account."""
    log.warning("mail_not_sent")


def _required(session: Any) -> SignIn:
    if session is None:
        raise errors.Unexpected
    return SignIn(session.access_token, session.refresh_token)


class Renewals:
    """Renews sign-ins: each once, however many requests ask for it at the same time.

    A page sends several requests at once, all with the same expired token. The first one renews it; the others,
    and those that come with the old cookie within ten seconds, get the same result. Between processes Supabase Auth
    does the same: it accepts a refresh token again for ten seconds.
    """

    KEPT_SECONDS = 10.0

    def __init__(self, renew: Callable[[str], SignIn]) -> None:
        self._renew = renew
        self._lock = threading.Lock()
        self._results: dict[bytes, tuple[float, Future[SignIn]]] = {}

    def renew(self, refresh_token: str) -> SignIn:
        """Return the next pair of tokens; raise TokenExpired when the sign-in has ended, AuthUnavailable."""
        key = hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()
        result, is_mine = self._claim(key)
        if is_mine:
            try:
                result.set_result(self._renew(refresh_token))
            # The waiting requests must get it too, whatever it is.
            except BaseException as error:  # noqa: BLE001
                if not isinstance(error, errors.TokenExpired):
                    with self._lock:
                        self._results.pop(key, None)
                result.set_exception(error)
        return result.result(timeout=15)

    def _claim(self, key: bytes) -> tuple[Future[SignIn], bool]:
        now = time.monotonic()
        with self._lock:
            for old in [k for k, (at, _) in self._results.items() if at < now - self.KEPT_SECONDS]:
                del self._results[old]
            if key in self._results:
                return self._results[key][1], False
            self._results[key] = (now, Future())
            return self._results[key][1], True
