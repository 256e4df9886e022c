"""The embedded Supabase's command line: `python -m embedded up` and `python -m embedded run`."""

import argparse
import json
import os
import sys
from pathlib import Path

from embedded.errors import StackError
from embedded.run import run
from embedded.shutdown import Shutdown, ShutdownRequested
from embedded.stack import Stack
from embedded.supervision import Supervision


def main() -> int:
    arguments = _parser().parse_args()
    _forget_other_databases()
    shutdown = Shutdown(with_parent=arguments.stop_with_parent)
    try:
        if arguments.command == "up":
            return up(arguments, shutdown)
        return run(shutdown, reloads=arguments.command == "dev")
    except ShutdownRequested:
        return 0
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


def _forget_other_databases() -> None:
    """Drop PGHOST, PGSSLMODE, PGRST_DB_URI and the like, which are meant for another database."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embedded", description="A Supabase on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="run it in the foreground and print its addresses as JSON")
    up.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the folder that keeps everything"
    )
    up.add_argument("--port", type=_port, metavar="N", help="the port of SUPABASE_URL (any free one)")
    up.add_argument(
        "--jwt-expiry",
        type=_seconds,
        default=3600,
        metavar="SECONDS",
        help="how long an access token lives (3600)",
    )
    up.add_argument(
        "--confirm-emails",
        action="store_true",
        help="let people in once they opened a mailed link, as hosted projects do",
    )
    run = commands.add_parser("run", help="run it with the app, as `make run` does")
    dev = commands.add_parser("dev", help="the same with reload, as `make dev` does")
    for command in (up, run, dev):
        command.add_argument(
            "--stop-with-parent", action="store_true", help="stop when the starting process is gone"
        )
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


def _seconds(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 second")
    return number


def up(arguments: argparse.Namespace, shutdown: Shutdown) -> int:
    supervision = Supervision()
    stack = Stack(arguments.data, supervision, arguments.port, arguments.jwt_expiry, arguments.confirm_emails)
    try:
        stack.start()
        print(json.dumps(stack.addresses()), flush=True)
        shutdown.wait(supervision.look_after)
    finally:
        shutdown.ignore_signals()
        stack.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
