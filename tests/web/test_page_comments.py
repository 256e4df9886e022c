"""Whoever has a link comments on its pages: alice owns them, bob has her link, charlie has nothing."""

from typing import Any

import pytest

from sitethread import page_shares
from tests.http_client import UNKNOWN, ApiClient
from tests.stacks import Person, Stack

INDEX = "<!doctype html><title>Luna</title><h1>🍰 Kaffe</h1><a href='prices.html'>Prices</a>\n"
PRICES = "<!doctype html><title>Prices</title><p>Tea</p>\n"
HEADING = INDEX.index("<h1>"), INDEX.index("</h1>") + len("</h1>")
PASSWORD = "oat milk"
PUBLIC = {"path", "start", "end", "author", "text", "is_resolved", "created_at"}


@pytest.fixture
def version(as_alice: ApiClient, stack: Stack, alice: Person) -> dict[str, Any]:
    website = as_alice.new_website()["id"]
    body = {"website_id": website, "files": {"index.html": INDEX, "prices.html": PRICES, "notes.txt": "Hers"}}
    headers = {"Prefer": "return=representation"}
    made = stack.rest("site_versions", alice.access_token, "POST", json=body, headers=headers)
    version: dict[str, Any] = made.raise_for_status().json()[0]
    return version


@pytest.fixture
def link(as_alice: ApiClient, version: dict[str, Any]) -> str:
    return f"/api/shared-pages/{share(as_alice, version)['token']}"


def share(caller: ApiClient, version: dict[str, Any], **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = caller.post(f"/api/versions/{version['id']}/shares", values)["share"]
    return made


def words(**changes: Any) -> dict[str, Any]:
    start, end = HEADING
    return {"path": "index.html", "start": start, "end": end, "author": "Bob", "text": "Too big"} | changes


def test_bob_comments_on_an_element_and_alice_reads_answers_and_resolves_it(
    as_alice: ApiClient, as_nobody: ApiClient, version: dict[str, Any], link: str
) -> None:
    list_of = f"/api/websites/{version['website_id']}/page-comments"
    elements = as_nobody.get(f"{link}/elements")
    assert HEADING in {(start, end) for start, _, _, end in elements["elements"]}
    (said,) = as_nobody.post(f"{link}/comments", words(author=" Bob\u202e ", text="<b>Too big</b>\r\n"))[
        "comments"
    ]
    assert set(said) == PUBLIC
    assert (said["author"], said["text"], said["start"]) == ("Bob", "<b>Too big</b>\n", HEADING[0])
    listed = as_alice.get(list_of)
    (comment,) = listed["comments"]
    assert (listed["unread"], comment["version_id"], comment["is_read"]) == (1, version["id"], False)
    address = f"/api/page-comments/{comment['id']}"
    assert as_alice.patch(address, {"is_read": True, "is_resolved": True})["comment"]["is_resolved"] is True
    assert as_alice.get(list_of)["unread"] == 0
    reply = as_alice.post(f"{address}/replies", {"text": "Smaller now"})["comment"]
    assert (reply["author"], reply["start"], reply["is_read"]) == (None, HEADING[0], True)
    seen = as_nobody.get(f"{link}/comments")["comments"]
    assert [(one["author"], one["is_resolved"]) for one in seen] == [("Bob", True), (None, False)]
    # Her comments stay when the link goes.
    as_alice.delete(f"/api/page-shares/{comment['share_id']}")
    assert [one["share_id"] for one in as_alice.get(list_of)["comments"]] == [None, None]
    as_nobody.get(f"{link}/comments", 404)
    as_alice.delete(address)
    assert [one["text"] for one in as_alice.get(list_of)["comments"]] == ["Smaller now"]


def test_comments_about_nothing_are_refused(as_nobody: ApiClient, link: str) -> None:
    for wrong in (
        {"start": HEADING[1]}, {"start": -1}, {"end": len(INDEX) + 1}, {"start": 2**31}, {"path": "notes.txt"},
        {"path": "gone.html"}, {"path": "../index.html"}, {"author": "\u200b"}, {"author": "x" * 61}, {"text": " "},
        {"text": "x" * 2001}, {"text": None}, {"author": None}, {"id": UNKNOWN},
    ):  # fmt: skip
        as_nobody.post(f"{link}/comments", words(**wrong), 422)
    as_nobody.post(f"/api/shared-pages/{'x' * 32}/comments", words(), 404)
    assert as_nobody.get(f"{link}/comments")["comments"] == []
    longest = {"author": "日" * 60, "text": "日" * 2000}
    assert as_nobody.post(f"{link}/comments", words(**longest))["comments"][0]["text"] == longest["text"]


def test_a_link_takes_fifty_comments_a_day(
    as_nobody: ApiClient, as_alice: ApiClient, stack: Stack, version: dict[str, Any], link: str
) -> None:
    stack.sql(
        "insert into public.page_comments (user_id, share_id, website_id, version_id, version_number, path, "
        "start_offset, end_offset, author, text) select user_id, id, website_id, version_id, 1, 'index.html', 0, 5, "
        "'Bob', 'x' from public.page_shares, generate_series(1, 49) where version_id = %s returning id",
        version["id"],
    )
    as_nobody.post(f"{link}/comments", words())
    assert as_nobody.post(f"{link}/comments", words(), 429)["error"]["code"] == "too_many_comments"
    list_of = f"/api/websites/{version['website_id']}/page-comments"
    as_alice.post(
        f"/api/page-comments/{as_alice.get(list_of)['comments'][0]['id']}/replies", {"text": "Enough"}
    )


def test_a_link_shows_the_pages_of_its_version_and_no_other_file(
    as_alice: ApiClient, as_nobody: ApiClient, version: dict[str, Any], link: str
) -> None:
    page = as_nobody.get(link)["page"]
    assert (page["page"], page["pages"]) == (INDEX, ["index.html", "prices.html"])
    assert as_nobody.get(link, page="prices.html")["page"]["page"] == PRICES
    assert as_nobody.get(link, page="gone.html")["page"]["page"] is None
    for path in ("notes.txt", "../index.html", "prices.html/"):
        as_nobody.get(link, 404, page=path)
    shown = link.replace("/api/", "/preview/")
    assert "Tea" in as_nobody.http.get(f"{shown}?page=prices.html").text
    assert as_nobody.http.get(f"{shown}?page=notes.txt").status_code == 404
    assert as_nobody.http.get(f"{shown}/files").json() == {}


def test_a_link_with_a_password_opens_by_its_ticket_alone(
    as_alice: ApiClient, as_nobody: ApiClient, version: dict[str, Any]
) -> None:
    made, other = (share(as_alice, version, password=PASSWORD) for _ in range(2))
    assert made["has_password"] and PASSWORD not in str(made)
    link = f"/api/shared-pages/{made['token']}"
    asked = [
        ("GET", link, None), ("GET", f"{link}/elements", None), ("GET", f"{link}/comments", None),
        ("POST", f"{link}/comments", words()), ("GET", f"/preview/shared-pages/{made['token']}", None),
        ("GET", f"/preview/shared-pages/{made['token']}/files", None),
    ]  # fmt: skip
    wrong = as_nobody.post(f"/api/shared-pages/{other['token']}/ticket", {"password": PASSWORD}, 200)[
        "ticket"
    ]
    for ticket in ("", "x", UNKNOWN, wrong):
        for method, address, body in asked:
            refused = as_nobody.http.request(method, address, json=body, headers={"X-Share-Ticket": ticket})
            assert (refused.status_code, refused.headers.get("Location")) == (403, None), address
            assert "share_password_required" in refused.text or "This link has a password" in refused.text
    assert (
        as_nobody.post(f"{link}/ticket", {"password": "soy milk"}, 403)["error"]["code"]
        == "wrong_share_password"
    )
    ticket = as_nobody.post(f"{link}/ticket", {"password": PASSWORD}, 200)["ticket"]
    for method, address, body in asked:
        found = as_nobody.http.request(method, address, json=body, headers={"X-Share-Ticket": ticket})
        assert found.status_code in {200, 201}, found.text
    # A browser gets it as a cookie, which says nothing to other links.
    form = as_nobody.http.post(f"/shared-pages/{made['token']}", data={"password": PASSWORD})
    cookie = form.headers["Set-Cookie"]
    assert (
        form.status_code == 303
        and "HttpOnly" in cookie
        and "SameSite=Lax" in cookie
        and made["token"] not in cookie
    )
    pair = {"Cookie": cookie.partition(";")[0]}
    assert (
        as_nobody.http.get(f"/shared-pages/{made['token']}", headers=pair).text.count("shared-page-data") == 1
    )
    assert "Password of the link" in as_nobody.http.get(f"/shared-pages/{other['token']}", headers=pair).text


def test_a_password_is_guessed_at_ten_times_in_a_quarter_of_an_hour_by_all_ways_together(
    as_alice: ApiClient, as_nobody: ApiClient, stack: Stack, version: dict[str, Any]
) -> None:
    made = share(as_alice, version, password=PASSWORD)
    link = f"/api/shared-pages/{made['token']}"

    def guess(proof: str) -> Any:
        body = {"token": made["token"], "password_proof": proof}
        return stack.rest("rpc/open_page_share", None, "POST", json=body).json()

    right = page_shares._proof(PASSWORD, made["token"])
    assert guess(right)["result"] == "open"
    assert [guess(f"{number:064}")["result"] for number in range(9)] == ["wrong"] * 9
    as_nobody.post(f"{link}/ticket", {"password": "soy milk"}, 403)
    locked = guess(right)
    assert locked["result"] == "locked" and 0 < locked["retry_after"] <= 901 and "ticket" not in locked
    error = as_nobody.post(f"{link}/ticket", {"password": PASSWORD}, 429)["error"]
    assert error["code"] == "rate_limited" and error["retry_after"] > 800
    # Another link is not concerned, and this one opens when the time is over.
    stack.sql(
        "update private.share_passwords set guessed_since = guessed_since - interval '16 minutes' returning 1"
    )
    assert guess(right)["result"] == "open"


def test_a_link_ends_when_its_days_are_over(
    as_alice: ApiClient, as_nobody: ApiClient, stack: Stack, version: dict[str, Any]
) -> None:
    for days in (0, 366, 1.5, "7"):
        as_alice.post(f"/api/versions/{version['id']}/shares", {"expires_in_days": days}, 422)
    for password in ("", "short", "x" * 101):
        as_alice.post(f"/api/versions/{version['id']}/shares", {"password": password}, 422)
    made = share(as_alice, version, expires_in_days=7, password=PASSWORD)
    link = f"/api/shared-pages/{made['token']}"
    ticket = {"X-Share-Ticket": as_nobody.post(f"{link}/ticket", {"password": PASSWORD}, 200)["ticket"]}
    stack.sql("update public.page_shares set expires_at = now() where id = %s returning id", made["id"])
    for method, address, body in (
        ("GET", link, None), ("GET", f"{link}/comments", None), ("POST", f"{link}/comments", words()),
        ("POST", f"{link}/ticket", {"password": PASSWORD}), ("GET", f"{link}/elements", None),
    ):  # fmt: skip
        assert as_nobody.http.request(method, address, json=body, headers=ticket).status_code == 404, address
    share(as_alice, version)
    listed = as_alice.get(f"/api/websites/{version['website_id']}/page-shares")["shares"]
    assert made["id"] not in {one["id"] for one in listed}, (
        "a new link takes the place of those that have ended"
    )
