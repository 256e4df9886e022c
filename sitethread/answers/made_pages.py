"""What an answer makes of the page: its edits and whole pages, applied to the files that its turn was given.

Where they don't fit, a mark is put behind them, and the model writes them again: only what follows the last mark
counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sitethread import errors
from sitethread.answers.turns import CurrentPage, LocatedTarget, StartedTurn, assets_of, texts_of, unseen_in
from sitethread.edits.answers import changes_in
from sitethread.edits.applying import apply
from sitethread.edits.changes import Change, Edit, Page, Place
from sitethread.edits.rewriting import changed_places
from sitethread.edits.sections import also_changed
from sitethread.edits.targets import apply_within, locate
from sitethread.library.additions import Standing, additions, standing_in
from sitethread.library.links import brought_home, icons_linked, moved, with_icons_linked
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
_UNSEEN = "The page is too long to be edited here."
# Of a whole page, characters to a token: as private.settle() guesses.
_CHARACTERS = 4


class Made(NamedTuple):
    """The files that an answer makes by its edits and pages, and what these change."""

    files: dict[str, str]
    changes: AnswerChanges
    by: Sequence[Change]


def made(text: str, turn: StartedTurn) -> Made | None:
    """Return what an answer makes of the files of its turn, or None when it changes none, or none of a website.

    Raise EditNotFound, EditAmbiguous, EditBreaksPage or InvalidField where its changes don't fit.
    """
    if turn["website"] is None or len(text) > LIMITS.answer:
        return None
    changes = _changes(text)
    if not changes or _had_made(changes, turn):
        return None
    if is_unseen(turn) and any(isinstance(change, Edit) for change in changes):
        raise errors.EditNotFound(_UNSEEN)
    return _applied(changes, turn["page"], turn)


def is_unseen(turn: StartedTurn) -> bool:
    """Whether there is a page that was too long to be shown to the model, and no part of a file was."""
    return "too_long" in (turn["page"] or {}) and not unseen_in(turn["page"])


def whole_pages(text: str, turn: StartedTurn) -> Made | None:
    """Return what an answer that did not complete makes: its complete pages, as edits are made all or none."""
    try:
        changes = _changes(text) if turn["website"] and len(text) <= LIMITS.answer else []
        if not changes or any(isinstance(change, Edit) for change in changes) or _had_made(changes, turn):
            return None
        return _applied(changes, turn["page"], turn)
    except errors.DomainError:
        return None


def made_onto(page: CurrentPage | None, first: Made, turn: StartedTurn) -> Made:
    """Return what an answer makes of another page, that became current while it was written.

    Raise Conflict for a page that was written whole where texts have changed, not pictures alone; TargetStale, and
    what `made` raises.
    """
    is_whole = any(isinstance(change, Page) for change in first.by)
    if is_whole and texts_of(page) != texts_of(turn["page"]):
        raise errors.Conflict
    target = turn.get("target")
    if target is not None:
        path = target["path"]
        place = locate(Place(**target), texts_of(turn["page"])[path], texts_of(page).get(path, ""))
        target = {"path": path, "start": place.start, "end": place.end}
    return _applied(first.by, page, turn, target)


def all_made(text: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return files with all changes of an answer, also what it left out; raise what `made` raises."""
    new = brought_home(files, apply(files, _as_first_page(_changes(text), files)))
    return with_icons_linked(new, icons_linked(files, new))


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


def _applied(
    changes: Sequence[Change],
    page: CurrentPage | None,
    turn: StartedTurn,
    target: LocatedTarget | None = None,
) -> Made:
    files = texts_of(page)
    target = target or turn.get("target")
    changes = _as_first_page(changes, files)
    if target is None:
        new = apply(files, changes, _others_in(page))
        left_out = list[Place]()
    else:
        new, _, left_out = apply_within(files, changes, Place(**target))
    new = brought_home(files, new)
    # What we add for the library is no change of the answer's, and so it isn't told, nor outside of a target.
    links = icons_linked(files, new)
    places, new = moved(changed_places(files, new), links), with_icons_linked(new, links)
    changed = {path: text for path, text in new.items() if text != files.get(path)}
    told: AnswerChanges = {
        "places": _told(places),
        "left_out": _told(left_out),
        "tokens_saved": _tokens_saved(new, changes),
    }
    if not target:
        question = turn["user_message"]["content"]
        others = also_changed(files.get(INDEX, ""), new.get(INDEX, ""), question)
        if sections := [*dict.fromkeys(other.section for other in others)]:
            told["also_changed"] = sections
    unseen = unseen_in(page)
    made = {path: text for path, text in new.items() if text != unseen.get(path)}
    return Made({**made, **additions(changed, _standing(page))}, told, changes)


def _others_in(page: CurrentPage | None) -> set[str]:
    """Return the paths of files that can't be written: those of the library, and those that are no text."""
    library = page.get("library", {}) if page else {}
    return {asset["path"] for asset in assets_of(page)} | (library.keys() - texts_of(page).keys())


def _standing(page: CurrentPage | None) -> Standing:
    library, room = (page.get("library", {}), page.get("room")) if page else ({}, None)
    known = standing_in({**library, **texts_of(page)}, _others_in(page))
    return known if room is None else replace(known, room=room)


def _as_first_page(changes: Sequence[Change], files: Mapping[str, str]) -> Sequence[Change]:
    """Call the first page of a website index.html, whatever its answer calls it."""
    if INDEX in files or len(changes) != 1 or not isinstance(changes[0], Page):
        return changes
    return [Page(INDEX, changes[0].html)]


def _told(places: Sequence[Place]) -> list[ChangedPlace]:
    """Return places as they are told: of more than MOST_PLACES, one a file, from its first to its last."""
    if len(places) > MOST_PLACES:
        whole: dict[str, Place] = {}
        for place in places:
            whole[place.path] = whole.get(place.path, place)._replace(end=place.end)
        places = [*whole.values()][:MOST_PLACES]
    return [{"path": place.path, "start": place.start, "end": place.end} for place in places]


def _tokens_saved(files: Mapping[str, str], changes: Sequence[Change]) -> int:
    written = {change.path for change in changes if isinstance(change, Page)}
    edits = [change for change in changes if isinstance(change, Edit) and change.path not in written]
    pages = sum(len(files.get(path, "")) for path in {edit.path for edit in edits})
    return max(pages - sum(len(edit.find) + len(edit.replace) for edit in edits), 0) // _CHARACTERS
