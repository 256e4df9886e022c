"""Views of published pages: counted in this worker's memory, and written every few seconds."""

import logging
import threading
from collections import Counter
from dataclasses import dataclass, field

from sitethread import errors
from sitethread.database import Rows
from sitethread.publishing.places import Site
from sitethread.publishing.proofs import proof_of

WRITE_SECONDS = 10.0
_MOST_SITES = 1_000
# The database takes 200 counts of a site at once.
_MOST_COUNTS = 200
_MOST_HOSTS = 100

log = logging.getLogger("sitethread")


@dataclass
class _Waiting:
    website_id: str
    counts: Counter[tuple[str, str | None]] = field(default_factory=Counter)


class Views:
    """Any thread or greenlet may count. Without the secret nothing is counted: anybody could write figures."""

    def __init__(self, rows: Rows, secret: str | None, seconds: float = WRITE_SECONDS) -> None:
        self._rows = rows
        self._secret = secret
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._stopped = threading.Event()
        self._writer: threading.Thread | None = None

    def count(self, site: Site, path: str, host: str | None) -> None:
        """Count a view of a page.

        `host` is that of the page that led there: "" if it is unknown, None if that is one of the same site.
        """
        if self._secret is None:
            return
        with self._lock:
            if site.slug not in self._waiting and len(self._waiting) >= _MOST_SITES:
                return
            counts = self._waiting.setdefault(site.slug, _Waiting(site.website_id)).counts
            if host and (path, host) not in counts and len(counts) >= _MOST_HOSTS:
                host = "other"
            if (path, host) in counts or len(counts) < _MOST_COUNTS:
                counts[path, host] += 1
            if self._writer is None and not self._stopped.is_set():
                self._writer = threading.Thread(target=self._write_again, name="views", daemon=True)
                self._writer.start()

    def close(self) -> None:
        """Write what was counted, for the last time."""
        self._stopped.set()
        self._write()

    def _write_again(self) -> None:
        """Write every few seconds, until there is nothing to write."""
        while not self._stopped.wait(self._seconds):
            self._write()
            with self._lock:
                if not self._waiting:
                    self._writer = None
                    return

    def _write(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for slug, counted in waiting.items():
            try:
                self._send(slug, counted)
            except (errors.DatabaseUnavailable, errors.DatabaseBusy):
                self._keep(slug, counted)
            except errors.DomainError as error:
                log.error(error.code, exc_info=error)

    def _send(self, slug: str, counted: _Waiting) -> None:
        counts = [
            {"path": path, "host": host, "views": views} for (path, host), views in counted.counts.items()
        ]
        proof = proof_of(self._secret or "", counted.website_id)
        self._rows.call("count_views", {"slug": slug, "counts": counts, "proof": proof})

    def _keep(self, slug: str, counted: _Waiting) -> None:
        with self._lock:
            if slug in self._waiting or len(self._waiting) < _MOST_SITES:
                kept = self._waiting.setdefault(slug, _Waiting(counted.website_id)).counts
                for key in counted.counts:
                    if key in kept or len(kept) < _MOST_COUNTS:
                        kept[key] += counted.counts[key]
