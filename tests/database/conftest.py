"""Fixtures for the database's tests: straight at PostgREST, with real tokens."""

import time
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from tests.database.callers import Caller, connections, sign_up
from tests.database.pgtap import Tapped
from tests.database.postgres_15 import Postgres15
from tests.stacks import Stack


@pytest.fixture(scope="session")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with connections(stack) as http:
        yield http


@pytest.fixture(scope="session")
def owner(stack: Stack) -> Iterator[psycopg.Connection]:
    """The database's owner, whom row level security doesn't hold: to look, and to turn clocks back."""
    with psycopg.connect(stack.db_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def alice(stack: Stack, http: httpx.Client) -> Caller:
    """Somebody who owns things."""
    return sign_up(stack, http)


@pytest.fixture
def charlie(stack: Stack, http: httpx.Client) -> Caller:
    """Somebody who has no part in anything of alice's."""
    return sign_up(stack, http)


@pytest.fixture(scope="session")
def nobody(http: httpx.Client) -> Caller:
    """Whoever comes without a token."""
    return Caller(http)


@pytest.fixture(scope="session")
def postgres_is_up_for_a_while(owner: psycopg.Connection) -> None:
    """Wait until the database ends answers again: for one term after its own start it leaves them alone."""
    age = owner.execute("select extract(epoch from now() - pg_postmaster_start_time())::float").fetchone()
    assert age
    time.sleep(max(0, 15.1 - age[0]))


@pytest.fixture(scope="session")
def tapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tapped]:
    """A PostgreSQL 15 with all migrations and pgTAP."""
    folder = tmp_path_factory.mktemp("tapped")
    with Postgres15(folder / "data") as server:
        yield Tapped(server, folder / "home")
