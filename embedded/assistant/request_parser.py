"""Parses a request: splits it into clauses and finds the changes that each one asks for."""

import re

from embedded.assistant.briefs import NEW_PAGE
from embedded.assistant.changes import Change
from embedded.assistant.look_requests import looks_in
from embedded.assistant.section_names import mentioned
from embedded.assistant.text_requests import texts_in, unquoted
from embedded.assistant.trades import find_trade

VERBS = (
    "add|remove|delete|change|make|use|move|put|set|rename|create|build|include|give|replace|drop|hide|swap|write|"
    "insert|update|turn|call|switch|bring|take|get rid|place|keep"
)
BREAK = re.compile(
    rf"(?:[.;!?]|\n)+\s+|,?\s+(?:and then|and also|and|then|also|plus|but)\s+(?=(?:please\s+|also\s+)?(?:{VERBS})\b)"
    rf"|,\s*(?=(?:please\s+|also\s+)?(?:{VERBS})\b)",
    re.IGNORECASE,
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]{2,}’(?!\w)|(?<!\w)'[^'\n]{2,}'(?!\w)")

CREATE = re.compile(
    r"\b(?:create|build|make|design|generate|write|start|draft|need|want|like|set up|come up with|do)\b"
    r"(?:(?!\b(?:section|form)\b)[^.])*?"
    r"\b(?:landing ?page|home ?page|web ?site|web ?page|one[- ]pager|site|page|portfolio|online shop|web ?shop)\b",
    re.IGNORECASE,
)
PART_OF_PAGE = re.compile(
    r"\b(?:the|this|my|our|current|whole|entire)\s+(?:(?:landing|home|web)[ -]?)?(?:page|site|website)\b",
    re.I,
)
PAGE_FOR = re.compile(
    r"\b(?:page|site|website|portfolio|homepage|shop)\s+(?:for|about)\b|^\W*(?:for|it's|it is) ", re.I
)
REMOVE = re.compile(
    r"\b(?:remove|delete|drop|get rid of|take out|take away|hide|without|no more|lose|kill)\b", re.I
)
NOT_WANTED = re.compile(r"\b(?:without|but no|no)\s+(?:an?\s+|any\s+|the\s+)?([\w -]+)", re.I)
MOVE = re.compile(
    r"\b(?:move|put|place|bring|shift|show|want)\b(?P<what>.+?)\b(?P<where>above|before|below|after|beneath|under|"
    r"to the (?:very )?(?:top|beginning|start|bottom|end)|first|last|up|down)\b(?P<other>.*)",
    re.I,
)
SWAP = re.compile(r"\b(?:swap|switch|exchange)\b(?P<what>.+?)\b(?:and|with)\b(?P<other>.+)", re.I)
ADD = re.compile(
    r"\b(?:add|include|insert|create|build|make|give|need|want|like|put|with|show|write|have|missing|needs)\b",
    re.I,
)
CUSTOM = re.compile(
    r"\b(?:section|part|block|paragraph|chapter)\b(?:\s+(?:on|about|for|called|named|titled|with the (?:title|heading)|"
    r"explaining|describing))\s+(?P<title>.+)$",
    re.I,
)
UNDO = re.compile(
    r"^\W*(?:please\s+)?(?:undo|revert|go back|roll back|take (?:that|it|this) back|remove (?:that|it|this)(?: again)?|"
    r"never ?mind|put it back|(?:change|turn) (?:it|that) back|that was better before)\b",
    re.I,
)
RESPONSIVE = re.compile(
    r"\b(?:responsive|mobile[- ]?(?:friendly|ready|first|version|optimi[sz]ed)?|phones?|tablets?|small screens?)\b",
    re.I,
)
IT = re.compile(r"\b(?:it|that|this|them)\b", re.I)


def clauses(request: str) -> list[str]:
    """Cut a request into clauses, never inside quotation marks."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    parts = BREAK.split(QUOTED.sub(keep, request.strip()))
    whole = (re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], part).strip() for part in parts if part)
    return [part for part in whole if part]


def asks_to_undo(request: str) -> bool:
    return bool(UNDO.search(request)) and len(request.split()) < 14


def parse(request: str, has_page: bool, last_mentioned: str = "") -> list[Change]:
    """Return the changes a request asks for, none when it asks for none that we know.

    `last_mentioned` is the kind of section that "it" stands for.
    """
    found: list[Change] = []
    for clause in clauses(request):
        changes = clause_changes(clause, has_page, last_mentioned)
        found += changes
        has_page = has_page or any(change.verb == "create" for change in changes)
        last_mentioned = next((kind for kind in reversed(mentioned(bare(clause)))), last_mentioned)
    unique = list(dict.fromkeys(found))
    if not has_page and unique:
        return [Change("create"), *unique]
    return sorted(unique, key=lambda change: change.verb != "create")


def bare(clause: str) -> str:
    return QUOTED.sub(" ", clause)


def clause_changes(clause: str, has_page: bool, last_mentioned: str) -> list[Change]:
    texts = texts_in(clause, QUOTED)
    if texts:
        return texts
    plain = bare(clause)
    moved = moves_in(plain, last_mentioned)
    if moved:
        return moved
    if creates(plain, has_page):
        unwanted = {kind for match in NOT_WANTED.finditer(plain) for kind in mentioned(match[1])}
        wanted = [kind for kind in mentioned(CREATE.sub(" ", plain, count=1)) if kind not in unwanted]
        return [
            Change("create"),
            *(Change("add", kind) for kind in wanted if kind not in {"hero", "nav"}),
            *(Change("remove", kind) for kind in unwanted),
            *looks_in(plain),
            *responsive_in(plain),
        ]
    if REMOVE.search(plain):
        kinds = mentioned(plain) or ([last_mentioned] if IT.search(plain) and last_mentioned else [])
        return [Change("remove", kind) for kind in kinds]
    return [*added_in(clause, plain), *looks_in(plain), *responsive_in(plain)]


def creates(clause: str, has_page: bool) -> bool:
    found = CREATE.search(clause)
    if not has_page and not found:
        # "A page for our wedding", or just "coffee shop": where there is no page yet, that says it all.
        return bool(PAGE_FOR.search(clause)) or (len(clause.split()) <= 4 and find_trade(clause) is not None)
    if not found or (has_page and not NEW_PAGE.search(clause)):
        return False
    # "Make the page green" is about the page there is.
    return not (has_page and PART_OF_PAGE.search(found[0]))


def moves_in(clause: str, last_mentioned: str) -> list[Change]:
    if swap := SWAP.search(clause):
        what, other = mentioned(swap["what"]), mentioned(swap["other"])
        return [Change("move", what[0], where="swap", other=other[0])] if what and other else []
    found = MOVE.search(clause)
    if not found:
        return []
    what = mentioned(found["what"]) or (
        [last_mentioned] if IT.search(found["what"]) and last_mentioned else []
    )
    other = mentioned(found["other"])
    where = found["where"].lower()
    if not what or re.match(r"\s*(?:an?|another)\b", found["what"], re.I):
        return []
    if where in {"above", "before", "below", "after", "beneath", "under"}:
        side = "above" if where in {"above", "before"} else "below"
        return [Change("move", what[0], where=side, other=other[0])] if other else []
    ends = {
        "top": "first",
        "beginning": "first",
        "start": "first",
        "first": "first",
        "up": "up",
        "down": "down",
    }
    return [Change("move", what[0], where=ends.get(where.split()[-1], "last"))]


def added_in(clause: str, plain: str) -> list[Change]:
    kinds = mentioned(plain)
    if "banner" in kinds and ADD.search(plain):
        quoted = QUOTED.search(clause)
        said = quoted[0][1:-1] if quoted else re.split(r"\b(?:saying|says|that|:)\s*", clause, maxsplit=1)[-1]
        return [Change("add", "banner", said if quoted or said != clause else "")]
    custom = CUSTOM.search(clause)
    if custom and ADD.search(plain) and not mentioned(bare(custom["title"])):
        return [Change("add", "custom", unquoted(custom["title"]).strip(" .!?"))]
    short = len(plain.split()) <= 6
    return [Change("add", kind) for kind in kinds if kind != "hero"] if ADD.search(plain) or short else []


def responsive_in(clause: str) -> list[Change]:
    return [Change("responsive")] if RESPONSIVE.search(clause) else []
