"""Refresh tokens and signing out."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.embedded.auth import error_of, sign_in
from tests.stacks import Person, Stack


def refresh(stack: Stack, token: str):
    return stack.auth("token?grant_type=refresh_token", {"refresh_token": token})


def make_older(stack: Stack, token: str, seconds: int) -> None:
    """Let the time since a refresh token was used be so much longer."""
    change = (
        "update auth.refresh_tokens set updated_at = updated_at - make_interval(secs => %s) where token = %s"
    )
    stack.sql(change, seconds, token)


def test_each_refresh_gives_a_new_token(stack: Stack, alice: Person) -> None:
    first = refresh(stack, alice.refresh_token).json()
    second = refresh(stack, first["refresh_token"]).json()
    assert len({alice.refresh_token, first["refresh_token"], second["refresh_token"]}) == 3
    assert stack.rest("websites", second["access_token"]).status_code == 200


def test_a_token_used_again_at_once_gives_the_current_one(stack: Stack, alice: Person) -> None:
    first = refresh(stack, alice.refresh_token).json()["refresh_token"]
    second = refresh(stack, first).json()["refresh_token"]
    make_older(stack, alice.refresh_token, 8)
    assert refresh(stack, alice.refresh_token).json()["refresh_token"] == second


def test_a_token_used_again_later_ends_the_family(stack: Stack, alice: Person) -> None:
    current = refresh(stack, alice.refresh_token).json()["refresh_token"]
    make_older(stack, alice.refresh_token, 11)
    assert error_of(refresh(stack, alice.refresh_token)) == (400, "refresh_token_already_used")
    assert error_of(refresh(stack, current)) == (400, "refresh_token_already_used")


def test_many_tabs_refreshing_at_once_agree(stack: Stack, alice: Person) -> None:
    with ThreadPoolExecutor(8) as tabs:
        answers = list(tabs.map(lambda _: refresh(stack, alice.refresh_token), range(16)))
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


def test_an_unknown_token_is_refused(stack: Stack) -> None:
    assert error_of(refresh(stack, "nobody-s")) == (400, "refresh_token_not_found")


@pytest.mark.parametrize(
    ("scope", "left"), [("local", ["other"]), ("others", ["own"]), ("global", []), ("", [])]
)
def test_signing_out_ends_the_sessions_in_its_scope(
    stack: Stack, alice: Person, scope: str, left: list[str]
) -> None:
    other = sign_in(stack, alice.email).json()
    path = f"logout?scope={scope}" if scope else "logout"
    assert stack.auth(path, token=alice.access_token).status_code == 204
    tokens = {"own": alice.refresh_token, "other": other["refresh_token"]}
    assert [name for name, token in tokens.items() if refresh(stack, token).status_code == 200] == left


def test_a_session_that_ended_has_no_user(stack: Stack, alice: Person) -> None:
    stack.auth("logout", token=alice.access_token)
    assert error_of(stack.auth("user", token=alice.access_token, method="GET")) == (403, "session_not_found")
