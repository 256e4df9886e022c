"""The changes that a request asks for, in the order in which they are made."""

from dataclasses import dataclass

from embedded.assistant.facts import Entry


@dataclass(frozen=True)
class Change:
    """One change.

    verb: create, add, fill, remove, move, text, tell, rewrite, replace, rename, detail, colour, fonts, theme, mood,
    size, corners, spacing, motion or responsive; what: the part it concerns; value: what it becomes; where: for a
    move, `above`, `below`, `first` or `last`; other: the section it is moved past; entries: what a section is
    filled with.
    """

    verb: str
    what: str = ""
    value: str = ""
    where: str = ""
    other: str = ""
    entries: tuple[Entry, ...] = ()
