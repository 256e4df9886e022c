"""Sessions: one per sign-in, carried by refresh tokens that change with each use."""

import secrets
import uuid
from typing import Any

from embedded.auth.errors import AuthError
from embedded.auth.users import Connection, Json, Row

# A client that lost the response, or two tabs at once, may use a token again for so long: Supabase Auth's default.
REUSE_SECONDS = 10


async def create(
    connection: Connection, user_id: uuid.UUID, method: str, agent: str, ip: str | None
) -> uuid.UUID:
    """Begin a session for somebody who just proved who they are by `method` (password, otp)."""
    session_id = uuid.uuid4()
    await connection.execute(
        "insert into auth.sessions (id, user_id, user_agent, ip) values (%s, %s, %s, %s)",
        (session_id, user_id, agent, ip),
    )
    await connection.execute(
        "insert into auth.mfa_amr_claims (session_id, authentication_method) values (%s, %s)",
        (session_id, method),
    )
    await connection.execute("update auth.users set last_sign_in_at = now() where id = %s", (user_id,))
    return session_id


async def issue_token(
    connection: Connection, session_id: object, user_id: object, parent: str | None = None
) -> str:
    token = secrets.token_urlsafe(24)
    await connection.execute(
        "insert into auth.refresh_tokens (token, user_id, revoked, parent, session_id) values (%s, %s, false, %s, %s)",
        (token, str(user_id), parent, session_id),
    )
    return token


async def rotate(connection: Connection, token: str) -> tuple[Row, str]:
    """Exchange a refresh token for the next one; return the session and that token.

    A token that was already exchanged gives, for REUSE_SECONDS, the session's current token again. Later it must be
    stolen: the whole family is revoked, which the caller has to commit (see `AlreadyUsed`).
    """
    # The session's lock first: two refreshes at once come one after the other.
    query = """
        select s.* from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id
        where t.token = %s for update of s"""
    session = await (await connection.execute(query, (token,))).fetchone()
    if not session:
        raise AuthError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
    query = """
        select *, updated_at > now() - make_interval(secs => %s) as is_fresh
        from auth.refresh_tokens where token = %s"""
    used: Any = await (await connection.execute(query, (REUSE_SECONDS, token))).fetchone()
    following: str | None = None
    if not used["revoked"]:
        await _revoke(connection, "token = %s", token)
        following = await issue_token(connection, session["id"], session["user_id"], parent=token)
    elif used["is_fresh"]:
        following = await _current_token(connection, session)
    if not following:
        await _revoke(connection, "session_id = %s and not revoked", session["id"])
        raise AlreadyUsed
    await connection.execute(
        "update auth.sessions set refreshed_at = now(), updated_at = now() where id = %s", (session["id"],)
    )
    return session, following


class AlreadyUsed(AuthError):
    """A refresh token came back too late. Its family is revoked: commit, then raise on."""

    def __init__(self) -> None:
        super().__init__(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")


async def _revoke(connection: Connection, which: str, value: object) -> None:
    change = f"update auth.refresh_tokens set revoked = true, updated_at = now() where {which}"  # noqa: S608
    await connection.execute(change, (value,))


async def _current_token(connection: Connection, session: Row) -> str | None:
    query = (
        "select token from auth.refresh_tokens where session_id = %s and not revoked order by id desc limit 1"
    )
    row = await (await connection.execute(query, (session["id"],))).fetchone()
    return row["token"] if row else None


async def find(connection: Connection, session_id: object, user_id: object) -> Row | None:
    query = "select * from auth.sessions where id = %s and user_id = %s and (not_after is null or not_after > now())"
    return await (await connection.execute(query, (session_id, user_id))).fetchone()


async def methods(connection: Connection, session_id: object) -> list[Json]:
    """Return how the person proved who they are, as the token's `amr` says it."""
    query = """
        select authentication_method as method, floor(extract(epoch from created_at))::int as timestamp
        from auth.mfa_amr_claims where session_id = %s order by created_at desc"""
    return await (await connection.execute(query, (session_id,))).fetchall()


async def end(connection: Connection, scope: str, session_id: object, user_id: object) -> None:
    """End this session (local), all others of the user (others) or all of them (global)."""
    condition = {"local": "and id = %s", "others": "and id <> %s", "global": "and %s::uuid is not null"}[
        scope
    ]
    await connection.execute(
        f"delete from auth.sessions where user_id = %s {condition}",  # noqa: S608
        (user_id, session_id),
    )
