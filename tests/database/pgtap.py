"""The database's own tests (supabase/tests/database), run on PostgreSQL 15, for which Debian packages pgTAP."""

import os
import queue
import shutil
import subprocess
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from embedded.migrations import PROJECT
from embedded.postgres import SUPERUSER
from tests.database.cli import supabase
from tests.database.postgres_15 import Postgres15, program

FOLDER = PROJECT / "supabase" / "tests" / "database"
FILES = sorted(FOLDER.glob("*.sql"))
_END = "rollback;\n"
COPIES = min(4, os.cpu_count() or 1)


class Tapped:
    """A PostgreSQL 15 with all migrations and pgTAP, and copies of its database to be spoilt at the same time."""

    def __init__(self, server: Postgres15, home: Path) -> None:
        self.server = server
        supabase(home, "db", "push", f"--remote={server.url()}?sslmode=disable")
        with psycopg.connect(server.url(SUPERUSER)) as connection:
            # As on hosted Supabase, where `postgres` finds it installed.
            connection.execute("create extension pgtap with schema extensions")
        self._copies: queue.SimpleQueue[str] = queue.SimpleQueue()
        for number in range(COPIES):
            self._copies.put(self._copy(f"copy_{number}"))

    def prove(self) -> subprocess.CompletedProcess[str]:
        """Run all files as `supabase test db` does."""
        prove = shutil.which("pg_prove")
        assert prove, "pg_prove isn't installed: `apt-get install libtap-parser-sourcehandler-pgtap-perl`"
        command = [prove, "--dbname", self.server.url(), "--verbose", *map(str, FILES)]
        path = os.pathsep.join([str(Path(program("psql")).parent), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path}
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)

    def first_failure(self, statement: str = "") -> str | None:
        """Run all files on a database spoilt by a statement; return the first test that fails, None if none does.

        Raises ValueError when the statement itself fails.
        """
        with ExitStack() as after:
            url = self._copies.get()
            after.callback(self._copies.put, url)
            psql = after.enter_context(
                subprocess.Popen(
                    [program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url],
                    cwd=FOLDER,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
            return _first_failure(psql, statement)

    def _copy(self, name: str) -> str:
        with psycopg.connect(self._url("template1", SUPERUSER), autocommit=True) as admin:
            database = sql.Identifier(name)
            admin.execute(sql.SQL("create database {} template postgres owner postgres").format(database))
            # A copy has all but the database's settings.
            admin.execute(
                sql.SQL('alter database {} set search_path = "$user", public, extensions').format(database)
            )
        return self._url(name, "postgres")

    def _url(self, database: str, role: str) -> str:
        return f"{self.server.url(role).rpartition('/')[0]}/{database}"


def failures(proved: "subprocess.CompletedProcess[str]") -> str:
    """Return what failed of a verbose run: files, tests with what they say of themselves, and errors of psql."""
    kept: list[str] = []
    heading, is_failing = "", False
    for line in proved.stdout.splitlines():
        if ".sql .." in line:
            heading, is_failing = line, False
        elif line.startswith(("ok ", "1..")):
            is_failing = False
        elif line.startswith("Test Summary Report"):
            break
        else:
            is_failing = is_failing or line.startswith(("not ok ", "Dubious"))
        if is_failing:
            kept += [heading, line] if heading else [line]
            heading = ""
    return "\n".join([*kept, *(line for line in proved.stderr.splitlines() if "ERROR" in line)])


def _first_failure(psql: "subprocess.Popen[str]", statement: str) -> str | None:
    """Spoil, tell each story and undo it, all in one transaction that is undone, too: quicker than copies."""
    assert psql.stdin and psql.stdout
    script = [f"begin;\n{statement};\n"]
    for file in FILES:
        story = file.read_text().replace("\nbegin;\n", "\nsavepoint story;\n", 1)
        script.append(f"\\echo # {file.name}\n{story.removesuffix(_END)}rollback to story;\n")
    # Beside reading: a pipe holds less than psql says.
    feeding = threading.Thread(target=_feed, args=(psql.stdin, "".join(script)), daemon=True)
    feeding.start()
    try:
        at = ""
        for line in psql.stdout:
            if line.startswith("# ") and line.endswith(".sql\n"):
                at = line[2:-1]
            elif line.startswith("not ok") or "ERROR:" in line:
                if not at:
                    raise ValueError(f"{statement}: {line}")
                return f"{at}: {line.strip()}"
        return None if psql.wait() == 0 else f"{at}: psql ended with {psql.returncode}"
    finally:
        psql.kill()
        feeding.join()


def _feed(pipe: IO[str], script: str) -> None:
    # It reads no further than to the first error.
    with suppress(BrokenPipeError):
        pipe.write(script)
    with suppress(BrokenPipeError):
        pipe.close()
