"""Makes calls meet: they pile up behind a lock, and go on together."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from tests.stacks import Stack


@contextmanager
def stalled(stack: Stack, statement: str, *values: object) -> Iterator[Callable[[int], None]]:
    """Hold what a statement locks until the block ends; yield a function that waits until so many calls wait, too."""
    with psycopg.connect(stack.db_url) as holder, psycopg.connect(stack.db_url, autocommit=True) as watcher:
        holder.execute(statement, values or None)  # type: ignore[arg-type]

        def wait_for(calls: int) -> None:
            activity = "pg_stat_activity where usename = 'authenticator'"
            waiting = f"select count(*) from {activity} and wait_event_type = 'Lock'"
            deadline = time.monotonic() + 5
            while (watcher.execute(waiting).fetchone() or (0,))[0] < calls:
                assert time.monotonic() < deadline, "the calls don't meet"
                time.sleep(0.01)

        yield wait_for
