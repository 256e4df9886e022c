"""Mails that prove an address: a link and a code, kept in the outbox instead of sent."""

import hashlib
import secrets
from urllib.parse import urlencode, urlsplit

from embedded.auth.errors import otp_expired
from embedded.auth.users import Connection, Row

SITE_URL = "http://127.0.0.1:8000"
LIFETIME = "1 hour"
TOKEN_TYPES = {"recovery": "recovery_token", "signup": "confirmation_token", "email": "confirmation_token"}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def allowed(redirect_to: str | None) -> str | None:
    """Return the address if it is on this machine: a link to elsewhere would hand the token to a stranger."""
    parts = urlsplit(redirect_to or "")
    return redirect_to if parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK else None


async def send_recovery(connection: Connection, user: Row, auth_url: str, redirect_to: str | None) -> None:
    """Put a mail with a link for a new password into the outbox. Only the newest link works."""
    code = f"{secrets.randbelow(10**6):06d}"
    token_hash = secrets.token_hex(28)
    await connection.execute(
        """insert into auth.one_time_tokens (user_id, token_type, token_hash, relates_to)
           values (%s, 'recovery_token', %s, %s)
           on conflict (user_id, token_type) do update
           set token_hash = excluded.token_hash, relates_to = excluded.relates_to,
               created_at = now(), updated_at = now()""",
        (user["id"], token_hash, hash_of_code(user["email"], code)),
    )
    await connection.execute("update auth.users set recovery_sent_at = now() where id = %s", (user["id"],))
    await connection.execute(
        "insert into auth.outbox (recipient, subject, link, code) values (%s, %s, %s, %s)",
        (user["email"], "Reset your password", _link(auth_url, token_hash, redirect_to), code),
    )


def hash_of_code(email: str, code: str) -> str:
    """Return what is stored of the short code, for those who type it rather than follow the link."""
    return hashlib.sha224(f"{email}{code}".encode()).hexdigest()


def _link(auth_url: str, token_hash: str, redirect_to: str | None) -> str:
    """Return a link to the app's own page when it named one, else to the service's."""
    if redirect_to:
        mark = "&" if "?" in redirect_to else "?"
        return f"{redirect_to}{mark}{urlencode({'token_hash': token_hash, 'type': 'recovery'})}"
    query = {"token": token_hash, "type": "recovery", "redirect_to": SITE_URL}
    return f"{auth_url}/verify?{urlencode(query)}"


async def redeem(connection: Connection, kind: str, token_hash: str) -> Row:
    """Return the user to whom the link was sent, once. Raises AuthError otp_expired."""
    return await _redeem(connection, kind, "t.token_hash = %s", token_hash)


async def redeem_code(connection: Connection, kind: str, email: str, code: str) -> Row:
    """Return the user to whom the code was sent, once. Raises AuthError otp_expired."""
    return await _redeem(connection, kind, "t.relates_to = %s", hash_of_code(email, code))


async def _redeem(connection: Connection, kind: str, which: str, value: str) -> Row:
    query = f"""
        delete from auth.one_time_tokens t using auth.users u
        where t.user_id = u.id and t.token_type = %s and {which}
          and t.created_at > now() at time zone 'utc' - interval '{LIFETIME}' and u.deleted_at is null
        returning u.*"""  # noqa: S608
    cursor = await connection.execute(query, (TOKEN_TYPES[kind], value))
    user = await cursor.fetchone()
    if not user:
        raise otp_expired()
    return user


async def sent(connection: Connection, limit: int = 100) -> list[Row]:
    """Return the newest mails, newest first."""
    query = "select * from auth.outbox order by id desc limit %s"
    return await (await connection.execute(query, (limit,))).fetchall()
