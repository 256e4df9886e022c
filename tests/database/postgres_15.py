"""PostgreSQL 15, the oldest that the migrations support, with the roles and schemas of a new hosted project."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from embedded import unprivileged
from embedded.ports import HOST, Port
from embedded.postgres import SCHEMA, SUPERUSER
from embedded.processes import Process, wait_until

PLACES = (
    "/usr/lib/postgresql/15/bin",
    "/opt/homebrew/opt/postgresql@15/bin",
    "/usr/local/opt/postgresql@15/bin",
)


def program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join(PLACES))
    assert found, (
        "PostgreSQL 15 isn't installed: `apt-get install postgresql-15` or `brew install postgresql@15`"
    )
    return found


class Postgres15:
    """One server with a new database. As a context manager it ends with the block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = Port()
        self.account = unprivileged.account()
        self.become = unprivileged.become(self.account, folder, Path(program("postgres")))
        settings = {
            "listen_addresses": HOST,
            "port": str(self.port.number),
            "unix_socket_directories": "",
            "fsync": "off",
        }
        self.process = Process(
            "PostgreSQL 15",
            [
                program("postgres"),
                "-D",
                str(folder),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            folder.with_suffix(".log"),
            stop_signal=signal.SIGINT,
            become=self.become,
        )

    def url(self, role: str = "postgres") -> str:
        return f"postgresql://{role}:any@{HOST}:{self.port.number}/postgres"

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700)
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        command = [
            program("initdb"),
            "-D",
            str(self.folder),
            "-U",
            SUPERUSER,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        command += ["--auth=trust", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, preexec_fn=self.become, cwd="/")
        self.start()
        with psycopg.connect(self.url(SUPERUSER)) as connection:
            for name in ("roles.sql", "auth.sql"):
                connection.execute((SCHEMA / name).read_bytes())
        return self

    def start(self) -> None:
        self.process.start()
        assert wait_until(self.is_ready, self.process, 30), self.process.last_line()

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        self.process.stop()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        self.port.release()

    def dump(self, *options: str) -> list[str]:
        """Return the lines of a dump, without the random key that newer versions of pg_dump put around it."""
        command = [program("pg_dump"), "--dbname", self.url(SUPERUSER), *options]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        return [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict"))]
