"""The routes of the auth service."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from psycopg import DataError, OperationalError
from psycopg.errors import ForeignKeyViolation
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from embedded.auth import errors, mails, passwords, sessions, users
from embedded.auth.errors import AuthError, validation_failed
from embedded.auth.limits import Limit
from embedded.auth.requests import as_object, ip, json_body, token_type
from embedded.auth.tokens import AccessTokens
from embedded.auth.users import Connection, Json, Row


@dataclass
class Auth:
    """One auth service: its database, its key, its limits."""

    pool: AsyncConnectionPool[Connection]
    tokens: AccessTokens
    public_keys: Json
    confirm_emails: bool = False
    failed_sign_ins: Limit = field(default_factory=lambda: Limit(20, 300))
    sent_mails: Limit = field(default_factory=lambda: Limit(5, 60, errors.too_many_mails))

    def app(self) -> Starlette:
        """Return the ASGI app, to be mounted at /auth/v1."""
        routes = [
            Route("/health", self.health),
            Route("/settings", self.settings),
            Route("/.well-known/jwks.json", self.keys),
            Route("/signup", self.sign_up, methods=["POST"]),
            Route("/token", self.token, methods=["POST"]),
            Route("/user", self.show_user),
            Route("/user", self.change_user, methods=["PUT"]),
            Route("/logout", self.sign_out, methods=["POST"]),
            Route("/recover", self.recover, methods=["POST"]),
            Route("/verify", self.verify, methods=["POST"]),
            Route("/verify", self.follow_link),
        ]
        handlers: dict[Any, Any] = {
            AuthError: errors.respond,
            OperationalError: errors.respond_unavailable,
            PoolTimeout: errors.respond_unavailable,
            DataError: errors.respond_unstorable,
            ForeignKeyViolation: errors.respond_gone,
            404: errors.respond_not_found,
            405: errors.respond_not_found,
            500: errors.respond_unexpected,
        }
        return Starlette(routes=routes, exception_handlers=handlers)

    async def health(self, request: Request) -> Response:
        async with self.pool.connection() as connection:
            await connection.execute("select 1")
        return JSONResponse(
            {"name": "GoTrue", "version": "v2-embedded", "description": "Sitethread's local auth"}
        )

    async def settings(self, request: Request) -> Response:
        return JSONResponse(SETTINGS | {"mailer_autoconfirm": not self.confirm_emails})

    async def keys(self, request: Request) -> Response:
        return JSONResponse(self.public_keys, headers={"Cache-Control": "public, max-age=600"})

    async def sign_up(self, request: Request) -> Response:
        body = await json_body(request)
        if not body.get("email") and not body.get("phone"):
            raise AuthError(422, "anonymous_provider_disabled", "Anonymous sign-ins are disabled")
        if not body.get("email"):
            raise AuthError(400, "phone_provider_disabled", "Phone signups are disabled")
        password = passwords.check(body.get("password"))
        email = users.check_email(body["email"])
        data = as_object(body.get("data"), "data")
        hashed = await passwords.hash_password(password)
        async with self.pool.connection() as connection:
            if self.confirm_emails:
                return JSONResponse(await self.ask_to_confirm(connection, request, email, hashed, data))
            user = await users.create(connection, email, hashed, data)
            return JSONResponse(await self.begin(connection, request, user, "password"))

    async def ask_to_confirm(
        self, connection: Connection, request: Request, email: str, hashed: str, data: Json
    ) -> Json:
        """Mail a link to a new address. The response doesn't tell whether the address has an account."""
        self.sent_mails.check(email)
        self.sent_mails.count(email)
        user = await users.find_by_email(connection, email)
        if user and user["email_confirmed_at"]:
            return users.hidden(email, data)
        user = user or await users.create(connection, email, hashed, data, is_confirmed=False)
        await self.post(request).send(connection, mails.CONFIRMATION, user["id"], email)
        shown = await users.shown(connection, user)
        return shown | {"confirmation_sent_at": users.iso(datetime.now(UTC))}

    def post(self, request: Request) -> mails.Post:
        redirect_to = request.query_params.get("redirect_to") or request.headers.get("redirect_to")
        return mails.Post(self.tokens.issuer, mails.allowed(redirect_to))

    async def token(self, request: Request) -> Response:
        grants = {"password": self.sign_in, "refresh_token": self.refresh}
        grant = grants.get(request.query_params.get("grant_type", ""))
        if not grant:
            raise AuthError(400, "invalid_grant", "unsupported_grant_type")
        return JSONResponse(await grant(request, await json_body(request)))

    async def sign_in(self, request: Request, body: Json) -> Json:
        email, password = body.get("email"), body.get("password")
        if not isinstance(email, str) or not isinstance(password, str) or not email:
            raise validation_failed("missing email or phone")
        email = email.strip().lower()
        key = f"{email} {ip(request)}"
        self.failed_sign_ins.check(key)
        async with self.pool.connection() as connection:
            user = await users.find_by_email(connection, email)
        # No connection is held meanwhile: a comparison takes long.
        if not await passwords.matches(password, user["encrypted_password"] if user else None) or not user:
            self.failed_sign_ins.count(key)
            raise errors.invalid_credentials()
        self.failed_sign_ins.forget(key)
        _refuse_banned(user)
        if not user["email_confirmed_at"]:
            raise errors.email_not_confirmed()
        async with self.pool.connection() as connection:
            return await self.begin(connection, request, user, "password")

    async def refresh(self, request: Request, body: Json) -> Json:
        token = body.get("refresh_token")
        if not isinstance(token, str) or not token:
            raise validation_failed("Refresh Token is not valid")
        async with self.pool.connection() as connection:
            try:
                session, following = await sessions.rotate(connection, token)
            except sessions.AlreadyUsed:
                await connection.commit()
                raise
            user = await users.find(connection, session["user_id"])
            if not user:
                raise errors.session_not_found()
            _refuse_banned(user)
            return await self.grant(connection, user, session["id"], following)

    async def begin(self, connection: Connection, request: Request, user: Row, method: str) -> Json:
        """Begin a session and return it with its tokens."""
        agent = request.headers.get("user-agent", "")[:500]
        session_id = await sessions.create(connection, user["id"], method, agent, ip(request))
        token = await sessions.issue_token(connection, session_id, user["id"])
        fresh = await users.find(connection, user["id"])
        if not fresh:
            raise errors.invalid_credentials()
        return await self.grant(connection, fresh, session_id, token)

    async def grant(self, connection: Connection, user: Row, session_id: object, refresh_token: str) -> Json:
        shown = await users.shown(connection, user)
        methods = await sessions.methods(connection, session_id)
        access = self.tokens.issue(shown, str(session_id), methods)
        return {**access, "refresh_token": refresh_token, "user": shown, "weak_password": None}

    async def claims(self, connection: Connection, request: Request) -> tuple[Json, Row]:
        """Return the claims of the request's token and its user, whose session must live."""
        claims = self.tokens.verify(request.headers.get("authorization"))
        if not await sessions.find(connection, claims.get("session_id"), claims["sub"]):
            raise errors.session_not_found()
        user = await users.find(connection, claims["sub"])
        if not user:
            raise errors.user_not_found()
        return claims, user

    async def show_user(self, request: Request) -> Response:
        async with self.pool.connection() as connection:
            _, user = await self.claims(connection, request)
            return JSONResponse(await users.shown(connection, user))

    async def change_user(self, request: Request) -> Response:
        body = await json_body(request)
        email = users.check_email(body["email"]) if body.get("email") else None
        password = passwords.check(body["password"]) if body.get("password") is not None else None
        data = as_object(body.get("data"), "data")
        async with self.pool.connection() as connection:
            claims, user = await self.claims(connection, request)
            if password:
                await self.change_password(connection, claims, user, password)
            if email and email != user["email"]:
                await self.ask_to_change_email(connection, request, user, email)
            if data:
                await users.merge_data(connection, user["id"], data)
            changed = await users.find(connection, user["id"])
            return JSONResponse(await users.shown(connection, changed or user))

    async def ask_to_change_email(
        self, connection: Connection, request: Request, user: Row, email: str
    ) -> None:
        self.sent_mails.check(email)
        self.sent_mails.count(email)
        await users.request_email_change(connection, user, email)
        post = self.post(request)
        await post.send(connection, mails.TO_NEW_ADDRESS, user["id"], email)
        await post.send(connection, mails.TO_PRESENT_ADDRESS, user["id"], user["email"])

    async def change_password(self, connection: Connection, claims: Json, user: Row, password: str) -> None:
        """Change it and end the sessions elsewhere: whoever had the old one is out."""
        if await passwords.matches(password, user["encrypted_password"]):
            raise AuthError(422, "same_password", "New password should be different from the old password.")
        await users.change_password(connection, user["id"], await passwords.hash_password(password))
        await sessions.end(connection, "others", claims["session_id"], user["id"])

    async def sign_out(self, request: Request) -> Response:
        scope = request.query_params.get("scope", "global")
        if scope not in {"global", "local", "others"}:
            raise validation_failed(f"Unsupported logout scope {scope!r}")
        async with self.pool.connection() as connection:
            claims, user = await self.claims(connection, request)
            await sessions.end(connection, scope, claims["session_id"], user["id"])
        return Response(status_code=204)

    async def recover(self, request: Request) -> Response:
        """Send a link for a new password. The response doesn't tell whether the address has an account."""
        body = await json_body(request)
        email = users.check_email(body.get("email"))
        self.sent_mails.check(email)
        self.sent_mails.count(email)
        async with self.pool.connection() as connection:
            if user := await users.find_by_email(connection, email):
                await self.post(request).send(connection, mails.RECOVERY, user["id"], email)
        return JSONResponse({})

    async def verify(self, request: Request) -> Response:
        body = await json_body(request)
        kind = token_type(body.get("type"))
        token_hash, code = body.get("token_hash"), body.get("token")
        async with self.pool.connection() as connection:
            if isinstance(token_hash, str) and token_hash:
                user = await mails.redeem(connection, kind, token_hash)
            else:
                user = await self.redeem_code(connection, request, kind, body.get("email"), code)
            if not user:
                return JSONResponse({"code": "200", "msg": OTHER_LINK})
            return JSONResponse(await self.begin(connection, request, user, "otp"))

    async def redeem_code(
        self, connection: Connection, request: Request, kind: str, email: object, code: object
    ) -> Row | None:
        """Compare a typed code, which is short: only so many tries."""
        if not isinstance(code, str) or not isinstance(email, str):
            raise validation_failed(
                "Only the token_hash and type should be provided, or email, token and type"
            )
        address = users.check_email(email)
        key = f"{address} {ip(request)}"
        self.failed_sign_ins.check(key)
        self.failed_sign_ins.count(key)
        return await mails.redeem_code(connection, kind, address, code)

    async def follow_link(self, request: Request) -> Response:
        """Follow a mail's link: on to the site, with the new session in the fragment."""
        query = request.query_params
        target = mails.allowed(query.get("redirect_to")) or mails.SITE_URL
        try:
            kind = token_type(query.get("type"))
            async with self.pool.connection() as connection:
                user = await mails.redeem(connection, kind, query.get("token") or "")
                if not user:
                    return RedirectResponse(f"{target}#{urlencode({'message': OTHER_LINK})}", 303)
                session = await self.begin(connection, request, user, "otp")
        except AuthError as error:
            about = {
                "error": "access_denied",
                "error_code": error.error_code,
                "error_description": error.message,
            }
            return RedirectResponse(f"{target}#{urlencode(about)}", 303)
        names = ("access_token", "expires_at", "expires_in", "refresh_token", "token_type")
        fragment = {name: session[name] for name in names} | {"type": kind}
        return RedirectResponse(f"{target}#{urlencode(fragment)}", 303)


def _refuse_banned(user: Row) -> None:
    if user["banned_until"] and user["banned_until"] > datetime.now(UTC):
        raise AuthError(400, "user_banned", "User is banned")


OTHER_LINK = "Confirmation link accepted. Please proceed to confirm link sent to the other email"
SETTINGS: Json = {
    "external": {"anonymous_users": False, "email": True, "phone": False},
    "disable_signup": False,
    "phone_autoconfirm": False,
    "sms_provider": "",
    "saml_enabled": False,
}
