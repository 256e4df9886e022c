"""Rewritten files: the places that changed, and the smallest edits that change them."""

from collections.abc import Iterator, Mapping, Sequence

from sitethread.edits.changes import Edit, Place
from sitethread.edits.differences import Region, regions
from sitethread.scheduling import give_way, giving_way

# What is changed in more places is shown in fewer, larger hunks.
MOST_HUNKS = 50
# About 5 ms of changes.
_YIELD_EVERY = 2_000
# Characters around a change, doubled until the text is in the file once.
_CONTEXT = 20


def edits_between(path: str, old: str, new: str) -> list[Edit]:
    """Return edits that, made in turn, turn a file's old text, which is not blank, into the new one."""
    done: list[Edit] = []
    for region in _joined(regions(old, new)):
        # The text after the edits before this one.
        text = new[: region.start] + old[region.old_start :]
        end = region.start + region.old_end - region.old_start
        for start, stop in _wider(text, region.start, end):
            if _is_unique(text, start, stop):
                break
        replacement = text[start : region.start] + new[region.start : region.end] + text[end:stop]
        done.append(Edit(path, text[start:stop], replacement))
    # Nothing but white space may be left between two edits, which is no text to find.
    return done if all(edit.find.strip() for edit in done) else [Edit(path, old, new)]


def _wider(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    yield start, end
    context = _CONTEXT
    while start > 0 or end < len(text):
        start, end = max(0, start - context), min(len(text), end + context)
        context *= 2
        # From the beginning of a line or tag, where there is one nearby.
        start = (
            max(
                text.rfind("\n", start - _CONTEXT, start) + 1,
                text.rfind("<", max(0, start - _CONTEXT), start),
                0,
            )
            or start
        )
        yield start, end


def _is_unique(text: str, start: int, end: int) -> bool:
    give_way()
    part = text[start:end]
    return bool(part.strip()) and text.find(part) == start and text.find(part, start + 1) < 0


def _joined(changed: Sequence[Region]) -> list[Region]:
    """Return at most MOST_HUNKS regions: those with the least between them become one."""
    gaps = sorted(range(1, len(changed)), key=lambda number: changed[number - 1].end - changed[number].start)
    kept = set(gaps[: MOST_HUNKS - 1])
    joined: list[Region] = []
    for number, region in enumerate(changed):
        if number and number not in kept:
            region = joined.pop()._replace(old_end=region.old_end, end=region.end)
        joined.append(region)
    return joined


def changed_places(old: Mapping[str, str], new: Mapping[str, str]) -> list[Place]:
    """Return where files differ from what they were, in the new ones; a place goes from tag to tag at most."""
    places: list[Place] = []
    for path, text in new.items():
        if path not in old:
            places.append(Place(path, 0, len(text)))
            continue
        end = -1
        for region in giving_way(regions(old[path], text), _YIELD_EVERY):
            if end >= 0 and "<" not in text[end : region.start]:
                places.append(places.pop()._replace(end=region.end))
            else:
                places.append(Place(path, region.start, region.end))
            end = region.end
    return places


def summary(places: Sequence[Place]) -> str:
    """Say in how many places files were changed."""
    return f"changed {len(places)} place{'' if len(places) == 1 else 's'}"
