"""Signing up and in, as Supabase Auth answers it."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import jwt
import psycopg
import pytest
from starlette.testclient import TestClient

from embedded.auth.app import Auth
from embedded.auth.passwords import hash_password
from tests.embedded.auth import error_of, sign_in
from tests.embedded.processes import eventually
from tests.stacks import PASSWORD, Person, Stack


def test_an_address_signs_up_once(stack: Stack, alice: Person) -> None:
    answer = stack.auth("signup", {"email": alice.email.upper(), "password": PASSWORD})
    assert error_of(answer) == (422, "user_already_exists")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"email": "not an address", "password": PASSWORD}, (400, "validation_failed")),
        ({"email": "a@b@c.example", "password": PASSWORD}, (400, "validation_failed")),
        ({"email": 7, "password": PASSWORD}, (400, "validation_failed")),
        ({"email": "new@example.com", "password": "short"}, (422, "weak_password")),
        ({"email": "new@example.com", "password": "é" * 37}, (400, "validation_failed")),
        ({"email": "new@example.com"}, (400, "validation_failed")),
        ({"email": "new@example.com", "password": PASSWORD, "data": [1]}, (400, "validation_failed")),
        (
            {"email": "new@example.com", "password": PASSWORD, "data": {"name": "\0"}},
            (400, "validation_failed"),
        ),
        (
            {"email": "new@example.com", "password": "a\0bcdefgh", "data": {"name": "\ud800"}},
            (400, "validation_failed"),
        ),
        ({"email": "a\ud800@example.com", "password": PASSWORD}, (400, "validation_failed")),
        ({"email": "new@example.com", "password": "abcdefgh\ud800"}, (400, "validation_failed")),
        ({}, (422, "anonymous_provider_disabled")),
    ],
)
def test_a_sign_up_that_makes_no_sense_is_refused(
    stack: Stack, body: dict, expected: tuple[int, str]
) -> None:
    # Escaped, for httpx writes no lone surrogates.
    assert error_of(stack.request("POST", "/auth/v1/signup", content=json.dumps(body))) == expected


@pytest.mark.parametrize("path", ["recover", "token?grant_type=password", "verify"])
def test_a_lone_surrogate_is_refused_everywhere(stack: Stack, path: str) -> None:
    body = {"email": "a\ud800@example.com", "password": PASSWORD, "type": "recovery", "token": "123456"}
    refused = stack.request("POST", f"/auth/v1/{path}", content=json.dumps(body))
    assert error_of(refused) == (400, "validation_failed")


def test_after_an_unexpected_error_the_gateway_uses_another_connection() -> None:
    """The server closes the one that brought it."""
    app = Auth(Mock(connection=Mock(side_effect=RuntimeError)), Mock(), {}).app()
    answer = TestClient(app, raise_server_exceptions=False).get("/health")
    assert (answer.status_code, answer.headers["Connection"]) == (500, "close")


def test_an_account_that_goes_while_its_owner_signs_in_is_not_found(stack: Stack, alice: Person) -> None:
    waiting = (
        "select pid from pg_stat_activity where usename = 'supabase_auth_admin' and wait_event_type = 'Lock'"
    )
    with psycopg.connect(stack.db_url) as owner, ThreadPoolExecutor(1) as elsewhere:
        owner.execute("delete from auth.users where id = %s", (alice.id,))
        answer = elsewhere.submit(sign_in, stack, alice.email)
        assert eventually(lambda: bool(stack.sql(waiting)), seconds=60)
        owner.commit()
        assert error_of(answer.result()) == (403, "user_not_found")


def test_what_is_no_json_is_refused(stack: Stack) -> None:
    assert error_of(stack.request("POST", "/auth/v1/signup", content=b"{")) == (400, "bad_json")


def test_a_wrong_password_and_an_unknown_address_look_the_same(stack: Stack, alice: Person) -> None:
    wrong, unknown = sign_in(stack, alice.email, "wrong password"), sign_in(stack, "nobody@example.com")
    assert error_of(wrong) == (400, "invalid_credentials")
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())


def test_an_address_is_the_same_in_any_case(stack: Stack, alice: Person) -> None:
    assert sign_in(stack, f" {alice.email.upper()}").json()["user"]["id"] == alice.id


def test_who_fails_too_often_has_to_wait(stack: Stack, alice: Person, charlie: Person) -> None:
    answers = [sign_in(stack, alice.email, "wrong password") for _ in range(21)]
    assert {error_of(answer) for answer in answers[:20]} == {(400, "invalid_credentials")}
    assert error_of(answers[20]) == (429, "over_request_rate_limit")
    assert error_of(sign_in(stack, alice.email)) == (429, "over_request_rate_limit")
    assert sign_in(stack, charlie.email).status_code == 200


def test_a_password_is_stored_as_a_bcrypt_hash(stack: Stack, alice: Person) -> None:
    [user] = stack.sql("select encrypted_password from auth.users where id = %s", alice.id)
    assert user["encrypted_password"].startswith("$2b$")
    # Unless told otherwise, as this run's stack is.
    assert asyncio.run(hash_password("a password")).startswith("$2b$10$")


def test_anybody_can_verify_a_token_with_the_public_keys(stack: Stack, alice: Person) -> None:
    keys = stack.bare("GET", "/auth/v1/.well-known/jwks.json").json()
    assert "d" not in keys["keys"][0]
    issuer = f"{stack.supabase_url}/auth/v1"
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(alice.access_token)["kid"]]
    claims = jwt.decode(
        alice.access_token, key, algorithms=["ES256"], audience="authenticated", issuer=issuer
    )
    assert (claims["sub"], claims["role"], claims["aal"]) == (alice.id, "authenticated", "aal1")
    assert claims["exp"] - claims["iat"] == 3600
    assert [step["method"] for step in claims["amr"]] == ["password"]
    assert uuid.UUID(claims["session_id"])


def signed(stack: Stack, person: Person, **changes: object) -> str:
    """Return the person's token with other claims, signed with the right key."""
    key = json.loads((stack.data / "secrets.json").read_text())["signing_key"]
    claims = jwt.decode(person.access_token, options={"verify_signature": False})
    return jwt.encode(claims | changes, jwt.PyJWK(key).key, algorithm="ES256", headers={"kid": key["kid"]})


def test_postgrest_forgets_a_token_that_expired(stack: Stack, alice: Person) -> None:
    """It remembers tokens that it verified, and allows for clocks that differ by 30 seconds."""
    token = signed(stack, alice, exp=int(time.time()) - 27)
    assert stack.rest("websites", token).status_code == 200
    time.sleep(4)
    answer = stack.rest("websites", token)
    assert (answer.status_code, answer.json()["message"]) == (401, "JWT expired")


def test_postgrest_refuses_a_token_for_another_audience(stack: Stack, alice: Person) -> None:
    assert stack.rest("websites", signed(stack, alice, aud="authenticated")).status_code == 200
    assert stack.rest("websites", signed(stack, alice, aud="somebody else")).status_code == 401


def test_a_token_signed_by_somebody_else_is_refused_everywhere(stack: Stack, alice: Person) -> None:
    from embedded.data_folder import new_signing_key

    claims = jwt.decode(alice.access_token, options={"verify_signature": False})
    forged = jwt.encode(claims, jwt.PyJWK(new_signing_key()).key, algorithm="ES256")
    assert error_of(stack.auth("user", token=forged, method="GET")) == (403, "bad_jwt")
    assert stack.rest("websites", forged).status_code == 401
    unsigned = jwt.encode(claims, None, algorithm="none")
    assert stack.rest("websites", unsigned).status_code == 401


def test_user_needs_a_token(stack: Stack) -> None:
    assert error_of(stack.auth("user", method="GET")) == (401, "no_authorization")


def test_changing_the_password_ends_the_other_sessions(stack: Stack, alice: Person) -> None:
    other = sign_in(stack, alice.email).json()
    changed = stack.auth("user", {"password": "a new password"}, alice.access_token, "PUT")
    assert changed.json()["id"] == alice.id
    assert error_of(stack.auth("user", token=other["access_token"], method="GET")) == (
        403,
        "session_not_found",
    )
    assert stack.auth("user", token=alice.access_token, method="GET").status_code == 200
    assert error_of(sign_in(stack, alice.email)) == (400, "invalid_credentials")
    assert sign_in(stack, alice.email, "a new password").status_code == 200


def test_the_same_password_is_no_change(stack: Stack, alice: Person) -> None:
    answer = stack.auth("user", {"password": PASSWORD}, alice.access_token, "PUT")
    assert error_of(answer) == (422, "same_password")


def test_whom_a_forged_address_hides_has_to_wait_all_the_same(stack: Stack, alice: Person) -> None:
    body = {"email": alice.email, "password": "wrong password"}
    answers = [
        stack.request(
            "POST",
            "/auth/v1/token?grant_type=password",
            json=body,
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
        )
        for number in range(21)
    ]
    assert error_of(answers[20]) == (429, "over_request_rate_limit")
    assert 200 < int(answers[20].headers["Retry-After"]) <= 300


def test_a_person_changes_their_data(stack: Stack, alice: Person) -> None:
    changed = stack.auth("user", {"data": {"name": "Alice"}}, alice.access_token, "PUT").json()
    assert changed["user_metadata"]["name"] == "Alice"


def test_a_new_address_counts_once_both_mails_were_answered(stack: Stack, alice: Person) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    asked = stack.auth("user", {"email": email}, alice.access_token, "PUT").json()
    assert (asked["email"], asked["new_email"]) == (alice.email, email)
    first = stack.auth("verify", {"type": "email_change", "token_hash": mailed_token(stack, email)})
    assert first.json()["code"] == "200" and "access_token" not in first.json()
    assert error_of(sign_in(stack, email)) == (400, "invalid_credentials")
    body = {"type": "email_change", "token_hash": mailed_token(stack, alice.email)}
    assert stack.auth("verify", body).json()["user"]["email"] == email
    assert error_of(stack.auth("verify", body)) == (403, "otp_expired")
    assert sign_in(stack, email).json()["user"]["identities"][0]["email"] == email
    assert error_of(sign_in(stack, alice.email)) == (400, "invalid_credentials")


def test_an_address_that_was_taken_meanwhile_stays_with_its_owner(
    stack: Stack, alice: Person, charlie: Person
) -> None:
    taken = stack.auth("user", {"email": charlie.email}, alice.access_token, "PUT")
    assert error_of(taken) == (422, "email_exists")
    email = f"{uuid.uuid4().hex}@example.com"
    stack.auth("user", {"email": email}, alice.access_token, "PUT").raise_for_status()
    tokens = [mailed_token(stack, address) for address in (email, alice.email)]
    owner = stack.sign_up(email)
    answers = [stack.auth("verify", {"type": "email_change", "token_hash": token}) for token in tokens]
    assert error_of(answers[1]) == (422, "email_exists")
    assert sign_in(stack, email).json()["user"]["id"] == owner.id


@pytest.fixture(scope="module")
def confirming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack where a new address is confirmed first, as in hosted projects."""
    with Stack(tmp_path_factory.mktemp("confirming"), ["--confirm-emails"]) as stack:
        yield stack


def test_a_new_address_is_confirmed_by_mail(confirming: Stack) -> None:
    assert confirming.auth("settings", method="GET").json()["mailer_autoconfirm"] is False
    email = f"{uuid.uuid4().hex}@example.com"
    assert "access_token" not in confirming.auth("signup", {"email": email, "password": PASSWORD}).json()
    assert error_of(sign_in(confirming, email)) == (400, "email_not_confirmed")
    opened = confirming.auth("verify", {"type": "signup", "token_hash": mailed_token(confirming, email)})
    assert opened.json()["user"]["email"] == email
    assert sign_in(confirming, email).status_code == 200


def test_signing_up_shows_somebody_new_whether_or_not_the_address_has_an_account(confirming: Stack) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    first = confirming.auth("signup", {"email": email, "password": PASSWORD}).json()
    confirming.auth("verify", {"type": "signup", "token_hash": mailed_token(confirming, email)})
    again = confirming.auth("signup", {"email": email, "password": "another password"})
    assert again.status_code == 200
    assert (again.json()["email"], again.json()["identities"]) == (email, [])
    assert again.json()["id"] != first["id"]
    assert sign_in(confirming, email, "another password").status_code == 400


def mailed_token(stack: Stack, email: str) -> str:
    """Return the token of the newest mail to an address."""
    page = stack.bare("GET", "/outbox").text
    mail = next(mail for mail in page.split("<article>") if f"To {email}" in mail)
    found = re.search(r"token(?:_hash)?=(\w+)", mail)
    assert found
    return found[1]


def test_sign_up_is_open_and_needs_no_confirmation(stack: Stack) -> None:
    settings = stack.auth("settings", method="GET").json()
    assert (settings["external"]["email"], settings["disable_signup"], settings["mailer_autoconfirm"]) == (
        True,
        False,
        True,
    )
