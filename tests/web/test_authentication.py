"""Who is asking: tokens that work, and all the ways in which they don't."""

import base64
import io
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from sitethread import errors
from sitethread.tokens import Tokens
from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from tests.web.recording_proxy import RecordingProxy

NOW = int(time.time())
FORGERS_KEY = ec.generate_private_key(ec.SECP256R1())


def forged(person: Person, **claims: Any) -> str:
    """Make a token as good as a forger can: the real header and claims, changed, under another key."""
    real = jwt.decode(person.access_token, options={"verify_signature": False})
    header = jwt.get_unverified_header(person.access_token)
    kept = {name: value for name, value in {**real, **claims}.items() if value is not None}
    return jwt.encode(kept, FORGERS_KEY, "ES256", {"kid": header.get("kid")})


def unsigned(person: Person) -> str:
    payload = person.access_token.split(".")[1]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{header}.{payload}."


def with_none_in_the_header(person: Person) -> str:
    return unsigned(person) + person.access_token.split(".")[2]


def cut(person: Person) -> str:
    return person.access_token[:-4] + "AAAA"


def with_a_made_up_secret(person: Person) -> str:
    claims = jwt.decode(person.access_token, options={"verify_signature": False})
    return jwt.encode(claims, "a secret of thirty-two characters", "HS256")


def with_a_made_up_key(person: Person) -> str:
    claims = jwt.decode(person.access_token, options={"verify_signature": False})
    return jwt.encode(claims, FORGERS_KEY, "ES256", {"kid": "made-up"})


TOKENS: list[tuple[str, Callable[[Person], str], str]] = [
    ("no token at all", lambda p: "", "invalid_token"),
    ("a word", lambda p: "token", "invalid_token"),
    ("three words", lambda p: "a.b.c", "invalid_token"),
    ("not text", lambda p: "ä.ö.ü", "invalid_token"),
    ("an endless one", lambda p: "a." * 100_000, "invalid_token"),
    ("unsigned", unsigned, "invalid_token"),
    ("alg none with a signature", with_none_in_the_header, "invalid_token"),
    ("a broken signature", cut, "invalid_token"),
    ("another key", forged, "invalid_token"),
    ("a key that nobody published", with_a_made_up_key, "invalid_token"),
    ("a made-up secret", with_a_made_up_secret, "invalid_token"),
    ("role service_role", lambda p: forged(p, role="service_role"), "invalid_token"),
    ("role anon", lambda p: forged(p, role="anon"), "invalid_token"),
    ("no role", lambda p: forged(p, role=None), "invalid_token"),
    ("another audience", lambda p: forged(p, aud="someone-else"), "invalid_token"),
    ("no audience", lambda p: forged(p, aud=None), "invalid_token"),
    ("no end", lambda p: forged(p, exp=None), "invalid_token"),
    ("an end that is no number", lambda p: forged(p, exp="soon"), "invalid_token"),
    ("not yet valid", lambda p: forged(p, nbf=NOW + 3600), "invalid_token"),
    ("issued tomorrow", lambda p: forged(p, iat=NOW + 86_400), "invalid_token"),
    ("no subject", lambda p: forged(p, sub=None), "invalid_token"),
    ("expired", lambda p: forged(p, exp=NOW - 60), "token_expired"),
]


@pytest.mark.parametrize(("make", "code"), [t[1:] for t in TOKENS], ids=[t[0] for t in TOKENS])
def test_a_token_that_is_not_good_is_refused(
    app: Flask, alice: Person, make: Callable[[Person], str], code: str
) -> None:
    headers = {"Authorization": f"Bearer {make(alice)}"}
    client = app.test_client()
    for refused in (
        client.get("/api/websites", headers=headers),
        client.post("/api/websites", headers=headers, json={"name": "a"}),
    ):
        body = refused.get_json()
        assert (refused.status_code, body["success"], body["error"]["code"]) == (401, False, code)
        assert set(body["error"]) >= {"code", "message", "request_id"}


class Untouched(io.RawIOBase):
    """A body that nobody may read."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("make", [forged, with_a_made_up_key, with_a_made_up_secret])
def test_nothing_of_a_request_is_looked_at_before_the_signature_of_its_token(
    app: Flask, alice: Person, make: Callable[[Person], str]
) -> None:
    headers = {"Authorization": f"Bearer {make(alice)}", "Content-Type": "application/json"}
    body = {"wsgi.input": Untouched(), "wsgi.input_terminated": True}
    some_id = "00000000-0000-4000-8000-000000000000"
    for path, operations in app.test_client().get("/api/openapi.json").get_json()["paths"].items():
        if path in OPEN:
            continue
        url = "/".join(some_id if part.startswith("{") else part for part in path.split("/"))
        for method in operations:
            refused = app.test_client().open(
                f"{url}?limit=0", method=method.upper(), headers=headers, environ_overrides=body
            )
            assert refused.status_code == 401, (method, path)
            assert refused.get_json()["error"]["code"] == "invalid_token", (method, path)


def test_made_up_keys_do_not_send_us_for_the_published_ones_each_time(
    stack: Stack, make_app: Callable[..., Flask], alice: Person
) -> None:
    with RecordingProxy(stack.supabase_url) as proxy:
        app = make_app(supabase_url=proxy.url)
        for _ in range(5):
            caller = ApiClient(connect(app=app), with_a_made_up_key(alice))
            assert caller.refused("GET", "/api/websites") == (401, "invalid_token")
        assert client_of(app, alice).get("/api/websites")["websites"] == []
        assert [path for _, path, _ in proxy.requests if "jwks" in path] == ["/auth/v1/.well-known/jwks.json"]


def test_where_no_keys_are_published_the_database_is_asked_once_about_a_token(
    app: Flask, alice: Person
) -> None:
    asked: list[str] = []

    def ask(token: str) -> None:
        asked.append(token)
        app.extensions["database"].check_token(token)

    tokens = Tokens(lambda: [{"kty": "oct", "kid": "x", "k": "c2VjcmV0"}, {}, None], ask)
    for _ in range(2):
        tokens.verify(alice.access_token)
        with pytest.raises(errors.InvalidToken):
            tokens.verify(with_a_made_up_secret(alice))
    assert asked.count(alice.access_token) == 1


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Token x", "bearer", "Bearer"])
def test_another_kind_of_authorization_is_refused(as_nobody: ApiClient, header: str) -> None:
    refused = as_nobody.refused("GET", "/api/websites", headers={"Authorization": header})
    assert refused == (401, "invalid_token")


def test_a_bearer_token_counts_before_any_cookie(app: Flask, alice: Person, charlie: Person) -> None:
    client = app.test_client()
    client.set_cookie("sitethread_access", alice.access_token)
    client.set_cookie("sitethread_refresh", alice.refresh_token)
    headers = {"Authorization": f"Bearer {charlie.access_token}"}
    made = client.post("/api/websites", json={"name": "Charlie's"}, headers=headers)
    assert made.status_code == 201
    assert client.get("/api/websites").get_json()["websites"] == []
    refused = client.get("/api/websites", headers={"Authorization": "Bearer x.y.z"})
    assert refused.get_json()["error"]["code"] == "invalid_token"


@pytest.mark.parametrize("path", ["/api/websites", "/api/chat/sessions", "/api/chat/messages"])
def test_every_route_requires_a_signed_in_user(as_nobody: ApiClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert as_nobody.refused(method, path, json={} if method == "POST" else None) == (
            401,
            "auth_required",
        )


# A share's link is its own permission, and the helpers are on the front page.
OPEN = {
    "/api/shared/{token}": 404,
    "/api/shared-pages/{page_token}": 404,
    "/api/shared-pages/{page_token}/elements": 404,
    "/api/shared-pages/{page_token}/comments": 404,
    "/api/shared-pages/{page_token}/ticket": 404,
    "/api/helpers": 200,
}


def test_every_documented_operation_asks_who_is_there(app: Flask, as_nobody: ApiClient) -> None:
    some_id = "00000000-0000-4000-8000-000000000000"
    paths = app.test_client().get("/api/openapi.json").get_json()["paths"]
    assert len(paths) >= 10
    for path, operations in paths.items():
        url = "/".join(some_id if part.startswith("{") else part for part in path.split("/"))
        for method, operation in operations.items():
            assert ("security" not in operation) is (path in OPEN), path
            if path in OPEN:
                # What is to have a body has none here.
                assert as_nobody.send(method.upper(), url).status_code in {OPEN[path], 415}, path
            else:
                assert as_nobody.refused(method.upper(), url) == (401, "auth_required"), (method, path)
