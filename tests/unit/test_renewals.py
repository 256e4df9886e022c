"""Renewing a sign-in: once for all who ask at the same time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sitethread import errors
from sitethread.accounts import Renewals, SignIn


class FakeAuth:
    """Gives out numbered tokens, slowly, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error
        self._lock = threading.Lock()

    def renew(self, refresh_token: str) -> SignIn:
        with self._lock:
            self.asked.append(refresh_token)
        time.sleep(0.05)
        if self.error:
            raise self.error
        return SignIn(f"access after {refresh_token}", f"refresh after {refresh_token}")


def test_many_at_once_and_latecomers_share_one_renewal() -> None:
    auth = FakeAuth()
    renewals = Renewals(auth.renew)
    with ThreadPoolExecutor(32) as pool:
        results = set(pool.map(renewals.renew, ["a", "b"] * 32))
    assert {sign_in.access_token for sign_in in results} == {"access after a", "access after b"}
    assert renewals.renew("a") in results and sorted(auth.asked) == ["a", "b"]


def test_a_refused_token_is_not_asked_for_again_at_once() -> None:
    auth = FakeAuth(errors.TokenExpired())
    renewals = Renewals(auth.renew)
    for _ in range(3):
        with pytest.raises(errors.TokenExpired):
            renewals.renew("a")
    assert auth.asked == ["a"]


def test_when_auth_is_away_everybody_is_told_and_the_next_one_tries_again() -> None:
    auth = FakeAuth(errors.AuthUnavailable())
    renewals = Renewals(auth.renew)
    for _ in range(2):
        with pytest.raises(errors.AuthUnavailable):
            renewals.renew("a")
    assert auth.asked == ["a", "a"]


def test_a_result_is_forgotten_after_the_reuse_window(monkeypatch: pytest.MonkeyPatch) -> None:
    auth = FakeAuth()
    renewals = Renewals(auth.renew)
    renewals.renew("a")
    later = time.monotonic() + Renewals.KEPT_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    renewals.renew("a")
    assert auth.asked == ["a", "a"]
