"""Changes are kept within what a question points at: an element of a page."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from sitethread import errors
from sitethread.edits import tags
from sitethread.edits.applying import apply
from sitethread.edits.changes import Change, Place, Span
from sitethread.edits.differences import Region, regions
from sitethread.edits.nearest import lines_at
from sitethread.edits.problems import new_problems
from sitethread.edits.rewriting import changed_places
from sitethread.scheduling import giving_way

_NO_TARGET = "The target must be a part of the file."
# About 5 ms of changes.
_YIELD_EVERY = 2_000
_SHARED = frozenset({"style", "link"})


class Guarded(NamedTuple):
    """The files with the changes inside the target, where these are, and where the old files would have changed."""

    files: dict[str, str]
    places: list[Place]
    left_out: list[Place]


def locate(target: Place, was: str, now: str) -> Place:
    """Return where a target is in a file that may have changed since; raise TargetStale unless it is there once."""
    if not 0 <= target.start < target.end <= len(was):
        raise errors.InvalidField(_NO_TARGET, field="target")
    if was == now:
        return target
    text = was[target.start : target.end]
    start = now.find(text)
    if start < 0 or now.find(text, start + 1) >= 0:
        raise errors.TargetStale
    return Place(target.path, start, start + len(text))


def apply_within(files: Mapping[str, str], changes: Sequence[Change], target: Place) -> Guarded:
    """Apply changes as `apply` does, and keep those inside the target; a style is shared, and so outside.

    Raise what `apply` raises, InvalidField for a target in a file that isn't there, and EditBreaksPage where what is
    left would end the target's element, or an outer one.
    """
    if target.path not in files:
        raise errors.InvalidField(_NO_TARGET, field="target")
    edited = apply(files, changes)
    kept, left_out = dict(files), []
    for path, text in edited.items():
        old = files.get(path)
        if old is None:
            left_out.append(Place(path, 0, 0))
            continue
        inside, outside = _parted(old, text, target if path == target.path else None)
        left_out += [Place(path, region.old_start, region.old_end) for region in outside]
        kept[path] = _with(old, text, inside)
    _check(files[target.path], kept[target.path], target)
    return Guarded(kept, changed_places(files, kept), left_out)


def _parted(old: str, new: str, target: Place | None) -> tuple[list[Region], list[Region]]:
    if target and new == old[: target.start] + old[target.end :]:
        # Next to its like, what is taken away could also be told from before the target on, or to behind it.
        return [Region(target.start, target.end, target.start, target.start)], []
    changed = regions(old, new)
    if target is None or not changed:
        return [], changed
    old_shared, shared = _shared(old), _shared(new)
    inside: list[Region] = []
    outside: list[Region] = []
    for region in giving_way(changed, _YIELD_EVERY):
        is_shared = _meets(old_shared, region.old_start, region.old_end) or _meets(
            shared, region.start, region.end
        )
        (outside if is_shared or not _is_inside(region, target) else inside).append(region)
    return inside, outside


def _is_inside(region: Region, target: Place) -> bool:
    """Whether a region is in the target; what is added right before or behind it is not."""
    if region.old_start == region.old_end:
        return target.start < region.old_start < target.end
    return target.start <= region.old_start and region.old_end <= target.end


def _shared(html: str) -> list[Span]:
    """Return where the shared elements are, in order; of one inside of another, the outer."""
    found: list[Span] = []
    for element in giving_way(tags.read(html, _SHARED).elements, _YIELD_EVERY):
        if not found or element.start >= found[-1].end:
            found.append(Span(element.start, element.end))
    return found


def _meets(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether one of the spans is in a part of the source, or around it."""
    before = bisect_left(spans, max(end, start + 1), key=itemgetter(0))
    return before > 0 and start < spans[before - 1].end


def _with(old: str, new: str, changed: Sequence[Region]) -> str:
    pieces, done = [], 0
    for region in giving_way(changed, _YIELD_EVERY):
        pieces += [old[done : region.old_start], new[region.start : region.end]]
        done = region.old_end
    return "".join([*pieces, old[done:]])


def _check(old: str, new: str, target: Place) -> None:
    end = target.end + len(new) - len(old)
    problems = new_problems(old[target.start : target.end], new[target.start : end])
    places = [target.start + problem.start for problem in problems] or [
        problem.start for problem in new_problems(old, new)
    ]
    if places:
        raise errors.EditBreaksPage(nearest=lines_at(new, places))
