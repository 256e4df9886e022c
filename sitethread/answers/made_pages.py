"""What an answer makes of the page: its edits and whole pages, applied to the files that its turn was given.

Where they don't fit, a mark is put behind them, and the model writes them again: only what follows the last mark
counts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sitethread import errors
from sitethread.answers.turns import StartedTurn, files_of
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.edits.changes import Change, Edit, Page
from sitethread.edits.rewriting import changed_places
from sitethread.limits import LIMITS
from sitethread.messages import AnswerChanges, ChangedPlace
from sitethread.scheduling import giving_way
from sitethread.versions import INDEX

# Of an answer that changes more places, one place a file is told: from the first to the last.
MOST_PLACES = 50

_MARK = "{end}\n\n```again\nThese changes were not made: {why} Here they are again.\n```\n\n"
_MARKS = re.compile(r"^```again\n[^\n]*\n```$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,})([^\n]*)$", re.MULTILINE)
# About 5 ms of fences.
_YIELD_EVERY = 10_000
_NOTHING = "There are no changes where they were to be written again."
# Of a whole page, characters to a token: as private.settle() guesses.
_CHARACTERS = 4


class Made(NamedTuple):
    files: dict[str, str]
    changes: AnswerChanges


def made(text: str, turn: StartedTurn) -> Made | None:
    """Return what an answer makes of the files of its turn, or None when it changes none, or none of a website.

    Raise EditNotFound, EditAmbiguous, EditBreaksPage or InvalidField where its changes don't fit.
    """
    if turn["website"] is None or len(text) > LIMITS.answer:
        return None
    changes = _changes(text)
    if not changes or _had_made(changes, turn):
        return None
    return _applied(changes, files_of(turn))


def whole_pages(text: str, turn: StartedTurn) -> Made | None:
    """Return what an answer that did not complete makes: its complete pages, as edits are made all or none."""
    try:
        changes = _changes(text) if turn["website"] and len(text) <= LIMITS.answer else []
    except errors.DomainError:
        return None
    if not changes or any(isinstance(change, Edit) for change in changes) or _had_made(changes, turn):
        return None
    return _applied(changes, files_of(turn))


def mark(text: str, problem: errors.DomainError) -> str:
    """Return what is put behind changes that don't fit, outside of any block that has no end."""
    fence = ""
    for found in giving_way(_FENCE.finditer(text), _YIELD_EVERY):
        if not fence:
            fence = found[1]
        elif len(found[1]) >= len(fence) and not found[2].strip():
            fence = ""
    why = " ".join(problem.message.replace("`", "'").split())
    return _MARK.format(end=f"\n{fence}" if fence else "", why=why)


def tries_in(text: str) -> int:
    """Return how often the changes of an answer were asked for again."""
    return len(_MARKS.findall(text))


def _changes(text: str) -> list[Change]:
    """Return the changes that count; raise EditNotFound where there are none behind a mark."""
    behind = max((found.end() for found in _MARKS.finditer(text)), default=0)
    changes = changes_in(text[behind:])
    if behind and not changes:
        raise errors.EditNotFound(_NOTHING)
    return changes


def _had_made(changes: Sequence[Change], turn: StartedTurn) -> bool:
    """Whether an answer that was continued had made a version of the same changes."""
    answer = turn["answer"]
    if not answer["version_id"]:
        return False
    try:
        return _changes(answer["content"]) == changes
    except errors.DomainError:
        return False


def _applied(changes: Sequence[Change], files: Mapping[str, str]) -> Made:
    new = apply(files, _as_first_page(changes, files))
    return Made(new, _told(files, new, changes))


def _as_first_page(changes: Sequence[Change], files: Mapping[str, str]) -> Sequence[Change]:
    """Call the first page of a website index.html, whatever its answer calls it."""
    if INDEX in files or len(changes) != 1 or not isinstance(changes[0], Page):
        return changes
    return [Page(INDEX, changes[0].html)]


def _told(old: Mapping[str, str], new: Mapping[str, str], changes: Sequence[Change]) -> AnswerChanges:
    places: list[ChangedPlace] = [
        {"path": place.path, "start": place.start, "end": place.end} for place in changed_places(old, new)
    ]
    return {"places": _bounded(places), "left_out": [], "tokens_saved": _tokens_saved(new, changes)}


def _bounded(places: Sequence[ChangedPlace]) -> list[ChangedPlace]:
    if len(places) <= MOST_PLACES:
        return [*places]
    whole: dict[str, ChangedPlace] = {}
    for place in places:
        first = whole.setdefault(place["path"], place)
        whole[place["path"]] = {**first, "end": place["end"]}
    return [*whole.values()][:MOST_PLACES]


def _tokens_saved(files: Mapping[str, str], changes: Sequence[Change]) -> int:
    written = {change.path for change in changes if isinstance(change, Page)}
    edits = [change for change in changes if isinstance(change, Edit) and change.path not in written]
    pages = sum(len(files[path]) for path in {edit.path for edit in edits})
    return max(pages - sum(len(edit.find) + len(edit.replace) for edit in edits), 0) // _CHARACTERS
