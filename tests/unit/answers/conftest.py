"""A worker whose pauses last a millisecond."""

import time

import pytest

from sitethread.answers import flushing, following, turns, writing
from tests.fake_database import FakeDatabase
from tests.unit.answers.dictation import Worker


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = {
        flushing: ("INTERVAL", "HEARTBEAT", "SHORTEST_WAIT", "LONGEST_WAIT"),
        following: ("FASTEST_POLL", "SLOWEST_POLL"),
    }
    for module, names in pauses.items():
        for name in names:
            monkeypatch.setattr(module, name, 0.001)
    monkeypatch.setattr(turns, "RESCUES", (0.001,) * 3)
    monkeypatch.setattr(writing, "time", HastyTime())


class HastyTime:
    """The module `time`, whose sleep is a hundred times shorter."""

    monotonic = staticmethod(time.monotonic)

    @staticmethod
    def sleep(seconds: float) -> None:
        time.sleep(seconds / 100)


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def worker(database: FakeDatabase) -> Worker:
    return Worker(database)
