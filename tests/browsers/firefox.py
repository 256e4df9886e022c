"""Firefox, driven by WebDriver BiDi over its own socket: Debian has no geckodriver."""

import itertools
import json
import re
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import connect

from tests.browsers.page import Page

BINARY = "firefox-esr"
_LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


class Firefox(Page):
    """One window, while it is entered."""

    def __enter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory()
        home = Path(self._profile.name)
        command = [
            BINARY,
            "--headless",
            "--no-remote",
            "--profile",
            str(home),
            "--remote-debugging-port",
            "0",
        ]
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS_WIDTH": "1440"}
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
        )
        self._socket = connect(f"{self._address()}/session", max_size=None, open_timeout=60)
        self._ids = itertools.count()
        self._send("session.new", capabilities={})
        (window,) = self._send("browsingContext.getTree")["contexts"]
        self._context = window["context"]
        size = {"width": 1440, "height": 900}
        self._send("browsingContext.setViewport", context=self._context, viewport=size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(30)
        assert self._process.stderr
        self._process.stderr.close()
        self._profile.cleanup()

    def goto(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        found = self._send(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise AssertionError(found["exceptionDetails"]["text"])
        text = found["result"].get("value")
        return None if text is None else json.loads(text)

    def click_at(self, x: int, y: int) -> None:
        actions = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._perform({"type": "pointer", "id": "mouse", "actions": actions})

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keyboard", "actions": keys})

    def _perform(self, source: dict[str, Any]) -> None:
        self._send("input.performActions", context=self._context, actions=[source])

    def _send(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            reply = json.loads(self._socket.recv(60))
            if reply.get("id") == number:
                break
        if reply["type"] == "error":
            raise AssertionError(f"{method}: {reply['error']}: {reply['message']}")
        return reply["result"]

    def _address(self) -> str:
        assert self._process.stderr
        said = b""
        for line in self._process.stderr:
            said += line
            if found := _LISTENING.search(line):
                # Nobody else reads what it goes on to say: a full pipe would stop it.
                threading.Thread(target=self._process.stderr.read, daemon=True).start()
                return found[1].decode()
        raise AssertionError(f"Firefox doesn't start: {said.decode()}")
