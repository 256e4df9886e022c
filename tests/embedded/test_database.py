"""The database: as much like a project on hosted Supabase as migrations can tell."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from embedded.data_folder import DataFolder
from embedded.ports import Port
from embedded.postgres import Postgres
from tests.embedded.processes import eventually
from tests.stacks import Person, Stack


def test_the_owner_is_no_superuser_but_bypasses_row_level_security(stack: Stack) -> None:
    [owner] = stack.sql(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user"
    )
    assert owner == {"rolsuper": False, "rolbypassrls": True, "rolcreaterole": True}


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[psycopg.Connection]:
    """The owner's connection to a database as it is before any migration."""
    with Port() as port:
        postgres = Postgres(DataFolder(tmp_path / "data"), port.number)
        postgres.prepare()
        try:
            postgres.start()
            postgres.bootstrap()
            with psycopg.connect(postgres.url()) as connection:
                yield connection
        finally:
            postgres.process.stop()


def test_a_new_table_is_open_to_clients_until_a_migration_closes_it(new_project: psycopg.Connection) -> None:
    """Hosted Supabase grants everything by default: a migration that forgets to revoke fails here too."""
    new_project.execute("create table public.forgotten (id int)")
    new_project.execute("create function public.forgotten() returns int language sql as 'select 1'")
    query = """
        select has_table_privilege(role, 'public.forgotten', 'select, insert, update, delete')
           and has_function_privilege(role, 'public.forgotten()', 'execute')
        from unnest(array['anon', 'authenticated', 'service_role']) as role"""
    assert new_project.execute(query).fetchall() == [(True,)] * 3


@pytest.mark.parametrize("extension", ["pg_trgm", "btree_gin", "unaccent"])
def test_the_owner_may_have_the_extensions_that_search_needs(stack: Stack, extension: str) -> None:
    with psycopg.connect(stack.db_url) as connection:
        connection.execute(f"drop extension if exists {extension} cascade")
        connection.execute(f"create extension {extension} with schema extensions")
        connection.rollback()


def test_the_schema_of_auth_is_not_the_owner_s_to_change(stack: Stack) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stack.sql("create table auth.mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        stack.sql("alter table auth.users add column mine int")


def test_clients_can_t_read_users(stack: Stack, alice: Person) -> None:
    answer = stack.rest("users", alice.access_token, headers={"Accept-Profile": "auth"})
    assert answer.status_code == 406
    query = "select has_table_privilege(role, 'auth.users', 'select') as may from unnest(%s::text[]) as role"
    assert {row["may"] for row in stack.sql(query, ["anon", "authenticated"])} == {False}


def test_the_claims_of_a_token_reach_the_database(stack: Stack, alice: Person) -> None:
    stack.sql(
        "create or replace function public.claims_seen() returns jsonb language sql as "
        "$$ select jsonb_build_array(auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'aal') $$"
    )
    stack.sql("grant execute on function public.claims_seen() to authenticated")
    try:
        # The function is new: PostgREST has to learn of it, which the event trigger tells it to.
        claims = partial(stack.rest, "rpc/claims_seen", alice.access_token, "POST")
        assert eventually(lambda: claims().status_code == 200, seconds=60)
        assert claims().json() == [alice.id, "authenticated", alice.email, "aal1"]
    finally:
        stack.sql("drop function public.claims_seen()")


def test_changes_survive_a_power_cut(stack: Stack) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        [row] = stack.sql(f"show {setting}")
        assert row[setting] == "on"
