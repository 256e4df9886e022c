"""From one address, only so many attempts to sign in."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient
from limits import parse_many

from embedded.ports import HOST, Port
from sitethread.settings import Settings, SettingsError
from tests.app_server import AppServer
from tests.stacks import Person, Stack
from tests.web.conftest import running_app, settings_for
from web import rate_limits

OURS = {"Sec-Fetch-Site": "same-origin"}
GUESS = {"email": "somebody@example.com", "password": "guess"}


@pytest.fixture
def client(stack: Stack) -> Iterator[FlaskClient]:
    """The app behind one proxy, with room for three attempts."""
    with running_app(settings_for(stack, sign_in_limit="3 per hour", trusted_proxies=1)) as app:
        yield app.test_client()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of our own; yields its address."""
    program = shutil.which("redis-server")
    assert program, "Redis isn't installed: `apt-get install redis-server` or `brew install redis`"
    port = Port()
    command = [program, "--bind", HOST, "--port", str(port.number), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert any("eady to accept connections" in line for line in process.stdout), "Redis doesn't start"
            yield f"redis://{HOST}:{port.number}"
        finally:
            process.kill()
            port.release()


def attempt(client: FlaskClient, address: str, path: str = "/sign-in", **headers: str) -> int:
    sent = {**OURS, "X-Forwarded-For": address, **headers}
    return client.post(path, data=GUESS, headers=sent).status_code


def test_the_fourth_attempt_waits(client: FlaskClient) -> None:
    assert [attempt(client, "192.0.2.1") for _ in range(4)] == [401, 401, 401, 429]
    refused = client.post("/sign-in", data=GUESS, headers={**OURS, "X-Forwarded-For": "192.0.2.1"})
    assert refused.get_json()["error"]["code"] == "rate_limited"
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    page = client.post(
        "/sign-in", data=GUESS, headers={**OURS, "X-Forwarded-For": "192.0.2.1", "Accept": "text/html"}
    )
    assert page.status_code == 429 and "Too many attempts" in page.text


def test_another_address_does_not_wait_and_nor_does_looking(client: FlaskClient) -> None:
    assert [attempt(client, "192.0.2.2") for _ in range(4)][-1] == 429
    assert attempt(client, "192.0.2.3") == 401
    assert client.get("/sign-in", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200


def test_all_routes_of_accounts_count_together(client: FlaskClient) -> None:
    for path in ("/sign-up", "/forgot-password", "/reset-password"):
        assert attempt(client, "192.0.2.4", path) != 429
    assert attempt(client, "192.0.2.4") == 429
    assert attempt(client, "192.0.2.4", "/confirm") == 429


def test_a_forged_address_is_not_believed(client: FlaskClient) -> None:
    """The proxy adds the one it saw; what stands before it was sent by whoever wants to be somebody else."""
    assert [attempt(client, f"10.0.0.{n}, 192.0.2.5") for n in range(4)][-1] == 429


def test_one_connection_has_many_addresses_of_ipv6(client: FlaskClient) -> None:
    assert [attempt(client, f"2001:db8::{n}") for n in range(4)][-1] == 429
    assert attempt(client, "2001:db8:0:1::1") == 401


@pytest.fixture
def roomy(stack: Stack) -> Iterator[FlaskClient]:
    """The app behind one proxy, with the usual room for attempts."""
    with running_app(settings_for(stack, trusted_proxies=1)) as app:
        yield app.test_client()


def guess(client: FlaskClient, person: Person, address: str, password: str = "guess") -> int:
    form = {"email": person.email, "password": password}
    headers = {**OURS, "X-Forwarded-For": address}
    return client.post("/sign-in", data=form, headers=headers).status_code


def test_the_eleventh_guess_at_a_password_waits_and_nobody_else_does(
    roomy: FlaskClient, alice: Person, charlie: Person
) -> None:
    assert [guess(roomy, alice, "192.0.2.6") for _ in range(11)] == [401] * 10 + [429]
    assert guess(roomy, alice, "192.0.2.6", alice.password) == 429
    assert guess(roomy, alice, "192.0.2.7", alice.password) == 303, "the owner, from elsewhere"
    assert guess(roomy, charlie, "192.0.2.6", charlie.password) == 303, "somebody else, from there"


def test_a_right_password_clears_the_count(roomy: FlaskClient, alice: Person) -> None:
    for _ in range(2):
        assert [guess(roomy, alice, "192.0.2.8") for _ in range(6)] == [401] * 6
        assert guess(roomy, alice, "192.0.2.8", alice.password) == 303


def test_guesses_from_many_addresses_count_together(
    roomy: FlaskClient, alice: Person, charlie: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "_GUESSES_FROM_ALL", parse_many("3 per hour"))
    assert [guess(roomy, alice, f"192.0.2.{n}") for n in range(10, 14)] == [401, 401, 401, 429]
    assert guess(roomy, charlie, "192.0.2.14", charlie.password) == 303


def test_guesses_on_the_account_page_count_with_those_at_sign_in(roomy: FlaskClient, alice: Person) -> None:
    assert guess(roomy, alice, "192.0.2.15", alice.password) == 303
    form = {"current_password": "guess", "password": "a brand new phrase"}
    headers = {**OURS, "X-Forwarded-For": "192.0.2.15"}
    statuses = [roomy.post("/account", data=form, headers=headers).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_with_no_proxy_the_header_is_ignored(stack: Stack) -> None:
    with running_app(settings_for(stack, sign_in_limit="3 per hour")) as app:
        assert [attempt(app.test_client(), f"192.0.2.{n}") for n in range(4)][-1] == 429


def test_servers_that_share_a_redis_share_the_limit(stack: Stack, redis: str) -> None:
    settings = {"SIGN_IN_LIMIT": "3 per hour", "RATELIMIT_STORAGE_URI": redis}
    with (
        AppServer(stack, stack.openai_base_url, workers=1, **settings) as one,
        AppServer(stack, stack.openai_base_url, workers=1, **settings) as other,
    ):
        statuses = [
            httpx.post(f"{server.url}/sign-in", data=GUESS, headers=OURS, timeout=30).status_code
            for server in (one, other, one, other, one)
        ]
    assert statuses == [401, 401, 401, 429, 429]


def test_when_the_counters_are_away_people_still_sign_in(stack: Stack, alice: Person) -> None:
    away = "redis://127.0.0.1:1"
    with running_app(settings_for(stack, sign_in_limit="3 per hour", ratelimit_storage_uri=away)) as app:
        form = {"email": alice.email, "password": alice.password}
        assert app.test_client().post("/sign-in", data=form, headers=OURS).status_code == 303
        assert [attempt(app.test_client(), "") for _ in range(3)][-1] == 429, "each worker counts on its own"


@pytest.mark.parametrize("rate", ["many", "0 per minute", "5 per fortnight", "5", "5 per minute; soon"])
def test_a_rate_that_is_none_ends_the_start(rate: str) -> None:
    env = {"SUPABASE_URL": "http://x", "SUPABASE_PUBLISHABLE_KEY": "k", "SIGN_IN_LIMIT": rate}
    with pytest.raises(SettingsError, match="SIGN_IN_LIMIT"):
        Settings.from_env(env)


def test_rates_may_be_combined() -> None:
    env = {"SUPABASE_URL": "http://x", "SUPABASE_PUBLISHABLE_KEY": "k"}
    assert Settings.from_env({**env, "SIGN_IN_LIMIT": "5 per minute; 50 per 2 hours"}).sign_in_limit
    with pytest.raises(SettingsError, match="RATELIMIT_STORAGE_URI"):
        Settings.from_env({**env, "RATELIMIT_STORAGE_URI": "localhost"})
