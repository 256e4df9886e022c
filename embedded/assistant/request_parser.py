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

P = patterns("request_parser", tells=V["tells"], relative=V["relative"], ordinals="|".join(WORDS["ordinals"]))
QUOTED = P.quoted
VERSION = P.version


@dataclass(frozen=True)
class Clause:
    """A part of a request, in English, and the changes it asks for."""

    text: str
    changes: tuple[Change, ...]

    @property
    def creates(self) -> bool:
        return any(change.verb == "create" for change in self.changes)


def cut(pattern: re.Pattern[str], text: str) -> list[str]:
    """Cut a text where a pattern is found, never inside quotation marks."""
    kept = QUOTED.findall(text)
    parts = pattern.split(QUOTED.sub(lambda match: f"\x00{len(match[0])}\x00", text.strip()))
    quotes = iter(kept)
    whole = (re.sub(r"\x00\d+\x00", lambda _: next(quotes), part).strip() for part in parts if part)
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
    for sentence in cut(P.sentence_ends, reading.facts.rest):
        for clause in sentence_clauses(reading, sentence, has_page, last_mentioned):
            read.append(clause)
            has_page = has_page or clause.creates
            last_mentioned = [last_mentioned, *mentioned(bare(clause.text))][-1]
    asked = with_facts([change for clause in read for change in clause.changes], reading)
    found = dict.fromkeys([*asked, *reading.pictures])
    if not has_page:
        found = {Change("create"): None} | found if {one.verb for one in found} - {"cannot", "tell"} else {}
    return sorted(found, key=lambda change: change.verb != "create"), read


def sentence_clauses(reading: Reading, sentence: str, has_page: bool, last_mentioned: str) -> list[Clause]:
    def in_english(text: str) -> str:
        return plain(reading.language.english(text.replace(CUT, ",")))

    found: list[Clause] = []
    relative = P.is_relative.search(sentence) if creates(in_english(sentence), has_page) else None
    told = relative["said"] if relative and len(relative["said"].split()) > 2 else ""
    had_page = has_page
    for clause in cut(P.breaks, in_english(sentence.replace(told, " ") if told else sentence)):
        found.append(Clause(clause, tuple(clause_changes(clause, has_page, last_mentioned))))
        has_page = has_page or found[-1].creates
        last_mentioned = [last_mentioned, *mentioned(bare(clause))][-1]
    if told and has_page:
        return [*found, Clause("", (Change("tell", "relative", told.strip(), "first"),))]
    is_told = P.is_told.match(sentence) and len(content(sentence)) > (2 if CUT in sentence else 0)
    if is_told and not any(clause.changes for clause in found):
        start = reading.facts.rest.find(sentence)
        said = reading.asked[start : start + len(sentence)]
        is_new = NEW_PAGE.search(reading.english) or not had_page
        return [Clause("", (Change("tell", value=said, where="first" if is_new else ""),))]
    return found


def with_facts(changes: list[Change], reading: Reading) -> list[Change]:
    """Put the facts of a request among its changes, in place of sections that would hold samples."""
    facts, priced = reading.facts, {"menu", "pricing"}
    is_new = any(change.verb == "create" for change in changes)
    filled = {*facts.entries, *(["footer"] if facts.details else [])}
    filled |= priced if priced & filled else set()
    kept = [one for one in changes if one.verb != "add" or one.what not in filled or one.where == "another"]
    for kind, entries in facts.entries.items():
        is_one_more = len(entries) == 1 and kind not in mentioned(reading.english)
        how = "append" if is_one_more or P.adds.search(reading.english) else "replace"
        how = (
            "replace"
            if kind == "hours"
            else "update"
            if facts.changes_only and kind in priced and not is_new
            else how
        )
        kept.append(Change("fill", kind, where=how, entries=tuple(entries)))
    for what, value in facts.details.items():
        kept.append(Change("text", "eyebrow", value) if what == "date" else Change("detail", what, value))
    return kept


def bare(clause: str) -> str:
    return QUOTED.sub(" ", clause)


def content(clause: str, *but: str) -> list[str]:
    """Return the words that tell something, but for those of the kinds of section named."""
    known = {word for kind in but for phrase in SECTION_WORDS[kind] for word in phrase.split()} | STOP
    return [word for word in WORD.findall(clause) if word.lower() not in known]


def clause_changes(clause: str, has_page: bool, last_mentioned: str) -> list[Change]:
    if texts := texts_in(clause, QUOTED):
        return texts
    if P.negated.search(clause) or P.question.search(clause):
        return []
    told = P.told.search(clause) if has_page and not QUOTED.search(clause) else None
    if told and content(told["said"]):
        return [Change("tell", value=told["said"])]
    refused, clause = cannot_in(clause, has_page)
    plain_clause = bare(clause)
    if moved := moves_in(plain_clause, last_mentioned):
        return [*refused, *moved]
    if creates(plain_clause, has_page):
        return [Change("create"), *created_in(plain_clause), *refused]
    if P.remove.search(plain_clause):
        return [*refused, *removed_in(clause, last_mentioned)]
    found = looks_in(plain_clause)
    if not any(change.verb == "colour" and change.what in SECTION_WORDS for change in found):
        found = [*added_in(clause, plain_clause), *found]
    swap = P.swap_words.match(clause) if has_page and not found and not refused else None
    if swap and not P.it.match(swap["old"]):
        return [Change("replace", swap["old"].strip(), swap["new"].strip())]
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


def creates(clause: str, has_page: bool) -> bool:
    found = P.create.search(clause)
    if not has_page and not found:
        # "A page for our wedding", or just "coffee shop": where there is no page yet, that says it all.
        return bool(P.page_for.search(clause)) or (
            len(clause.split()) <= 4 and find_trade(clause) is not None
        )
    # "Make the page green" is about the page there is.
    return bool(found and (not has_page or (NEW_PAGE.search(clause) and not P.part_of_page.search(found[0]))))


def created_in(clause: str) -> list[Change]:
    """Return the sections and looks that a new page is to have, and the sections it is to be without."""
    unwanted = dict.fromkeys(kind for one in P.not_wanted.finditer(clause) for kind in mentioned(one[1]))
    wanted = [kind for kind in mentioned(P.create.sub(" ", clause, count=1)) if kind not in {"hero", "nav"}]
    adds = [Change("add", kind) for kind in wanted if kind not in unwanted]
    return [*adds, *(Change("remove", kind) for kind in unwanted), *looks_in(clause)]


def removed_in(clause: str, last_mentioned: str) -> list[Change]:
    """Return what is to go: whole sections, or the one entry or line that the words name."""
    named = P.remove.sub(" ", clause)
    place = P.from_where.search(named)
    within = next(iter(mentioned(place["where"])), "") if place else ""
    named = place["named"] if place and within else named
    quoted = [unquoted(quote) for quote in QUOTED.findall(named)]
    named = bare(named)
    kinds = mentioned(named)
    words = [word for word in content(named, *kinds) if word.lower() not in BESIDE]
    details = [name for name, asks in WORDS["details"].items() if re.search(asks, named, re.I)]
    if details and not words:
        return [Change("remove", value=f"@{name}") for name in details]
    if several := P.several.search(named):
        return [Change("remove", within, several[0])]
    if (which := P.which.search(named)) and (kinds or within):
        return [Change("remove", [*kinds, within][0], f"#{WORDS['ordinals'][which[0].lower()]}")]
    if quoted or words:
        return [Change("remove", within, " ".join(quoted or words))]
    kinds = kinds or ([last_mentioned] if last_mentioned and P.it.search(clause) else [])
    return [Change("remove", kind) for kind in kinds]


def moves_in(clause: str, last_mentioned: str) -> list[Change]:
    found = P.swap.search(clause) or P.move.search(clause)
    if not found or re.match(r"\s*(?:an?|another)\b", found["what"], re.I):
        return []
    what, other = mentioned(found["what"]), mentioned(found["other"])
    what = what or ([last_mentioned] if last_mentioned and P.it.search(found["what"]) else [])
    where = WORDS["places"][found["where"].lower().split()[-1]]
    is_past = where in {"above", "below", "swap"}
    if not what or (is_past and not other):
        return []
    return [Change("move", what[0], where=where, other=other[0] if is_past else "")]


def added_in(clause: str, plain: str) -> list[Change]:
    kinds, adds = mentioned(plain), P.add.search(plain)
    if "banner" in kinds and adds:
        said = P.banner.search(clause)
        return [Change("add", "banner", unquoted(said["said"]) if said else "")]
    custom = P.custom.search(clause) or (None if kinds else P.custom_named.search(clause))
    if custom and adds and not mentioned(bare(custom["title"])):
        title, text = unquoted(custom["title"]).strip(" .!?"), unquoted(custom["text"] or "")
        return [Change("add", "custom", title, other=text)]
    if words := said_in(clause):
        return words
    is_short = not content(plain, *kinds) and not P.other_verbs.search(plain)
    again = "another" if P.again.search(plain) else ""
    return [Change("add", kind, where=again) for kind in kinds if kind != "hero" and (adds or is_short)]


def said_in(clause: str) -> list[Change]:
    """Return the change that puts words into a section: an entry where it lists some, else a line of text."""
    found = P.say.match(clause)
    where = (
        mentioned(found["where"]) or (["hero"] if P.at_headline.search(found["where"]) else [])
        if found
        else []
    )
    if not found or not where or mentioned(bare(found["said"])):
        return []
    said, is_quoted = found["said"], QUOTED.search(found["said"])
    label = unquoted(said) if is_quoted else item_name(said)
    if not is_quoted and not content(said):
        return []
    if where[0] in {"menu", "team", "features", "gallery"} and label:
        return [Change("fill", where[0], where="append", entries=(Entry(label[:1].upper() + label[1:]),))]
    return [Change("say", where[0], unquoted(P.the_words.sub("", said)))]
