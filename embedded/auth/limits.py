"""How often somebody may fail to sign in, or ask for a mail."""

import math
import time
from collections import deque
from collections.abc import Callable

from embedded.auth.errors import AuthError, too_many_requests


class Limit:
    """Allows `times` events per key within `seconds`, in this process's memory."""

    def __init__(
        self, times: int, seconds: float, error: Callable[[int], AuthError] = too_many_requests
    ) -> None:
        self.times = times
        self.seconds = seconds
        self.error = error
        self._events: dict[str, deque[float]] = {}

    def check(self, key: str) -> None:
        """Refuse when the key has used up its events."""
        events = self._recent(key)
        if len(events) >= self.times:
            raise self.error(math.ceil(events[0] + self.seconds - time.monotonic()))

    def count(self, key: str) -> None:
        self._recent(key).append(time.monotonic())

    def forget(self, key: str) -> None:
        self._events.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        if len(self._events) > 10_000:
            self._drop_old()
        events = self._events.setdefault(key, deque())
        while events and events[0] < time.monotonic() - self.seconds:
            events.popleft()
        return events

    def _drop_old(self) -> None:
        horizon = time.monotonic() - self.seconds
        self._events = {
            key: events for key, events in self._events.items() if events and events[-1] > horizon
        }
