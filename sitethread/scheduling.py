"""Lets the other requests of this worker run, during work that waits for nothing."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Item = TypeVar("_Item")


def give_way() -> None:
    # With 0, gevent goes on with the same request up to 50 times before it looks at connections and timers.
    time.sleep(1e-6)


def giving_way(items: Iterable[_Item], every: int) -> Iterator[_Item]:
    """Yield items, and give way after so many of them, again and again."""
    for number, item in enumerate(items, 1):
        yield item
        if not number % every:
            give_way()
