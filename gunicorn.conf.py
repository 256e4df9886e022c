"""How gunicorn serves the app: `gunicorn -c gunicorn.conf.py 'app:create_app()'`."""

from gevent import monkey

monkey.patch_all()  # Before anything opens a socket or makes a lock.

import gc  # noqa: E402
import http  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import secrets  # noqa: E402
import shutil  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from gunicorn import util  # noqa: E402
from gunicorn.http import message  # noqa: E402
from gunicorn.http.errors import ParseException  # noqa: E402

from sitethread import errors  # noqa: E402
from sitethread.settings import LIMITS, Settings  # noqa: E402

settings = (
    Settings.from_env_or_exit()
)  # Here and not only in the workers, which would be started again and again.

METRICS = "sitethread-metrics-"
if settings.metrics_token and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    # The workers' figures meet here; read when prometheus_client is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=METRICS)

GRACE_SECONDS = 20  # Running answers get this long to end when the server stops, before they are interrupted.

is_bare_ipv6 = ":" in settings.host and not settings.host.startswith("[")
bind = f"[{settings.host}]:{settings.port}" if is_bare_ipv6 else f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = "gevent"
worker_connections = 4000
limit_request_line = message.MAX_REQUEST_LINE = (
    32 * 1024
)  # So that the app says what is too long to search for.
keepalive = 30
control_socket_disable = True  # It would be shared by every server of this user.
timeout = 60  # Of a worker that has stopped turning over, not of a request.
graceful_timeout = GRACE_SECONDS + 10
forwarded_allow_ips = ""  # The app itself believes as many proxies as TRUSTED_PROXIES says.


def refuse(sock, status, _reason, _message):
    """Answer what never reaches the app, such as an address that is too long, in coded JSON like everything else."""
    kinds = {414: errors.AddressTooLong, 431: errors.HeadersTooLarge, 500: errors.Unexpected}
    error = kinds.get(status, errors.BadRequest)()
    shown = {"code": error.code, "message": error.message, "request_id": secrets.token_hex(12)}
    body = json.dumps({"success": False, "error": shown})
    head = (
        f"HTTP/1.1 {error.status} {http.HTTPStatus(error.status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    )
    util.write_nonblock(sock, "\r\n".join((*head, "", body)).encode("ascii"))


util.write_error = refuse  # Gunicorn's own is a page in HTML that repeats the request.


def post_worker_init(worker):
    """End running answers properly when this worker is told to stop."""
    worker.grace_seconds = GRACE_SECONDS
    worker.closer = threading.Thread(target=_close_when_stopping, args=(worker,), name="closer", daemon=True)
    worker.closer.start()
    # What was made while starting stays for ever: looking through all of it again would hold up everybody for a moment.
    gc.collect()
    gc.freeze()


def post_request(worker, req, environ, resp):
    """Drop what nobody read of a body, taking turns with others, or else the connection.

    Gunicorn would do so in one go, however much there is.
    """
    left = LIMITS.imported
    try:
        while left > 0 and (piece := req.body.read(64 * 1024)):
            left -= len(piece)
            time.sleep(0)
    except (OSError, ParseException):
        left = 0
    req.must_close = req.must_close or left <= 0


def worker_int(worker):
    """Be quick: somebody stops the server by SIGQUIT."""
    worker.grace_seconds = 0


def worker_exit(server, worker):
    """Wait for the answers that nobody reads here: gunicorn itself waits for open connections alone."""
    closer = getattr(worker, "closer", None)
    if closer is not None:
        closer.join(GRACE_SECONDS + 10)


def child_exit(server, worker):
    """Take a worker that is gone out of the figures."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Take the figures away that nobody can ask for any more, unless the folder is somebody else's."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if os.path.basename(folder).startswith(METRICS):  # noqa: PTH119
        shutil.rmtree(folder, ignore_errors=True)


def _close_when_stopping(worker):
    while worker.alive:
        time.sleep(0.1)
    worker.wsgi.extensions["answer_engine"].close(worker.grace_seconds)
