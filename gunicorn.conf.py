"""How gunicorn serves the app: `gunicorn -c gunicorn.conf.py 'app:create_app()'`."""

from gevent import monkey

# Before anything opens a socket or makes a lock.
monkey.patch_all()

import gc  # noqa: E402
import http  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import secrets  # noqa: E402
import shutil  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from contextlib import nullcontext  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from gunicorn import util  # noqa: E402
from gunicorn.http import message  # noqa: E402
from gunicorn.http.errors import ParseException  # noqa: E402
from gunicorn.workers.ggevent import GeventWorker  # noqa: E402

from sitethread import errors  # noqa: E402
from sitethread.limits import LIMITS  # noqa: E402
from sitethread.scheduling import give_way  # noqa: E402
from sitethread.settings import Settings  # noqa: E402
from web import assets, slow_clients  # noqa: E402

# Loaded once and shared by the workers, which so begin to serve sooner. Our own code is each worker's: a reload (HUP)
# takes it anew.
for library in ("dns.resolver", "flask", "openai.types.responses", "supabase"):
    importlib.import_module(library)

# Read here, too: with a wrong setting gunicorn would start workers again and again.
settings = Settings.from_env_or_exit()
assets.exit_unless_built()

METRICS = "sitethread-metrics-"
if settings.metrics_token and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    # Where all workers write their metrics. prometheus_client reads this variable when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=METRICS)

# How long running answers may go on when the server stops, before they are interrupted.
GRACE_SECONDS = 20


class Worker(GeventWorker):
    """Gunicorn's gevent worker, with deadlines for what clients send and read."""

    def timeout_ctx(self):
        """Leave the deadline of the next request to the connection."""
        return nullcontext()

    def handle(self, listener, client, addr):
        super().handle(listener, slow_clients.Connection(client), addr)


is_bare_ipv6 = ":" in settings.host and not settings.host.startswith("[")
bind = f"[{settings.host}]:{settings.port}" if is_bare_ipv6 else f"{settings.host}:{settings.port}"
workers = settings.workers
worker_class = Worker
worker_connections = 4000
# Each connection takes a file, as do those to Supabase and the model. Many systems give 1,024 unless asked.
files, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
if files != resource.RLIM_INFINITY and files < 3 * worker_connections:
    wanted = 3 * worker_connections
    files = wanted if most_files == resource.RLIM_INFINITY else min(wanted, most_files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
# Long enough for the app itself to say that a search is too long.
limit_request_line = message.MAX_REQUEST_LINE = 32 * 1024
# How long connections may stay idle, and all other deadlines, are in web/slow_clients.py.
keepalive = 30
# Files are sent as all else is, with a deadline.
sendfile = False
# The control socket would be shared by all servers of this user.
control_socket_disable = True
# After so many seconds a worker whose event loop stands still is killed. It is no limit for requests.
timeout = 60
graceful_timeout = GRACE_SECONDS + 10
# The app itself trusts as many proxies as TRUSTED_PROXIES says.
forwarded_allow_ips = ""


def write_error(sock, status, _reason, _message):
    """Write a JSON error for a request that never reaches the app, such as one whose address is too long."""
    kinds = {
        408: errors.RequestTooSlow,
        414: errors.AddressTooLong,
        431: errors.HeadersTooLarge,
        500: errors.Unexpected,
    }
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


# Gunicorn's own error page repeats the request in HTML.
util.write_error = write_error


def on_starting(server):
    """Say once what is off."""
    if settings.secret is None:
        server.log.info(
            "SITETHREAD_SECRET is not set: conversations at the model's provider are not stored, and each question "
            "sends its whole history; views of published websites are not counted."
        )


def post_worker_init(worker):
    """End running answers properly when this worker is told to stop; load what requests would wait for."""
    worker.wsgi.extensions["answer_engine"].prepare()
    worker.grace_seconds = GRACE_SECONDS
    worker.closer = threading.Thread(target=_close_when_stopping, args=(worker,), name="closer", daemon=True)
    worker.closer.start()
    # Gunicorn reads twenty of its settings at each request, and searches for each.
    vars(worker.cfg).update({name: setting.get() for name, setting in worker.cfg.settings.items()})
    # Objects made at start live as long as the worker: a collection that visits them would pause all requests.
    gc.collect()
    gc.freeze()
    # Few requests leave cycles: looking for them at every request costs more than they take.
    gc.set_threshold(10_000, 10, 10)


def pre_request(worker, req):
    """Begin the deadline of a body."""
    req.unreader.sock.expect_body(req)


def post_request(worker, req, environ, resp):
    """Read and drop the rest of a body in pieces, or close the connection when it is too large.

    Gunicorn would read it in one go and hold up the other requests of this worker. The deadline of the body goes on.
    """
    left = LIMITS.imported
    try:
        while left > 0 and (piece := req.body.read(64 * 1024)):
            left -= len(piece)
            give_way()
    except (OSError, ParseException):
        left = 0
    req.must_close = req.must_close or left <= 0
    # The request has its environment: such a circle keeps the body until Python next looks for circles.
    environ.pop("werkzeug.request", None)
    req.unreader.sock.expect_head()


def worker_int(worker):
    """Stop at once: the server got SIGQUIT."""
    worker.grace_seconds = 0


def worker_exit(server, worker):
    """Wait for answers that no connection follows: gunicorn waits for open connections alone."""
    closer = getattr(worker, "closer", None)
    if closer is not None:
        closer.join(GRACE_SECONDS + 10)


def child_exit(server, worker):
    """Take a worker that has ended out of the metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Delete the folder of the metrics, if it is ours."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if os.path.basename(folder).startswith(METRICS):  # noqa: PTH119
        shutil.rmtree(folder, ignore_errors=True)


def _close_when_stopping(worker):
    while worker.alive:
        time.sleep(0.1)
    worker.wsgi.extensions["answer_engine"].close(worker.grace_seconds)
    worker.wsgi.extensions["views"].close()
