"""Migrations keep what was stored before them, on a database that has been used."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded.migrations import FOLDER
from tests.database.postgres_15 import Postgres15

ALICE, CHAT = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
ODD = [{"url": "https://example.com"}, None, {"url": 7}]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """A database of version 0.2 with a shared chat, one in the trash, and odd sources; then upgraded."""
    folder = tmp_path_factory.mktemp("used")
    files = sorted(FOLDER.glob("*.sql"))
    with Postgres15(folder / "data") as server, psycopg.connect(server.url(), autocommit=True) as owner:
        _apply(owner, [file for file in files if file.name < "20261121103000"])
        owner.execute("insert into auth.users (id) values (%s)", (ALICE,))
        owner.execute(
            "insert into public.chat_sessions (user_id, id, title) values (%s, %s, 'A tale')", (ALICE, CHAT)
        )
        for role, content, odd in (
            ("user", "Tell me", None),
            ("assistant", "Once", ODD),
            ("user", "Later", None),
        ):
            owner.execute(
                "insert into public.chat_messages (user_id, session_id, role, content, sources, tool_calls) "
                "values (%s, %s, %s, %s, %s, %s)",
                (ALICE, CHAT, role, content, odd and json.dumps(odd), odd and '[{"name": 7}, {"name": "x"}]'),
            )
        owner.execute(
            "insert into public.chat_shares (user_id, session_id, last_seq, token_hash) values (%s, %s, 2, %s)",
            (ALICE, CHAT, psycopg.Binary(b"hash")),
        )
        owner.execute(
            "with item as (insert into public.trash (user_id, kind, session_id, title, message_count) "
            "values (%s, 'messages', %s, 'x', 1) returning *) insert into private.trashed_rows select user_id, id, 9, "
            "%s from item",
            (ALICE, CHAT, json.dumps({"sources": [None], "tool_calls": [], "id": CHAT})),
        )
        _apply(owner, [file for file in files if file.name >= "20261121103000"])
        yield owner


def _apply(owner: psycopg.Connection, files: list[Path]) -> None:
    for file in files:
        owner.execute(file.read_bytes())


def test_shares_show_what_they_showed(used: psycopg.Connection) -> None:
    shared = used.execute("select seq, role, content from private.shared_messages order by seq").fetchall()
    assert shared == [(1, "user", None), (2, "assistant", None)]
    assert used.execute("select title, shared_at = created_at from public.chat_shares").fetchall() == [
        ("A tale", True)
    ]


def test_what_breaks_the_rules_of_attachments_goes_and_the_rest_stays(used: psycopg.Connection) -> None:
    kept = used.execute("select sources, tool_calls from public.chat_messages where seq = 2").fetchone()
    assert kept == ([{"url": "https://example.com"}], [{"name": "x"}])
    assert used.execute("select data from private.trashed_rows").fetchone() == (
        {"sources": None, "tool_calls": [], "id": CHAT},
    )


def test_an_upgraded_message_can_be_edited_again(used: psycopg.Connection) -> None:
    used.execute("update public.chat_messages set content = 'Twice' where seq = 2")
    shared = used.execute("select content from private.shared_messages where seq = 2").fetchone()
    assert shared == ("Once",)
