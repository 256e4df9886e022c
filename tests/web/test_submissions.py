"""Forms that deliver: visitors send, alice reads; machines send, too, and nothing of a person's is lost among it."""

import csv
import hashlib
import hmac
import html
import io
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from flask import Flask

from tests.http_client import ApiClient, connect
from tests.stacks import Person, Stack
from tests.web.conftest import client_of

PAGE = """<!doctype html><html lang="de"><head><title>Luna</title><style>body { background: #123 }</style></head>
<body><header>Luna</header><main><h1>Luna</h1><form name="contact"><label>Name <input name="name"></label>
<input name="email" type="email"><textarea name="message"></textarea><button>Send</button></form></main></body>
</html>"""
HOME = {
    "Origin": "null",
    "Sec-Fetch-Site": "cross-site",
    "Cookie": "sitethread_access=x; sitethread_refresh=y",
}
Send = Callable[..., httpx.Response]


@pytest.fixture
def app(make_app: Callable[..., Flask], stack: Stack) -> Flask:
    """An app that knows visitors by the header of its proxy, and takes webhooks on this machine."""
    return make_app(
        secret="s" * 32, smtp_url=stack.addresses["SMTP_URL"], webhook_addresses="any", trusted_proxies=1
    )


@pytest.fixture
def website(as_alice: ApiClient) -> str:
    made: str = as_alice.new_website("Luna")["id"]
    as_alice.post(f"/api/websites/{made}/versions", {"page": PAGE})
    return made


@pytest.fixture
def slug(as_alice: ApiClient, website: str) -> str:
    slug = f"luna-{uuid.uuid4().hex[:12]}"
    as_alice.put(f"/api/websites/{website}/publication", {"slug": slug}, 201)
    return slug


@pytest.fixture
def send(app: Flask, slug: str) -> Iterator[Send]:
    """Send a form, each time from another address unless one is given."""
    numbers = iter(range(1_000_000))
    with connect(app=app) as http:

        def post(form: str = "contact", address: str = "", **options: Any) -> httpx.Response:
            number = next(numbers)
            source = address or f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
            headers = {**HOME, "X-Forwarded-For": source, **options.pop("headers", {})}
            return http.post(f"/s/{slug}/_forms/{form}", headers=headers, **options)

        yield post


def submissions(caller: ApiClient, website: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = caller.get(f"/api/websites/{website}/submissions", limit=100, **query, **cursor)
        found += page["submissions"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def values(submission: dict[str, Any]) -> dict[str, str]:
    return {field["name"]: field["value"] for field in submission["fields"]}


def test_a_form_works_without_script_or_cookie_and_thanks_in_the_page_s_style(
    app: Flask, as_alice: ApiClient, website: str, slug: str, send: Send
) -> None:
    with connect(app=app) as visitor:
        page = visitor.get(f"/s/{slug}/").text
    assert '<form action="_forms/contact" method="post" enctype="application/x-www-form-urlencoded"' in page
    assert re.search(
        r'aria-hidden="true"><label>[^<]*<input name="_homepage" tabindex="-1" autocomplete="off">', page
    )
    sent = send(
        data={"name": "Bob", "email": "bob@example.com", "message": "Hi\r\nthere", "_page": "index.html"}
    )
    assert sent.status_code == 303
    assert "set-cookie" not in sent.headers
    assert sent.headers["location"].endswith(f"/s/{slug}/_forms/thanks")
    with connect(app=app) as visitor:
        thanks = visitor.get(sent.headers["location"])
    assert (
        "background: #123" in thanks.text and "Vielen Dank" in thanks.text and "<header>Luna" in thanks.text
    )
    assert 'href="../"' in thanks.text or 'href="../index.html"' in thanks.text
    assert "sandbox" in thanks.headers["content-security-policy"] and "set-cookie" not in thanks.headers
    [stored] = submissions(as_alice, website)
    assert values(stored) == {"name": "Bob", "email": "bob@example.com", "message": "Hi\nthere"}
    assert (stored["form"], stored["page"], stored["is_quarantined"]) == ("contact", "index.html", False)


def test_a_website_may_have_a_thanks_page_and_a_consent_of_its_own(
    app: Flask, alice: Person, as_alice: ApiClient, website: str, slug: str, send: Send, stack: Stack
) -> None:
    files = {"index.html": PAGE, "thanks.html": "<h1>Ta</h1>"}
    stack.rest("site_versions", alice.access_token, "POST", json={"website_id": website, "files": files})
    as_alice.put(f"/api/websites/{website}/publication", {})
    as_alice.put(f"/api/websites/{website}/notices", {"consent": "Keep it <b>for a year</b>"})
    with connect(app=app) as visitor:
        shown = wait_for(lambda: re.search(r"Keep it &lt;b&gt;", visitor.get(f"/s/{slug}/").text))
    assert shown
    assert (
        send(data={"name": "Bob", "_consent": "Keep it"})
        .headers["location"]
        .endswith(f"/s/{slug}/thanks.html")
    )
    assert values(submissions(as_alice, website)[0])["consent"] == "Keep it"


def machine_made(number: int) -> dict[str, str]:
    """Return what a machine sends: few of it look like a person's."""
    offer = "We rank your website first on every search engine within a week, with no risk for you at all."
    kinds: list[dict[str, str]] = [
        {"name": "x", "message": f"Words {number}", "_homepage": "https://spam.example"},
        {"message": f"Words {number}", "_homepage": "x"},
        {"name": "x", "email": f"{number}@spam.example", "_homepage": "x"},
        {"message": " ".join(f"http://spam.example/{number}/{n}" for n in range(3))},
        {"message": f"[url=https://spam.example/{number}]cheap[/url] pills"},
        {"email": f"a{number}@x.example\r\nBcc: b@x.example", "message": f"Words {number}"},
        {"name": f"SEO {number}", "message": offer},
        {"name": f"Web {number}", "message": f"  {offer.upper()} "},
        {"message": f"Quick https://x.example/{number}", "_seconds": "0"},
        {"message": f"Unmarked {number}"} if number % 10 < 4 else {"message": f"<a href='x{number}'>x</a>"},
    ]  # fmt: skip
    return kinds[number // 10 % 10] if number % 10 else kinds[number // 100 % 10]


def test_of_a_thousand_machines_none_hides_one_of_a_hundred_people(
    as_alice: ApiClient, website: str, send: Send
) -> None:
    for number in range(1000):
        assert send(data=machine_made(number)).status_code == 303
        if not number % 10:
            person = {
                "name": f"Person {number}",
                "email": f"p{number}@example.com",
                "_seconds": str(5 + number),
            }
            link = f" See https://example.com/{number}" if not number % 50 else ""
            message = f"Have you a table for {number} people?{link}"
            # All of them in one network.
            assert (
                send(address="203.0.113.7", data={**person, "message": message, "_homepage": ""}).status_code
                == 303
            )
    found = submissions(as_alice, website)
    people = [one for one in found if values(one).get("name", "").startswith("Person")]
    caught = sum(one["is_quarantined"] for one in found if one not in people)
    print(f"{caught} of {len(found) - len(people)} machine-made ones in quarantine")
    assert (len(people), len(found)) == (100, 1100)
    assert not any(one["is_quarantined"] for one in people)
    assert caught >= 950


@pytest.mark.parametrize(
    ("body", "type", "mark"),
    [
        (b"m=" + b"x" * 1_000_000, "application/x-www-form-urlencoded", "too_large"),
        (b"&".join(b"f%d=x" % n for n in range(5000)), "application/x-www-form-urlencoded", "many_fields"),
        (b"a=x&" * 8000, "application/x-www-form-urlencoded", "many_fields"),
        (b"subject=Hi%0d%0aBcc:%20a@b.example", "application/x-www-form-urlencoded", "headers"),
        (b"\xff\x00\x01words", "text/plain", "no_form"),
        (b'{"a": 1}', "application/json", "no_form"),
        (
            b"--X\r\nContent-Disposition: form-data; name=a\r\n\r\nbreaks off",
            "multipart/form-data; boundary=X",
            "",
        ),
        (
            b'--X\r\nContent-Disposition: form-data; filename="a.txt"\r\n\r\nx\r\n--X--',
            "multipart/form-data; boundary=X",
            "",
        ),
        (b"--X\r\n" * 9000, "multipart/form-data; boundary=X", None),
        (b"a=%ed%a0%80%00", "application/x-www-form-urlencoded", ""),
        (b"", "application/x-www-form-urlencoded", None),
    ],
)
def test_hostile_bodies_are_taken_calmly(
    as_alice: ApiClient, website: str, send: Send, body: bytes, type: str, mark: str | None
) -> None:
    assert send(content=body, headers={"Content-Type": type}).status_code == 303
    found = submissions(as_alice, website)
    if mark is None:
        assert found == []
    else:
        assert (mark in found[0]["marks"]) if mark else not found[0]["is_quarantined"]
        assert len(found[0]["fields"]) <= 50


@pytest.mark.parametrize("form", ["a%00b", "%09a%1bb", "%ff%fe", "x" * 3000, "a/../b", "%ed%a0%80"])
def test_forms_of_any_name_are_taken(as_alice: ApiClient, website: str, send: Send, form: str) -> None:
    assert send(form, data={"message": "Hi"}).status_code == 303
    [found] = submissions(as_alice, website)
    assert found["form"].isprintable() and len(found["form"]) <= 100


def test_a_table_of_submissions_runs_no_formula(as_alice: ApiClient, website: str, send: Send) -> None:
    evil = [
        '=HYPERLINK("http://x")',
        "+1",
        "-1",
        "@x",
        "\t=1",
        " =1",
        "＝1",
        "plain",
        'quo"te',
        "Straße\nzwei",
        "a; =1\n-1",
    ]
    for text in evil:
        send(data={"=cmd": text})
    send(data={"spam": "x", "_homepage": "x"})
    answer = as_alice.send("GET", f"/api/websites/{website}/submissions.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head == ["received", "form", "page", "quarantined", "'=cmd", "other fields"]
    assert len(rows) == len(evil)
    beyond = {"\t=1": "'\t'=1", "a; =1\n-1": "a;' =1\n'-1"}
    assert {row[4] for row in rows} == {
        text if text[0] in "pqS" else beyond.get(text, f"'{text}") for text in evil
    }
    assert not any(cell.lstrip()[:1] in set("=+-@\t\r＝") for row in rows for cell in row if cell)


def test_alice_searches_marks_and_deletes(
    app: Flask, as_alice: ApiClient, as_charlie: ApiClient, charlie: Person, website: str, send: Send
) -> None:
    send(data={"message": "Grüße aus Köln"})
    send(form="news", data={"email": "a@b.example"})
    send(data={"message": "Spam", "_homepage": "x"})
    path = f"/api/websites/{website}/submissions"
    page = as_alice.get(path)
    assert (page["unread"], page["quarantined"], page["forms"]) == (2, 1, ["contact", "news"])
    assert [one["is_quarantined"] for one in page["submissions"]] == [True, False, False]
    [found] = as_alice.get(path, q="KÖLN")["submissions"]
    assert len(as_alice.get(path, form="news")["submissions"]) == 1
    assert len(as_alice.get(path, quarantined="false")["submissions"]) == 2
    first = as_alice.get(path, limit=1)
    assert len(as_alice.get(path, cursor=first["next_cursor"])["submissions"]) == 2
    one = f"/api/submissions/{found['id']}"
    assert as_alice.patch(one, {"is_read": True})["submission"]["is_read"] is True
    spam = page["submissions"][0]["id"]
    assert (
        as_alice.patch(f"/api/submissions/{spam}", {"is_quarantined": False})["submission"]["is_quarantined"]
        is False
    )
    as_alice.patch(f"/api/submissions/{spam}", {"is_quarantined": True})
    as_alice.error("DELETE", path, 422)
    assert as_alice.delete(path, quarantined="true")["deleted"] == 1
    for method, where in (
        ("GET", path),
        ("GET", f"{path}.csv"),
        ("DELETE", f"{path}?quarantined=true"),
        ("GET", one),
        ("DELETE", one),
    ):
        assert as_charlie.error(method, where, 404)["code"] == "not_found"
    as_alice.delete(one)
    assert as_alice.get(path)["unread"] == 1
    assert send(data={"a": "b"}).status_code == 303
    as_alice.delete(f"/api/websites/{website}/publication")


class Hook:
    """A webhook that answers with the statuses it is told, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.came = threading.Semaphore(0)
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.calls.append((dict(self.headers), body))
                self.send_response(hook.statuses.pop(0) if hook.statuses else 200)
                self.end_headers()
                hook.came.release()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook?a=b"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


def wait_for(found: Callable[[], Any]) -> Any:
    pause = threading.Event()
    for _ in range(3000):
        if value := found():
            return value
        pause.wait(0.01)
    return None


def test_alice_is_told_by_mail_and_by_a_signed_webhook_which_is_tried_again(
    app: Flask, alice: Person, as_alice: ApiClient, website: str, send: Send, hook: Hook, stack: Stack
) -> None:
    app.extensions["notices"].pauses = (0.01, 0.01, 0.01)
    mine = f"{uuid.uuid4().hex}@example.com"
    path = f"/api/websites/{website}/notices"
    own = as_alice.put(path, {"mails": [alice.email]})["notices"]
    assert own["confirmed"] == [alice.email], "her own address is confirmed"
    saved = as_alice.put(path, {"mails": [mine], "webhook": hook.url, "retention_days": 30})
    assert saved["notices"]["confirmed"] == []
    confirm(app, stack, mine)
    saved = as_alice.get(path)
    assert saved["notices"]["confirmed"] == [mine]
    assert saved["can_mail"] and saved["notices"]["signing_key"].startswith("whsec_")
    assert as_alice.put(path, {"mails": [mine], "webhook": hook.url, "retention_days": 30}) == saved, (
        "it stays so"
    )
    hook.statuses = [500, 302]
    send(
        form="contact",
        data={"email": "bob@example.com", "name": "Bob\r\nBcc: x@y.example", "message": "Hello"},
    )
    found = lambda: [one for one in submissions(as_alice, website) if one["webhook_notice"] == "sent"]  # noqa: E731
    # Quarantined: it looks like an injected header, and of those nobody is told.
    assert submissions(as_alice, website)[0]["mail_notice"] == "none"
    send(data={"email": "bob@example.com", "message": "Hello"})
    [told] = wait_for(found)
    assert told["mail_notice"] == "sent" and len(hook.calls) == 3
    headers, body = hook.calls[-1]
    signed = f"{headers['Sitethread-Timestamp']}.".encode() + body
    key = saved["notices"]["signing_key"].encode()
    assert headers["Sitethread-Signature"] == "sha256=" + hmac.new(key, signed, hashlib.sha256).hexdigest()
    assert json.loads(body)["fields"] == told["fields"]
    mail = stack.bare("GET", "/outbox").text
    assert mine in mail and mail.count(f"To {mine},") == 2 and "Luna: contact" in mail
    assert f"http://localhost/websites/{website}?inbox" in html.unescape(mail)


def link_to(stack: Stack, mail: str) -> str:
    """Return the token that was mailed to an address."""
    mails = html.unescape(stack.bare("GET", "/outbox").text).split("<article")
    mine = [one for one in mails if f"To {mail}," in one]
    return re.findall(r"confirm\?token=([\w.-]+)", mine[0])[0]


def confirm(app: Flask, stack: Stack, mail: str) -> None:
    """Open the link that was mailed to an address, and press the button."""
    token = link_to(stack, mail)
    with connect(app=app) as reader:
        asked = reader.get("/notices/confirm", params={"token": token})
        assert asked.status_code == 200 and mail in asked.text and "Mail it to me" in asked.text
        assert "Done" in reader.post("/notices/confirm", data={"token": token}).text


def test_nothing_is_mailed_to_an_address_whose_reader_has_not_said_so(
    app: Flask, as_alice: ApiClient, as_charlie: ApiClient, website: str, send: Send, stack: Stack
) -> None:
    victim = f"{uuid.uuid4().hex}@example.com"
    path = f"/api/websites/{website}/notices"
    as_alice.put(path, {"mails": [victim]})
    send(data={"message": "Hello"})
    assert submissions(as_alice, website)[0]["mail_notice"] == "none"
    again = f"{path}/confirmations"
    for _ in range(2):
        as_alice.post(again, {"mail": victim}, 202)
    response = as_alice.send("POST", again, json={"mail": victim})
    assert response.status_code == 429 and int(response.headers["Retry-After"]) > 0, "three mails a day"
    other = as_charlie.new_website()["id"]
    mails = {"mails": [victim]}
    assert as_charlie.refused("PUT", f"/api/websites/{other}/notices", json=mails) == (429, "rate_limited"), (
        "from all"
    )
    assert as_alice.error("POST", again, 409, json={"mail": "x@y.example"})["code"] == "nothing_to_send"
    as_alice.put(path, {"mails": []})
    with connect(app=app) as reader:
        for token in (link_to(stack, victim), "v1.x", ""):
            refused = reader.post("/notices/confirm", data={"token": token})
            assert refused.status_code == 422 and "expired" in refused.text
    assert as_alice.get(path)["notices"]["mails"] == []


def test_what_was_not_delivered_is_sent_again_when_alice_says_so(
    app: Flask, as_alice: ApiClient, website: str, send: Send, hook: Hook
) -> None:
    app.extensions["notices"].pauses = ()
    as_alice.put(f"/api/websites/{website}/notices", {"webhook": hook.url})
    hook.statuses = [500]
    send(data={"message": "Hello"})
    failed = wait_for(
        lambda: [one for one in submissions(as_alice, website) if one["webhook_notice"] == "failed"]
    )
    again = f"/api/submissions/{failed[0]['id']}/notices"
    assert as_alice.post(again, status=202)["submission"]["webhook_notice"] in {"waiting", "sent"}
    assert wait_for(lambda: submissions(as_alice, website)[0]["webhook_notice"] == "sent")
    assert as_alice.error("POST", again, 409)["code"] == "nothing_to_send"


def test_notices_are_off_without_a_secret_and_forms_work(
    make_app: Callable[..., Flask], alice: Person, website: str
) -> None:
    app = make_app(secret=None)
    caller = client_of(app, alice)
    path = f"/api/websites/{website}/notices"
    assert caller.get(path)["can_call_webhooks"] is False
    assert caller.error("PUT", path, 409, json={"mails": ["a@b.example"]})["code"] == "notices_off"
    caller.put(path, {"retention_days": 10, "consent": "Yes"})
    slug = f"luna-{uuid.uuid4().hex[:12]}"
    caller.put(f"/api/websites/{website}/publication", {"slug": slug}, 201)
    with connect(app=app) as visitor:
        assert visitor.post(f"/s/{slug}/_forms/contact", data={"a": "b"}).status_code == 303
        assert visitor.post("/s/nobody-has-this/_forms/contact", data={"a": "b"}).status_code == 404
    assert caller.get(f"/api/websites/{website}/submissions")["unread"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"mails": ["a@b.example\r\nBcc: c@d.example"]}, {"mails": ["no address"]}, {"mails": ["a@b.example"] * 4},
        {"webhook": "file:///etc/passwd"}, {"webhook": "https://a b"}, {"webhook": "https://user:pw@x.example"},
        {"retention_days": 0}, {"retention_days": 3651}, {"consent": "x" * 301},
    ],
)  # fmt: skip
def test_wrong_settings_are_refused(as_alice: ApiClient, website: str, body: dict[str, Any]) -> None:
    assert (
        as_alice.error("PUT", f"/api/websites/{website}/notices", 422, json=body)["code"] == "invalid_field"
    )
