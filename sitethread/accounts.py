"""Accounts: signing up, in and out, over Supabase Auth."""

import hashlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sitethread import errors
from sitethread.database import Database

PASSWORD_CHARACTERS = 8
PASSWORD_BYTES = 72  # bcrypt, which Supabase Auth uses, reads no further


@dataclass(frozen=True)
class SignIn:
    """A pair of tokens; the refresh token buys the next pair, once."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


def sign_in(database: Database, email: str, password: str) -> SignIn:
    """Exchange e-mail and password for tokens; raise WrongPassword, EmailNotConfirmed or RateLimited."""
    email = clean_email(email)
    if not password:
        raise errors.WrongPassword
    with database.auth() as auth:
        return _required(auth.sign_in_with_password({"email": email, "password": password}).session)


def sign_up(database: Database, email: str, password: str, confirm_url: str) -> SignIn | None:
    """Make an account; None means that a mail with a link to `confirm_url` must be opened first."""
    email = clean_email(email)
    check_password(password)
    with database.auth() as auth:
        made = auth.sign_up(
            {"email": email, "password": password, "options": {"email_redirect_to": confirm_url}}
        )
    # Where addresses are confirmed by mail, Supabase hides a taken one behind a user without identities.
    if made.user is not None and made.user.identities == []:
        raise errors.EmailTaken
    return _required(made.session) if made.session else None


def open_link(database: Database, token_hash: str, kind: str) -> SignIn:
    """Redeem the one-time token of a mailed link; raise LinkExpired."""
    params: Any = {"token_hash": token_hash, "type": kind}
    try:
        with database.auth() as auth:
            return _required(auth.verify_otp(params).session)
    except (errors.TokenExpired, errors.InvalidEmail, errors.NotFound):
        raise errors.LinkExpired from None


def request_reset(database: Database, email: str, reset_url: str) -> None:
    """Have a link to `reset_url` mailed; an unknown address gets the same silence."""
    with database.auth() as auth:
        auth.reset_password_for_email(clean_email(email), {"redirect_to": reset_url})


def change_password(database: Database, tokens: SignIn, password: str) -> None:
    """Set a new password for the signed-in person; raise WeakPassword or SamePassword."""
    check_password(password)
    with database.auth() as auth:
        auth.set_session(tokens.access_token, tokens.refresh_token)
        auth.update_user({"password": password})


def sign_out(database: Database, access_token: str, *, everywhere: bool = False) -> None:
    """Revoke the refresh token of this sign-in, or of all of them; a sign-in already gone is fine."""
    try:
        with database.auth() as auth:
            auth.admin.sign_out(access_token, "global" if everywhere else "local")
    except (errors.TokenExpired, errors.InvalidToken, errors.AuthRequired):
        return


def clean_email(email: str) -> str:
    """Trim an address; raise InvalidEmail for what can't be one."""
    email = email.strip()
    name, at, host = email.rpartition("@")
    if not (at and name and ("." in host.strip(".") or host == "localhost")) or len(email) > 254:
        raise errors.InvalidEmail
    if any(c.isspace() or not c.isprintable() for c in email):
        raise errors.InvalidEmail
    return email


def check_password(password: str) -> None:
    """Raise WeakPassword for one that is too short, or longer than is read."""
    if len(password) < PASSWORD_CHARACTERS:
        raise errors.WeakPassword(f"Use at least {PASSWORD_CHARACTERS} characters for your password.")
    if len(password.encode("utf-8", "replace")) > PASSWORD_BYTES:
        raise errors.WeakPassword(
            f"Use at most {PASSWORD_BYTES} bytes for your password: that is {PASSWORD_BYTES} plain letters"
            " and digits, or fewer where there are accents, other scripts or emoji."
        )


def _required(session: Any) -> SignIn:
    if session is None:
        raise errors.Unexpected
    return SignIn(session.access_token, session.refresh_token)


class Renewals:
    """Renews sign-ins, each once however many requests ask for it at the same time.

    A page starts several requests at once, all with the same expired token. The first renews; the others wait
    for its result, and so do those that come within ten seconds with the old cookie. Other processes rely on
    Supabase Auth, which lets a refresh token be used again for as long.
    """

    KEPT_SECONDS = 10.0

    def __init__(self, renew: Callable[[str], SignIn]) -> None:
        self._renew = renew
        self._lock = threading.Lock()
        self._results: dict[bytes, tuple[float, Future[SignIn]]] = {}

    @classmethod
    def over(cls, database: Database) -> "Renewals":
        """Renew by Supabase Auth."""

        def renew(refresh_token: str) -> SignIn:
            with database.auth() as auth:
                return _required(auth.refresh_session(refresh_token).session)

        return cls(renew)

    def renew(self, refresh_token: str) -> SignIn:
        """Return the next pair of tokens; raise TokenExpired when there is none, or AuthUnavailable."""
        key = hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()
        result, is_mine = self._claim(key)
        if is_mine:
            try:
                result.set_result(self._renew(refresh_token))
            # Whatever it is, those who wait for it must get it too.
            except BaseException as error:  # noqa: BLE001
                if not isinstance(error, errors.TokenExpired):
                    self._forget(key)
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

    def _forget(self, key: bytes) -> None:
        with self._lock:
            self._results.pop(key, None)
