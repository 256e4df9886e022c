"""What differs between two texts, in time that grows with their length.

Lines that both have once are taken for the same, then words and tags between them; small rests are compared one by one.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from sitethread.scheduling import give_way

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"<[^<>\s]*|[\w&;]+|\s+|[^\w\s<]")
# A rest of so many comparisons takes less than 2 ms.
_MOST_COMPARISONS = 10_000


class Region(NamedTuple):
    """[old_start, old_end) of one text stands as [start, end) in the other; everything between regions is the same."""

    old_start: int
    old_end: int
    start: int
    end: int


def regions(old: str, new: str) -> list[Region]:
    """Return what differs, in order; the regions are disjoint, and neither touches the next one."""
    if old == new:
        return []
    found: list[Region] = []
    for lines in _compared(old, new, Region(0, len(old), 0, len(new)), _LINES):
        for words in _compared(old, new, lines, _WORDS):
            region = _trimmed(old, new, words)
            if found and found[-1].old_end == region.old_start and found[-1].end == region.start:
                region = Region(found[-1].old_start, region.old_end, found.pop().start, region.end)
            found.append(region)
        give_way()
    return found


def _compared(old: str, new: str, region: Region, pattern: re.Pattern[str]) -> Iterator[Region]:
    """Yield the regions within one that differ, by the parts that a pattern finds."""
    a = pattern.findall(old, region.old_start, region.old_end)
    b = pattern.findall(new, region.start, region.end)
    a_places = list(accumulate(map(len, a), initial=region.old_start))
    b_places = list(accumulate(map(len, b), initial=region.start))
    for a_start, a_end, b_start, b_end in _gaps(a, b):
        yield Region(a_places[a_start], a_places[a_end], b_places[b_start], b_places[b_end])


def _gaps(a: Sequence[str], b: Sequence[str]) -> Iterator[Region]:
    """Yield where two lists differ, between the parts that both have once."""
    done_a = done_b = 0
    for place_a, place_b in [*_anchors(a, b), (len(a), len(b))]:
        yield from _smaller(a, b, Region(done_a, place_a, done_b, place_b))
        done_a, done_b = place_a, place_b


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest series of parts that both have once, in the same order (patience)."""
    in_a, in_b = Counter(a), Counter(b)
    places = {part: place for place, part in enumerate(b) if in_b[part] == 1 and in_a[part] == 1}
    pairs = [(place, places[part]) for place, part in enumerate(a) if part in places]
    return [pairs[number] for number in _rising([pair[1] for pair in pairs])]


def _rising(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest rising series of different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(numbers):
        place = bisect_left(tails, number)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1], ends[place : place + 1] = [number], [index]
    series = []
    index = ends[-1] if ends else -1
    while index >= 0:
        series.append(index)
        index = before[index]
    return series[::-1]


def _smaller(a: Sequence[str], b: Sequence[str], gap: Region) -> Iterator[Region]:
    """Yield what differs in a gap: without equal parts at its ends; a small rest compared part by part."""
    a_start, a_end, b_start, b_end = gap
    while a_start < a_end and b_start < b_end and a[a_start] == b[b_start]:
        a_start, b_start = a_start + 1, b_start + 1
    while a_start < a_end and b_start < b_end and a[a_end - 1] == b[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    if (a_end - a_start) * (b_end - b_start) > _MOST_COMPARISONS:
        yield Region(a_start, a_end, b_start, b_end)
    else:
        yield from _by_part(a, b, Region(a_start, a_end, b_start, b_end))


def _by_part(a: Sequence[str], b: Sequence[str], gap: Region) -> Iterator[Region]:
    """Yield what differs around a longest common series of parts."""
    a_start, a_end, b_start, b_end = gap
    # lengths[i][j]: of the longest series in what follows a[i] and b[j].
    lengths = [[0] * (b_end - b_start + 1) for _ in range(a_end - a_start + 1)]
    for i in range(a_end - 1, a_start - 1, -1):
        row, below = lengths[i - a_start], lengths[i - a_start + 1]
        for j in range(b_end - 1, b_start - 1, -1):
            place = j - b_start
            row[place] = below[place + 1] + 1 if a[i] == b[j] else max(below[place], row[place + 1])
    i = done_a = a_start
    j = done_b = b_start
    while i < a_end and j < b_end:
        if a[i] == b[j]:
            if i > done_a or j > done_b:
                yield Region(done_a, i, done_b, j)
            i, j = i + 1, j + 1
            done_a, done_b = i, j
        elif lengths[i - a_start + 1][j - b_start] >= lengths[i - a_start][j - b_start + 1]:
            i += 1
        else:
            j += 1
    if a_end > done_a or b_end > done_b:
        yield Region(done_a, a_end, done_b, b_end)


def _trimmed(old: str, new: str, region: Region) -> Region:
    """Return a region without the characters that are the same at its ends."""
    old_part, part = old[region.old_start : region.old_end], new[region.start : region.end]
    shared = _common_start(old_part, part)
    shorter = min(len(old_part), len(part)) - shared
    tail = _common_start(old_part[::-1][:shorter], part[::-1][:shorter])
    return Region(region.old_start + shared, region.old_end - tail, region.start + shared, region.end - tail)


def _common_start(one: str, other: str) -> int:
    """Return how many characters two texts share at their start, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
