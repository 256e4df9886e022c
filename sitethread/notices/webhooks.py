"""Webhooks: a submission as signed JSON, sent to an address of the owner's, and to none within our own network.

The address is looked up once, and connected to as it was checked: a name that leads elsewhere a moment later gains
nothing. Redirects are not followed.
"""

import hashlib
import hmac
import ipaddress
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

from sitethread.submissions.inbox import Submission

SECONDS = 10
_MOST_HEAD = 4_096
_HANDED_OUT = ipaddress.ip_network("2000::/3")
# https://www.rfc-editor.org/rfc/rfc6052
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class WebhookFailed(Exception):
    """It was not taken, or may not be sent there."""


def signature_of(key: str, timestamp: str, body: bytes) -> str:
    """Return the value of the header Sitethread-Signature: an HMAC-SHA256 of `<timestamp>.<body>`."""
    return "sha256=" + hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def body_of(submission: Submission) -> bytes:
    names = ("id", "website_id", "form", "page", "fields", "created_at")
    return json.dumps({name: submission[name] for name in names}, ensure_ascii=False).encode()  # type: ignore[literal-required]


def send(url: str, key: str, body: bytes, *, may_be_private: bool = False) -> None:
    """Send a body, signed; raise WebhookFailed unless the answer is a status of success."""
    deadline = time.monotonic() + SECONDS
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_tls else 80)
    try:
        address = _checked(host, port, may_be_private=may_be_private)
        with socket.create_connection((address, port), timeout=_left(deadline)) as plain:
            connection = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) if is_tls else plain
            )
            connection.settimeout(_left(deadline))
            connection.sendall(_request(parts.netloc.rpartition("@")[2], _target(url), key, body))
            status = _status(connection, deadline)
    except (OSError, ValueError) as error:
        raise WebhookFailed(type(error).__name__) from error
    if not 200 <= status < 300:
        raise WebhookFailed(f"status {status}")


def is_sendable(url: str) -> bool:
    """Whether an address has a form that notices may be sent to; where it leads is looked up when one is sent."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 80) > 0
            and "@" not in parts.netloc and url.isascii() and url.isprintable() and " " not in url
        )  # fmt: skip
    except ValueError:
        return False


def _checked(host: str, port: int, *, may_be_private: bool) -> str:
    addresses = [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not addresses:
        raise WebhookFailed("no address")
    if not may_be_private and not all(map(_is_public, addresses)):
        raise WebhookFailed("an address within a network of ours")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    # Of IPv6 only what is handed out today: else each way to put an IPv4 address in one would have to be known.
    embedded = address.sixtofour
    if address in _TRANSLATED:
        embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    elif address not in _HANDED_OUT or not address.is_global:
        return False
    return embedded is None or embedded.is_global


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _request(host: str, target: str, key: str, body: bytes) -> bytes:
    timestamp = str(int(time.time()))
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"User-Agent: Sitethread\r\nSitethread-Timestamp: {timestamp}\r\n"
        f"Sitethread-Signature: {signature_of(key, timestamp, body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


def _status(connection: socket.socket, deadline: float) -> int:
    """Read no more than the status line; what follows is not ours to read."""
    head = b""
    while b"\r\n" not in head and len(head) < _MOST_HEAD:
        connection.settimeout(_left(deadline))
        piece = connection.recv(_MOST_HEAD - len(head))
        if not piece:
            break
        head += piece
    version, _, rest = head.partition(b" ")
    if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
        raise WebhookFailed("no HTTP")
    return int(rest[:3])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
