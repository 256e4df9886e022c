"""What is wrong with a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sitethread.edits.changes import Span

SEVERITIES = ("high", "medium", "low")


class Mark(NamedTuple):
    """An element of a page: the how manieth of its tag it is, from 0."""

    tag: str
    number: int


@dataclass(frozen=True)
class Finding:
    """A problem of a page, how severe it is (one of SEVERITIES), how to fix it, and what has it: elements, or spans."""

    severity: str
    problem: str
    remedy: str
    marks: tuple[Mark, ...] = field(default=(), compare=False)
    spans: tuple[Span, ...] = field(default=(), compare=False)


def high(problem: str, remedy: str, marks: Sequence[Mark] = (), spans: Sequence[Span] = ()) -> Finding:
    return Finding("high", problem, remedy, tuple(marks), tuple(spans))


def medium(problem: str, remedy: str, marks: Sequence[Mark] = (), spans: Sequence[Span] = ()) -> Finding:
    return Finding("medium", problem, remedy, tuple(marks), tuple(spans))


def low(problem: str, remedy: str, marks: Sequence[Mark] = (), spans: Sequence[Span] = ()) -> Finding:
    return Finding("low", problem, remedy, tuple(marks), tuple(spans))
