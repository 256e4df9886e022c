"""Users: rows of auth.users and their e-mail identity."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any, cast

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from embedded.auth.errors import email_exists, user_already_exists, validation_failed

Json = dict[str, Any]
Row = dict[str, Any]
Connection = AsyncConnection[Row]

EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\".]+(\.[^@\s,;<>()\[\]\".]+)*", re.ASCII)


def check_email(email: object) -> str:
    """Return the address as it is stored, or refuse it."""
    if not isinstance(email, str) or not email:
        raise validation_failed("An email address is required")
    if len(email) > 255 or not EMAIL.fullmatch(email.strip()):
        raise validation_failed("Unable to validate email address: invalid format")
    return email.strip().lower()


async def create(
    connection: Connection, email: str, hashed: str, data: Json, *, is_confirmed: bool = True
) -> Row:
    """Make a user. Raises AuthError user_already_exists."""
    user_id = uuid.uuid4()
    about = {**data, "sub": str(user_id), "email": email}
    about |= {"email_verified": is_confirmed, "phone_verified": False}
    provided = {"provider": "email", "providers": ["email"]}
    insert = """
        insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
                                confirmation_token, recovery_token, email_change_token_new, email_change,
                                raw_app_meta_data, raw_user_meta_data)
        values ('00000000-0000-0000-0000-000000000000', %s, 'authenticated', 'authenticated', %s, %s,
                case when %s then now() end, '', '', '', '', %s, %s)
        returning *"""
    values = (user_id, email, hashed, is_confirmed, Jsonb(provided), Jsonb(about))
    try:
        cursor = await connection.execute(insert, values)
    except UniqueViolation as error:
        raise user_already_exists() from error
    user = cast(Row, await cursor.fetchone())
    await connection.execute(
        "insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at) "
        "values (%s, %s, %s, 'email', now())",
        (str(user_id), user_id, Jsonb(about)),
    )
    return user


async def find(connection: Connection, user_id: object) -> Row | None:
    cursor = await connection.execute(
        "select * from auth.users where id = %s and deleted_at is null", (user_id,)
    )
    return await cursor.fetchone()


async def find_by_email(connection: Connection, email: str) -> Row | None:
    query = "select * from auth.users where email = %s and not is_sso_user and deleted_at is null"
    return await (await connection.execute(query, (email,))).fetchone()


async def change_password(connection: Connection, user_id: object, hashed: str) -> None:
    """Set it; links and codes that were mailed before no longer work."""
    await connection.execute("delete from auth.one_time_tokens where user_id = %s", (user_id,))
    query = "update auth.users set encrypted_password = %s, updated_at = now() where id = %s"
    await connection.execute(query, (hashed, user_id))


def hidden(email: str, data: Json) -> Json:
    """Return what signing up shows for an address that has an account: somebody new, without identities."""
    now = iso(datetime.now(UTC))
    return {
        "id": str(uuid.uuid4()),
        "aud": "authenticated",
        "role": "authenticated",
        "email": email,
        "phone": "",
        "confirmation_sent_at": now,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": data,
        "identities": [],
        "created_at": now,
        "updated_at": now,
        "is_anonymous": False,
    }


async def confirm(connection: Connection, user_id: object) -> None:
    """Note that a mail has reached the user's address."""
    query = """
        update auth.users set email_confirmed_at = now(), updated_at = now(),
          raw_user_meta_data = raw_user_meta_data || '{"email_verified": true}'
        where id = %s and email_confirmed_at is null"""
    await connection.execute(query, (user_id,))


async def request_email_change(connection: Connection, user: Row, email: str) -> None:
    """Note a new address, which counts once mails to it and to the present one were answered."""
    if await find_by_email(connection, email):
        raise email_exists()
    await connection.execute(
        "update auth.users set email_change = %s, email_change_sent_at = now(), updated_at = now() where id = %s",
        (email, user["id"]),
    )


async def change_email(connection: Connection, user: Row) -> None:
    """Make the noted address the user's."""
    email = user["email_change"]
    try:
        await connection.execute(
            """update auth.users set email = %s, email_change = '', email_confirmed_at = now(), updated_at = now(),
                 raw_user_meta_data = raw_user_meta_data || %s
               where id = %s""",
            (email, Jsonb({"email": email, "email_verified": True}), user["id"]),
        )
    except UniqueViolation as error:
        raise email_exists() from error
    await connection.execute(
        "update auth.identities set identity_data = identity_data || %s, updated_at = now() where user_id = %s",
        (Jsonb({"email": email}), user["id"]),
    )


async def merge_data(connection: Connection, user_id: object, data: Json) -> None:
    """Merge into the user's own data; a null removes its key."""
    query = """
        update auth.users set updated_at = now(),
          raw_user_meta_data = jsonb_strip_nulls(coalesce(raw_user_meta_data, '{}') || %s)
        where id = %s"""
    await connection.execute(query, (Jsonb(data), user_id))


async def shown(connection: Connection, user: Row) -> Json:
    """Return the user as clients see them."""
    cursor = await connection.execute(
        "select * from auth.identities where user_id = %s order by created_at", (user["id"],)
    )
    return {
        "id": str(user["id"]),
        "aud": user["aud"] or "authenticated",
        "role": user["role"] or "authenticated",
        "email": user["email"],
        "email_confirmed_at": iso(user["email_confirmed_at"]),
        "confirmation_sent_at": iso(user["confirmation_sent_at"]),
        "new_email": user["email_change"] or None,
        "phone": user["phone"] or "",
        "confirmed_at": iso(user["confirmed_at"]),
        "last_sign_in_at": iso(user["last_sign_in_at"]),
        "app_metadata": user["raw_app_meta_data"] or {},
        "user_metadata": user["raw_user_meta_data"] or {},
        "identities": [_shown_identity(row) for row in await cursor.fetchall()],
        "created_at": iso(user["created_at"]),
        "updated_at": iso(user["updated_at"]),
        "is_anonymous": user["is_anonymous"],
    }


def _shown_identity(row: Row) -> Json:
    return {
        "identity_id": str(row["id"]),
        "id": row["provider_id"],
        "user_id": str(row["user_id"]),
        "identity_data": row["identity_data"],
        "provider": row["provider"],
        "last_sign_in_at": iso(row["last_sign_in_at"]),
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "email": row["email"],
    }


def iso(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else None
