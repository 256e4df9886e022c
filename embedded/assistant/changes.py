"""The changes that a request asks for, in the order in which they are made."""

from dataclasses import dataclass

from embedded.assistant.facts import Entry

# What comes of a change: the key of a reply, and the words it is said with.
Said = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Change:
    """One change.

    verb: a key of `edits.DOERS`, or create or cannot; what: the part it concerns; value: what it becomes; where: for
    a move, `above`, `below`, `first` or `last`; other: the section it is moved past; entries: what a section is
    filled with.
    """

    verb: str
    what: str = ""
    value: str = ""
    where: str = ""
    other: str = ""
    entries: tuple[Entry, ...] = ()


def said(key: str, **words: str) -> Said:
    return key, words
