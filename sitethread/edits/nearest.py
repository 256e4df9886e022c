"""The lines of a file that are nearest to a text which isn't there, or around places in it."""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence

from sitethread.scheduling import giving_way

MOST_LINES = 5
_LONGEST_LINE = 200
_LINE = re.compile(rf"[^\n]{{1,{_LONGEST_LINE}}}")
_WORD = re.compile(r"\w+")
# Words of the text that are looked for.
_MOST_WORDS = 500
_YIELD_EVERY = 2_000


def nearest_lines(text: str, search: str) -> list[str]:
    """Return up to MOST_LINES lines in a row that have the most words in common with a text, the rarer the better."""
    wanted = set(_WORD.findall(search[: 20 * _MOST_WORDS])[:_MOST_WORDS])
    frequency = Counter(word for line in _lines(text) for word in wanted.intersection(_WORD.findall(line)))
    height = min(MOST_LINES, max(1, sum(1 for _ in _lines(search[:1_000]))))
    lines: deque[tuple[str, float]] = deque(maxlen=height)
    best, most = [], 0.0
    for line in _lines(text):
        lines.append((line, sum(1 / frequency[word] for word in wanted.intersection(_WORD.findall(line)))))
        score = sum(score for _, score in lines)
        if score > most:
            best, most = [line.strip() for line, _ in lines], score
    return best


def lines_at(text: str, places: Sequence[int]) -> list[str]:
    """Return the line at each of the first MOST_LINES places, of a long one what is around the place."""
    found = []
    for place in places[:MOST_LINES]:
        start = max(text.rfind("\n", 0, place) + 1, place - _LONGEST_LINE // 2)
        end = text.find("\n", place)
        found.append(text[start : min(len(text) if end < 0 else end, start + _LONGEST_LINE)].strip())
    return found


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that aren't blank, long ones in pieces; other requests run meanwhile."""
    return (match[0] for match in giving_way(_LINE.finditer(text), _YIELD_EVERY) if not match[0].isspace())
