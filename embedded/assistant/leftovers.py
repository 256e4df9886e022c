"""What a request said that nothing was made of: the words that no change, fact or name accounts for."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.facts import V
from embedded.assistant.languages import signs
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.readings import Reading
from embedded.assistant.request_parser import BESIDE, QUOTED, STOP, WORD, WORDS, Clause, content
from embedded.assistant.section_names import SECTION_WORDS

SILENT = re.compile(r"^[ぁ-んー]+$")
POLITE = [entry["asks"] for entry in WORDS["talk"] if "say" in entry][1:]


def unused(clauses: list[Clause], changes: list[Change], brief: Brief, reading: Reading) -> list[str]:
    """Return the words of a request that were not used, in its order, as they were typed."""
    known = understood(changes, brief) | signs(reading.language.code)
    values = " ".join([text for change in changes for text in texts_of(change)] + [brief.name]).lower()
    found: list[str] = []
    for clause in clauses:
        text, quotes = clause.text, [quote[1:-1].strip() for quote in QUOTED.findall(clause.text)]
        bare = QUOTED.sub(lambda match: " " * len(match[0]), text)
        strange = [match for match in WORD.finditer(bare) if not is_known(match[0], known)]
        is_strange = not clause.changes and strange and len(strange) * 2 >= len(content(bare))
        if not is_strange or reading.language.code != "en":
            found += groups(text, strange) + [quote for quote in quotes if quote.lower() not in values]
        elif not any(re.search(polite, text, re.I) for polite in POLITE):
            found.append(re.sub(r"\s*,(?=\s*[,.]|\s*$)", "", text).strip(" ,.:;!"))
    return list(dict.fromkeys(found))


def understood(changes: list[Change], brief: Brief) -> set[str]:
    """Return the words that the changes account for."""
    verbs = {change.verb for change in changes}
    named = {kind for change in changes for kind in (*change.what.split(), change.other)}
    texts = [brief.name, brief.place, brief.trade.noun, *brief.trade.words, V["lead"]]
    texts += [
        phrase for kind in named & {*SECTION_WORDS} for phrase in (*SECTION_WORDS[kind], V.get(kind, ""))
    ]
    texts += [LOOKS["understood"].get(verb, "") for verb in verbs]
    texts += [text for change in changes for text in texts_of(change)]
    texts += LOOKS["styles"] if verbs & {"colour", "fonts", "mood", "spacing"} else []
    texts += [V["closed"]] if "hours" in named else []
    words = {word.lower() for text in texts for word in WORD.findall(re.sub(r"\\\w|[^\w' -]+", " ", text))}
    return words | (BESIDE if any(change.verb == "remove" and change.value for change in changes) else set())


def texts_of(change: Change) -> list[str]:
    entries = [text for entry in change.entries for text in (entry.label, entry.value, entry.note)]
    return [change.what, change.value, change.where, change.other, *entries]


def is_known(word: str, known: set[str]) -> bool:
    word = word.lower().replace("’", "'")
    forms = {word, word + "s", *(word.removesuffix(end) for end in ("s", "'s", "es", "ish"))}
    return (
        bool(forms & known) or not {word, word.removesuffix("s")}.isdisjoint(STOP) or bool(SILENT.match(word))
    )


def groups(text: str, words: list[re.Match[str]]) -> list[str]:
    """Return neighbouring words as one phrase."""
    found: list[list[int]] = []
    for word in words:
        between = text[found[-1][1] : word.start()] if found else ""
        if found and len(between.split()) <= 2 and not re.search(r"[,.;:!?]", between):
            found[-1][1] = word.end()
        else:
            found.append([word.start(), word.end()])
    return [text[start:end] for start, end in found]
