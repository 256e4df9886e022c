"""Migrations are append-only: what a data folder has applied has to be what the checkout says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from embedded import migration_history
from embedded.errors import StackError
from tests.stacks import ROOT, Stack

DATA = Path("/data")
FILES = {"20270101000000_notes.sql": "aa", "20270102000000_tags.sql": "bb"}


def refusal(applied: list[str], remembered: dict[str, str], files: dict[str, str]) -> str:
    with pytest.raises(StackError) as refused:
        migration_history.check(DATA, applied, remembered, files)
    return str(refused.value)


@pytest.mark.parametrize("applied", [[], ["20270101000000_notes.sql"], list(FILES)])
def test_files_as_they_were_applied_are_fine(applied: list[str]) -> None:
    migration_history.check(DATA, applied, {name: FILES[name] for name in applied}, FILES)


def test_a_file_that_was_applied_just_before_a_crash_is_fine() -> None:
    migration_history.check(DATA, list(FILES), {}, FILES)


def test_an_edited_file_is_named() -> None:
    assert refusal(list(FILES), {**FILES, "20270101000000_notes.sql": "old"}, FILES) == (
        "Migrations were edited after /data had applied them (20270101000000_notes.sql): "
        "restore them and write a new one instead, or move the folder away."
    )


def test_a_migration_that_the_checkout_lacks_is_named() -> None:
    assert refusal([*FILES, "20270103000000_stars.sql"], FILES, FILES) == (
        "The data folder /data has migrations that this checkout lacks (20270103000000_stars.sql): "
        "check out a commit that has them, or move the folder away."
    )


def test_a_migration_that_comes_too_late_is_named() -> None:
    assert refusal(["20270102000000_tags.sql"], FILES, FILES) == (
        "Migrations are older than the newest that /data has applied (20270101000000_notes.sql): "
        "give them a later time, or move the folder away."
    )


def test_a_data_folder_of_0_1_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError) as refused:
        migration_history.read(tmp_path, is_new=False)
    assert str(refused.value) == (
        f"The data folder {tmp_path} was made by Sitethread 0.1, whose data can't be carried over: "
        "move it away, or choose another folder."
    )


def test_a_first_start_that_is_killed_is_not_taken_for_0_1(tmp_path: Path) -> None:
    assert migration_history.read(tmp_path, is_new=True) == {}
    assert migration_history.read(tmp_path, is_new=False) == {}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project whose migrations a test may change."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("embedded", "sitethread", "supabase"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    return copy


def up(checkout: Path, data: Path) -> subprocess.CompletedProcess[str]:
    """Start the stack of that checkout, which is expected to give up."""
    command = [sys.executable, "-m", "embedded", "up", "--data", str(data)]
    return subprocess.run(
        command,
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    )


def test_a_start_that_fails_says_so_until_the_migration_is_mended(checkout: Path, tmp_path: Path) -> None:
    migrations = checkout / "supabase" / "migrations"
    wrong = migrations / "20990101000000_wrong.sql"
    wrong.write_text("select nonsense;\n")
    failed = up(checkout, tmp_path / "data")
    assert (failed.returncode, failed.stdout, failed.stderr.count("\n")) == (1, "", 1)
    assert failed.stderr.startswith("The migrations don't apply: 20990101000000_wrong.sql: ERROR: ")
    assert 'column "nonsense" does not exist' in failed.stderr
    wrong.unlink()

    first = min(migrations.iterdir())
    original = first.read_bytes()
    first.write_bytes(original + b"-- Edited.\n")
    edited = up(checkout, tmp_path / "data")
    assert edited.stderr.startswith("Migrations were edited after")
    assert f"({first.name})" in edited.stderr
    first.write_bytes(original)

    with Stack(tmp_path / "data") as mended:
        assert mended.sign_up().id


def test_a_failing_start_under_pytest_says_why_and_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(AssertionError, match="can't be used"), Stack(tmp_path / "data"):
        pass
