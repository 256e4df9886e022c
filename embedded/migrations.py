"""The project's migrations, applied by the Supabase CLI as on any other Supabase."""

from pathlib import Path

import psycopg

from embedded.errors import StackError
from embedded.processes import run_to_end

PROJECT = Path(__file__).parent.parent
FOLDER = PROJECT / "supabase" / "migrations"
CLI = PROJECT / "node_modules" / ".bin" / "supabase"


def apply(database_url: str, home: Path) -> None:
    """Bring the database to the newest migration. The CLI keeps its own files in `home`."""
    if not pending(database_url):
        return
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
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        at = next((line for line in reversed(lines) if line.startswith("Applying migration ")), "")
        why = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "")
        raise StackError(f"The migrations don't apply: {at.removeprefix('Applying migration ')} {why}")


def pending(database_url: str) -> set[str]:
    """Return the versions in the folder that the database lacks: asking it costs less than starting the CLI."""
    wanted = {file.name.split("_")[0] for file in FOLDER.glob("*.sql")}
    with psycopg.connect(database_url) as connection:
        if connection.execute("select to_regclass('supabase_migrations.schema_migrations')").fetchone() == (
            None,
        ):
            return wanted
        applied = connection.execute("select version from supabase_migrations.schema_migrations").fetchall()
    return wanted ^ {version for (version,) in applied}
