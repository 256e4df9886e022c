"""A worker whose pauses last a millisecond."""

import time
from collections.abc import Iterator

import pytest

from sitethread.answers import flushing, writing
from tests.fake_database import FakeDatabase
from tests.unit.answers.dictation import Worker


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flushing, "LONGEST_WAIT", 0.001)
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
def worker(database: FakeDatabase) -> Iterator[Worker]:
    worker = Worker(database)
    yield worker
    worker.close()
