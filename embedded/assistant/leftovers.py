"""What a request said that nothing was made of: the words that no change, fact or name accounts for."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.facts import V
from embedded.assistant.languages import signs
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.readings import Reading
from embedded.assistant.request_parser import QUOTED, STOP, WORD, WORDS, Clause
from embedded.assistant.section_names import SECTION_WORDS

SILENT = re.compile(r"^[ぁ-んー]+$")
POLITE = [re.compile(entry["asks"], re.I) for entry in WORDS["talk"] if "say" in entry][1:]


def unused(clauses: list[Clause], changes: list[Change], brief: Brief, reading: Reading) -> list[str]:
    """Return the words of a request that were not used, in its order, as they were typed."""
    known = understood(changes, brief) | signs(reading.language.code)
    values = " ".join([text for change in changes for text in texts_of(change)] + [brief.name]).lower()
    found: list[str] = []
    for clause in clauses:
        words = [match for match in WORD.finditer(bare_in_place(clause.text)) if not SILENT.match(match[0])]
        strange = [match for match in words if not is_known(match[0], known)]
        telling = [word for word in words if word[0].lower() not in STOP]
        is_strange = not clause.changes and strange and len(strange) * 2 >= len(telling)
        if is_strange and reading.language.code == "en":
            polite = any(pattern.search(clause.text) for pattern in POLITE)
            found += [] if polite else [re.sub(r"\s*,(?=\s*[,.]|\s*$)", "", clause.text).strip(" ,.:;!")]
            continue
        found += groups(clause.text, strange)
        found += [
            quote
            for match in QUOTED.finditer(clause.text)
            if (quote := match[0][1:-1].strip()).lower() not in values
        ]
    return list(dict.fromkeys(found))


def understood(changes: list[Change], brief: Brief) -> set[str]:
    """Return the words that the changes account for."""
    texts = [brief.name, brief.place, brief.trade.noun, *brief.trade.words]
    kinds = [
        kind for change in changes for kind in (*change.what.split(), change.other) if kind in SECTION_WORDS
    ]
    texts += [phrase for kind in kinds for phrase in SECTION_WORDS[kind]]
    texts += [LOOKS["understood"].get(change.verb, "") for change in changes]
    texts += [text for change in changes for text in texts_of(change)]
    if any(change.verb in {"colour", "fonts", "mood", "spacing"} for change in changes):
        texts += [re.sub(r"\W+", " ", pattern) for pattern in LOOKS["styles"]]
    texts += [re.sub(r"[^\w' -]+", " ", V[kind]) for kind in kinds if kind in V] + [V["lead"]]
    texts += [WORDS["beside"]] if any(change.verb == "remove" and change.value for change in changes) else []
    texts += [re.sub(r"[^\w' -]+", " ", V["closed"])] if "hours" in kinds else []
    return {word.lower() for text in texts for word in WORD.findall(text)}


def texts_of(change: Change) -> list[str]:
    entries = [text for entry in change.entries for text in (entry.label, entry.value, entry.note)]
    return [change.what, change.value, change.where, change.other, *entries]


def is_known(word: str, known: set[str]) -> bool:
    lowered = word.lower().replace("’", "'")
    forms = {
        lowered,
        lowered.removesuffix("s"),
        lowered.removesuffix("'s"),
        lowered + "s",
        lowered.removesuffix("es"),
        lowered.removesuffix("ish"),
    }
    return bool(forms & known) or lowered in STOP or lowered.removesuffix("s") in STOP


def groups(text: str, words: list[re.Match[str]]) -> list[str]:
    """Return neighbouring words as one phrase."""
    found: list[list[int]] = []
    for word in words:
        if (
            found
            and len(text[found[-1][1] : word.start()].split()) <= 2
            and not re.search(r"[,.;:!?]", text[found[-1][1] : word.start()])
        ):
            found[-1][1] = word.end()
        else:
            found.append([word.start(), word.end()])
    return [text[start:end] for start, end in found]


def bare_in_place(text: str) -> str:
    return QUOTED.sub(lambda match: " " * len(match[0]), text)
