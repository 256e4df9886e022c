"""Parses a request: splits it into clauses and finds the changes that each one asks for."""

import re
import tomllib
from dataclasses import dataclass

from embedded.assistant.changes import Change
from embedded.assistant.facts import CUT, Entry, V, item_name
from embedded.assistant.look_requests import looks_in
from embedded.assistant.readings import NEW_PAGE, Reading, plain
from embedded.assistant.section_names import SECTION_WORDS, VOCABULARY, mentioned
from embedded.assistant.text_requests import texts_in, unquoted
from embedded.assistant.trades import find_trade

WORDS = tomllib.loads((VOCABULARY / "words.toml").read_text(encoding="utf-8"))
STOP = frozenset(WORDS["stop"].split())
BESIDE = frozenset(WORDS["beside"].split())
WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")

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
    r"\b(?:section|part|block|paragraph|chapter|something|some text|a few words|a text)\b(?:\s+(?:on|about|for|called|named|titled|with the (?:title|heading)|"
    r"explaining|describing))\s+(?P<title>.+?)(?:[,:]?\s+(?:saying|that says|with the text|reading)[:,]?\s+(?P<text>.+))?$",
    re.I,
)
SAY = re.compile(
    r"^\W*(?:please\s+)?(?:add|put|write|insert|include)\s+(?P<said>.+?)\s+(?:to|in|into|on|at|under)\s+(?:the|our|my)\s+(?P<where>[\w -]+?)\W*$",
    re.I,
)
SWAP_WORDS = re.compile(
    r"^\W*(?:please\s+)?(?:change|replace|swap|rename|correct)\s+(?:the |our |my )?(?P<old>[^“”]{2,60}?)\s+(?:to|with|by|into|for)\s+(?P<new>[^“”]{1,120}?)\W*$",
    re.I,
)
REWRITE = re.compile(r"\b(?:re)?(?:write|word|phrase|do)\b|\bimprove\b", re.I)
NEGATED = re.compile(r"^\W*(?:please\s+)?(?:don[’']?t|do not|never)\b(?!.*\bforget\b)", re.I)
TELLS = re.compile(rf"^\W*(?:{V['tells']})(?!\w)", re.I)
RELATIVE = re.compile(rf"(?:^|[\s,])(?P<said>(?:{V['relative']})\s+[^,.;:!?\x1f“]+)", re.I)
ORDINAL = re.compile(rf"\b(?:{'|'.join(WORDS['ordinals'])})\b", re.I)
TOLD = re.compile(
    r"\b(?:(?:tell|inform) (?:the |our |my )?(?:visitors|people|customers|guests|everyone|everybody|them|clients)|let (?:\w+ )?(?:visitors|people|customers|guests|everyone) know"
    r"|mention|state|point out|make (?:it )?clear|say|write)(?: \w+ \w+ \w+)? that (?P<said>.+)$",
    re.I,
)
UNDO = re.compile(
    r"^\W*(?:please\s+)?(?:undo|revert|go back(?! to)|roll back|take (?:that|it|this) back|remove (?:that|it|this)(?: again)?\W*$|"
    r"never ?mind|put it back|(?:change|turn) (?:it|that) back|that was better before)\b",
    re.I,
)
REDO = re.compile(
    r"^\W*(?:please\s+)?(?:redo|do (?:it|that) again|undo the undo|bring (?:it|that) back)\b", re.I
)
VERSION = re.compile(
    r"\b(?:go|get|take me|switch|bring|restore|revert|back|roll)\b.*\b(?:version\s*(?P<number>\d+)|(?P<first>(?:first|original|very first) (?:version|page)))",
    re.I,
)
RESPONSIVE = re.compile(
    r"\b(?:responsive|mobile[- ]?(?:friendly|ready|first|version|optimi[sz]ed)?|phones?|tablets?|small screens?)\b",
    re.I,
)
IT = re.compile(r"\b(?:it|that|this|them)\b", re.I)


@dataclass(frozen=True)
class Clause:
    """A part of a request, in English, and the changes it asks for."""

    text: str
    changes: tuple[Change, ...]


def sentences(text: str) -> list[str]:
    """Cut a text at the ends of its sentences, never inside quotation marks."""
    return cut(re.compile(r"(?<=[.;!?。！？])(?<!\b\w\.)\s+|(?<=[。！？])|\n+"), text)


def clauses(sentence: str) -> list[str]:
    return cut(BREAK, sentence)


def cut(pattern: re.Pattern[str], text: str) -> list[str]:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    parts = pattern.split(QUOTED.sub(keep, text.strip()))
    whole = (re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], part).strip() for part in parts if part)
    return [part for part in whole if part]


def asks_to_undo(request: str) -> bool:
    return bool(UNDO.search(request)) and not VERSION.search(request) and len(request.split()) < 14


def asks_to_redo(request: str) -> bool:
    return bool(REDO.search(request)) and len(request.split()) < 8


def parse(reading: Reading, has_page: bool, last_mentioned: str = "") -> tuple[list[Change], list[Clause]]:
    """Return the changes a request asks for, none when it asks for none that we know, and the clauses they come from.

    `last_mentioned` is the kind of section that "it" stands for.
    """
    read: list[Clause] = []
    for sentence in sentences(reading.facts.rest):
        read += sentence_clauses(reading, sentence, has_page, last_mentioned)
        has_page = has_page or any(change.verb == "create" for clause in read for change in clause.changes)
        last_mentioned = next(
            (kind for clause in reversed(read) for kind in reversed(mentioned(bare(clause.text)))),
            last_mentioned,
        )
    found = with_facts([change for clause in read for change in clause.changes], reading)
    unique = list(dict.fromkeys(found))
    if unique and not any(change.verb == "create" for change in unique) and not has_page:
        unique = (
            [Change("create"), *unique]
            if any(change.verb not in {"cannot", "tell"} for change in unique)
            else []
        )
    unique = [change for change in unique if change.verb != "tell" or change.where or has_page]
    return sorted(unique, key=lambda change: (change.verb != "create", change.verb in {"detail"})), read


def sentence_clauses(reading: Reading, sentence: str, has_page: bool, last_mentioned: str) -> list[Clause]:
    found: list[Clause] = []
    relative = RELATIVE.search(sentence)
    told = (
        sentence.replace(relative["said"], " ")
        if relative and len(relative["said"].split()) > 2
        else sentence
    )
    for clause in clauses(plain(reading.language.english(told.replace(CUT, ",")))):
        changes = clause_changes(clause, has_page, last_mentioned)
        has_page = has_page or any(change.verb == "create" for change in changes)
        last_mentioned = next(iter(reversed(mentioned(bare(clause)))), last_mentioned)
        found.append(Clause(clause, tuple(changes)))
    changed = any(clause.changes for clause in found)
    if (
        told != sentence
        and relative
        and any(change.verb == "create" for clause in found for change in clause.changes)
    ):
        return [*found, Clause("", (Change("tell", "relative", relative["said"].strip(), "first"),))]
    if not changed and TELLS.match(sentence) and len(content(sentence)) > (2 if CUT in sentence else 0):
        start = reading.facts.rest.find(sentence)
        said = reading.asked[start : start + len(sentence)]
        return [
            Clause(
                "",
                (
                    Change(
                        "tell",
                        value=said,
                        where="first" if NEW_PAGE.search(reading.english) or not has_page else "",
                    ),
                ),
            )
        ]
    return found


def with_facts(changes: list[Change], reading: Reading) -> list[Change]:
    """Put the facts of a request among its changes, in place of sections that would hold samples."""
    facts, filled = reading.facts, list(reading.facts.entries)
    others = {"menu": "pricing", "pricing": "menu"}
    kept = [
        change
        for change in changes
        if change.verb != "add"
        or (change.what not in filled and others.get(change.what) not in filled)
        or change.where == "another"
    ]
    adds = re.search(
        r"\b(?:to|on|onto) (?:the|our|my) (?:menu|list|team|faq|prices|schedule|services|plans|pricing)\b|\b(?:another|also|one more)\b",
        reading.english,
        re.I,
    )
    for kind, entries in facts.entries.items():
        how = (
            "update"
            if facts.changes_only and kind in {"menu", "pricing"}
            else "append"
            if kind != "hours" and (adds or is_one_more(kind, entries, reading))
            else "replace"
        )
        kept.append(Change("fill", kind, where=how, entries=tuple(entries)))
    texts = [Change("text", "eyebrow", value) for what, value in facts.details.items() if what == "date"]
    return (
        kept
        + texts
        + [Change("detail", what, value) for what, value in facts.details.items() if what != "date"]
    )


def is_one_more(kind: str, entries: list[Entry], reading: Reading) -> bool:
    return len(entries) == 1 and kind not in mentioned(reading.english)


def bare(clause: str) -> str:
    return QUOTED.sub(" ", clause)


def content(clause: str) -> list[str]:
    return [word for word in WORD.findall(clause) if word.lower() not in STOP]


def clause_changes(clause: str, has_page: bool, last_mentioned: str) -> list[Change]:
    texts = texts_in(clause, QUOTED)
    if texts:
        return texts
    if NEGATED.search(clause):
        return []
    if has_page and (told := TOLD.search(clause)) and not QUOTED.search(clause):
        return [Change("tell", value=told["said"])]
    refused, clause = cannot_in(clause, has_page)
    plain_clause = bare(clause)
    moved = moves_in(plain_clause, last_mentioned)
    if moved:
        return [*refused, *moved]
    if creates(plain_clause, has_page):
        unwanted = {kind for match in NOT_WANTED.finditer(plain_clause) for kind in mentioned(match[1])}
        wanted = [kind for kind in mentioned(CREATE.sub(" ", plain_clause, count=1)) if kind not in unwanted]
        return [
            Change("create"),
            *(Change("add", kind) for kind in wanted if kind not in {"hero", "nav"}),
            *(Change("remove", kind) for kind in unwanted),
            *looks_in(plain_clause),
            *responsive_in(plain_clause),
            *refused,
        ]
    if REMOVE.search(plain_clause):
        return [*refused, *removed_in(clause, last_mentioned)]
    looks = [*looks_in(plain_clause), *responsive_in(plain_clause)]
    added = (
        []
        if any(change.verb == "colour" and change.what in SECTION_WORDS for change in looks)
        else added_in(clause, plain_clause)
    )
    found = [*added, *looks]
    if (
        not found
        and not refused
        and has_page
        and (swap := SWAP_WORDS.match(clause))
        and not IT.match(swap["old"])
    ):
        found = [Change("replace", swap["old"].strip(), swap["new"].strip())]
    return [*refused, *found]


def cannot_in(clause: str, has_page: bool) -> tuple[list[Change], str]:
    """Return what is asked for that no demo can do, and the clause without it."""
    found = []
    for entry in WORDS["cannot"]:
        for match in re.finditer(entry["asks"], bare(clause), re.I):
            if has_page or not entry.get("only_with_page"):
                found.append(Change("cannot", match[0], entry["say"]))
                clause = clause if entry.get("keeps") else clause.replace(match[0], " ")
    return found, clause


def removed_in(clause: str, last_mentioned: str) -> list[Change]:
    """Return what is to go: whole sections, or the one entry or line that the words name."""
    clause = REMOVE.sub(" ", clause)
    place = re.search(
        r"^(?P<named>.*)\b(?:from|in|of|on|out of)\s+(?:the|our|my)\s+(?P<where>[\w -]+?)\W*$",
        clause,
        re.I | re.S,
    )
    within = next(iter(mentioned(place["where"])), "") if place else ""
    named = place["named"] if place and within else clause
    quoted = [unquoted(match[0]) for match in QUOTED.finditer(named)]
    named = bare(named)
    kinds = mentioned(named)
    known = {word for kind in kinds for phrase in SECTION_WORDS[kind] for word in phrase.split()}
    words = [
        word
        for word in content(named)
        if word.lower() not in BESIDE | known and word.lower().rstrip("s") not in known
    ]
    details = [
        name
        for name, pattern in (
            ("phone", r"\b(?:phone|telephone)"),
            ("email", r"\be-?mail"),
            ("address", r"\baddress"),
        )
        if re.search(pattern, named, re.I)
    ]
    if details and not words:
        return [Change("remove", value=f"@{name}") for name in details]
    if (which := ORDINAL.search(named)) and (kinds or within):
        return [Change("remove", (kinds or [within])[0], f"#{WORDS['ordinals'][which[0].lower()]}")]
    if quoted or words:
        return [Change("remove", within or "", " ".join(quoted or words))]
    kinds = kinds or ([last_mentioned] if IT.search(named) and last_mentioned else [])
    return [Change("remove", kind) for kind in kinds]


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
        return [
            Change(
                "add", "custom", unquoted(custom["title"]).strip(" .!?"), other=unquoted(custom["text"] or "")
            )
        ]
    if (
        (said := SAY.match(clause))
        and (where := mentioned(said["where"]))
        and not mentioned(bare(said["said"]))
    ):
        return [said_in(where[0], said["said"])]
    if "about" in kinds and REWRITE.search(plain):
        return [Change("rewrite", "about")]
    known = {word for kind in kinds for phrase in SECTION_WORDS[kind] for word in phrase.split()}
    short = not [word for word in content(plain) if word.lower() not in known] and not re.search(
        r"\b(?:rewrite|change|improve|shorten|fix|why|how|what)\b|\?", plain, re.I
    )
    again = "another" if re.search(r"\b(?:another|a second|one more)\b", plain, re.I) else ""
    return (
        [Change("add", kind, where=again) for kind in kinds if kind != "hero"]
        if ADD.search(plain) or short
        else []
    )


def said_in(kind: str, said: str) -> Change:
    """Return the change that puts words into a section: an entry where it lists some, else a line of text."""
    label = unquoted(said) if QUOTED.search(said) else item_name(said)
    if kind in {"menu", "team", "features", "gallery"} and label:
        return Change("fill", kind, where="append", entries=(Entry(label[:1].upper() + label[1:]),))
    return Change("say", kind, unquoted(said))


def responsive_in(clause: str) -> list[Change]:
    return [Change("responsive")] if RESPONSIVE.search(clause) else []
