"""Out of the frame that a generated page is shown in, nothing gets: no request, no cookie, no word to the rest."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from embedded.ports import Port
from tests.app_server import AppServer
from tests.fake_model import FakeModel
from tests.security.browsers import signed_in
from tests.security.canary import Canary
from tests.security.escapes import pages, send_datagram
from tests.stacks import Person, Stack

# Shows each version in a frame as the builder does, and notes what the pages in them say.
_SHOW = """(sources) => {
  window.said = [];
  addEventListener('message', (event) => said.push(event.data));
  for (const src of sources) {
    const frame = Object.assign(document.createElement('iframe'), { src, title: src, referrerPolicy: 'no-referrer' });
    frame.sandbox = 'allow-scripts';
    document.body.append(frame);
  }
}"""

# Has each page written into a frame in two pieces, as the builder does, and notes what they say, and by their
# ports that they are done: the last piece is what they scroll to.
_WRITE = """([src, pages]) => {
  window.said = [];
  window.done = 0;
  addEventListener('message', (event) => said.push(event.data));
  for (const page of pages) {
    const frame = Object.assign(document.createElement('iframe'), { src, title: src, referrerPolicy: 'no-referrer' });
    frame.sandbox = 'allow-scripts';
    // One upon the other: what is out of view is not scrolled.
    Object.assign(frame.style, { position: 'fixed', inset: 0 });
    frame.onload = () => {
      frame.onload = null;
      const { port1, port2 } = new MessageChannel();
      let isDone = false;
      port1.onmessage = ({ data }) => {
        if (data.y > 0 && !isDone) done += 1;
        isDone ||= data.y > 0;
      };
      frame.contentWindow.postMessage({}, '*', [port2]);
      port1.postMessage({ restart: true, text: page.slice(0, page.length / 2) });
      port1.postMessage({ text: page.slice(page.length / 2) + '<div style="height: 9000px"></div>' });
    };
    document.body.append(frame);
  }
}"""

# Has each page shown in the frame of edit mode, and whatever might be an element selected and typed in.
_EDIT = """([src, pages]) => {
  window.said = [];
  window.done = 0;
  addEventListener('message', (event) => said.push(event.data));
  for (const [text, places] of pages) {
    const frame = Object.assign(document.createElement('iframe'), { src, title: src, referrerPolicy: 'no-referrer' });
    frame.sandbox = 'allow-scripts';
    frame.onload = () => {
      frame.onload = null;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        if (data.shown) done += 1;
      };
      frame.contentWindow.postMessage({}, '*', [port2]);
      port1.postMessage({ show: { text, path: 'index.html', places, files: {} } });
      for (const [select] of places) port1.postMessage({ select, type: true });
    };
    document.body.append(frame);
  }
}"""

# All in one frame, as before publishing; each is answered before the next one is sent.
_CHECK = """([src, pages]) => {
  window.said = [];
  window.done = 0;
  addEventListener('message', (event) => said.push(event.data));
  const frame = Object.assign(document.createElement('iframe'), { src, title: src, referrerPolicy: 'no-referrer' });
  frame.sandbox = 'allow-scripts';
  frame.onload = () => {
    frame.onload = null;
    const { port1, port2 } = new MessageChannel();
    const next = () => {
      if (done === pages.length) return;
      const [text, places] = pages[done];
      port1.postMessage({ number: done, page: { text, path: 'index.html', places, files: {} } });
    };
    port1.onmessage = ({ data }) => {
      if ((data.checked ?? data.failed) !== done) return;
      done += 1;
      next();
    };
    frame.contentWindow.postMessage({}, '*', [port2]);
    next();
  };
  document.body.append(frame);
}"""

# A hundred pages, each with a frame of its own, take a busy machine minutes.
pytestmark = pytest.mark.timeout(480)


def versions_of(stack: Stack, person: Person, contents: dict[str, str]) -> dict[str, str]:
    """Store each page as a version of one website; return their ids by name."""
    headers = {"Prefer": "return=representation"}
    website = stack.rest(
        "websites", person.access_token, "POST", json={"name": "Luna"}, headers=headers
    ).json()[0]
    rows = [
        {"website_id": website["id"], "files": {"index.html": page}, "summary": name}
        for name, page in contents.items()
    ]
    made = stack.rest(
        "site_versions?select=id,summary", person.access_token, "POST", json=rows, headers=headers
    )
    return {row["summary"]: row["id"] for row in made.json()}


def watch(page: Page) -> list[str]:
    """Note whatever else a page could do to the person who looks at it."""
    seen: list[str] = []
    page.context.on("page", lambda opened: seen.append(f"opened {opened.url}"))
    page.on("download", lambda download: seen.append(f"downloaded {download.url}"))
    page.on("dialog", lambda dialog: (seen.append(f"asked {dialog.message}"), dialog.dismiss()))
    return seen


def wait_for_quiet(page: Page, canary: Canary, word: str, count: int) -> list[dict[str, Any]]:
    """Wait until every page has said a word, and as long as its attempts may take; return what they said.

    Datagrams take longest: a last one, sent from outside of any sandbox, arrives.
    """
    page.wait_for_function(
        "([word, count]) => said.filter((s) => s[word] || s.preview === word).length >= count",
        arg=[word, count],
        timeout=240_000,
    )
    page.evaluate(send_datagram(canary))
    deadline = time.monotonic() + 60
    while "control" not in canary.datagrams and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    assert "control" in canary.datagrams
    page.wait_for_timeout(2_000)
    canary.datagrams.remove("control")
    said: list[dict[str, Any]] = page.evaluate("said")
    return said


def escaped(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [word for word in said if isinstance(word, dict) and "escaped" in word]


@pytest.fixture(params=["on the same domain", "on PREVIEW_ORIGIN"])
def app_url(
    request: pytest.FixtureRequest, server: AppServer, stack: Stack, model: FakeModel
) -> Iterator[str]:
    if request.param == "on the same domain":
        yield server.url
        return
    port = Port()
    port.release()
    origin = f"http://localhost:{port.number}"
    with AppServer(stack, model.base_url, 1, PORT=str(port.number), PREVIEW_ORIGIN=origin) as running:
        yield running.url


def test_nothing_gets_out(
    browser: Browser, app_url: str, stack: Stack, alice: Person, canary: Canary
) -> None:
    versions = versions_of(stack, alice, pages(canary))
    assert len(versions) >= 30
    with signed_in(browser, app_url, alice) as context:
        cookies = context.cookies()
        page = context.new_page()
        page.goto("/websites")
        seen, name = watch(page), page.evaluate("window.name")
        page.evaluate(_SHOW, [f"/preview/{id}?scripts=on" for id in versions.values()])
        said = wait_for_quiet(page, canary, "ran", len(versions))
        assert escaped(said) == []
        assert (canary.heard, canary.reached, canary.datagrams, seen) == ([], 0, set(), [])
        assert page.url == f"{app_url}/websites"
        assert page.evaluate("window.name") == name
        assert context.cookies() == cookies
        assert page.evaluate("Object.keys(localStorage).includes('planted')") is False


def test_nothing_of_a_page_runs_while_it_is_written(
    request: pytest.FixtureRequest, browser: Browser, app_url: str, alice: Person, canary: Canary
) -> None:
    origin = app_url.replace("127.0.0.1", "localhost") if "ORIGIN" in request.node.name else ""
    # A handler besides: it would say so.
    written = [
        page.replace("</body>", "<img src=x onerror=escaped(1)></body>") for page in pages(canary).values()
    ]
    with signed_in(browser, app_url, alice) as context:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        page.goto("/websites")
        seen = watch(page)
        page.evaluate(_WRITE, [f"{origin}/preview-frame", written])
        page.wait_for_function("count => done >= count", arg=len(written), timeout=240_000)
        said = wait_for_quiet(page, canary, "preview", len(written))
        assert {word.get("preview") for word in said} == {"ready"}
        assert (canary.heard, canary.reached, canary.datagrams, seen) == ([], 0, set(), [])
        assert page.url == f"{app_url}/websites"


@pytest.mark.parametrize(("way", "script"), [("edit", _EDIT), ("check", _CHECK)])
def test_nothing_of_a_page_runs_while_it_is_edited_or_checked(
    request: pytest.FixtureRequest,
    browser: Browser,
    app_url: str,
    alice: Person,
    canary: Canary,
    way: str,
    script: str,
) -> None:
    origin = app_url.replace("127.0.0.1", "localhost") if "ORIGIN" in request.node.name else ""
    written = [
        page.replace("</body>", "<img src=x onerror=escaped(1)><p onfocus=escaped(2)>x</p></body>")
        for page in pages(canary).values()
    ]
    # Where an element would begin within a script, an attribute, or another element's tag, too.
    places = [
        [[place, place + 1, place + 1, place + 2] for place, character in enumerate(page) if character == "<"]
        for page in written
    ]
    if way == "check":
        # Each page once: this half on one origin, the other half on the other.
        written, places = written[bool(origin) :: 2], places[bool(origin) :: 2]
    with signed_in(browser, app_url, alice) as context:
        page = context.new_page()
        page.goto("/websites")
        seen = watch(page)
        page.evaluate(script, [f"{origin}/preview-frame?{way}=on", list(zip(written, places, strict=True))])
        page.wait_for_function("count => done >= count", arg=len(written), timeout=240_000)
        said = wait_for_quiet(page, canary, "preview", len(written) if way == "edit" else 1)
        assert {word.get("preview") for word in said} == {"ready"}
        assert (canary.heard, canary.reached, canary.datagrams, seen) == ([], 0, set(), [])
        assert page.url == f"{app_url}/websites"


def test_without_connection_allowlist_scripts_run_only_when_asked(
    browser_without_allowlist: Browser, app_url: str, stack: Stack, alice: Person, canary: Canary
) -> None:
    versions = versions_of(stack, alice, pages(canary))
    with signed_in(browser_without_allowlist, app_url, alice) as context:
        page = context.new_page()
        page.goto("/websites")
        seen = watch(page)
        page.evaluate(_SHOW, [f"/preview/{id}" for id in versions.values()])
        said = wait_for_quiet(page, canary, "page", len(versions))
        assert [word for word in said if "test" in word] == []
        assert (canary.heard, canary.reached, canary.datagrams, seen) == ([], 0, set(), [])


def test_without_connection_allowlist_nothing_is_sent_when_scripts_run(
    browser_without_allowlist: Browser, app_url: str, stack: Stack, alice: Person, canary: Canary
) -> None:
    """No request and no datagram; connections over which nothing is said can't be kept from happening."""
    versions = versions_of(stack, alice, pages(canary))
    with signed_in(browser_without_allowlist, app_url, alice) as context:
        page = context.new_page()
        page.goto("/websites")
        seen = watch(page)
        page.evaluate(_SHOW, [f"/preview/{id}?scripts=on" for id in versions.values()])
        said = wait_for_quiet(page, canary, "ran", len(versions))
        assert escaped(said) == []
        assert (canary.heard, canary.datagrams, seen) == ([], set(), [])


def test_another_site_s_link_can_t_run_a_page_s_scripts(
    browser: Browser, server: AppServer, stack: Stack, alice: Person, canary: Canary
) -> None:
    version = versions_of(stack, alice, {"a page": pages(canary)["fetch"]})["a page"]
    policies = {}
    with signed_in(browser, server.url, alice) as context:
        for site in ("same-origin", "none", "same-site", "cross-site"):
            response = context.request.get(f"/preview/{version}?scripts=on", headers={"Sec-Fetch-Site": site})
            policies[site] = "unsafe-eval" in response.headers["content-security-policy"]
    assert policies == {"same-origin": True, "none": True, "same-site": False, "cross-site": False}


def test_without_the_frame_they_would_get_out(browser: Browser, canary: Canary) -> None:
    """The same pages, served as they are: the attempts are real, and the canary has ears."""
    made = {
        name: page
        for name, page in pages(canary).items()
        # Those would replace the page that holds all frames.
        if not name.startswith(("top", "parent", "javascript", "history", "base"))
        and not name.endswith("top")
    }
    with bare_server(list(made.values())) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{url}/host")
        page.evaluate(
            _SHOW.replace("frame.sandbox = 'allow-scripts';", ""), [f"{url}/{n}" for n in range(len(made))]
        )
        expected = {"fetch", "image", "web-socket", "own-navigation", "form", "style-sheet", "worker"}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (
            len(heard(canary)) > 30 and expected <= heard(canary) and len(canary.datagrams) >= 10
        ):
            page.wait_for_timeout(200)
        context.close()
    assert len(heard(canary)) > 30, heard(canary)
    assert expected <= heard(canary)
    assert len(canary.datagrams) >= 10


def heard(canary: Canary) -> set[str]:
    return {path.split("?")[0] for path in canary.heard}


@contextmanager
def bare_server(contents: list[str]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            name = self.path.strip("/")
            page = contents[int(name)] if name.isdigit() else "<!doctype html><title>x</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        serving.daemon_threads = True
        threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def test_opened_on_its_own_a_page_has_no_rights_either(
    browser: Browser, server: AppServer, stack: Stack, alice: Person, canary: Canary
) -> None:
    """Only to lead the tab elsewhere is left to it, as to any link."""
    kept = {
        name: page
        for name, page in pages(canary).items()
        if name
        in (
            "cookies",
            "local storage",
            "fetch",
            "fetch our own",
            "popup",
            "submitted form",
            "web rtc",
            "image",
        )
    }
    versions = versions_of(stack, alice, kept)
    with signed_in(browser, server.url, alice) as context:
        page = context.new_page()
        seen = watch(page)
        page.add_init_script(
            "window.said = []; addEventListener('message', (event) => said.push(event.data))"
        )
        for name, version in versions.items():
            page.goto(f"/preview/{version}?scripts=on")
            page.wait_for_timeout(200)
            assert escaped(page.evaluate("said")) == [], name
        assert (canary.heard, canary.reached, canary.datagrams, seen) == ([], 0, set(), [])
