"""Writes that come with a cookie must come from our own pages."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.stacks import Person


@pytest.fixture
def browser(app: Flask, alice: Person) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("sitethread_access", alice.access_token)
    client.set_cookie("sitethread_refresh", alice.refresh_token)
    return client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://evil.localhost"},
        {"Origin": "http://localhost:81"},
        {"Origin": "https://localhost"},
        {"Origin": ""},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/websites"), ("DELETE", "/api/chat/sessions")])
def test_a_write_from_elsewhere_is_refused(
    browser: FlaskClient, headers: dict[str, str], method: str, path: str
) -> None:
    response = browser.open(path, method=method, json={"name": "Planted"}, headers=headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (403, "csrf_rejected")
    assert browser.get("/api/websites").get_json()["websites"] == []


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_a_write_from_our_own_page_goes_through(browser: FlaskClient, headers: dict[str, str]) -> None:
    assert browser.post("/api/websites", json={"name": "Mine"}, headers=headers).status_code == 201


@pytest.mark.parametrize("path", ["/sign-out", "/sign-in", "/account"])
def test_a_form_sent_from_elsewhere_is_refused(browser: FlaskClient, path: str) -> None:
    response = browser.post(path, data={"email": "a@example.com"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_signing_someone_in_from_elsewhere_is_refused_without_cookies_too(app: Flask, alice: Person) -> None:
    form = {"email": alice.email, "password": alice.password}
    response = app.test_client().post("/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403 and "Set-Cookie" not in response.headers


def test_an_unknown_origin_gets_no_cors_headers(browser: FlaskClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for response in (
        browser.options("/api/websites", headers=headers),
        browser.get("/api/websites", headers=headers),
    ):
        assert not [name for name in dict(response.headers) if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "127.0.0.1.nip.io"]
)
@pytest.mark.parametrize("path", ["/api/websites", "/sign-in", "/"])
def test_a_forged_host_is_refused(browser: FlaskClient, host: str, path: str) -> None:
    response = browser.get(path, headers={"Host": host})
    assert (response.status_code, response.get_json()["error"]["code"]) == (400, "bad_host")


def test_forwarded_headers_of_a_stranger_are_ignored(browser: FlaskClient) -> None:
    forged = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    response = browser.get("/websites", headers=forged)
    assert response.status_code == 200 and "Strict-Transport-Security" not in response.headers


def test_behind_a_trusted_proxy_the_public_address_counts(
    make_app: Callable[..., Flask], alice: Person
) -> None:
    behind = make_app(public_url="https://sitethread.example", trusted_proxies=1)
    client = behind.test_client()
    forwarded = {"X-Forwarded-Host": "sitethread.example", "X-Forwarded-Proto": "https"}
    form = {"email": alice.email, "password": alice.password}
    signed_in = client.post(
        "/sign-in", data=form, headers={**forwarded, "Origin": "https://sitethread.example"}
    )
    assert signed_in.status_code == 303
    cookies = signed_in.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.startswith("__Host-sitethread_")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert "Domain" not in cookie
