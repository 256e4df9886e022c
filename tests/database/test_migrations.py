"""The migrations build the same database from zero on the oldest and the newest PostgreSQL, without a superuser."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from embedded.migrations import FOLDER
from tests.database.cli import supabase
from tests.database.postgres_15 import Postgres15
from tests.stacks import Stack


@dataclass
class Migrated:
    """A PostgreSQL 15 before and after `supabase db push`."""

    server: Postgres15
    home: Path
    auth_before: list[str]

    def push(self) -> str:
        pushed = supabase(self.home, "db", "push", f"--remote={self.server.url()}?sslmode=disable")
        return pushed.stdout + pushed.stderr


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    folder = tmp_path_factory.mktemp("postgres_15")
    with Postgres15(folder / "data") as server:
        migrated = Migrated(server, folder / "home", server.dump("--schema=auth"))
        migrated.push()
        yield migrated


def test_file_names_are_a_time_and_a_purpose() -> None:
    names = [file.name for file in sorted(FOLDER.iterdir())]
    assert len(names) > 5
    for name in names:
        time, purpose = name.split("_", 1)
        datetime.strptime(time, "%Y%m%d%H%M%S")
        assert len(time) == 14
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*\.sql", purpose), name
    assert len({name.split("_")[0] for name in names}) == len(names)


def test_every_migration_says_why_first() -> None:
    for file in FOLDER.iterdir():
        assert re.match(r"-- [A-Z].{20,}", file.read_text()), file.name


def test_they_apply_on_postgresql_18_and_15(stack: Stack, migrated: Migrated) -> None:
    versions = {file.name.split("_")[0] for file in FOLDER.iterdir()}
    for url, major in ((stack.db_url, 18), (migrated.server.url(), 15)):
        with psycopg.connect(url) as connection:
            number = connection.execute(
                "select current_setting('server_version_num')::int / 10000"
            ).fetchone()
            applied = connection.execute(
                "select version from supabase_migrations.schema_migrations"
            ).fetchall()
        assert number == (major,)
        assert {version for (version,) in applied} == versions


def test_their_owner_is_no_superuser(stack: Stack, migrated: Migrated) -> None:
    for url in (stack.db_url, migrated.server.url()):
        with psycopg.connect(url) as connection:
            who = connection.execute(
                "select rolname, rolsuper from pg_roles where rolname = current_user"
            ).fetchone()
            owners = connection.execute(
                "select distinct tableowner from pg_tables where schemaname in ('public', 'private')"
            ).fetchall()
        assert who == ("postgres", False)
        assert owners == [("postgres",)]


def test_the_auth_schema_is_left_as_it_was(migrated: Migrated) -> None:
    assert any("CREATE TABLE auth.users" in line for line in migrated.auth_before)
    assert migrated.server.dump("--schema=auth") == migrated.auth_before


def test_only_trusted_extensions_are_needed(migrated: Migrated) -> None:
    with psycopg.connect(migrated.server.url()) as connection:
        found = connection.execute(
            "select extname, extnamespace::regnamespace::text from pg_extension where extname <> 'plpgsql' order by 1"
        ).fetchall()
    assert found == [("btree_gin", "extensions"), ("pg_trgm", "extensions")]


def test_applying_them_again_changes_nothing(migrated: Migrated) -> None:
    before = migrated.server.dump()
    assert "up to date" in migrated.push()
    assert migrated.server.dump() == before


def test_of_tables_without_statistics_it_is_known_that_their_rows_are_one_persons(stack: Stack) -> None:
    """Plans made before the first rows would take any index that begins with the owner."""
    guessed = stack.sql(
        "select owned.oid::regclass::text as name from pg_class as owned "
        "join pg_attribute on attrelid = owned.oid and attname = 'user_id' "
        "where relkind = 'r' and relnamespace in ('public'::regnamespace, 'private'::regnamespace) and reltuples < 0 "
        "and not exists (select from pg_stats as known where known.attname = 'user_id' "
        "and format('%I.%I', known.schemaname, known.tablename)::regclass = owned.oid)"
    )
    assert guessed == []


def test_both_databases_have_the_same_rules(stack: Stack, migrated: Migrated) -> None:
    found = []
    for url in (stack.db_url, migrated.server.url()):
        with psycopg.connect(url) as connection:
            found.append({name: connection.execute(query).fetchall() for name, query in RULES.items()})
    for name in RULES:
        assert len(found[0][name]) > 5, name
        assert found[0][name] == found[1][name], name


_OURS = "('public'::regnamespace, 'private'::regnamespace)"
RULES = {
    "columns": "select table_name, column_name, data_type, column_default, is_nullable "
    "from information_schema.columns where table_schema in ('public', 'private') order by 1, 2",
    # Newer versions also list `not null` here.
    "constraints": "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint "
    f"where connamespace in {_OURS} and contype <> 'n' order by 1, 2",
    "indexes": "select tablename, indexname, indexdef from pg_indexes "
    "where schemaname in ('public', 'private') order by 1, 2",
    "triggers": "select tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid) from pg_trigger "
    f"join pg_class on pg_class.oid = tgrelid where relnamespace in {_OURS} and not tgisinternal order by 1, 2",
    "policies": "select tablename, policyname, cmd, roles::text, qual, with_check from pg_policies order by 1, 2",
    "functions": "select proname, prosecdef, proconfig, provolatile, prosrc, proacl::text from pg_proc "
    f"where pronamespace in {_OURS} order by 1, pronargs",
    "grants": "select table_name, grantee, privilege_type from information_schema.role_table_grants "
    "where table_schema in ('public', 'private') and privilege_type <> 'MAINTAIN' order by 1, 2, 3",
    "column grants": "select table_name, column_name, grantee, privilege_type from "
    "information_schema.role_column_grants where table_schema = 'public' order by 1, 2, 3, 4",
}


class Owner:
    """Alice on PostgreSQL 15, as PostgREST would act for her."""

    def __init__(self, server: Postgres15) -> None:
        self.connection = psycopg.connect(server.url(), autocommit=True)
        self.id = str(uuid.uuid4())
        self.connection.execute("insert into auth.users (id) values (%s)", (self.id,))

    def do(self, query: str, **values: object) -> Any:
        """Run a statement as `authenticated` and return its first value."""
        with self.connection.transaction():
            self.connection.execute(
                "select set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": self.id}),)
            )
            self.connection.execute("set local role authenticated")
            row = self.connection.execute(query, values).fetchone()
        return row[0] if row else None


@pytest.fixture
def alice(migrated: Migrated) -> Iterator[Owner]:
    owner = Owner(migrated.server)
    yield owner
    owner.connection.close()


START = "select start_turn('Make a page', gen_random_uuid(), %(answer)s, 'lease', website_id => %(website)s)"
APPEND = """select append_chunks(json_build_array(json_build_object(
    'answer_id', %(answer)s::text, 'lease', 'lease', 'offset', 0, 'text', 'Half'
)))"""
READ = "select read_answer(%(answer)s)"


def test_a_turn_works_on_postgresql_15_from_start_to_restore(alice: Owner) -> None:
    website = alice.do("insert into websites (name) values ('Luna') returning id")
    answer = uuid.uuid4()
    assert alice.do(START, answer=answer, website=website)["session"]["title"] == "Make a page"
    assert alice.do(APPEND, answer=answer)[0]["result"] == "written"
    assert alice.do(READ, answer=answer)["text"] == "Half"
    ended = alice.do(
        "select finish_answer(%(answer)s, 'lease', 'complete', 4, ' and half', files => '{\"index.html\": \"<p>\"}')",
        answer=answer,
    )
    assert (ended["message"]["content"], ended["message"]["version_number"]) == ("Half and half", 1)
    restored = alice.do("select restore_version(%(version)s)", version=ended["message"]["version_id"])
    assert restored["number"] == 2
    alice.connection.execute("delete from auth.users where id = %s", (alice.id,))
    assert alice.connection.execute("select count(*) from chat_messages").fetchone() == (0,)


def test_an_answer_whose_lease_ran_out_while_postgres_was_away_gets_one_more_term(
    migrated: Migrated, alice: Owner
) -> None:
    answer = uuid.uuid4()
    alice.do(START, answer=answer, website=None)
    alice.do(APPEND, answer=answer)
    alice.connection.execute("update private.answer_leases set expires_at = now() - interval '1 minute'")
    alice.connection.close()
    migrated.server.stop()
    migrated.server.start()

    back = Owner(migrated.server)
    back.id = alice.id
    assert back.do(READ, answer=answer)["answer"]["status"] == "streaming"
    assert back.do(APPEND, answer=answer)[0]["result"] == "written", "the worker that lived on goes on"
    back.connection.close()
