"""Signing up, in and out, renewing unnoticed, and passwords, through the pages."""

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import blueprints.accounts
from sitethread import tokens
from tests.stacks import PASSWORD, Person, Stack

MakeApp = Callable[..., Flask]

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def submit(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data=form, headers=OURS)


def sign_in(client: FlaskClient, person: Person) -> TestResponse:
    return submit(client, "/sign-in", email=person.email, password=person.password)


def text_of(response: TestResponse) -> str:
    return unescape(response.text)


def test_someone_signs_up_and_is_in(browser: FlaskClient) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    response = submit(browser, "/sign-up", email=f" {email} ", password=PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (303, "/websites")
    assert email in browser.get("/websites").text
    assert browser.get("/").headers["Location"] == "/websites"


@pytest.mark.parametrize(
    ("email", "password", "status", "says"),
    [
        ("nonsense", PASSWORD, 422, "e-mail address"),
        ("a@b c.com", PASSWORD, 422, "e-mail address"),
        ("", PASSWORD, 422, "e-mail address"),
        ("new@example.com", "short", 422, "at least 8"),
        ("new@example.com", "x" * 73, 422, "at most 72"),
    ],
)
def test_a_sign_up_that_cannot_work_says_why(
    browser: FlaskClient, email: str, password: str, status: int, says: str
) -> None:
    response = submit(browser, "/sign-up", email=email, password=password)
    assert response.status_code == status and says in text_of(response)
    assert "Set-Cookie" not in response.headers and password not in response.text


def test_only_a_mail_tells_that_an_address_has_an_account(
    browser: FlaskClient, alice: Person, stack: Stack
) -> None:
    response = submit(browser, "/sign-up", email=alice.email, password=PASSWORD)
    assert response.status_code == 200 and "open the link in the mail" in text_of(response)
    assert "Set-Cookie" not in response.headers
    link = urlsplit(mailed_link(stack, alice.email))
    assert (link.path, parse_qs(link.query)["from"]) == ("/reset-password", ["sign-up"])
    assert "You have an account already" in browser.get(f"{link.path}?{link.query}").text


@pytest.fixture(scope="module")
def confirming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack where a new address is confirmed first, as in hosted projects."""
    with Stack(tmp_path_factory.mktemp("confirming"), ["--confirm-emails"]) as stack:
        yield stack


def without_what_is_random(response: TestResponse) -> str:
    return re.sub(r'nonce="[^"]*"', "", response.text)


def test_signing_up_reads_the_same_for_a_new_address_and_for_one_with_an_account(
    confirming: Stack, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    app = make_app(confirming)
    monkeypatch.setattr(blueprints.accounts, "_wait_for_a_whole_second", waits.append)
    email, guessed = f"{uuid.uuid4().hex}@example.com", "not the owner's password"
    new = submit(app.test_client(), "/sign-up", email=email, password=PASSWORD)
    assert new.status_code == 200
    link = urlsplit(mailed_link(confirming, email))
    browser = app.test_client()
    assert submit(browser, "/sign-in", email=email, password=PASSWORD).status_code == 403
    opened = submit(browser, link.path, **{name: value[0] for name, value in parse_qs(link.query).items()})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/websites")
    assert email in browser.get("/websites").text
    for _ in range(7):
        taken = submit(app.test_client(), "/sign-up", email=email, password=guessed)
        assert (taken.status_code, without_what_is_random(taken)) == (200, without_what_is_random(new))
    assert {name for name, _ in taken.headers} == {name for name, _ in new.headers}
    assert "from=sign-up" in mailed_link(confirming, email)
    assert len(waits) == 8, "and after whole seconds"


def test_the_answer_comes_after_whole_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(blueprints.accounts.time, "monotonic", lambda: 107.3)
    monkeypatch.setattr(blueprints.accounts.time, "sleep", slept.append)
    blueprints.accounts._wait_for_a_whole_second(106.9)
    blueprints.accounts._wait_for_a_whole_second(105.1)
    assert slept == pytest.approx([0.6, 0.8])


def test_a_wrong_password_and_an_unknown_email_read_the_same(browser: FlaskClient, alice: Person) -> None:
    wrong = submit(browser, "/sign-in", email=alice.email, password="not my password")
    unknown = submit(browser, "/sign-in", email="nobody@example.com", password=PASSWORD)
    assert wrong.status_code == unknown.status_code == 401
    assert "don't match" in text_of(wrong) and "don't match" in text_of(unknown)
    assert alice.email in wrong.text, "the form keeps what was typed"


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/account", "/account"),
        ("/websites/x?y=1", "/websites/x?y=1"),
        ("https://evil.example", "/websites"),
        ("//evil.example", "/websites"),
        ("/\\evil.example", "/websites"),
        ("/\t/evil.example", "/websites"),
        ("javascript:alert(1)", "/websites"),
        ("", "/websites"),
    ],
)
def test_signing_in_goes_on_to_our_own_pages_only(
    browser: FlaskClient, alice: Person, target: str, goes_to: str
) -> None:
    response = submit(browser, "/sign-in", email=alice.email, password=alice.password, next=target)
    assert (response.status_code, response.headers["Location"]) == (303, goes_to)


def test_pages_send_a_stranger_to_sign_in_and_back(browser: FlaskClient) -> None:
    response = browser.get("/websites/00000000-0000-4000-8000-000000000000?x=1", headers=OURS)
    assert response.status_code == 303
    location = urlsplit(response.headers["Location"])
    assert location.path == "/sign-in"
    assert parse_qs(location.query)["next"] == ["/websites/00000000-0000-4000-8000-000000000000?x=1"]


def test_cookies_are_out_of_scripts_reach(browser: FlaskClient, alice: Person) -> None:
    for cookie in sign_in(browser, alice).headers.getlist("Set-Cookie"):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    page = browser.get("/websites").text
    assert alice.access_token not in page and alice.refresh_token not in page


def test_signing_out_forgets_the_cookies_and_revokes_the_sign_in(
    browser: FlaskClient, alice: Person, stack: Stack
) -> None:
    sign_in(browser, alice)
    refresh = browser.get_cookie("sitethread_refresh")
    assert refresh
    assert submit(browser, "/sign-out").headers["Location"] == "/"
    assert browser.get_cookie("sitethread_access") is None
    assert browser.get("/api/websites").status_code == 401
    again = stack.auth("token?grant_type=refresh_token", {"refresh_token": refresh.value})
    assert again.status_code >= 400


def test_signing_out_everywhere_ends_other_devices_too(app: Flask, alice: Person, stack: Stack) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone, alice), sign_in(laptop, alice)
    submit(laptop, "/sign-out", scope="global")
    refresh = phone.get_cookie("sitethread_refresh")
    assert refresh
    again = stack.auth("token?grant_type=refresh_token", {"refresh_token": refresh.value})
    assert again.status_code >= 400


def test_the_page_says_how_long_another_device_may_go_on(browser: FlaskClient, alice: Person) -> None:
    sign_in(browser, alice)
    assert "60 minutes from now at the latest" in browser.get("/account").text


def test_a_password_is_changed_on_the_account_page(app: Flask, alice: Person) -> None:
    browser, phone = app.test_client(), app.test_client()
    sign_in(browser, alice), sign_in(phone, alice)
    new = "a brand new phrase"
    for current in ("", "not my password", new):
        refused = submit(browser, "/account", password=new, current_password=current)
        assert refused.status_code == 401 and "not your current password" in text_of(refused)
    weak = submit(browser, "/account", password="short", current_password=alice.password)
    assert weak.status_code == 422 and "at least 8" in text_of(weak)
    same = submit(browser, "/account", password=alice.password, current_password=alice.password)
    assert same.status_code == 422 and "already your password" in text_of(same)
    changed = submit(browser, "/account", password=new, current_password=alice.password)
    assert changed.status_code == 200 and "Your password is changed" in text_of(changed)
    assert browser.get("/api/websites").status_code == 200
    fresh = app.test_client()
    assert sign_in(fresh, alice).status_code == 401
    assert submit(fresh, "/sign-in", email=alice.email, password=new).status_code == 303


def test_asking_for_the_password_leaves_no_sign_in_behind(
    browser: FlaskClient, alice: Person, stack: Stack
) -> None:
    sign_in(browser, alice)
    count = "select count(*) from auth.sessions where user_id = %s"
    before = stack.sql(count, alice.id)
    submit(browser, "/account", password="short", current_password=alice.password)
    submit(browser, "/account", password=alice.password, current_password=alice.password)
    assert stack.sql(count, alice.id) == before


def test_a_new_address_counts_once_it_is_confirmed(browser: FlaskClient, alice: Person, stack: Stack) -> None:
    sign_in(browser, alice)
    new = f"{uuid.uuid4().hex}@example.com"
    refused = submit(browser, "/account/email", email=new, current_password="not my password")
    assert refused.status_code == 401 and new in refused.text
    assert submit(browser, "/account/email", email="nonsense", current_password=PASSWORD).status_code == 422
    asked = submit(browser, "/account/email", email=new, current_password=alice.password)
    assert asked.status_code == 200 and "Until then you sign in as before" in text_of(asked)
    half = follow(browser, mailed_link(stack, new))
    assert half.status_code == 200 and "open the link in the mail to the other one" in text_of(half)
    assert alice.email in browser.get("/account").text
    assert follow(browser, mailed_link(stack, alice.email)).status_code == 303
    assert new in browser.get("/account").text
    stranger = browser.application.test_client()
    assert submit(stranger, "/sign-in", email=new, password=alice.password).status_code == 303


def test_a_new_address_that_has_an_account_reads_the_same(
    browser: FlaskClient, alice: Person, charlie: Person, stack: Stack
) -> None:
    sign_in(browser, alice)
    asked = submit(browser, "/account/email", email=charlie.email, current_password=alice.password)
    assert asked.status_code == 200 and f"Open the link in the mail to {charlie.email}" in text_of(asked)
    assert "from=sign-up" in mailed_link(stack, charlie.email)


def test_a_mailed_link_asks_first(app: Flask, alice: Person, charlie: Person, stack: Stack) -> None:
    """Mail scanners follow it, and somebody may have sent a link of their own."""
    victim = app.test_client()
    sign_in(victim, alice)
    query = urlsplit(link_of(stack, charlie)).query
    before = victim.get_cookie("sitethread_access")
    for client in (victim, app.test_client()):
        for path in ("/confirm", "/reset-password"):
            for _ in range(2):
                assert "Set-Cookie" not in client.head(f"{path}?{query}").headers
                page = client.get(f"{path}?{query}")
                assert page.status_code == 200 and "Set-Cookie" not in page.headers
                assert page.headers["Referrer-Policy"] == "no-referrer"
                assert (f"signed in as <strong>{alice.email}</strong>" in page.text) is (client is victim)
    assert victim.get_cookie("sitethread_access") == before
    assert alice.email in victim.get("/account").text
    form = {name: value[0] for name, value in parse_qs(query).items()}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "https://evil.example"}):
        assert app.test_client().post("/confirm", data=form, headers=headers).status_code == 403
    assert submit(victim, "/confirm", **form).status_code == 303, "nobody has spent it"
    assert charlie.email in victim.get("/account").text
    again = submit(victim, "/confirm", **form)
    assert again.status_code == 422 and "expired or was already used" in text_of(again)


def test_who_goes_on_by_a_link_is_signed_out_before(
    browser: FlaskClient, alice: Person, charlie: Person, stack: Stack
) -> None:
    sign_in(browser, alice)
    refresh = browser.get_cookie("sitethread_refresh")
    assert refresh
    assert follow(browser, link_of(stack, charlie)).status_code == 303
    again = stack.auth("token?grant_type=refresh_token", {"refresh_token": refresh.value})
    assert again.status_code >= 400


@pytest.mark.parametrize("kind", ["", "nonsense", "signup", "recovery", "email_change"])
def test_a_link_that_is_none_says_so(browser: FlaskClient, alice: Person, kind: str) -> None:
    sign_in(browser, alice)
    response = submit(browser, "/confirm", token_hash="x", type=kind)
    assert response.status_code == 422 and "Set-Cookie" not in response.headers
    assert alice.email in browser.get("/account").text


def link_of(stack: Stack, person: Person) -> str:
    """Have a link mailed that signs somebody in, and return it."""
    page = "http://127.0.0.1:8000/confirm"
    stack.auth(f"recover?redirect_to={page}", {"email": person.email}).raise_for_status()
    return mailed_link(stack, person.email)


def follow(client: FlaskClient, link: str) -> TestResponse:
    """Open a mailed link and press the button."""
    parts = urlsplit(link)
    assert client.get(f"{parts.path}?{parts.query}").status_code == 200
    form = {name: value[0] for name, value in parse_qs(parts.query).items()}
    return submit(client, parts.path, **form)


def test_a_forgotten_password_is_reset_by_the_mailed_link(
    browser: FlaskClient, alice: Person, stack: Stack
) -> None:
    sent = submit(browser, "/forgot-password", email=alice.email)
    unknown = submit(browser, "/forgot-password", email="nobody@example.com")
    assert sent.status_code == unknown.status_code == 200
    link = urlsplit(mailed_link(stack, alice.email))
    assert link.path == "/reset-password"
    token_hash = parse_qs(link.query)["token_hash"][0]
    form = browser.get(f"{link.path}?{link.query}")
    assert token_hash in form.text and "Set-Cookie" not in form.headers
    weak = submit(browser, "/reset-password", token_hash=token_hash, password="short")
    assert weak.status_code == 422
    done = submit(browser, "/reset-password", token_hash=token_hash, password="a brand new phrase")
    assert (done.status_code, done.headers["Location"]) == (303, "/websites")
    assert browser.get("/api/websites").status_code == 200
    again = submit(browser, "/reset-password", token_hash=token_hash, password="yet another phrase")
    assert again.status_code == 422 and "expired or was already used" in text_of(again)


def mailed_link(stack: Stack, email: str) -> str:
    """Find the newest link mailed to an address, as the outbox page shows it."""
    page = httpx.get(f"{stack.supabase_url}/outbox", timeout=5).text
    at = page.index(f"To {email}")
    found = re.search(r'href="([^"]*token_hash=[^"]*)"', page[at:])
    assert found, f"no link for {email}: {page[:2000]}"
    return unescape(found[1])


def test_auth_being_away_is_said_plainly_and_keeps_the_email(make_app: MakeApp) -> None:
    away = make_app(supabase_url="http://127.0.0.1:9").test_client()
    response = submit(away, "/sign-in", email="alice@example.com", password=PASSWORD)
    assert response.status_code == 503 and response.headers["Retry-After"]
    assert "try again in a moment" in text_of(response) and "alice@example.com" in response.text


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose access tokens last three seconds."""
    with Stack(tmp_path_factory.mktemp("hasty"), ["--jwt-expiry", "3"]) as stack:
        yield stack


def test_an_expired_sign_in_is_renewed_unnoticed_once_for_many_requests(
    hasty: Stack, make_app: MakeApp
) -> None:
    app = make_app(hasty)
    person = hasty.sign_up()
    browser = app.test_client()
    sign_in(browser, person)
    before = {name: browser.get_cookie(f"sitethread_{name}").value for name in ("access", "refresh")}  # type: ignore[union-attr]
    asked = counted_renewals(app)
    time.sleep(3.2)
    results: list[tuple[int, list[str]]] = []

    def request_with_the_old_cookies() -> None:
        client = app.test_client()
        for name, value in before.items():
            client.set_cookie(f"sitethread_{name}", value)
        response = client.get("/api/websites")
        cookies = [cookie.split(";")[0] for cookie in response.headers.getlist("Set-Cookie")]
        results.append((response.status_code, cookies))

    threads = [threading.Thread(target=request_with_the_old_cookies) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _ in results] == [200] * 16
    assert len({tuple(cookies) for _, cookies in results}) == 1 and results[0][1]
    assert len(asked) == 1


def test_two_processes_may_renew_the_same_sign_in(hasty: Stack, make_app: MakeApp) -> None:
    person = hasty.sign_up()
    first, second = (make_app(hasty).test_client() for _ in range(2))
    sign_in(first, person)
    for name in ("access", "refresh"):
        cookie = first.get_cookie(f"sitethread_{name}")
        assert cookie
        second.set_cookie(f"sitethread_{name}", cookie.value)
    time.sleep(3.2)
    assert first.get("/api/websites").status_code == 200
    assert second.get("/api/websites").status_code == 200
    time.sleep(3.2)
    assert first.get("/api/websites").status_code == 200
    assert second.get("/api/websites").status_code == 200


def test_an_expired_bearer_token_is_told_apart_from_a_wrong_one(hasty: Stack, make_app: MakeApp) -> None:
    client = make_app(hasty).test_client()
    person = hasty.sign_up()
    headers = {"Authorization": f"Bearer {person.access_token}"}
    assert client.get("/api/websites", headers=headers).status_code == 200
    time.sleep(3.2)
    assert tokens.is_expired(person.access_token)
    response = client.get("/api/websites", headers=headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (401, "token_expired")


def test_a_sign_in_that_was_revoked_leads_to_the_sign_in_page(hasty: Stack, make_app: MakeApp) -> None:
    client = make_app(hasty).test_client()
    person = hasty.sign_up()
    sign_in(client, person)
    cookie = client.get_cookie("sitethread_access")
    assert cookie
    hasty.auth("logout?scope=global", token=cookie.value).raise_for_status()
    time.sleep(3.2)
    assert client.get("/api/websites").get_json()["error"]["code"] == "token_expired"
    page = client.get("/websites", headers=OURS)
    assert page.status_code == 303 and page.headers["Location"].startswith("/sign-in")
    assert client.get("/sign-in").status_code == 200


def counted_renewals(app: Flask) -> list[str]:
    """Count how often a sign-in is renewed at Supabase Auth."""
    asked: list[str] = []
    renewals = app.extensions["renewals"]
    renew = renewals._renew

    def counting(refresh_token: str) -> object:
        asked.append(refresh_token)
        time.sleep(0.1)
        return renew(refresh_token)

    renewals._renew = counting
    return asked
