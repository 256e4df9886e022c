"""Contents of files go through PostgREST as bytes, are there once, and go when nobody holds them."""

import hashlib
import json
import os
import random
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from sitethread import media_types
from sitethread.edits.paths import is_inside
from tests.database.callers import Caller, error_of

PNG = b"\x89PNG\r\n\x1a\n"


def get_file(caller: Caller, sha256: str) -> bytes:
    response = caller.call("get_file", sha256=sha256)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    return response.content


@pytest.mark.parametrize("size", [8, 100_000, 4_194_304])
def test_bytes_come_back_as_they_went(alice: Caller, charlie: Caller, size: int) -> None:
    content = PNG + os.urandom(size - 8)
    stored = alice.put_file(content, **{"X-Media-Type": "image/png"})
    assert stored.status_code == 200, stored.text
    sha256 = hashlib.sha256(content).hexdigest()
    assert (stored.json()["sha256"], stored.json()["size"]) == (sha256, size)
    assert get_file(alice, sha256) == content
    foreign, unknown = charlie.call("get_file", sha256=sha256), charlie.call("get_file", sha256="0" * 64)
    assert error_of(foreign) == (404, "not_found") and foreign.text == unknown.text


@pytest.mark.parametrize("body", [b"{}", b"\xff\xfe"])
@pytest.mark.parametrize("type", ["application/json", "text/plain", "image/png", "multipart/form-data", ""])
def test_bytes_of_another_type_than_bytes_are_refused(alice: Caller, type: str, body: bytes) -> None:
    assert alice.put_file(body, **{"Content-Type": type}).status_code in {400, 404, 415}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"text", "日本".encode(), b"a\0b", b"\xff\xfea", PNG, b"\xff\xd8\xff\xe0", b"GIF89a\xff", b"GIF89a",
        b"GIF90a\xff", b"RIFF\xff\xff\xff\xffWEBP", b"RIFF\xff\xff\xff\xffWAVE", b"\0\0\0\x1cftypavif",
        b"\0\0\0\x1cftypisom", b"\0\0\x01\0\x01", b"wOF2\0", b"wOFF\0", b"%PDF-1.7\n\xff", b"PK\x03\x04\xff",
        b"\x7fELF\xff", b"<svg onload=alert(1)>\xff",
    ],
)  # fmt: skip
def test_the_app_knows_contents_as_the_database_does(owner: psycopg.Connection, content: bytes) -> None:
    found = owner.execute("select private.media_type_of(%s)", (content,)).fetchone()
    assert found == (media_types.of_content(content),)


def test_the_app_has_the_databases_rule_for_paths(owner: psycopg.Connection) -> None:
    chance = random.Random(0)
    paths = [f"a{chr(code)}b" for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    pieces = [
        "a",
        "b.css",
        ".",
        "..",
        "/",
        " ",
        "-",
        "_",
        "con",
        "LPT1",
        "nul.",
        "é",
        "e\u0301",
        "x" * 60,
        "a/b",
    ]
    paths += ["".join(chance.choices(pieces, k=chance.randint(0, 14))) for _ in range(20_000)]
    given = json.dumps(paths)
    found = owner.execute(
        "select array_agg(path) from jsonb_array_elements_text(%s) as path where private.is_path(path)",
        (given,),
    ).fetchone()
    assert found and found[0] == [path for path in paths if is_inside(path)]
    assert all(unicodedata.normalize("NFC", path) == path for path in found[0])


def test_whoever_names_a_content_gets_it_while_others_let_it_go(
    alice: Caller, owner: psycopg.Connection
) -> None:
    """Versions name the same few contents, in any order, while websites that hold them are deleted."""
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    before = owner.execute(deadlocks).fetchone()

    def act(number: int) -> None:
        chance = random.Random(number)
        website = alice.insert("websites", name="Luna")["id"]
        names = chance.sample("abcdefgh", 5)
        for _ in range(3):
            alice.insert("site_versions", website_id=website, files={f"{n}.css": n for n in names})
        if number % 2:
            item = alice.called("trash_website", website_id=website)["id"]
            if number % 4 == 1:
                alice.called("restore_trash", trash_id=item)
            alice.delete(f"trash?id=eq.{item}")
        alice.send("DELETE", f"websites?id=eq.{website}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(96)))
    assert owner.execute(deadlocks).fetchone() == before
    assert alice.rows("websites") == [] and alice.rows("site_files?select=sha256") == []
