"""The unclosed and stray tags that a page has gained."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sitethread.edits import tags
from sitethread.edits.differences import Region, regions
from sitethread.edits.tags import Problem
from sitethread.scheduling import giving_way

# About 5 ms of problems.
_YIELD_EVERY = 5_000


class _Origin(NamedTuple):
    """What makes two problems the same: the tag, and its place in the old page or which replaced text it is in."""

    kind: str
    tag: str
    place: int | None
    region: int | None


def new_problems(old: str, new: str) -> list[Problem]:
    """Return the problems that a page didn't have before: not at the same tag, nor as many in the replaced text."""
    problems = tags.read(new, ()).problems
    if not problems:
        return []
    changed = regions(old, new)
    unchanged = [Region(one.old_start, one.old_end, one.old_start, one.old_end) for one in changed]
    before = Counter(
        _origin(problem, unchanged) for problem in giving_way(tags.read(old, ()).problems, _YIELD_EVERY)
    )
    found = []
    for problem in giving_way(problems, _YIELD_EVERY):
        origin = _origin(problem, changed)
        if before[origin] <= 0:
            found.append(problem)
        before[origin] -= 1
    return found


def _origin(problem: Problem, changed: Sequence[Region]) -> _Origin:
    number = bisect_right(changed, problem.start, key=lambda region: region.start) - 1
    if number < 0:
        return _Origin(problem.kind, problem.tag, problem.start, None)
    region = changed[number]
    if problem.start < region.end:
        return _Origin(problem.kind, problem.tag, None, number)
    return _Origin(problem.kind, problem.tag, problem.start - region.end + region.old_end, None)
