"""Generates the types of the database's rows: `make types` writes them, the tests compare."""

import sys
import tempfile
from pathlib import Path

from embedded.migrations import PROJECT
from tests.database.cli import supabase
from tests.stacks import Stack

FILE = PROJECT / "tests" / "types" / "database_rows.py"
_HEAD = '"""What the database\'s rows hold. Written by `make types`; edit the migrations instead."""\n\n'


def generated(database_url: str, home: Path) -> str:
    """Return what `supabase gen types` says of a database; `home` is for the CLI's own files."""
    made = supabase(home, "gen", "types", "--lang", "python", f"--remote={database_url}?sslmode=disable")
    lines = [line.rstrip() for line in made.stdout.strip().splitlines()]
    return _HEAD + "\n".join(lines) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "data") as stack:
        FILE.write_text(generated(stack.db_url, Path(folder) / "home"))


if __name__ == "__main__":
    sys.exit(main())
