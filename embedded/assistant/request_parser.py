"""Parses a request: splits it into clauses and finds the changes that each one asks for."""

import re
import tomllib
from dataclasses import dataclass

from embedded.assistant.changes import Change
from embedded.assistant.facts import CUT, Entry, V, item_name
from embedded.assistant.look_requests import looks_in
from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.readings import NEW_PAGE, Reading, plain
from embedded.assistant.section_names import SECTION_WORDS, mentioned
from embedded.assistant.text_requests import texts_in, unquoted
from embedded.assistant.trades import find_trade

WORDS = tomllib.loads((VOCABULARY / "words.toml").read_text(encoding="utf-8"))
STOP = frozenset(WORDS["stop"].split())
BESIDE = frozenset(WORDS["beside"].split())
WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")

P = patterns("request_parser")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]{2,}’(?!\w)|(?<!\w)'[^'\n]{2,}'(?!\w)")

TELLS = re.compile(rf"^\W*(?:{V['tells']})(?!\w)", re.I)
RELATIVE = re.compile(rf"(?:^|[\s,])(?P<said>(?:{V['relative']})\s+[^,.;:!?\x1f“]+)", re.I)
ORDINAL = re.compile(rf"\b(?:{'|'.join(WORDS['ordinals'])})\b", re.I)
VERSION = P.version


@dataclass(frozen=True)
class Clause:
    """A part of a request, in English, and the changes it asks for."""

    text: str
    changes: tuple[Change, ...]


def sentences(text: str) -> list[str]:
    """Cut a text at the ends of its sentences, never inside quotation marks."""
    return cut(P.sentence_ends, text)


def clauses(sentence: str) -> list[str]:
    return cut(P.breaks, sentence)


def cut(pattern: re.Pattern[str], text: str) -> list[str]:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    parts = pattern.split(QUOTED.sub(keep, text.strip()))
    whole = (re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], part).strip() for part in parts if part)
    return [part for part in whole if part]


def asks_to_undo(request: str) -> bool:
    return bool(P.undo.search(request)) and not VERSION.search(request) and len(request.split()) < 14


def asks_to_redo(request: str) -> bool:
    return bool(P.redo.search(request)) and len(request.split()) < 8


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
    relative = (
        RELATIVE.search(sentence) if creates(plain(reading.language.english(sentence)), has_page) else None
    )
    told = (
        sentence.replace(relative["said"], " ")
        if relative and len(relative["said"].split()) > 2
        else sentence
    )
    for clause in clauses(plain(reading.language.english(told.replace(CUT, ",")))):
        before = content(bare(found[-1].text)) if found and not found[-1].changes else []
        changes = clause_changes(clause, has_page, last_mentioned)
        if (
            before
            and not mentioned(found[-1].text)
            and P.it.search(clause)
            and changes
            and changes[0].verb == "remove"
        ):
            # "Brownies are sold out, delete them" is about the brownies.
            changes = [Change("remove", value=before[0])]
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
    facts, filled = reading.facts, [*reading.facts.entries, *(["footer"] if reading.facts.details else [])]
    others = {"menu": "pricing", "pricing": "menu"}
    kept = [
        change
        for change in changes
        if change.verb != "add"
        or (change.what not in filled and others.get(change.what) not in filled)
        or change.where == "another"
    ]
    adds = P.adds.search(reading.english)
    for kind, entries in facts.entries.items():
        how = "append" if adds or facts.changes_only or is_one_more(kind, entries, reading) else "replace"
        if (
            facts.changes_only
            and kind in {"menu", "pricing"}
            and not re.search(r"\badd\b", reading.english, re.I)
        ):
            how = "update"
        kept.append(Change("fill", kind, where="replace" if kind == "hours" else how, entries=tuple(entries)))
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
    if P.negated.search(clause) or P.question.search(clause):
        return []
    if has_page and (told := P.told.search(clause)) and not QUOTED.search(clause) and content(told["said"]):
        return [Change("tell", value=told["said"])]
    refused, clause = cannot_in(clause, has_page)
    plain_clause = bare(clause)
    moved = moves_in(plain_clause, last_mentioned)
    if moved:
        return [*refused, *moved]
    if creates(plain_clause, has_page):
        unwanted = {kind for match in P.not_wanted.finditer(plain_clause) for kind in mentioned(match[1])}
        wanted = [
            kind for kind in mentioned(P.create.sub(" ", plain_clause, count=1)) if kind not in unwanted
        ]
        return [
            Change("create"),
            *(Change("add", kind) for kind in wanted if kind not in {"hero", "nav"}),
            *(Change("remove", kind) for kind in unwanted),
            *looks_in(plain_clause),
            *responsive_in(plain_clause),
            *refused,
        ]
    if P.remove.search(plain_clause):
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
        and (swap := P.swap_words.match(clause))
        and not P.it.match(swap["old"])
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
    is_it = P.it.search(clause)
    clause = P.remove.sub(" ", clause)
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
    if several := re.search(r"\b(?:first|last|next) (?:two|three|four|five|\d+)\b", named, re.I):
        return [Change("remove", within, several[0])]
    if (which := ORDINAL.search(named)) and (kinds or within):
        return [Change("remove", (kinds or [within])[0], f"#{WORDS['ordinals'][which[0].lower()]}")]
    if quoted or words:
        return [Change("remove", within or "", " ".join(quoted or words))]
    kinds = kinds or ([last_mentioned] if is_it and last_mentioned else [])
    return [Change("remove", kind) for kind in kinds]


def creates(clause: str, has_page: bool) -> bool:
    found = P.create.search(clause)
    if not has_page and not found:
        # "A page for our wedding", or just "coffee shop": where there is no page yet, that says it all.
        return bool(P.page_for.search(clause)) or (
            len(clause.split()) <= 4 and find_trade(clause) is not None
        )
    if not found or (has_page and not NEW_PAGE.search(clause)):
        return False
    # "Make the page green" is about the page there is.
    return not (has_page and P.part_of_page.search(found[0]))


def moves_in(clause: str, last_mentioned: str) -> list[Change]:
    if swap := P.swap.search(clause):
        what, other = mentioned(swap["what"]), mentioned(swap["other"])
        return [Change("move", what[0], where="swap", other=other[0])] if what and other else []
    found = P.move.search(clause)
    if not found:
        return []
    what = mentioned(found["what"]) or (
        [last_mentioned] if P.it.search(found["what"]) and last_mentioned else []
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
    if "banner" in kinds and P.add.search(plain):
        quoted = QUOTED.search(clause)
        said = quoted[0][1:-1] if quoted else re.split(r"\b(?:saying|says|that|:)\s*", clause, maxsplit=1)[-1]
        return [Change("add", "banner", said if quoted or said != clause else "")]
    custom = P.custom.search(clause) or (None if kinds else P.custom_named.search(clause))
    if custom and P.add.search(plain) and not mentioned(bare(custom["title"])):
        return [
            Change(
                "add", "custom", unquoted(custom["title"]).strip(" .!?"), other=unquoted(custom["text"] or "")
            )
        ]
    if (
        (said := P.say.match(clause))
        and (where := mentioned(said["where"]) or ["hero" for _ in P.at_headline.findall(said["where"])])
        and not mentioned(bare(said["said"]))
        and (QUOTED.search(said["said"]) or content(said["said"]))
    ):
        return [said_in(where[0], said["said"])]
    if "about" in kinds and P.rewrite.search(plain):
        return [Change("rewrite", "about")]
    known = {word for kind in kinds for phrase in SECTION_WORDS[kind] for word in phrase.split()}
    short = not [word for word in content(plain) if word.lower() not in known] and not re.search(
        r"\b(?:rewrite|change|improve|shorten|fix|why|how|what)\b|\?", plain, re.I
    )
    again = "another" if re.search(r"\b(?:another|a second|one more)\b", plain, re.I) else ""
    return (
        [Change("add", kind, where=again) for kind in kinds if kind != "hero"]
        if P.add.search(plain) or short
        else []
    )


def said_in(kind: str, said: str) -> Change:
    """Return the change that puts words into a section: an entry where it lists some, else a line of text."""
    label = unquoted(said) if QUOTED.search(said) else item_name(said)
    if kind in {"menu", "team", "features", "gallery"} and label:
        return Change("fill", kind, where="append", entries=(Entry(label[:1].upper() + label[1:]),))
    return Change(
        "say",
        kind,
        unquoted(P.the_words.sub("", said)),
    )


def responsive_in(clause: str) -> list[Change]:
    return [Change("responsive")] if P.responsive.search(clause) else []
