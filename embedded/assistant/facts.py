"""Facts in a request: prices, hours, people, questions with answers, quotes, dates and contact details, as typed."""

import re
import tomllib
from dataclasses import dataclass, field

from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.section_names import mentioned

V = tomllib.loads((VOCABULARY / "facts.toml").read_text(encoding="utf-8"))
WEEKDAYS = "|".join(sorted(V["days"], key=len, reverse=True))
P = patterns(
    "facts",
    **{name: text for name, text in V.items() if isinstance(text, str)},
    weekdays=WEEKDAYS,
    opens="|".join(V["daily"].values()),
)
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
    if is_first and (found := P.is_called.search(request)):
        name = found["quoted"] or found["ja"] or P.name_ends.sub("", found["plain"]).strip()
        facts.name = name
        end = request.find(name, found.start()) + len(name) if found["plain"] else found.end()
        facts.cut(found.start(), end)
    for step in (read_quotes, read_questions, read_details, read_lists, read_hours, read_prices):
        step(facts)
    if is_first and (dated := P.date.search(facts.unquoted)):
        facts.details["date"] = tidy(dated["date"])
        facts.cut(*dated.span())
    return facts


def read_quotes(facts: Facts) -> None:
    for found in [*P.said.finditer(facts.rest)] if P.of_quotes.search(facts.rest) else []:
        who, words = found["who"] or found["speaker"], found["said"] or found["words"]
        facts.take("testimonials", [Entry(who, words, found["role"] or "")])
        facts.cut(*found.span())


def read_questions(facts: Facts) -> None:
    trigger = P.of_questions.search(facts.rest)
    found = [*P.qa.finditer(facts.rest, trigger.end() if trigger else 0)]
    if trigger or any(match["a"].strip() for match in found[1:]):
        for match in found:
            asked = P.before_question.sub("", match["q"]).strip("“”")
            facts.take("faq", [Entry(asked, match["a"].strip())])
            facts.cut(*match.span())


def read_details(facts: Facts) -> None:
    for pattern in (P.mail, P.number, P.place):
        if found := pattern.search(facts.unquoted):
            ((name, value),) = ((name, value) for name, value in found.groupdict().items() if value)
            facts.details[name.rstrip("2")] = value.strip(" ,")
            facts.cut(*found.span())


def read_hours(facts: Facts) -> None:
    for found in [*P.hours.finditer(facts.unquoted)]:
        days = found["days"] or found["on"] or found["then"] or every_day(found["opens"])
        times = found["times"] or found["shut"] or found["first"] or found["daily"]
        facts.take("hours", [Entry(tidy(days), P.till.sub(" – ", times))])
        facts.cut(*found.span())


def every_day(opens: str) -> str:
    """Return the words for every day in the language of a word for "open"."""
    return next(str(days) for days, words in V["daily"].items() if re.fullmatch(words, opens, re.IGNORECASE))


def read_lists(facts: Facts) -> None:
    """Read what a kind's word and a colon or "with" introduce: people, dates, figures, dishes without prices."""
    for kind in ("team", "schedule", "stats", "features", "gallery", "menu"):
        openings = [P.opening_of.pattern.replace("KIND", V[kind])]
        if kind in {"menu", "team"}:
            openings.append(rf"(?i)(?<!\w)(?:{V[kind]})\b\s+")
        for opening in openings:
            found = re.search(opening, facts.unquoted)
            if found and read_list(facts, kind, found.end(), bool(re.search("[:：]", found[0]))):
                break


def read_list(facts: Facts, kind: str, start: int, is_certain: bool) -> bool:
    ends = P.list_ends.search(facts.unquoted, start)
    stop, place = ends.start() if ends else len(facts.unquoted), start
    if kind == "menu" and P.priced_item.search(facts.unquoted, start, stop):
        return False
    entries: list[Entry] = []
    parts = [part.span() for part in P.split.finditer(facts.unquoted, start, stop)]
    for till, after in [*parts, (stop, stop)]:
        text = facts.unquoted[place:till].strip(" ,.:")
        entry = entry_of(kind, text)
        if text and not entry:
            break
        if entry and entry.label:
            # "Anna Schmidt, head chef": what follows a name in small letters is its role.
            is_role = kind == "team" and entries and not entry.value and entry.label[:1].islower()
            entries.append(Entry(entries.pop().label, entry.label) if is_role else entry)
        place, last = after, till
    people = kind != "team" or all(entry.label[:1].isupper() for entry in entries)
    if not entries or not people or (len(entries) < 2 and not is_certain and kind != "team"):
        return False
    facts.take(kind, entries)
    facts.cut(start, max(last if text and entry else place, start + 1))
    return True


def entry_of(kind: str, text: str) -> Entry | None:
    """Return one item of a list of this kind, None for what ends the list."""
    if kind == "team" and (found := P.person.match(text)):
        role = re.sub(r"^(?:our|the|an?) ", "", found["role"] or found["before"] or "")
        return Entry(found["name"], role.strip())
    if kind in {"schedule", "stats"}:
        found = P[f"{kind}_item"].match(text)
        return Entry(tidy(found["label"]), tidy(found["value"])) if found else None
    words = len(text.split())
    if kind == "team":
        return Entry(text) if words <= 4 and text[:1].islower() and not mentioned(text) else None
    ends = words > 8 or mentioned(text) or re.match(r"(?:also|then|please)\b", text, re.I)
    return None if ends else Entry(item_name(text))


def read_prices(facts: Facts) -> None:
    """Read items with prices: plans where plans are meant or sums come by the month, else lines of the menu."""
    text, entries, spans, place = facts.unquoted, [], [], 0
    found = prices_in(text)
    for at, match in enumerate(found):
        limit = found[at + 1].start() if at + 1 < len(found) else len(text)
        label = item_name(before_price(text[place : match.start()], at == 0))
        after = P.after.match(text, match.end(), limit)
        end = after.end() if after else match.end()
        if not label and (behind := P.behind.match(text, match.end(), limit)):
            label, end = item_name(behind[1]), behind.end()
        if not label or (len(found) == 1 and mentioned(label) and len(label.split()) < 2):
            place = match.end()
            continue
        note = (after["note"] or after["inner"] or after["more"] or "") if after else ""
        if inside := re.match(r"^([^(]+?)\s*\(([^)]+)\)$", label):
            label, note = inside[1], inside[2]
        entries.append(Entry(label[:1].upper() + label[1:], tidy(match["sum"] + match["unit"]), note.strip()))
        spans.append((text.find(label, place), end))
        place = end
    are_plans = P.of_plans.search(text) or any(P.monthly.search(one.value) for one in entries)
    facts.changes_only = bool(P.of_changes.match(text)) and bool(entries)
    facts.take("pricing" if are_plans and not re.search(r"\bmenu\b", text, re.I) else "menu", entries)
    for start, end in spans:
        facts.cut(start, end)


def prices_in(text: str) -> list[re.Match[str]]:
    """Return the prices of a text; a number alone is one only in a list of them: "sleeps 4" is none."""
    found = [*P.priced_item.finditer(text)]
    taken = {place for match in found for place in range(*match.span())}
    bare = [match for match in P.bare.finditer(text) if match.start() not in taken]
    asks = P.of_prices.search(text)
    found += [match for match in bare if asks or (found and re.search(r"[.,]\d", match[0]))]
    is_any = any(re.search(r"\d", match["sum"]) for match in found)
    return sorted(found, key=lambda match: match.start()) if is_any else []


def before_price(text: str, is_first: bool) -> str:
    said = P.between_items.split(text)[-1]
    return said if is_first and len(said.split()) <= 3 else P.joins.split(said)[-1]


def item_name(text: str) -> str:
    """Return an item without the words around it: "Please add a flat white for" is the flat white."""
    # "The monthly plan" is called Monthly.
    words = P.plan_word.sub("", P.item_ends.sub("", text.strip(" ,.:;•*"))).split()
    while words and words[0].lower().strip(",:") in V["lead"].split():
        words.pop(0)
    return " ".join(words).strip("“”\"'") if len(words) <= 8 else ""


def tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text.strip(" ,"))
    return text[:1].upper() + text[1:]
