"""The project's migrations, applied by the Supabase CLI as on any other Supabase."""

from pathlib import Path

import psycopg

from embedded import migration_history
from embedded.data_folder import DataFolder
from embedded.errors import StackError
from embedded.processes import run_to_end

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / "supabase" / "migrations"
CLI = PROJECT / "node_modules" / ".bin" / "supabase"


def apply(folder: DataFolder, database_url: str) -> None:
    """Bring the database to the newest migration.

    Raises StackError where a migration fails, or where those applied before are no longer those of this checkout.
    """
    files = migration_history.hashes(FOLDER)
    applied = _applied(database_url)
    remembered = migration_history.read(folder.path, is_new=not applied)
    migration_history.check(folder.path, applied, remembered, files)
    failure = ""
    # Asking the database costs less than starting the CLI.
    if set(files) - set(applied):
        failure = _push(database_url, folder.config)
        applied = _applied(database_url)
    migration_history.write(folder.path, {name: files[name] for name in applied} | remembered)
    if failure:
        raise StackError(f"The migrations don't apply: {failure}")


def _applied(database_url: str) -> list[str]:
    """Return the names of the files that the database has had, oldest first."""
    with psycopg.connect(database_url) as connection:
        if connection.execute("select to_regclass('supabase_migrations.schema_migrations')").fetchone() == (
            None,
        ):
            return []
        rows = connection.execute(
            "select version || '_' || name || '.sql' from supabase_migrations.schema_migrations order by version"
        )
        return [name for (name,) in rows]


def _push(database_url: str, home: Path) -> str:
    """Apply what is pending; return why that failed, or "". The CLI keeps its own files in `home`."""
    if not CLI.exists():
        raise StackError("The Supabase CLI isn't installed: run `make setup`.")
    command = [str(CLI), "db", "push", f"--remote={database_url}?sslmode=disable", "--yes", "--agent", "no"]
    command += ["--workdir", str(PROJECT)]
    quiet = {
        "SUPABASE_TELEMETRY_DISABLED": "1",
        "SUPABASE_NO_UPDATE_NOTIFIER": "1",
        "SUPABASE_NO_KEYRING": "1",
    }
    done = run_to_end(command, environment={**quiet, "DO_NOT_TRACK": "1", "SUPABASE_HOME": str(home)})
    if not done.returncode:
        return ""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    at = next((line for line in reversed(lines) if line.startswith("Applying migration ")), "")
    why = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "")
    name = at.removeprefix("Applying migration ").rstrip(".")
    return f"{name}: {why}" if name else why
