"""A big account is downloaded and brought back: what that takes in memory, and for how long a worker stands still."""

import base64
import os
import tempfile
from collections.abc import Iterator

import pytest

from tests.chaos.memory import MEBIBYTE, Memory
from tests.chaos.reports import report, sizes
from tests.http_client import ApiClient, connect
from tests.long_chats import add_chat
from tests.stacks import Person, Stack
from tests.watched_server import WatchedServer

MOST_BYTES = 150 * MEBIBYTE
TEXT = 99_990
EXPORT, IMPORT = "/api/account/export", "/api/account/import"
ZIP = {"Content-Type": "application/zip"}


@pytest.fixture
def server(stack: Stack) -> Iterator[WatchedServer]:
    with WatchedServer(stack, stack.openai_base_url) as running:
        yield running


def random_text(size: int) -> str:
    """Return text that no zip makes much smaller."""
    return base64.b64encode(os.urandom(size * 3 // 4)).decode()


def add_versions(stack: Stack, person: Person, website: str, count: int) -> None:
    """Store so many versions, each with another page of 500 KB."""
    for number in range(1, count + 1):
        stack.sql(
            "insert into public.site_versions (user_id, website_id, source, files)"
            " values (%s, %s, 'edit', jsonb_build_object('index.html', %s::text)) returning id",
            *(person.id, website, f"{number}{random_text(500_000)}"),
        )


@pytest.mark.parametrize("megabytes", sizes(short=10, long=100))
def test_a_big_account_is_downloaded_and_comes_back_in_little_memory(stack, server, megabytes):
    owner, other = stack.sign_up(), stack.sign_up()
    signed_in = {"Authorization": f"Bearer {owner.access_token}"}
    with tempfile.TemporaryFile() as file:
        with ApiClient(connect(server.url), owner.access_token) as api:
            website = api.new_website()["id"]
            text = random_text(TEXT)
            for _ in range(5):
                add_chat(stack, owner, megabytes, website=website, question=text, answer=text)
            add_versions(stack, owner, website, megabytes)
            # What a worker loads once is not the account's.
            api.get("/api/usage")
            with (
                Memory(stack, server) as exporting,
                api.http.stream("GET", EXPORT, headers=signed_in) as sent,
            ):
                for piece in sent.iter_bytes():
                    file.write(piece)
        length = file.tell()
        file.seek(0)
        with ApiClient(connect(server.url), other.access_token) as api, Memory(stack, server) as importing:
            imported = api.json("POST", IMPORT, 200, content=file, headers=ZIP, timeout=600)["imported"]
    report(
        f"an account of {megabytes} MB",
        zip=f"{length // MEBIBYTE} MiB",
        rise_of_export=f"{exporting.rise // MEBIBYTE} MiB",
        rise_of_import=f"{importing.rise // MEBIBYTE} MiB",
    )
    assert (imported["messages"], imported["versions"]) == (5 * megabytes, megabytes)
    stack.sql("delete from auth.users where id in (%s, %s)", owner.id, other.id)
    assert max(exporting.rise, importing.rise) < MOST_BYTES
