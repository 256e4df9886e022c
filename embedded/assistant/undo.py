"""Undoes the last change: replays the conversation to see which lines it changed, and changes just those back."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from embedded.assistant.pages import Page
from embedded.assistant.readings import read_request
from embedded.assistant.request_parser import asks_to_redo, asks_to_undo, parse

Step = Callable[[Page | None, str, Sequence[str]], Page | None]


def undo(page: Page, website: str, requests: list[str], step: Step) -> tuple[Page | None, str]:
    """Return the page without what the last change did, None where that can't be, and the request it came from."""
    kept, _ = effects(requests)
    before, after = (replay(asked, website, step) for asked in (kept[:-1], kept))
    if not before or not after:
        return None, ""
    text = carry(after.html().splitlines(), before.html().splitlines(), page.html().splitlines())
    return (Page("\n".join(text)), kept[-1]) if text else (None, "")


def effects(requests: list[str]) -> tuple[list[str], list[str]]:
    """Return the requests that changed the page and were not taken back, and those that were and still are."""
    kept: list[str] = []
    undone: list[str] = []
    for request in requests:
        reading = read_request(request, bool(kept))
        if asks_to_undo(reading.english):
            undone += kept[-1:]
            kept = kept[:-1]
        elif asks_to_redo(reading.english):
            kept += undone[-1:]
            undone = undone[:-1]
        elif any(change.verb != "cannot" for change in parse(reading, bool(kept))[0]):
            kept.append(request)
            undone = []
    return kept, undone


def replay(requests: list[str], website: str, step: Step) -> Page | None:
    page = None
    for count in range(1, len(requests) + 1):
        page = step(page, website, requests[:count])
    return page


def carry(old: list[str], new: list[str], lines: list[str]) -> list[str]:
    """Make the difference from `old` to `new` in other lines; return none of them where one of its places is gone."""
    place = {len(old): len(lines)}
    for start, there, size in SequenceMatcher(None, old, lines).get_matching_blocks():
        place |= {start + at: there + at for at in range(size)}
    changes = [change for change in SequenceMatcher(None, old, new).get_opcodes() if change[0] != "equal"]
    for _, start, end, first, last in reversed(changes):
        there = place.get(start, -1)
        if [place.get(at) for at in range(start, end)] != [*range(there, there + end - start)] or there < 0:
            return []
        lines[there : there + end - start] = new[first:last]
    return lines if changes else []
