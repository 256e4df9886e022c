"""Mails that prove an address: a link and a code, kept in the outbox instead of sent."""

import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from embedded.auth import users
from embedded.auth.errors import otp_expired
from embedded.auth.users import Connection, Row

SITE_URL = "http://127.0.0.1:8000"
LIFETIME = "1 hour"
# A new address takes a mail to it and one to the present address: Supabase's `double_confirm_changes`.
EMAIL_CHANGE = ("email_change_token_new", "email_change_token_current")
KINDS: dict[str, tuple[str, ...]] = {
    "recovery": ("recovery_token",),
    "signup": ("confirmation_token",),
    "email": ("confirmation_token",),
    "email_change": EMAIL_CHANGE,
}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def allowed(redirect_to: str | None) -> str | None:
    """Return the address if it is on this machine: a link to elsewhere would hand the token to a stranger."""
    try:
        parts = urlsplit(redirect_to or "")
    except ValueError:
        return None
    return redirect_to if parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK else None


@dataclass(frozen=True)
class Mail:
    """A mail with a link: what it is for, and under which type its token is stored."""

    kind: str
    token_type: str
    subject: str


RECOVERY = Mail("recovery", "recovery_token", "Reset your password")
CONFIRMATION = Mail("signup", "confirmation_token", "Confirm your address")
TO_NEW_ADDRESS = Mail("email_change", EMAIL_CHANGE[0], "Confirm your new address")
TO_PRESENT_ADDRESS = Mail("email_change", EMAIL_CHANGE[1], "Confirm the change of your address")


@dataclass(frozen=True)
class Post:
    """Puts mails into the outbox, with links to the page that asked for them, else to the service itself."""

    auth_url: str
    redirect_to: str | None

    async def send(self, connection: Connection, mail: Mail, user_id: object, recipient: str) -> None:
        """Send a mail. Only the newest link of its type works."""
        code = f"{secrets.randbelow(10**6):06d}"
        token_hash = secrets.token_hex(28)
        await connection.execute(
            """insert into auth.one_time_tokens (user_id, token_type, token_hash, relates_to)
               values (%s, %s, %s, %s)
               on conflict (user_id, token_type) do update
               set token_hash = excluded.token_hash, relates_to = excluded.relates_to,
                   created_at = now(), updated_at = now()""",
            (user_id, mail.token_type, token_hash, hash_of_code(recipient, code)),
        )
        await connection.execute(
            "insert into auth.outbox (recipient, subject, link, code) values (%s, %s, %s, %s)",
            (recipient, mail.subject, self._link(token_hash, mail.kind), code),
        )

    def _link(self, token_hash: str, kind: str) -> str:
        if self.redirect_to:
            mark = "&" if "?" in self.redirect_to else "?"
            return f"{self.redirect_to}{mark}{urlencode({'token_hash': token_hash, 'type': kind})}"
        query = {"token": token_hash, "type": kind, "redirect_to": SITE_URL}
        return f"{self.auth_url}/verify?{urlencode(query)}"


def hash_of_code(email: str, code: str) -> str:
    """Return what is stored of the short code, for those who type it rather than follow the link."""
    return hashlib.sha224(f"{email}{code}".encode()).hexdigest()


async def redeem(connection: Connection, kind: str, token_hash: str) -> Row | None:
    """Return the user to whom the link was sent, once, and note what that proves. Raises AuthError otp_expired.

    Return None when a change of address needs the other link, too.
    """
    return await _redeem(connection, kind, "t.token_hash = %s", token_hash)


async def redeem_code(connection: Connection, kind: str, email: str, code: str) -> Row | None:
    """Do the same with the code that the mail to this address has."""
    return await _redeem(connection, kind, "t.relates_to = %s", hash_of_code(email, code))


async def _redeem(connection: Connection, kind: str, which: str, value: str) -> Row | None:
    query = f"""
        delete from auth.one_time_tokens t using auth.users u
        where t.user_id = u.id and t.token_type = any(%s) and {which}
          and t.created_at > now() at time zone 'utc' - interval '{LIFETIME}' and u.deleted_at is null
        returning u.*"""  # noqa: S608
    cursor = await connection.execute(query, (list(KINDS[kind]), value))
    user = await cursor.fetchone()
    if not user:
        raise otp_expired()
    if kind != "email_change":
        await users.confirm(connection, user["id"])
    elif await _awaits_other_link(connection, user["id"]):
        return None
    else:
        await users.change_email(connection, user)
    return user


async def _awaits_other_link(connection: Connection, user_id: object) -> bool:
    query = "select from auth.one_time_tokens where user_id = %s and token_type = any(%s)"
    return await (await connection.execute(query, (user_id, list(EMAIL_CHANGE)))).fetchone() is not None


async def sent(connection: Connection, limit: int = 100) -> list[Row]:
    """Return the newest mails, newest first."""
    query = "select * from auth.outbox order by id desc limit %s"
    return await (await connection.execute(query, (limit,))).fetchall()
