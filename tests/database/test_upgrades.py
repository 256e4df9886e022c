"""Migrations keep what was stored before them, on a database that has been used."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from embedded.migrations import FOLDER
from tests.database.byte_counts import COUNTED
from tests.database.postgres_15 import Postgres15

ALICE, CHAT = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
IMPORTED = "00000000-0000-4000-8000-000000000003"
WEBSITE = "00000000-0000-4000-8000-000000000004"
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
        _apply(owner, [file for file in files if "20261121103000" <= file.name < "20261121105000"])
        _store_what_is_refused_now(owner)
        _apply(owner, [file for file in files if "20261121105000" <= file.name < "20261129150000"])
        _make_versions(owner)
        _apply(owner, [file for file in files if "20261129150000" <= file.name < "20261130150000"])
        _make_files(owner)
        _apply(owner, [file for file in files if file.name >= "20261130150000"])
        yield owner


def _store_what_is_refused_now(owner: psycopg.Connection) -> None:
    """Numbers too large to be read, and an imported answer that nobody writes."""
    owner.execute(
        "insert into public.chat_messages (user_id, session_id, role, content, sources, tool_calls) "
        """values (%s, %s, 'user', 'Much', '[{"n": 1e5000}]', '[{"n": 1e5000}, {"n": 1}]')""",
        (ALICE, CHAT),
    )
    owner.execute("insert into public.chat_sessions (user_id, id) values (%s, %s)", (ALICE, IMPORTED))
    owner.execute(
        "insert into public.chat_messages (user_id, session_id, role, content, status) "
        "values (%s, %s, 'assistant', 'Half', 'streaming')",
        (ALICE, IMPORTED),
    )
    running = "select running_answer_id is not null from public.chat_sessions where id = %s"
    assert owner.execute(running, (IMPORTED,)).fetchone() == (True,)
    owner.execute("insert into private.imports (user_id, id) values (%s, %s)", (ALICE, IMPORTED))
    owner.execute(
        "insert into private.staged_messages (user_id, import_id, seq, links, message) "
        """values (%s, %s, 1, '{}', '{"status": "streaming"}')""",
        (ALICE, IMPORTED),
    )


def _make_versions(owner: psycopg.Connection) -> None:
    """Three, and an answer that is being written with the last one."""
    owner.execute("insert into public.websites (user_id, id, name) values (%s, %s, 'Luna')", (ALICE, WEBSITE))
    for _ in range(3):
        owner.execute(
            "insert into public.site_versions (user_id, website_id, source, files) values (%s, %s, 'answer', '{}')",
            (ALICE, WEBSITE),
        )
    owner.execute("update public.chat_sessions set website_id = %s where id = %s", (WEBSITE, CHAT))
    owner.execute(
        "insert into private.answer_leases (user_id, message_id, session_id, lease_hash, written) "
        "select user_id, id, session_id, 'hash', 0 from public.chat_messages where session_id = %s and seq = 2",
        (CHAT,),
    )


OLD_FILES = {"index.html": "<p>\r\nTwice\r", "a.css": "p {}", "../up.HTML": "x"}


SIZES = (
    "((select coalesce(sum(size), 0) from public.site_versions) + "
    "(select coalesce(sum((data ->> 'size')::bigint), 0) from private.trashed_rows))"
)


def _make_files(owner: psycopg.Connection) -> None:
    """One version twice, once more in the trash, and a question about it; note what counts beside versions."""
    for _ in range(2):
        owner.execute(
            "insert into public.site_versions (user_id, website_id, files, source) values (%s, %s, %s, 'answer')",
            (ALICE, WEBSITE, json.dumps(OLD_FILES)),
        )
    claims = json.dumps({"sub": ALICE})
    trashed = "00000000-0000-4000-8000-000000000005"
    owner.execute("insert into public.websites (user_id, id, name) values (%s, %s, 'Gone')", (ALICE, trashed))
    owner.execute(
        "insert into public.site_versions (user_id, website_id, files, source) values (%s, %s, %s, 'answer')",
        (ALICE, trashed, json.dumps({**OLD_FILES, "b.css": "b"})),
    )
    with owner.transaction():
        owner.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
        owner.execute("select public.trash_website(%s)", (trashed,))
    owner.execute(
        "update public.chat_messages set target = (select jsonb_build_object("
        "'version_id', id, 'path', 'index.html', 'start', 5, 'end', 11) "
        "from public.site_versions where number = 4) where content = 'Later'"
    )
    owner.execute(f"create temporary table others as select ({COUNTED}) - {SIZES} as bytes", {"id": ALICE})


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


def test_numbers_too_large_to_be_read_go_and_count_no_more(used: psycopg.Connection) -> None:
    kept = used.execute(
        "select sources, tool_calls from public.chat_messages where content = 'Much'"
    ).fetchone()
    assert kept == (None, [{"n": 1}])
    freed = used.execute("select bytes from private.byte_changes order by bytes limit 1").fetchone()
    assert freed and freed[0] < -10_000


def test_an_imported_answer_that_nobody_writes_ends(used: psycopg.Connection) -> None:
    ended = used.execute(
        "select status, error_code from public.chat_messages where content = 'Half'"
    ).fetchone()
    assert ended == ("interrupted", "worker_lost")
    running = "select running_answer_id from public.chat_sessions where id = %s"
    assert used.execute(running, (IMPORTED,)).fetchone() == (None,)
    assert used.execute("select count(*) from private.imports").fetchone() == (0,)


def test_what_was_made_before_there_were_bases_is_based_on_the_version_before(
    used: psycopg.Connection,
) -> None:
    numbers = used.execute(
        "select version.number, base.number from public.site_versions as version "
        "left join public.site_versions as base on base.id = version.base_version_id "
        "where version.number <= 3 order by 1"
    ).fetchall()
    assert numbers == [(1, None), (2, 1), (3, 2)]
    running = used.execute(
        "select version.number from private.answer_leases as held "
        "join public.site_versions as version on version.id = held.page_version_id"
    ).fetchall()
    assert running == [(3,)]


def test_files_of_versions_are_contents_by_hash(used: psycopg.Connection) -> None:
    with used.transaction():
        used.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": ALICE}),))
        (item,) = used.execute("select id from public.trash where kind = 'website'").fetchone() or (None,)
        used.execute("select public.restore_trash(%s)", (item,))
        read = used.execute(
            "select public.read_version(id) -> 'files' from public.site_versions where manifest <> '{}' "
            "order by number desc"
        ).fetchall()
    renamed = "renamed/2ba75f41e65971300dd382b85129bcfc.html"
    kept = {"index.html": "<p>\nTwice\n", "a.css": "p {}", renamed: "x"}
    assert read == [(kept,), (kept,), ({**kept, "b.css": "b"},)]
    assert used.execute("select count(*) from public.site_files").fetchone() == (4,)


def test_a_question_points_at_what_it_pointed_at(used: psycopg.Connection) -> None:
    part = used.execute(
        "select substr(private.text_of_file(version.user_id, version.manifest ->> place.path), place.start + 1, "
        '"end" - start) '
        "from public.chat_messages as asked cross join jsonb_to_record(asked.target) as place "
        '(version_id uuid, path text, start integer, "end" integer) '
        "join public.site_versions as version on version.id = place.version_id"
    ).fetchone()
    assert part == ("Twice\n",)


def test_contents_are_counted_once_after_the_upgrade(used: psycopg.Connection) -> None:
    (others,) = used.execute("select bytes from others").fetchone() or (None,)
    counted = used.execute(f"select ({COUNTED}) - %(others)s", {"id": ALICE, "others": others}).fetchone()
    assert counted == used.execute(f"select {SIZES} + (select sum(size) from public.site_files)").fetchone()
