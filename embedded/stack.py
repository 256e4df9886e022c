"""The embedded Supabase as a whole: the order in which its processes start and stop."""

import http.client
from pathlib import Path

from embedded import gateway, migrations, postgrest, services
from embedded.data_folder import DataFolder
from embedded.errors import StackError
from embedded.ports import HOST, Port, PortTaken, preferred
from embedded.postgres import Postgres
from embedded.processes import wait_until
from embedded.supervision import Supervision

PORT_NAMES = ("postgres", "postgrest", "postgrest_admin", "services", "gateway", "smtp")
START_SECONDS = 60


class Stack:
    """One embedded Supabase: `start` it, have its supervision look after it, `stop` it."""

    def __init__(
        self,
        data: Path,
        supervision: Supervision,
        port: int | None = None,
        jwt_expiry: int = 3600,
        confirm_emails: bool = False,
    ) -> None:
        postgrest.binary()
        gateway.binary()
        self.folder = DataFolder(data)
        self.ports = self._ports(port)
        number = {name: port.number for name, port in self.ports.items()}
        self.url = f"http://{HOST}:{number['gateway']}"
        self.postgres = Postgres(self.folder, number["postgres"])
        self.services = services.process(
            self.folder,
            self.postgres.url("supabase_auth_admin"),
            self.url,
            number["services"],
            number["smtp"],
            jwt_expiry,
            confirm_emails,
        )
        self.postgrest = postgrest.process(
            self.folder, self.postgres.url("authenticator"), number["postgrest"], number["postgrest_admin"]
        )
        self.gateway = gateway.process(
            self.folder, number["gateway"], number["postgrest"], number["services"]
        )
        self.supervision = supervision

    def _ports(self, asked: int | None) -> dict[str, Port]:
        """Take the ports of the last run where they are free, so that addresses stay the same."""
        known = self.folder.remembered_ports()
        ports = {}
        for name in PORT_NAMES:
            if name == "gateway" and asked:
                ports[name] = _exactly(asked)
            else:
                ports[name] = preferred(known.get(name))
        self.folder.remember_ports({name: port.number for name, port in ports.items()})
        return ports

    def addresses(self) -> dict[str, str]:
        """Return the addresses that the CLI, the app and the tests need, by the name of their variable."""
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_PUBLISHABLE_KEY": self.folder.secrets["publishable_key"],
            "SUPABASE_DB_URL": self.postgres.url(),
            "OPENAI_BASE_URL": self.url + services.ASSISTANT_PATH,
            "SITETHREAD_SECRET": self.folder.secrets["sitethread_secret"],
            "SMTP_URL": f"smtp://{HOST}:{self.ports['smtp'].number}?from=sitethread@localhost",
        }

    def start(self) -> None:
        """Start all processes and return when every one of them responds."""
        # Python takes its time to start: meanwhile the database gets ready.
        self.supervision.start(self.services)
        self.supervision.start(self.gateway)
        self.postgres.prepare()
        self.postgres.start()
        self.supervision.watch(self.postgres.process)
        self.postgres.bootstrap()
        migrations.apply(self.folder, self.postgres.url())
        self.supervision.start(self.postgrest)
        self._wait()

    def _wait(self) -> None:
        admin = self.ports["postgrest_admin"].number
        checks = (
            (self.postgrest, lambda: postgrest.is_ready(admin)),
            (self.services, lambda: self._responds("/auth/v1/health")),
            (self.gateway, lambda: self._responds("/auth/v1/health")),
        )
        for process, is_ready in checks:
            if not wait_until(is_ready, process, START_SECONDS):
                raise StackError(f"{process.name} doesn't start: {process.last_line()} (see {process.log})")

    def _responds(self, path: str) -> bool:
        connection = http.client.HTTPConnection(HOST, self.ports["gateway"].number, timeout=5)
        try:
            connection.request("GET", path, headers={"apikey": self.folder.secrets["publishable_key"]})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop all processes, the database last."""
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
