"""The embedded Supabase as a whole: what starts after what, and what happens when a part ends."""

import http.client
from pathlib import Path

from embedded import gateway, migrations, postgrest, services
from embedded.errors import StackError
from embedded.folders import DataFolder
from embedded.ports import HOST, Port, PortTaken, preferred
from embedded.postgres import Postgres
from embedded.processes import wait_until
from embedded.supervision import Supervision

PARTS = ("postgres", "postgrest", "postgrest_admin", "services", "gateway")
START_SECONDS = 60


class Stack:
    """One embedded Supabase: `start` it, have its supervision look after it, `stop` it."""

    def __init__(
        self, data: Path, supervision: Supervision, port: int | None = None, jwt_expiry: int = 3600
    ) -> None:
        postgrest.binary()
        gateway.binary()
        self.folder = DataFolder(data)
        self.ports = self._ports(port)
        number = {part: port.number for part, port in self.ports.items()}
        self.url = f"http://{HOST}:{number['gateway']}"
        self.postgres = Postgres(self.folder, number["postgres"])
        self.services = services.process(
            self.folder, self.postgres.url("supabase_auth_admin"), self.url, number["services"], jwt_expiry
        )
        self.postgrest = postgrest.process(
            self.folder, self.postgres.url("authenticator"), number["postgrest"], number["postgrest_admin"]
        )
        self.gateway = gateway.process(
            self.folder, number["gateway"], number["postgrest"], number["services"]
        )
        self.supervision = supervision

    def _ports(self, asked: int | None) -> dict[str, Port]:
        """Take a port for each part: as last time where it is free, so that addresses stay."""
        known = self.folder.remembered_ports()
        ports = {}
        for part in PARTS:
            if part == "gateway" and asked:
                ports[part] = _exactly(asked)
            else:
                ports[part] = preferred(known.get(part))
        self.folder.remember_ports({part: port.number for part, port in ports.items()})
        return ports

    def addresses(self) -> dict[str, str]:
        """Return what the CLI, the app and the tests need to know."""
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_PUBLISHABLE_KEY": self.folder.secrets["publishable_key"],
            "SUPABASE_DB_URL": self.postgres.url(),
            "OPENAI_BASE_URL": self.url + services.ASSISTANT_PATH,
            "SITETHREAD_SECRET": self.folder.secrets["sitethread_secret"],
        }

    def start(self) -> None:
        """Start all parts and return when every one of them answers."""
        # Python takes its time to start: meanwhile the database gets ready.
        self.supervision.start(self.services)
        self.supervision.start(self.gateway)
        self.postgres.prepare()
        self.postgres.start()
        self.supervision.watch(self.postgres.process)
        self.postgres.bootstrap()
        migrations.apply(self.postgres.url(), self.folder.config)
        self.supervision.start(self.postgrest)
        self._wait()

    def _wait(self) -> None:
        admin = self.ports["postgrest_admin"].number
        checks = (
            (self.postgrest, lambda: postgrest.is_ready(admin)),
            (self.services, lambda: self._answers("/auth/v1/health")),
            (self.gateway, lambda: self._answers("/auth/v1/health")),
        )
        for process, is_ready in checks:
            if not wait_until(is_ready, process, START_SECONDS):
                raise StackError(f"{process.name} doesn't start: {process.last_words()} (see {process.log})")

    def _answers(self, path: str) -> bool:
        connection = http.client.HTTPConnection(HOST, self.ports["gateway"].number, timeout=5)
        try:
            connection.request("GET", path, headers={"apikey": self.folder.secrets["publishable_key"]})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop all parts: those that ask the database before the database."""
        self.supervision.forget()
        for process in (self.gateway, self.services, self.postgrest, self.postgres.process):
            process.stop()
        for port in self.ports.values():
            port.release()


def _exactly(number: int) -> Port:
    try:
        return Port(number)
    except PortTaken as error:
        raise StackError(f"Port {number} is in use: choose another with --port, or leave it out.") from error
