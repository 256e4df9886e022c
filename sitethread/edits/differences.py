"""What differs between two texts, in time that grows with their length.

Lines that both have once are taken for the same, then words and tags between them; small rests are compared one by one.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sitethread.scheduling import give_way, giving_way

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"<[^<>\s]*|[\w&;]+|\s+|[^\w\s<]")
# About 5 ms of parts.
_YIELD_EVERY = 10_000
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
    for lines in _compared(old, new, _middle(old, new), _LINES):
        for words in _compared(old, new, lines, _WORDS):
            if found and found[-1].old_end == words.old_start and found[-1].end == words.start:
                words = Region(found[-1].old_start, words.old_end, found.pop().start, words.end)
            found.append(words)
    return found


def _middle(old: str, new: str) -> Region:
    """Return the lines from the first to the last that differ."""
    start = old.rfind("\n", 0, _common_start(old, new)) + 1
    shorter = min(len(old), len(new)) - start
    tail = _common_start(old[: -shorter - 1 : -1], new[: -shorter - 1 : -1]) if shorter else 0
    end = old.find("\n", len(old) - tail) + 1
    tail = len(old) - end if end else 0
    return Region(start, len(old) - tail, start, len(new) - tail)


def _compared(old: str, new: str, region: Region, pattern: re.Pattern[str]) -> Iterator[Region]:
    """Yield the regions within one that differ, by the parts that a pattern finds."""
    a, a_places = _parts(pattern, old, region.old_start, region.old_end)
    b, b_places = _parts(pattern, new, region.start, region.end)
    for a_start, a_end, b_start, b_end in _gaps(a, b):
        yield Region(a_places[a_start], a_places[a_end], b_places[b_start], b_places[b_end])


def _parts(pattern: re.Pattern[str], text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    """Return the parts of a text, and where they begin and the last one ends."""
    parts: list[str] = []
    places: list[int] = []
    for match in giving_way(pattern.finditer(text, start, end), _YIELD_EVERY):
        parts.append(match[0])
        places.append(match.start())
    return parts, [*places, end]


def _gaps(a: Sequence[str], b: Sequence[str]) -> Iterator[Region]:
    """Yield where two lists differ, between the parts that both have once."""
    done_a = done_b = 0
    for place_a, place_b in giving_way([*_anchors(a, b), (len(a), len(b))], _YIELD_EVERY // 5):
        yield from _smaller(a, b, Region(done_a, place_a, done_b, place_b))
        done_a, done_b = place_a, place_b


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest series of parts that both have once, in the same order (patience)."""
    in_a, in_b = Counter(giving_way(a, _YIELD_EVERY)), Counter(giving_way(b, _YIELD_EVERY))
    places = {
        part: place
        for place, part in enumerate(giving_way(b, _YIELD_EVERY))
        if in_b[part] == 1 and in_a[part] == 1
    }
    pairs = [
        (place, places[part]) for place, part in enumerate(giving_way(a, _YIELD_EVERY)) if part in places
    ]
    return [pairs[number] for number in _rising([pair[1] for pair in pairs])]


def _rising(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest rising series of different numbers."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, number in enumerate(giving_way(numbers, _YIELD_EVERY)):
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
    head = _equal_parts(a[a_start:a_end], b[b_start:b_end])
    a_start, b_start = a_start + head, b_start + head
    tail = _equal_parts(a[a_start:a_end][::-1], b[b_start:b_end][::-1])
    a_end, b_end = a_end - tail, b_end - tail
    if (a_end - a_start) * (b_end - b_start) > _MOST_COMPARISONS:
        yield Region(a_start, a_end, b_start, b_end)
    else:
        yield from _by_part(a, b, Region(a_start, a_end, b_start, b_end))


def _equal_parts(a: Sequence[str], b: Sequence[str]) -> int:
    """Return how many parts are the same at the beginning."""
    count = 0
    for one, other in giving_way(zip(a, b, strict=False), _YIELD_EVERY):
        if one != other:
            break
        count += 1
    return count


def _by_part(a: Sequence[str], b: Sequence[str], gap: Region) -> Iterator[Region]:
    """Yield what differs around a longest common series of parts."""
    a_start, a_end, b_start, b_end = gap
    if (a_end - a_start) * (b_end - b_start) > _MOST_COMPARISONS // 20:
        give_way()
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
