"""What a worker keeps of published sites: less than a second old, made once, and up to so many bytes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest

from sitethread import errors
from sitethread.publishing import sites
from sitethread.publishing.bodies import body_of, compressed
from sitethread.publishing.kept import Kept
from sitethread.publishing.places import Place, Site
from sitethread.publishing.sites import FRESH_SECONDS, MOST_SECONDS, Moved, Sites

HASHES = {"one": "1" * 64, "two": "2" * 64}


class FakeRows:
    """A database with one publication; counts what is asked."""

    def __init__(self) -> None:
        self.version: str | None = "one"
        self.is_away = False
        self.facts: dict[str, str] = {}
        self.asked = self.read = 0

    def call(self, function: str, params: Any) -> Any:
        self.asked += 1
        if self.is_away:
            raise errors.DatabaseUnavailable
        if params["slug"] == "old-slug":
            return {"moved_to": "luna"}
        version = params.get("version_id") or self.version
        if version not in HASHES:
            raise errors.NotFound
        file = {
            "sha256": HASHES[version],
            "media_type": "text/plain",
            "size": 9,
            "width": None,
            "height": None,
        }
        return {
            "slug": "luna", "version_id": version, "published_at": "2026-12-01T00:00:00+00:00", "facts": self.facts,
            "files": {"index.html": file}, "website_id": "x",
        }  # fmt: skip

    def get_bytes(self, function: str, params: Any) -> bytes:
        self.read += 1
        return params["sha256"].encode()


@pytest.fixture
def rows() -> FakeRows:
    return FakeRows()


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sites, "time", clock)
    return clock


def version_of(found: Site | Moved) -> str:
    assert isinstance(found, Site)
    return found.version_id


def test_a_change_shows_within_a_second_and_until_then_nothing_is_asked(rows: FakeRows, clock: Clock) -> None:
    kept = Sites(rows)  # type: ignore[arg-type]
    for _ in range(50):
        assert version_of(kept.live("luna")) == "one"
    assert rows.asked == 1
    rows.version = "two"
    clock.now += FRESH_SECONDS
    assert FRESH_SECONDS < 1 and version_of(kept.live("luna")) == "two"
    rows.version = None
    clock.now += FRESH_SECONDS
    for _ in range(2):
        with pytest.raises(errors.NotFound):
            kept.live("luna")
    assert rows.asked == 3 and kept.live("old-slug") == Moved("luna")


def test_a_page_is_made_once_and_costs_no_call_within_a_second(rows: FakeRows, clock: Clock) -> None:
    kept = Sites(rows)  # type: ignore[arg-type]

    def show() -> bytes:
        site = kept.live("luna")
        assert isinstance(site, Site)
        return kept.in_encoding(kept.page(Place(site, "http://a/s/luna/"), "index.html"), "br").data

    with ThreadPoolExecutor(16) as pool:
        shown = {future.result() for future in [pool.submit(show) for _ in range(64)]}
    assert len(shown) == 1 and (rows.asked, rows.read) == (1, 1)
    assert brotli.decompress(shown.pop()).endswith(HASHES["one"].encode())


def test_facts_that_are_published_again_show(rows: FakeRows, clock: Clock) -> None:
    kept = Sites(rows)  # type: ignore[arg-type]

    def shown() -> bytes:
        site = kept.live("luna")
        assert isinstance(site, Site)
        return kept.page(Place(site, "http://a/s/luna/"), "index.html").data

    assert b"030 1" not in shown()
    rows.facts = {"phone": "030 1"}
    clock.now += FRESH_SECONDS
    assert b"030 1" in shown()


def test_what_was_live_last_is_shown_while_the_database_is_away(rows: FakeRows, clock: Clock) -> None:
    kept = Sites(rows)  # type: ignore[arg-type]
    kept.live("luna")
    rows.is_away = True
    clock.now += MOST_SECONDS
    assert version_of(kept.live("luna")) == version_of(kept.live("luna")) == "one"
    assert rows.asked == 2, "which is not asked again at once"
    clock.now += FRESH_SECONDS
    with pytest.raises(errors.DatabaseUnavailable):
        kept.live("luna")
    with pytest.raises(errors.DatabaseUnavailable):
        kept.live("another")


def test_a_version_that_was_live_is_read_by_its_id(rows: FakeRows, clock: Clock) -> None:
    kept = Sites(rows)  # type: ignore[arg-type]
    assert kept.version("luna", "two").version_id == "two"
    assert kept.version("luna", "one") is kept.live("luna")
    with pytest.raises(errors.NotFound):
        kept.version("luna", "three")


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: Kept[str, bytes] = Kept(100, len)
    made: list[str] = []

    def get(key: str, size: int = 20) -> bytes:
        return kept.get(key, lambda: (made.append(key), b"x" * size)[1])

    for key in "abcde":
        get(key)
    get("a")
    get("f")
    get("a")
    assert made == [*"abcdef"]
    get("b")
    assert made == [*"abcdefb"], "it had gone"
    get("large", 26)
    get("large", 26)
    assert made[-2:] == ["large", "large"], "more than a quarter isn't kept"


def test_what_fails_is_tried_again() -> None:
    kept: Kept[str, bytes] = Kept(100, len)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: b"x" * (1 // 0))
    assert kept.get("a", lambda: b"x") == b"x"


@pytest.mark.parametrize("size", [0, 499, 70_000, 300_000])
def test_compressed_bodies_are_the_same_body(size: int) -> None:
    body = body_of(b"<p>bread" * (size // 8), "text/html")
    encoded = compressed(body, "br")
    assert brotli.decompress(encoded.data) == body.data and encoded.tag != body.tag
    assert body.is_compressible == (size >= 500)
