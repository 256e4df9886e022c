"""What the model is told about changes: how they reach the site, and what to do about those that didn't fit."""

from sitethread import errors, helpers
from sitethread.answers.turns import StartedTurn, texts_of

_NUMBER = "Change number {}: "
_NEAREST = "\nThe lines of the page that come nearest are:\n{}"
# Characters before and behind a target.
_AROUND = 600
_TARGET = (
    "The question is about one part of {path} alone. Change nothing else: changes outside of it, also of styles that"
    " others share, are left out.\n\nThe part:\n{1}\n\nRight before it:\n{0}\n\nRight behind it:\n{2}"
)
_AGAIN = (
    "None of your changes was made, as they don't all fit the page. {problem}\n\nWrite all changes of your answer"
    " again, so that each SEARCH is exactly as in the current page and is there once. Write nothing else: the rest of"
    " your answer is kept."
)
_WHOLE_PAGE = (
    "The changes don't fit the page either, and none was made. {problem}\n\nWrite the whole page with the changes in"
    " it, as one block that starts with ```html index.html and holds a complete document. Write nothing else."
)


def format_rules(*, makes_edits: bool) -> str:
    """Return how a change reaches the site: as edits, or only as whole pages."""
    return helpers.rules("edits" if makes_edits else "whole_pages")


def target_words(turn: StartedTurn) -> str:
    """Return what the question points at, with what stands around it; "" when it points at nothing."""
    target, files = turn.get("target"), texts_of(turn.get("page"))
    if target is None or target["path"] not in files:
        return ""
    text, start, end = files[target["path"]], target["start"], target["end"]
    around = text[max(start - _AROUND, 0) : start], text[start:end], text[end : end + _AROUND]
    return _TARGET.format(*map(in_tildes, around), path=target["path"])


def in_tildes(text: str) -> str:
    """Return a text in a fence that it doesn't have."""
    fence = "~~~"
    while fence in text:
        fence += "~"
    return f"{fence}html\n{text}\n{fence}"


def ask_for_edits(problem: errors.DomainError) -> str:
    """Ask for all edits of an answer anew, saying why they weren't made."""
    return _AGAIN.format(problem=_told(problem))


def ask_for_page(problem: errors.DomainError) -> str:
    """Ask for the whole page in place of edits that don't fit."""
    return _WHOLE_PAGE.format(problem=_told(problem))


def _told(problem: errors.DomainError) -> str:
    index, nearest = problem.extra.get("index"), problem.extra.get("nearest")
    number = _NUMBER.format(index + 1) if isinstance(index, int) else ""
    lines = "\n".join(f"> {line}" for line in nearest) if isinstance(nearest, list) else ""
    return f"{number}{problem.message}{_NEAREST.format(lines) if lines else ''}"
