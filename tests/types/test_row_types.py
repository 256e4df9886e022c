"""The row types in the code are those of the migrations."""

from pathlib import Path

from tests.database.access import TABLES
from tests.stacks import Stack
from tests.types import database_rows
from tests.types.row_types import FILE, generated


def test_they_are_not_stale(stack: Stack, tmp_path: Path) -> None:
    assert FILE.read_text() == generated(stack.db_url, tmp_path), "stale: run `make types`"


def test_every_table_has_its_columns() -> None:
    for table, access in TABLES.items():
        row = getattr(database_rows, "Public" + "".join(word.title() for word in table.split("_")))
        assert set(row.model_fields) == access.columns, table
