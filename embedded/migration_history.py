"""Which migration files a data folder has had, by their hashes: migrations are append-only.

`migrations.json` in the data folder maps each file's name to the SHA-256 of its content when it was applied.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded.data_folder import write_private
from embedded.errors import StackError

FILE = "migrations.json"


def hashes(migrations: Path) -> dict[str, str]:
    """Return the SHA-256 of each migration file, by name, oldest first."""
    files = sorted(migrations.glob("*.sql"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def read(data: Path, *, is_new: bool) -> dict[str, str]:
    """Return the hashes of what was applied. Raises StackError for a folder of 0.1, which kept none."""
    file = data / FILE
    if file.exists():
        return dict(json.loads(file.read_text()))
    if not is_new:
        raise StackError(
            f"The data folder {data} was made by Sitethread 0.1, whose data can't be carried over: "
            "move it away, or choose another folder."
        )
    # Before the first migration, so that a start that is killed isn't taken for one of 0.1.
    write(data, {})
    return {}


def write(data: Path, applied: Mapping[str, str]) -> None:
    write_private(data / FILE, json.dumps(applied, indent=2) + "\n")


def check(
    data: Path, applied: Sequence[str], remembered: Mapping[str, str], files: Mapping[str, str]
) -> None:
    """Compare what was applied with the checkout's files.

    Raises StackError, whose one line says what to do, where a file is gone, was edited, or comes too late.
    """
    gone = [name for name in applied if name not in files]
    if gone:
        raise StackError(
            f"The data folder {data} has migrations that this checkout lacks ({', '.join(gone)}): "
            "check out a commit that has them, or move the folder away."
        )
    edited = [name for name in applied if remembered.get(name, files[name]) != files[name]]
    if edited:
        raise StackError(
            f"Migrations were edited after {data} had applied them ({', '.join(edited)}): "
            "restore them and write a new one instead, or move the folder away."
        )
    late = [name for name in files if applied and name not in applied and name < applied[-1]]
    if late:
        raise StackError(
            f"Migrations are older than the newest that {data} has applied ({', '.join(late)}): "
            "give them a later time, or move the folder away."
        )
