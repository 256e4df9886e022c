"""`make run` and `make dev`: the app under gunicorn, and an embedded Supabase unless SUPABASE_URL names another."""

import http.client
import os
import signal
import sys
from pathlib import Path

from dotenv import load_dotenv

from embedded import development
from embedded.development import Reloader
from embedded.errors import StackError
from embedded.ports import Port, PortTaken
from embedded.processes import Process, wait_until
from embedded.shutdown import Shutdown
from embedded.stack import Stack
from embedded.supervision import Supervision

PROJECT = Path(__file__).parent.parent
START_SECONDS = 60


def run(shutdown: Shutdown, *, reloads: bool) -> int:
    load_dotenv(PROJECT / ".env")
    _warn()
    host, port, workers = (
        os.environ.get("HOST") or "127.0.0.1",
        _free_port(),
        _workers("1" if reloads else "2"),
    )
    data = Path(os.environ.get("DATA_DIR") or ".data")
    supervision = Supervision()
    stack = None if os.environ.get("SUPABASE_URL") else Stack(data, supervision)
    app: Process | None = None
    build = development.front_end()
    try:
        environment = _with_stack(stack) if stack else {}
        if reloads:
            supervision.start(build)
        app = _app(environment, data, port, workers, reloads)
        supervision.start(app)
        _wait(app, host, port)
        _announce(host, port, environment)
        reloaders = _reloaders(supervision, app, stack) if reloads else []
        shutdown.wait(supervision.look_after, *(reloader.look_after for reloader in reloaders))
    finally:
        shutdown.ignore_signals()
        supervision.forget()
        # The app first: answers that are being written are finished in the database.
        for running in (app, build, stack):
            if running:
                running.stop()
    return 0


def _warn() -> None:
    """Warn of settings that are ignored because another is missing."""
    is_set = {name for name, value in os.environ.items() if value.strip()}
    if "SUPABASE_URL" not in is_set:
        for name in sorted(is_set & {"SUPABASE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY"}):
            print(f"{name} is ignored without SUPABASE_URL: a local Supabase is used.", file=sys.stderr)
        if "OPENAI_MODEL" in is_set and not is_set & {"OPENAI_API_KEY", "OPENAI_BASE_URL"}:
            print("OPENAI_MODEL is ignored: it needs OPENAI_API_KEY or OPENAI_BASE_URL too.", file=sys.stderr)
    sys.stderr.flush()


def _free_port() -> int:
    """Return PORT. Raises StackError when it is in use."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StackError(f"PORT is {text!r}: set it to a number from 1 to 65535.")
    try:
        Port(int(text)).release()
    except PortTaken as error:
        raise StackError(
            f"Port {text} is in use: set PORT to another, as in `PORT=8001 make run`."
        ) from error
    return int(text)


def _workers(default: str) -> str:
    """Return WEB_CONCURRENCY. Gunicorn reads it before our settings are checked."""
    text = os.environ.get("WEB_CONCURRENCY", "").strip() or default
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1000):
        raise StackError(f"WEB_CONCURRENCY is {text!r}: set it to a whole number from 1 to 1000.")
    return text


def _with_stack(stack: Stack) -> dict[str, str]:
    """Start the embedded Supabase and return the environment that leads the app to it."""
    stack.start()
    addresses = stack.addresses()
    known = {name: addresses[name] for name in ("SUPABASE_URL", "SUPABASE_PUBLISHABLE_KEY")}
    known["SITETHREAD_OUTBOX_URL"] = f"{stack.url}/outbox"
    known["SITETHREAD_SECRET"] = os.environ.get("SITETHREAD_SECRET") or addresses["SITETHREAD_SECRET"]
    known["SMTP_URL"] = os.environ.get("SMTP_URL") or addresses["SMTP_URL"]
    # Somebody who tries webhooks has what takes them on this machine.
    known["WEBHOOK_ADDRESSES"] = os.environ.get("WEBHOOK_ADDRESSES") or "any"
    if not os.environ.get("OPENAI_API_KEY") and not os.environ.get("OPENAI_BASE_URL"):
        known["OPENAI_BASE_URL"] = addresses["OPENAI_BASE_URL"]
    return known


def _app(environment: dict[str, str], data: Path, port: int, workers: str, reloads: bool) -> Process:
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    factory = "embedded.development:create_app()" if reloads else "app:create_app()"
    return Process(
        "The app",
        [gunicorn, "-c", "gunicorn.conf.py", factory],
        None if reloads else (logs / "app.log").resolve(),
        environment={
            **environment,
            "WEB_CONCURRENCY": workers,
            "PORT": str(port),
        },
        folder=PROJECT,
        # With SIGQUIT gunicorn doesn't wait for open connections.
        stop_signal=signal.SIGQUIT if reloads else signal.SIGTERM,
        # Its master ends its workers.
        death_signal=signal.SIGQUIT,
        # Longer than it takes to end running answers.
        patience=40,
    )


def _reloaders(supervision: Supervision, app: Process, stack: Stack | None) -> list[Reloader]:
    reloaders = [Reloader(app, *development.APP)]
    supervision.unwatch(app)
    if stack:
        reloaders.append(Reloader(stack.services, *development.SERVICES))
        supervision.unwatch(stack.services)
    return reloaders


def _wait(app: Process, host: str, port: int) -> None:
    if not wait_until(lambda: _is_healthy(host, port), app, START_SECONDS):
        raise StackError(f"The app doesn't start: {app.last_line()} (see {app.log or 'above'})")


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _announce(host: str, port: int, environment: dict[str, str]) -> None:
    print(f"Sitethread is running at http://{host}:{port}")
    if outbox := environment.get("SITETHREAD_OUTBOX_URL"):
        print(f"The mails it would send are at {outbox}")
    if "OPENAI_BASE_URL" in environment:
        print("The assistant is an offline demo, not a model: set OPENAI_API_KEY in .env for a real one.")
    sys.stdout.flush()
