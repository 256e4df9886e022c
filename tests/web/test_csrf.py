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


@pytest.mark.parametrize("scheme", ["Basic YTpi", "Bearer a.b.c", "Bearer {token}", "Token x", ""])
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-up", "/sign-out", "/account", "/account/email", "/confirm"]
)
def test_no_authorization_header_opens_the_forms_of_our_pages(
    browser: FlaskClient, alice: Person, scheme: str, path: str
) -> None:
    headers = {
        "Authorization": scheme.format(token=alice.access_token),
        "Sec-Fetch-Site": "cross-site",
    }
    form = {"email": alice.email, "password": alice.password}
    response = browser.post(path, data=form, headers=headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (403, "csrf_rejected")
    assert "Set-Cookie" not in response.headers


def test_a_browser_that_adds_a_password_of_its_own_is_still_a_browser(browser: FlaskClient) -> None:
    headers = {"Authorization": "Basic YTpi", "Sec-Fetch-Site": "cross-site"}
    response = browser.post("/api/websites", json={"name": "Planted"}, headers=headers)
    assert (response.status_code, response.get_json()["error"]["code"]) == (403, "csrf_rejected")


def test_a_program_with_a_token_needs_no_origin(browser: FlaskClient, alice: Person) -> None:
    headers = {"Authorization": f"bearer {alice.access_token}", "Sec-Fetch-Site": "cross-site"}
    assert browser.post("/api/websites", json={"name": "Mine"}, headers=headers).status_code == 201


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


@pytest.mark.parametrize(
    "host", ["localhost:6666", "127.0.0.1:8001", "[::1]:6666", "localhost:0", "[::1]evil", "[::1]:80:90"]
)
def test_links_in_mails_never_lead_to_a_port_that_is_not_ours(browser: FlaskClient, host: str) -> None:
    """They begin with the Host header where PUBLIC_URL is missing."""
    for response in (
        browser.get("/sign-in", headers={"Host": host}),
        browser.post("/forgot-password", data={"email": "a@example.com"}, headers={"Host": host}),
    ):
        assert (response.status_code, response.get_json()["error"]["code"]) == (400, "bad_host")


@pytest.mark.parametrize(
    ("host", "environ"),
    [
        ("localhost", {}),
        ("localhost:80", {}),
        ("localhost:443", {}),
        ("[::1]", {}),
        ("localhost:8765", {"SERVER_PORT": "8765"}),
        ("[::1]:8765", {"SERVER_PORT": "8765"}),
    ],
)
def test_our_own_port_and_the_usual_ones_are_ours(
    browser: FlaskClient, host: str, environ: dict[str, str]
) -> None:
    response = browser.get("/sign-in", headers={"Host": host}, environ_overrides=environ)
    assert response.status_code == 200


def test_a_port_is_ours_where_a_trusted_proxy_or_public_url_says_so(make_app: Callable[..., Flask]) -> None:
    behind = make_app(trusted_proxies=1).test_client()
    assert behind.get("/sign-in", headers={"X-Forwarded-Host": "localhost:9443"}).status_code == 200
    public = make_app(public_url="https://sitethread.example").test_client()
    assert public.get("/sign-in", headers={"Host": "localhost:9000"}).status_code == 200


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
