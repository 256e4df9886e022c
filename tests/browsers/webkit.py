"""WebKitGTK's small browser, driven by WebKitWebDriver's HTTP protocol, on a display that nobody sees."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from embedded.ports import Port
from tests.browsers.page import Page

DRIVER = "WebKitWebDriver"
BROWSERS = Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")


class WebKit(Page):
    """One window, while it is entered."""

    def __enter__(self) -> Self:
        # It finds a free display and writes its number.
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1500x1000x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._display.stdout
        number = self._display.stdout.readline().decode().strip()
        with Port() as reserved:
            port = reserved.number
        environment = {
            "DISPLAY": f":{number}",
            "PATH": "/usr/bin:/bin",
            "HOME": "/tmp",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        self._driver = subprocess.Popen([DRIVER, f"--port={port}"], env=environment)
        transport = httpx.HTTPTransport(retries=8)
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, transport=transport)
        options = {"binary": str(next(BROWSERS)), "args": ["--automation", "--geometry=1440x900"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = self._send("POST", "/session", {"capabilities": capabilities})["sessionId"]
        self._command("POST", "window/rect", {"width": 1440, "height": 940})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._command("DELETE", "")
        finally:
            self._http.close()
            for process in (self._driver, self._display):
                process.terminate()
                process.wait(30)
            assert self._display.stdout
            self._display.stdout.close()

    def goto(self, url: str) -> None:
        self._command("POST", "url", {"url": url})

    def evaluate(self, expression: str) -> Any:
        script = f"return JSON.stringify({expression})"
        text = self._command("POST", "execute/sync", {"script": script, "args": []})
        return None if text is None else json.loads(text)

    def click_at(self, x: int, y: int) -> None:
        actions = [
            {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._perform(
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        )

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keyboard", "actions": keys})

    def _perform(self, source: dict[str, Any]) -> None:
        self._command("POST", "actions", {"actions": [source]})

    def _command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._send(method, f"/session/{self._session}/{path}".rstrip("/"), body)

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self._http.request(method, path, json=body)
        value = response.json()["value"]
        if response.is_error:
            raise AssertionError(f"{path}: {value['error']}: {value['message']}")
        return value
