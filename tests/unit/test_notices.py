"""Notices: webhooks lead to public addresses alone, no visitor's text is a header, hashes of addresses last a day."""

import queue
import socket
import threading
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from sitethread.mail_servers import MailServer
from sitethread.notices import mails, webhooks
from sitethread.notices.delivery import Notices
from sitethread.notices.settings import Channels
from sitethread.submissions.inbox import Submission
from sitethread.submissions.marks import sender_hash


def submission(**fields: str) -> Submission:
    return {
        "id": "1", "website_id": "2", "form": "contact\r\nBcc: a@b.example", "page": "index.html",
        "fields": [{"name": name, "value": value} for name, value in fields.items()], "marks": [],
        "is_quarantined": False, "is_read": False, "mail_notice": "waiting", "webhook_notice": "none",
        "created_at": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::",
        "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "::7f00:1",
        "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "fec0::1",
    ],
)  # fmt: skip
def test_no_webhook_leads_into_a_network_of_ours(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(host)
        return [(0, 0, 0, "", ("93.184.216.34", port)), (0, 0, 0, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it connects"))
    with pytest.raises(webhooks.WebhookFailed):
        webhooks.send("https://hook.example/x", "key", b"{}")
    assert looked_up == ["hook.example"]


def test_a_webhook_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], **_: Any) -> Any:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.216.34", 8080))])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(webhooks.WebhookFailed):
        webhooks.send("http://hook.example:8080/x", "key", b"{}")
    assert connected == [("93.184.216.34", 8080)]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b"SSH-2.0\r\n", b"", b"x" * 100_000]
)
def test_what_is_no_success_fails_and_little_of_it_is_read(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(65_536)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(webhooks.WebhookFailed):
            webhooks.send(f"http://127.0.0.1:{server.getsockname()[1]}/", "key", b"{}", may_be_private=True)
        thread.join()


def test_no_text_of_a_visitor_is_a_header_but_one_address() -> None:
    sent = submission(email="bob@example.com", message="Hi\r\nBcc: evil@example.com\r\n\r\n.\r\nQUIT")
    mail = mails.notice_of(sent, "Luna\r\nX-Evil: 1", "https://x.example", "from@x.example", ["to@x.example"])
    assert mail["Subject"] == "Luna X-Evil: 1: contact Bcc: a@b.example"
    assert mail["Reply-To"] == "bob@example.com"
    assert {name.lower() for name in mail} == {
        "subject", "from", "to", "date", "message-id", "auto-submitted", "reply-to", "content-type",
        "content-transfer-encoding", "mime-version",
    }  # fmt: skip
    assert "Reply-To" not in mails.notice_of(
        submission(a="a@b.example, c@d.example"), "x", "", "f@x.example", ["t@x.example"]
    )


def test_a_mail_server_is_read_from_its_address() -> None:
    server = MailServer.from_url("smtps://me%40x.example:p%20w@mail.example")
    assert (server.port, server.is_tls, server.sender, server.password) == (465, True, "me@x.example", "p w")
    assert "p w" not in repr(server)
    for wrong in ("http://x.example", "smtp://", "smtp://x.example?from=a%0d%0ab@c.example"):
        with pytest.raises(ValueError):
            MailServer.from_url(wrong)


def test_a_hash_of_an_address_is_another_one_the_next_day() -> None:
    hashes = {sender_hash(b"key", "1.2.3.4", date(2026, 1, day)) for day in (1, 2)} | {
        sender_hash(b"k", "1.2.3.4", date(2026, 1, 1))
    }
    assert len(hashes) == 3
    assert sender_hash(b"key", "1.2.3.4", date(2026, 1, 1)) in hashes


def test_one_person_s_slow_webhooks_keep_no_other_person_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: queue.Queue[str] = queue.Queue()
    release = threading.Event()

    def send(url: str, *_: Any, **__: Any) -> None:
        told.put(url)
        if url == "slow":
            release.wait(30)

    monkeypatch.setattr(webhooks, "send", send)
    rows: Any = SimpleNamespace(call=lambda *_: None)
    database: Any = SimpleNamespace(as_anonymous=lambda: rows)
    settings: Any = SimpleNamespace(secret="s" * 32, smtp_url=None, webhook_addresses="any")
    notices = Notices(database, None, settings)
    hook: Channels = {"mails": [], "confirmed": [], "webhook": "slow", "signing_key": "k"}
    for _ in range(150):
        notices.tell_again("mallory", submission(), hook, "Slow", "")
    for _ in range(3):
        notices.tell_again("alice", submission(), {**hook, "webhook": "quick"}, "Luna", "")
    assert sorted(told.get(timeout=30) for _ in range(5)) == ["quick", "quick", "quick", "slow", "slow"]
    assert notices._waiting["mallory"] <= 100
    release.set()
    assert [told.get(timeout=30) for _ in range(98)] == ["slow"] * 98


def test_a_person_s_websites_send_few_mails_an_hour_together(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Any = SimpleNamespace(secret="s" * 32, smtp_url=None, webhook_addresses="any")
    database: Any = SimpleNamespace(as_anonymous=lambda: None)
    notices = Notices(database, None, settings)
    may = [notices._may_mail("mallory") for _ in range(101)]
    assert may == [True] * 100 + [False]
    assert notices._may_mail("alice")
