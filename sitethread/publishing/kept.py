"""What a worker keeps of what it made, up to so many bytes; what was asked for longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Any thread or greenlet may ask. Who asks for what is being made waits for it, and it is made once."""

    def __init__(self, most_bytes: int, size_of: Callable[[Value], int]) -> None:
        self._left = most_bytes
        self._most_of_one = most_bytes // 4
        self._size_of = size_of
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._making: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, or make it; raise what `make` raises."""
        found = self._find(key)
        if found is not None:
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            try:
                found = self._find(key)
                if found is None:
                    found = make()
                    self._keep(key, found)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return found

    def _find(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        return None

    def _keep(self, key: Key, value: Value) -> None:
        size = self._size_of(value)
        with self._lock:
            if size > self._most_of_one or key in self._values:
                return
            self._values[key] = value
            self._left -= size
            while self._left < 0:
                _, gone = self._values.popitem(last=False)
                self._left += self._size_of(gone)
