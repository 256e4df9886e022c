"""Tokens with claims that nobody should sign: each is refused, none is an error of ours."""

import base64
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sitethread import errors
from sitethread.tokens import MAX_CHARACTERS, Tokens

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLISHED = {**ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "published"}
NOW = int(time.time())
GOOD = {
    "sub": "11111111-1111-4111-8111-111111111111",
    "role": "authenticated",
    "aud": "authenticated",
    "exp": NOW + 3600,
    "iat": NOW,
    "email": "alice@example.com",
}


class PostgREST:
    """Takes every token, and knows which it was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def take(self, token: str) -> None:
        self.asked.append(token)


def signed(claims: bytes | dict[str, Any], key: ec.EllipticCurvePrivateKey = KEY, **header: Any) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return jwt.PyJWS().encode(payload, key, "ES256", {"kid": "published", **header})


def with_header(header: bytes) -> str:
    _, rest = signed(GOOD).split(".", 1)
    return base64.urlsafe_b64encode(header).decode().rstrip("=") + "." + rest


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(lambda: [PUBLISHED], PostgREST().take)


def let_in(token: str, *published: Any) -> PostgREST:
    """Read and verify a token as a request does."""
    postgrest = PostgREST()
    tokens = Tokens(lambda: list(published), postgrest.take)
    tokens.read(token)
    tokens.verify(token)
    return postgrest


BOMB = b"[" * 5_000

STRANGE: dict[str, Callable[[], str]] = {
    "claims that are a list": lambda: signed(b"[]"),
    "claims that are a number": lambda: signed(b"1"),
    "claims that are no JSON": lambda: signed(b"{"),
    "claims that are no UTF-8": lambda: signed(b'{"sub": "\xff"}'),
    "claims that never close": lambda: signed(BOMB),
    "claims that close very late": lambda: signed(BOMB + b"]" * 5_000),
    "a claim that closes very late": lambda: signed(b'{"exp": ' + BOMB + b"]" * 5_000 + b"}"),
    "a number of 5,000 digits": lambda: signed(b'{"exp": ' + b"9" * 5_000 + b"}"),
    "too long": lambda: signed({**GOOD, "padding": "x" * MAX_CHARACTERS}),
    "a header that is a list": lambda: with_header(b"[]"),
    "a header that never closes": lambda: with_header(BOMB),
    "a key id that is a list": lambda: with_header(b'{"alg": "ES256", "kid": []}'),
    "an algorithm that is a list": lambda: with_header(b'{"alg": ["none"], "kid": "published"}'),
    "no algorithm": lambda: with_header(b'{"kid": "published"}'),
    "none": lambda: with_header(b'{"alg": "NONE", "kid": "published"}'),
    "HS256 with the published key": lambda: with_header(b'{"alg": "HS256", "kid": "published"}'),
    "half a character": lambda: signed(GOOD) + "\ud800",
    "no signature": lambda: signed(GOOD).rpartition(".")[0] + ".",
    "another key": lambda: signed(GOOD, ec.generate_private_key(ec.SECP256R1())),
    **{
        # Times differ between the processes that run the tests, and their names must not.
        f"{claim} {number}": lambda claim=claim, value=value: signed({**GOOD, claim: value})
        for claim, values in {
            "exp": [None, True, "soon", str(NOW + 60), [], {}, 1e300, float("inf"), float("nan"), 10**400],
            "iat": [True, "then", [], NOW + 3600, 1e300, float("-inf"), float("nan"), -(10**400)],
            "nbf": ["then", [], {}, NOW + 3600, float("inf"), float("nan"), 10**400],
            "sub": [None, "", "alice", 1, [], {}, "1" * 5_000],
            "aud": [None, "", 1, [], {}, [[]], [1, "authenticated"], "service_role", ["someone-else"]],
            "role": [None, "", 1, [], ["authenticated"], "anon", "service_role"],
            "email": [1, ["alice@example.com"], {"a": 1}],
        }.items()
        for number, value in enumerate(values)
    },
}


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_token_is_invalid(make: Callable[[], str]) -> None:
    with pytest.raises(errors.InvalidToken):
        let_in(make(), PUBLISHED)


@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_token_is_at_most_asked_about_where_no_key_is_published(make: Callable[[], str]) -> None:
    with suppress(errors.InvalidToken):
        token = make()
        assert let_in(token).asked == [token]


@pytest.mark.parametrize("name", ["none", "no algorithm", "no signature"])
def test_an_unsigned_token_is_not_even_read(tokens: Tokens, name: str) -> None:
    with pytest.raises(errors.InvalidToken):
        tokens.read(STRANGE[name]())


@pytest.mark.parametrize(
    "claims",
    [
        GOOD,
        {**GOOD, "aud": ["someone-else", "authenticated"]},
        {**GOOD, "iat": NOW + 20, "nbf": NOW + 20},
        {**GOOD, "exp": NOW + 3600.5, "email": None},
        {name: GOOD[name] for name in ("sub", "role", "aud", "exp")},
    ],
)
def test_a_token_that_supabase_signed_is_let_in(claims: dict[str, Any]) -> None:
    assert let_in(signed(claims), PUBLISHED).asked == []


def test_an_expired_token_is_told_apart_even_when_it_was_verified_before(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = signed(GOOD)
    tokens.verify(token)
    assert tokens.read(token).email == "alice@example.com"
    monkeypatch.setattr(time, "time", lambda: NOW + 3600.0)
    for reader in (tokens, Tokens(lambda: [PUBLISHED], PostgREST().take)):
        with pytest.raises(errors.TokenExpired):
            reader.read(token)
