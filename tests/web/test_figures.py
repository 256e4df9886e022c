"""Views of published pages are counted, of people alone and without anything about them."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from flask import Flask

from sitethread import errors
from sitethread.publishing.places import Site
from sitethread.publishing.views import Views
from tests.http_client import connect
from tests.stacks import Person, Stack
from tests.web.conftest import client_of
from tests.web.versions import save_version

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
NOT_COUNTED: list[dict[str, str]] = [
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"User-Agent": "curl/8.0"},
    {"User-Agent": ""},
    {**BROWSER, "Sec-Purpose": "prefetch;prerender"},
    {**BROWSER, "Purpose": "prefetch"},
    {**BROWSER, "Sec-Fetch-Dest": "empty"},
]


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app(secret="s" * 32)


def test_views_of_people_are_counted_by_page_and_host_and_nothing_else_is_kept(
    app: Flask, stack: Stack, alice: Person, charlie: Person
) -> None:
    as_alice = client_of(app, alice)
    website = as_alice.new_website()["id"]
    save_version(stack, alice, website)
    slug = f"luna-{uuid.uuid4().hex[:12]}"
    figures = f"/api/websites/{website}/figures"
    as_alice.put(f"/api/websites/{website}/publication", {"slug": slug}, 201)
    assert as_alice.get(figures)["pages"] == [] and len(as_alice.get(figures)["days"]) == 30
    with connect(app=app) as visitor:
        page = f"/s/{slug}/"

        def visit(**headers: str) -> httpx.Response:
            return visitor.get(
                page, headers={**BROWSER, **{k.replace("_", "-"): v for k, v in headers.items()}}
            )

        seen = visit(Referer="https://News.example/a?secret=1")
        assert "Set-Cookie" not in seen.headers
        assert visit(If_None_Match=seen.headers["ETag"], Sec_Fetch_Dest="document").status_code == 304
        visit(Referer=f"http://localhost{page}")
        visit(Referer="android-app://example")
        visit(Referer="http://[broken")
        for headers in NOT_COUNTED:
            assert visitor.get(page, headers=headers).status_code == 200
        visitor.head(page, headers=BROWSER)
        assert visitor.get(f"{page}gone.html", headers=BROWSER).status_code == 404
    app.extensions["views"].close()
    found = as_alice.get(figures, days=7)
    assert found["days"][-1] == {"day": datetime.now(UTC).date().isoformat(), "views": 5}
    assert found["pages"] == [{"path": "index.html", "views": 5}]
    assert found["referrers"] == [{"host": "", "views": 3}, {"host": "news.example", "views": 1}]
    kept = stack.sql("select to_jsonb(r)::text from public.site_referrers r where website_id = %s", website)
    assert "secret" not in str(kept) and "127.0.0.1" not in str(kept)
    assert client_of(app, charlie).refused("GET", figures) == (404, "not_found")
    for days in ("0", "366", "+7", "x"):
        assert as_alice.refused("GET", f"{figures}?days={days}") == (422, "invalid_field")


class Refusing:
    """A database that is away at first."""

    def __init__(self) -> None:
        self.is_away = True
        self.calls: list[dict[str, Any]] = []

    def call(self, function: str, params: dict[str, Any]) -> bool:
        if self.is_away:
            raise errors.DatabaseUnavailable
        assert function == "count_views"
        self.calls.append(params)
        return True


def site(slug: str = "luna") -> Site:
    return Site(slug, "website", "version", "2026-12-01", {}, {})


def test_counts_wait_while_the_database_is_away_and_are_bounded() -> None:
    database = Refusing()
    views = Views(database, "s" * 32, seconds=1000)  # type: ignore[arg-type]
    for number in range(1200):
        views.count(site(), "index.html", f"h{number}.example")
        views.count(site(f"site-{number}"), "index.html", "")
    views._write()
    database.is_away = False
    views.close()
    assert len(database.calls) == 1000
    (luna,) = [call["counts"] for call in database.calls if call["slug"] == "luna"]
    assert (len(luna), sum(count["views"] for count in luna)) == (101, 1200)
    assert max(luna, key=lambda count: count["views"])["host"] == "other"


def test_without_the_secret_nothing_is_counted() -> None:
    database = Refusing()
    views = Views(database, None)  # type: ignore[arg-type]
    views.count(site(), "index.html", "")
    database.is_away = False
    views.close()
    assert database.calls == []
