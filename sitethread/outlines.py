"""The outline of a page: its title and headings, with the ids of their sections."""

from collections.abc import Iterator
from typing import NamedTuple

from turbohtml import Token, TokenType, tokenize

from sitethread.scheduling import giving_way

MOST_LINES = 60
LINE_CHARACTERS = 80
_LEVELS = {"title": 0, "h1": 1, "h2": 2, "h3": 3}
_SECTIONS = frozenset({"header", "main", "section", "article", "aside", "footer", "form", "div"})
# About 5 ms of tokens.
_YIELD_EVERY = 2_000


class Heading(NamedTuple):
    """`level` is 0 for the title; `anchor` is the id that leads there, or empty."""

    level: int
    text: str
    anchor: str


def outline_of(html: str) -> str:
    """Return a line for each heading, indented by its level, the title first; at most MOST_LINES."""
    lines = list[str]()
    for level, text, anchor in headings(html):
        if len(lines) == MOST_LINES:
            lines.append("…")
            break
        lines.append("  " * level + text + (f" (#{anchor})" if anchor else ""))
    return "\n".join(lines)


def headings(html: str) -> Iterator[Heading]:
    """Yield the title and the headings that have a text, in one pass, during which other requests run."""
    open_tag, anchor, pieces = "", "", list[str]()
    for token in giving_way(tokenize(html), _YIELD_EVERY):
        tag = token.tag or ""
        if token.type == TokenType.START_TAG:
            if tag in _LEVELS:
                open_tag, pieces = tag, []
                anchor = _id_of(token) or anchor
            elif tag in _SECTIONS and not open_tag:
                anchor = _id_of(token) or anchor
        elif token.type == TokenType.TEXT and open_tag and len(pieces) < LINE_CHARACTERS:
            pieces.append((token.data or "")[:LINE_CHARACTERS])
        elif token.type == TokenType.END_TAG and tag == open_tag:
            text = " ".join("".join(pieces).split())[:LINE_CHARACTERS]
            if text:
                yield Heading(_LEVELS[tag], text, anchor)
            open_tag, anchor = "", ""


def _id_of(token: Token) -> str:
    found = next((value for name, value in token.attrs or () if name == "id"), None)
    return " ".join((found or "").split())[:LINE_CHARACTERS]
