"""`supabase db advisors` finds nothing that isn't explained in supabase/advisors.toml."""

import json
import tomllib
from typing import Any

import psycopg
import pytest

from embedded.migrations import PROJECT
from tests.database.cli import supabase
from tests.stacks import Stack

ACCEPTED = tomllib.loads((PROJECT / "supabase" / "advisors.toml").read_text())["accepted"]


@pytest.fixture(scope="module")
def advise(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("supabase")

    def ask() -> list[dict[str, Any]]:
        remote = f"--remote={stack.db_url}?sslmode=disable"
        advised = supabase(home, "db", "advisors", remote, "--level", "info", "-o", "json")
        return list(json.loads(advised.stdout))

    return ask


def unexplained(findings: list[dict[str, Any]]) -> list[str]:
    known = {entry.get("finding") or entry["rule"] for entry in ACCEPTED}
    return [f["cache_key"] for f in findings if f["cache_key"] not in known and f["name"] not in known]


def test_every_entry_has_a_reason() -> None:
    for entry in ACCEPTED:
        assert set(entry) in ({"finding", "reason"}, {"rule", "reason"})
        assert len(entry["reason"].split()) > 10


def test_nothing_is_found_that_is_not_explained_and_nothing_explained_is_gone(advise: Any) -> None:
    findings = advise()
    assert unexplained(findings) == []
    found = {finding["cache_key"] for finding in findings} | {finding["name"] for finding in findings}
    # A rule that speaks of use finds nothing once every test has used everything.
    assert {entry["finding"] for entry in ACCEPTED if "finding" in entry} <= found


def test_the_advisors_do_look(advise: Any, owner: psycopg.Connection) -> None:
    owner.execute("create table public.left_open (id integer primary key)")
    try:
        owner.execute("grant select on public.left_open to anon")
        assert unexplained(advise()) == ["rls_disabled_in_public_public_left_open"]
    finally:
        owner.execute("drop table public.left_open")
