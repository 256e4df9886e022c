"""Parses a request about one part of a page: what is to become of it, or of its heading, text, link or picture."""

import re
from collections.abc import Callable
from itertools import islice

from embedded.assistant.changes import Change
from embedded.assistant.look_requests import LOOKS, find_colours
from embedded.assistant.look_requests import P as LOOK
from embedded.assistant.patterns import PARTS, patterns
from embedded.assistant.readings import Reading, plain
from embedded.assistant.request_parser import QUOTED, Clause, bare, content, cut
from embedded.assistant.request_parser import P as REQUEST
from embedded.assistant.text_requests import P as TEXT
from embedded.assistant.text_requests import about_looks, unquoted

P = patterns(
    "target_requests",
    to=PARTS["text_requests"]["to"],
    verbs=PARTS["request_parser"]["verbs"],
    shorter=PARTS["helpers"]["shorter"],
)
KINDS = {kind: re.compile(rf"(?i)\b(?:{words})\b") for kind, words in PARTS["target_kinds"].items()}
WORDED = ("heading", "text", "link", "price")


def parse(reading: Reading) -> list[Clause]:
    """Return the clauses of a request, each with the change of the part that it asks for, if it asks for one."""
    english = plain(reading.language.english(reading.asked))
    pictures = reading.pictures[:1]
    sentences = cut(REQUEST.sentence_ends, english)
    clauses = [clause for sentence in sentences for clause in cut(P.breaks, sentence)]
    return [Clause(clause, tuple(changes_in(clause))) for clause in clauses] + [
        Clause(one.value, (one,)) for one in pictures
    ]


def changes_in(clause: str) -> list[Change]:
    if REQUEST.negated.search(clause) or REQUEST.question.search(clause):
        return []
    found = (read(clause) for read in READERS)
    return [*islice(filter(None, found), 1)]


def kind_in(text: str) -> str:
    """Return the kind of element that a text names first, "" for none."""
    found = [(match.start(), kind) for kind, words in KINDS.items() if (match := words.search(text))]
    return min(found, default=(0, ""))[1]


def value_of(found: re.Match[str], clause: str) -> str:
    """Return the words that are to be shown; "" where a wish is described, such as "shorter" or "green"."""
    quotes = QUOTED.findall(clause)
    if quotes:
        return unquoted(quotes[-1])
    value = unquoted(found["value"]).rstrip(" .")
    return "" if TEXT.vague.match(value) or about_looks(value) else value


def described(clause: str) -> Change | None:
    found = P.described.search(clause)
    return Change("alt", "picture", value_of(found, clause)) if found else None


def linked(clause: str) -> Change | None:
    found = None if REQUEST.remove.search(clause) else P.linked.search(clause)
    return Change("href", "link", found["address"].rstrip(".,;!")) if found else None


def removed(clause: str) -> Change | None:
    found = REQUEST.remove.search(clause)
    return Change("remove", *named(REQUEST.remove.sub(" ", clause))) if found else None


def copied(clause: str) -> Change | None:
    return Change("copy", *named(P.copied.sub(" ", clause))) if P.copied.search(clause) else None


def named(text: str) -> tuple[str, str]:
    """Return which element is named: its kind, and its words; neither when it is the whole part."""
    quotes = [unquoted(quote) for quote in QUOTED.findall(text)]
    words = content(P.whole.sub(" ", bare(text)))
    kind = kind_in(bare(text))
    return kind, " ".join(quotes or ([] if kind else words))


def shortened(clause: str) -> Change | None:
    return Change("shorten", kind_in(clause)) if P.shorter.search(clause) else None


def swapped(clause: str) -> Change | None:
    quotes = QUOTED.findall(clause)
    is_swap = len(quotes) == 2 and TEXT.replace.search(clause)
    return Change("replace", unquoted(quotes[0]), unquoted(quotes[1])) if is_swap else None


def worded(clause: str) -> Change | None:
    """Return the change that gives an element other words."""
    kind = kind_in(bare(clause))
    if kind in WORDED:
        asks = rf"(?is)\b(?:{PARTS['target_kinds'][kind]})\b[^\"“]*?(?:{TEXT.to.pattern})\s*(?P<value>.+)$"
        found = re.search(asks, clause) if TEXT.change.search(clause) else None
    else:
        kind, found = "", P.says.search(clause)
    value = value_of(found, clause) if found else ""
    return Change("text", kind, value) if value else None


def coloured(clause: str) -> Change | None:
    found = find_colours(bare(clause))
    if not found:
        return None
    name, shade = found[0]
    if LOOK.background.search(clause):
        return Change("colour", "background", LOOKS["papers"].get(name, shade), where=name)
    return Change("colour", kind_in(clause), shade, where=name)


def reworded(clause: str) -> Change | None:
    found = REQUEST.swap_words.match(clause)
    if not found or REQUEST.it.match(found["old"]):
        return None
    return Change("replace", found["old"].strip(), found["new"].strip())


READERS: tuple[Callable[[str], Change | None], ...] = (
    described, linked, swapped, worded, removed, copied, shortened, coloured, reworded,
)  # fmt: skip
