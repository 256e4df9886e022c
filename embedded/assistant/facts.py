"""Facts in a request: prices, hours, people, questions with answers, quotes, dates and contact details, as typed."""

import re
import tomllib
from dataclasses import dataclass, field

from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.section_names import mentioned

V = tomllib.loads((VOCABULARY / "facts.toml").read_text(encoding="utf-8"))
WEEKDAYS = "|".join(sorted(V["days"], key=len, reverse=True))
DAY = rf"(?:(?<![^\W\d_])(?:{WEEKDAYS})(?![^\W\d_])\.?|{V['days_without_spaces']})"
BASE = {name: text for name, text in V.items() if isinstance(text, str)}
P = patterns("facts", **BASE, day=DAY)
CUT = "\x1f"


@dataclass(frozen=True)
class Entry:
    """One line of a section: a dish and its price, a plan, a day and its hours, a person and the role, a question."""

    label: str
    value: str = ""
    note: str = ""


@dataclass
class Facts:
    """The facts of a request by the kind of section they belong to, and the request without them."""

    rest: str
    name: str = ""
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    changes_only: bool = False

    @property
    def unquoted(self) -> str:
        """The rest with its quotations blanked: what stands in one is a wording, not a fact."""
        return re.sub(r"“[^”]*”", lambda quoted: "“" + "\x1e" * (len(quoted[0]) - 2) + "”", self.rest)

    def take(self, kind: str, entries: list[Entry]) -> None:
        if entries:
            self.entries[kind] = [*self.entries.get(kind, []), *entries]

    def cut(self, start: int, end: int) -> None:
        """Blank what was read, so that nothing else is read into it; the places of the others stay."""
        self.rest = self.rest[:start] + CUT + " " * (end - start - 1) + self.rest[end:]


def read_facts(request: str, is_first: bool, takes_away: bool = False) -> Facts:
    """Read the facts of a request; a name is one only where the page is new."""
    facts = Facts(request)
    if takes_away:
        return facts
    if is_first and (found := P.called.search(request)):
        start, name = found.start(), found["quoted"] or found["ja"]
        name = name or P.name_ends.sub("", found["plain"]).strip()
        facts.name = name
        facts.cut(
            start, found.end() if found["quoted"] or found["ja"] else request.find(name, start) + len(name)
        )
    for step in (read_quotes, read_questions, read_details, read_lists, read_hours, read_prices):
        step(facts)
    if is_first and (dated := P.date.search(facts.unquoted)):
        facts.details["date"] = tidy(dated["date"])
        facts.cut(*dated.span())
    return facts


def read_quotes(facts: Facts) -> None:
    if not re.search(rf"(?<!\w)(?:{V['quote']})", facts.rest, re.I):
        return
    for found in list(P.quote.finditer(facts.rest)):
        entry = Entry(found["who"] or found["speaker"], found["said"] or found["words"], found["role"] or "")
        facts.take("testimonials", [entry])
        facts.cut(*found.span())


def read_questions(facts: Facts) -> None:
    trigger = re.search(rf"\b(?:{V['question']})\b", facts.rest, re.I)
    found = list(P.qa.finditer(facts.rest, trigger.end() if trigger else 0))
    if not trigger and not any(match["a"].strip() for match in found[1:]):
        return
    for match in found:
        question = re.sub(
            rf"^.*?\b(?:{V['question']})\b\s*(?:with|mit|:)?\s*(?=[A-Z])", "", match["q"]
        ).strip("“”")
        facts.take("faq", [Entry(question, match["a"].strip())])
        facts.cut(*match.span())


def read_details(facts: Facts) -> None:
    for pattern in (P.email, P.phone, P.address):
        if found := pattern.search(facts.unquoted):
            given = {name: value for name, value in found.groupdict().items() if value}
            ((name, value),) = given.items()
            facts.details[{"bare": "phone", "told": "address"}.get(name, name)] = value.strip(" ,")
            facts.cut(*found.span())


def read_hours(facts: Facts) -> None:
    rows = []
    for found in list(P.hours.finditer(facts.unquoted)):
        days, times = (
            found["days"] or found["on"] or found["then"],
            found["times"] or found["shut"] or found["first"],
        )
        rows.append(
            Entry(tidy(days), re.sub(r"\s*(?:-|–|—|\bto\b|\bbis\b|\btill\b|\buntil\b)\s*", " – ", times))
        )
        facts.cut(*found.span())
    facts.take("hours", rows)


def read_lists(facts: Facts) -> None:
    """Read what a kind's word and a colon or "with" introduce: people, dates, figures, dishes without prices."""
    for kind in ("team", "schedule", "stats", "features", "gallery", "menu"):
        opening = re.search(
            rf"(?<!\w)(?:{V[kind]})\b[^.:：\n]{{0,24}}?(?:[:：]|(?<!\w)(?:{V['with']})(?!\w))\s*",
            facts.unquoted,
            re.I,
        )
        direct = (
            re.search(rf"(?<!\w)(?:{V[kind]})\b\s+", facts.unquoted, re.I)
            if kind in {"menu", "team"}
            else None
        )
        for found in (opening, direct):
            if found and read_list(facts, kind, found.end(), ":" in found[0] or "：" in found[0]):
                break


def read_list(facts: Facts, kind: str, start: int, is_certain: bool) -> bool:
    end = re.compile(r"(?<![A-Z])\.(?:\s|$)|[!?]|\n\s*\n|\n(?=[A-Z][a-z]+ [a-z])").search(
        facts.unquoted, start
    )
    stop, place = end.start() if end else len(facts.unquoted), start
    entries: list[Entry] = []
    if kind == "menu" and P.price.search(facts.unquoted, start, stop):
        return False
    for part in [*P.split.finditer(facts.unquoted, start, stop), None]:
        till = part.start() if part else stop
        text = facts.unquoted[place:till].strip(" ,.:")
        entry = entry_of(kind, text)
        if text and not entry:
            break
        if entry and entry.label:
            # "Anna Schmidt, head chef": what follows a name in small letters is its role.
            if kind == "team" and entries and not entry.value and entry.label[:1].islower():
                entry = Entry(entries.pop().label, entry.label)
            entries.append(entry)
        place, end_of_list = (part.end() if part else stop), till
    people = kind != "team" or all(entry.label[:1].isupper() for entry in entries)
    if not entries or not people or (len(entries) < 2 and not is_certain and kind != "team"):
        return False
    facts.take(kind, entries)
    facts.cut(start, max(end_of_list if text and entry else place, start + 1))
    return True


def entry_of(kind: str, text: str) -> Entry | None:
    """Return one item of a list of this kind, None for what ends the list."""
    if kind == "team":
        found = P.person.match(text)
        role = (
            re.sub(r"^(?:our|the|an?) ", "", (found["role"] or found["before"] or "").strip())
            if found
            else ""
        )
        words = text.split()
        return (
            Entry(found["name"], role)
            if found
            else Entry(text)
            if 0 < len(words) <= 4 and words[0].islower() and not mentioned(text)
            else None
        )
    if kind == "schedule":
        found = P.dated.match(text)
        return Entry(tidy(found["when"]), tidy(found["what"])) if found else None
    if kind == "stats":
        found = re.match(r"^(?P<figure>[\d.,]+\s?(?:[+%]|k(?!\w))?)\s*(?P<what>\D.*)$", text)
        return Entry(found["figure"].strip(), found["what"].strip()) if found else None
    words = text.split()
    if len(words) > 8 or mentioned(text) or re.match(r"(?:also|then|please)\b", text, re.I):
        return None
    return Entry(item_name(text))


def read_prices(facts: Facts) -> None:
    """Read items with prices: plans where plans are meant or sums come by the month, else lines of the menu."""
    found = list(P.price.finditer(facts.unquoted))
    asks = re.search(rf"(?<!\w)(?:{V['menu']}|costs?|prices?)\b", facts.unquoted, re.I)
    taken = {place for match in found for place in range(*match.span())}
    bare = [match for match in P.bare.finditer(facts.unquoted) if match.start() not in taken]
    # A number alone is a price in a list of them; elsewhere "sleeps 4" is none.
    found += [match for match in bare if asks or (found and re.search(r"[.,]\d", match[0]))]
    if not any(re.search(r"\d", match["sum"]) for match in found):
        return
    found.sort(key=lambda match: match.start())
    entries, spans, place = [], [], 0
    for at, match in enumerate(found):
        before = re.split(r"[,;\n•+：:。]|(?<!\d)[.!?]\s|、", facts.unquoted[place : match.start()])[-1]
        before = (
            re.split(rf"(?:^|\s)(?:{V['and']}|{V['with']})\s(?!.*\()", before, flags=re.I)[-1]
            if at or len(before.split()) > 3
            else before
        )
        limit = found[at + 1].start() if at + 1 < len(found) else len(facts.unquoted)
        label = item_name(before)
        after = P.after.match(facts.unquoted, match.end(), limit)
        end = after.end() if after else match.end()
        if not label:
            behind = P.behind.match(facts.unquoted, match.end(), limit)
            label, end = (item_name(behind[1]), behind.end()) if behind else ("", end)
        if not label or (len(found) == 1 and mentioned(label) and len(label.split()) < 2):
            place = match.end()
            continue
        inside = re.match(r"^(?P<label>[^(]+?)\s*\((?P<note>[^)]+)\)$", label)
        note = (after["note"] or after["inner"] or after["more"] or "") if after else ""
        if inside:
            label, note = inside["label"], inside["note"]
        start = facts.unquoted.find(label, place)
        entries.append(Entry(label[:1].upper() + label[1:], tidy(match["sum"] + match["unit"]), note.strip()))
        spans.append((start, end))
        place = end
    is_plan = re.search(rf"(?<!\w)(?:{V['plans']})(?!\w)", facts.unquoted, re.I) or any(
        re.search(r"mo|monat|mois|mes|mês", one.value) for one in entries
    )
    facts.changes_only = bool(re.match(rf"^\W*(?:please )?(?:{V['change']})\b", facts.unquoted, re.I))
    facts.take("pricing" if is_plan and not re.search(r"\bmenu\b", facts.unquoted, re.I) else "menu", entries)
    for start, end in spans:
        facts.cut(start, end)


def item_name(text: str) -> str:
    """Return an item without the words around it: "Please add a flat white for" is the flat white."""
    name = re.sub(
        rf"(?:[\s(:：=–—-]|(?<!\w)(?:{V['priced']})(?!\w))+$", "", text.strip(" ,.:;•*"), flags=re.I
    )
    # "The monthly plan" is called Monthly.
    words = re.sub(r"(?<=\w)\s+(?:plan|package|membership)s?$", "", name, flags=re.I).split()
    while words and words[0].lower().strip(",:") in V["lead"].split():
        words.pop(0)
    return " ".join(words).strip("“”\"'") if len(words) <= 8 else ""


def tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text.strip(" ,"))
    return text[:1].upper() + text[1:]
