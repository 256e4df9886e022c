"""The HTTP client of all tests: somebody with a token, or nobody without one."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx
from flask import Flask
from httpx_sse import EventSource, connect_sse

JSON = {"Content-Type": "application/json"}
# An id that nobody has.
UNKNOWN = "00000000-0000-4000-8000-00000000dead"


def connect(url: str = "http://localhost", app: Flask | None = None, **headers: str) -> httpx.Client:
    """Open connections that people may share; to an app in this process when one is given."""
    return httpx.Client(
        base_url=url,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        transport=httpx.WSGITransport(_with_wsgi_paths(app)) if app else None,
        timeout=httpx.Timeout(30, connect=5),
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=100),
        # Reading certificates that plain HTTP doesn't need takes longer than a request.
        verify=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def _with_wsgi_paths(app: Flask) -> Callable[..., Any]:
    """Take paths as httpx gives them, which are text: WSGI's are bytes, written as latin-1 (PEP 3333)."""

    def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return app(environ, start_response)

    return wsgi


class HttpClient:
    """Sends requests with a token, which may be asked for afresh each time."""

    def __init__(self, http: httpx.Client, token: Callable[[], str] | str | None = None) -> None:
        self.http = http
        self.token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; the options are httpx's."""
        return self.http.request(method, path, headers=self._headers(options), **options)

    @contextmanager
    def events(self, method: str, path: str, **options: Any) -> Iterator[EventSource]:
        """Send one request and read the events of its response as they come."""
        with connect_sse(self.http, method, path, headers=self._headers(options), **options) as source:
            yield source

    def _headers(self, options: dict[str, Any]) -> dict[str, str]:
        token = self.token() if callable(self.token) else self.token
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        return {**authorization, **(options.pop("headers", None) or {})}


class ApiClient(HttpClient):
    """Calls the app's API. Every response must be JSON with the status that is expected, 2xx unless said."""

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = super().send(method, path, **options)
        assert response.status_code < 500, response.text
        return response

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self.json("GET", path, status, **({"params": query} if query else {}))

    def post(self, path: str, body: Any = None, status: int = 201, **options: Any) -> Any:
        return self.json("POST", path, status, json=body, **options)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self.json("PATCH", path, status, json=body)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        return self.json("PUT", path, status, json=body)

    def delete(self, path: str, status: int = 200, **query: Any) -> Any:
        return self.json("DELETE", path, status, **({"params": query} if query else {}))

    def json(self, method: str, path: str, status: int, **options: Any) -> Any:
        response = self.send(method, path, **options)
        assert response.status_code == status, response.text
        body = json.loads(response.content)
        assert body["success"] is (status < 400)
        return body

    def error(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        """Send something that is refused; return the error without its request id."""
        error: dict[str, Any] = self.json(method, path, status, **options)["error"]
        assert error.pop("request_id")
        return error

    def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Send something that is refused; return the status and the code."""
        response = self.send(method, path, **options)
        body = response.json()
        assert body["success"] is False
        assert set(body["error"]) >= {"code", "message", "request_id"}
        return response.status_code, body["error"]["code"]

    def new_website(self, name: str = "Coffee Shop Website") -> dict[str, Any]:
        website: dict[str, Any] = self.post("/api/websites", {"name": name})["website"]
        return website

    def upload(self, website_id: str, path: str, data: bytes, type: str) -> Any:
        """Upload a file to a website."""
        address = f"/api/websites/{website_id}/files"
        options = {"params": {"path": path}, "content": data, "headers": {"Content-Type": type}}
        return self.json("POST", address, 201, **options)

    def new_session(self, **values: Any) -> dict[str, Any]:
        session: dict[str, Any] = self.post("/api/chat/sessions", values)["session"]
        return session

    def new_message(self, session_id: str, content: str = "Hello", role: str = "user", **values: Any) -> Any:
        body = {"role": role, "content": content, **values}
        return self.post(f"/api/chat/sessions/{session_id}/messages", body)["message"]


def without_request_id(body: bytes) -> bytes:
    """Return an error response without what differs from one request to the next."""
    head, _, tail = body.partition(b'"request_id":"')
    assert tail, "every error has a request id"
    return head + tail[24:]
