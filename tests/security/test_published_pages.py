"""A published page has no part in the app, on both ways of serving it: no cookie, no storage, no request in its name.

To lead its own tab elsewhere is left to it, as to any page; so is what its own address has to store.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Response

from embedded.ports import Port
from tests.app_server import AppServer
from tests.fake_model import FakeModel
from tests.http_client import ApiClient, connect
from tests.security.browsers import signed_in
from tests.security.canary import Canary
from tests.security.escapes import pages
from tests.stacks import Person, Stack

# What of the attempts is about the app, or about others than the website itself.
ATTEMPTS = [
    "cookies", "local storage", "session storage", "indexed database", "cache storage", "cookie store", "locks",
    "fetch", "fetch our own", "xhr", "beacon", "event source", "web socket", "dynamic import", "module",
    "service worker", "worker from blob", "shared worker", "worker with imports", "worker from data", "broadcast",
    "script", "submitted form", "object", "base", "import map",
]  # fmt: skip
# Without the sandbox it has an origin of its own, and what belongs to that.
OWN = {
    "cookies", "local storage", "session storage", "indexed database", "cache storage", "cookie store", "locks",
    "fetch our own",
}  # fmt: skip
_NOTE = "addEventListener('message', ({ data }) => heard(data))"
_PAGES_OF_ONE = 12


@pytest.fixture(params=["in the sandbox", "on SITES_ORIGIN"])
def app(
    request: pytest.FixtureRequest, server: AppServer, stack: Stack, model: FakeModel
) -> Iterator[AppServer]:
    if request.param == "in the sandbox":
        yield server
        return
    port = Port()
    port.release()
    origin = f"http://sites.localhost:{port.number}"
    with AppServer(stack, model.base_url, 1, PORT=str(port.number), SITES_ORIGIN=origin) as running:
        yield running


def publish(caller: ApiClient, stack: Stack, person: Person, contents: dict[str, str]) -> dict[str, str]:
    """Publish pages, as many as fit in a website; return their addresses by name."""
    names, addresses = list(contents), {}
    for start in range(0, len(names), _PAGES_OF_ONE):
        website = caller.new_website("Luna")["id"]
        paths = {
            name: f"page-{number}.html" for number, name in enumerate(names[start : start + _PAGES_OF_ONE])
        }
        body = {"website_id": website, "files": {path: contents[name] for name, path in paths.items()}}
        stack.rest("site_versions", person.access_token, "POST", json=body).raise_for_status()
        url = caller.put(f"/api/websites/{website}/publication", {}, 201)["publication"]["url"]
        addresses |= {name: url + path for name, path in paths.items()}
    return addresses


def test_nothing_of_the_app_is_within_reach(
    browser: Browser, app: AppServer, stack: Stack, alice: Person, canary: Canary
) -> None:
    attempts = {name: page for name, page in pages(canary).items() if name in ATTEMPTS}
    assert len(attempts) == len(ATTEMPTS)
    with ApiClient(connect(app.url), alice.access_token) as caller:
        published = publish(caller, stack, alice, attempts)
    is_sandboxed = all(url.startswith(app.url) for url in published.values())
    with signed_in(browser, app.url, alice) as context:
        cookies = context.cookies(app.url)
        home = context.new_page()
        home.goto("/websites")
        home.evaluate("localStorage.setItem('ours', 1); indexedDB.open('ours')")
        reached: list[str] = []

        def note(response: Response) -> None:
            parts = urlsplit(response.url)
            if f"{parts.scheme}://{parts.netloc}" == app.url and not parts.path.startswith("/s/"):
                reached.append(response.url)

        said: dict[str, list[Any]] = {}
        for name, url in published.items():
            page, words = context.new_page(), said.setdefault(name, [])
            page.on("response", note)
            page.expose_function("heard", lambda word, words=words: words.append(word))
            page.add_init_script(_NOTE)
            page.goto(url, wait_until="commit")
            while not words:
                page.wait_for_timeout(20)
            page.wait_for_timeout(100)
            page.close()
        escaped = {name for name, words in said.items() if any("escaped" in word for word in words)}
        assert escaped <= (set() if is_sandboxed else OWN), said
        # Forms of a website on a host of its own may go to other servers by https alone.
        assert (canary.heard, reached) == ([], [])
        assert context.cookies(app.url) == cookies
        home.reload()
        assert home.evaluate("Object.keys(localStorage).includes('planted')") is False
        assert home.evaluate("sessionStorage.getItem('planted')") is None
        names = home.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
        assert "ours" in names and "planted" not in names
        assert home.evaluate("caches.keys()") == []
        assert home.url == f"{app.url}/websites"
