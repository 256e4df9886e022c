"""A domain of its owner's shows a website once its TXT record says so, and until then nothing."""

import socketserver
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import dns.message
import dns.rrset
import httpx
import pytest
from flask import Flask

from tests.http_client import UNKNOWN, ApiClient, connect, without_request_id
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from tests.web.versions import save_version


class NameServer(socketserver.ThreadingUDPServer):
    """Tells TXT records; `asked` counts the questions."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.texts: dict[str, list[str]] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, socket = self.request
        question = dns.message.from_wire(data)
        name = question.question[0].name
        assert isinstance(self.server, NameServer)
        self.server.asked.append(str(name).rstrip("."))
        answer = dns.message.make_response(question)
        texts = self.server.texts.get(str(name).rstrip("."), [])
        if texts:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in texts)))
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with NameServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def domain() -> str:
    return f"www.luna-{uuid.uuid4().hex[:12]}.example"


@pytest.fixture
def app_with_names(make_app: Callable[..., Flask], names: NameServer) -> Flask:
    return make_app(
        dns_server=names.address, public_url="https://localhost", sites_origin="https://sites.example"
    )


def published(stack: Stack, person: Person, caller: ApiClient, page: str) -> str:
    website: str = caller.new_website()["id"]
    save_version(stack, person, website, page)
    caller.put(f"/api/websites/{website}/publication", {"slug": f"luna-{uuid.uuid4().hex[:12]}"}, 201)
    return website


def test_a_domain_shows_the_website_that_its_record_names(
    app_with_names: Flask, names: NameServer, stack: Stack, alice: Person, charlie: Person, domain: str
) -> None:
    as_alice, as_charlie = (client_of(app_with_names, person) for person in (alice, charlie))
    hers = published(stack, alice, as_alice, "<!doctype html><title>Hers</title>")
    his = published(stack, charlie, as_charlie, "<!doctype html><title>His</title>")
    # He claims it first.
    as_charlie.put(f"/api/websites/{his}/domain", {"domain": domain})
    claimed = as_alice.put(f"/api/websites/{hers}/domain", {"domain": domain})["domain"]
    assert claimed["record"]["name"] == f"_sitethread.{domain}" and claimed["is_proved"] is False

    def get(path: str, host: str = domain) -> httpx.Response:
        with connect(app=app_with_names) as visitor:
            return visitor.get(path, headers={"Host": host, "Accept": "text/html"})

    assert get("/").status_code == 400
    assert get(f"/published-hosts?domain={domain}", "localhost").status_code == 404
    names.texts[claimed["record"]["name"]] = ["v=spf1 -all", claimed["record"]["value"]]
    assert as_alice.get(f"/api/websites/{hers}/domain")["domain"]["is_proved"] is True
    assert as_charlie.get(f"/api/websites/{his}/domain")["domain"]["is_proved"] is False
    asked = len(names.asked)
    for _ in range(3):
        shown = get("/")
        assert shown.status_code == 200 and "<title>Hers</title>" in shown.text
        assert f'rel="canonical" href="https://{domain}/"' in shown.text
        assert (
            "X-Robots-Tag" not in shown.headers and "sandbox" not in shown.headers["Content-Security-Policy"]
        )
        for path in ("/sign-in", "/api/websites", "/healthz", "/static/favicon.svg"):
            assert get(path).status_code == 404, path
    assert get("/", f"{domain}:443").status_code == 200
    # A page is made for each address: an endless number of ports would be one of pages.
    assert get("/", f"{domain}:8443").status_code == 400
    assert get("/", f"{domain}:80;script-src *").status_code == get("/", f"{domain}.").status_code == 400
    assert len(names.asked) == asked, "remembered"
    assert get(f"/published-hosts?domain={domain}", "localhost").status_code == 200
    as_alice.delete(f"/api/websites/{hers}/domain")
    assert as_alice.get(f"/api/websites/{hers}/domain")["domain"] is None


def test_a_host_that_nobody_claims_is_not_looked_up(app_with_names: Flask, names: NameServer) -> None:
    asked = len(names.asked)
    with connect(app=app_with_names) as visitor:
        for host in ("nobody.example", "10.0.0.1", "a_b.example", "localhost.example", "x"):
            assert visitor.get("/", headers={"Host": host}).status_code == 400, host
        assert visitor.get("/published-hosts?domain=nobody.example").status_code == 404
        assert visitor.get("/published-hosts?domain=nothing.sites.example").status_code == 404
        assert visitor.get("/published-hosts").status_code == 404
    assert len(names.asked) == asked


@pytest.mark.parametrize(
    "domain", ["luna", "Luna.example", "http://luna.example", "localhost", "10.0.0.1", "a.sites.example"]
)
def test_what_is_no_domain_of_theirs_is_refused(app_with_names: Flask, alice: Person, domain: str) -> None:
    as_alice = client_of(app_with_names, alice)
    website = as_alice.new_website()["id"]
    refused = as_alice.refused("PUT", f"/api/websites/{website}/domain", json={"domain": domain})
    assert refused == (422, "invalid_domain")


def test_a_foreign_website_is_answered_like_an_unknown_one(
    app_with_names: Flask, alice: Person, charlie: Person
) -> None:
    website = client_of(app_with_names, alice).new_website()["id"]
    as_charlie = client_of(app_with_names, charlie)
    for method in ("GET", "PUT", "DELETE"):
        options: dict[str, Any] = {"json": {"domain": "luna.example"}} if method == "PUT" else {}
        foreign, unknown = (
            as_charlie.send(method, f"/api/websites/{id}/domain", **options) for id in (website, UNKNOWN)
        )
        assert foreign.status_code == 404
        assert without_request_id(foreign.content) == without_request_id(unknown.content)
