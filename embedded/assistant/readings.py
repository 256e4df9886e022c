"""Requests, read: the language, the facts as typed, and what is left of the words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embedded.assistant import picture_requests
from embedded.assistant.changes import Change
from embedded.assistant.facts import CUT, Facts, read_facts
from embedded.assistant.languages import Language, language_of, with_plain_quotes
from embedded.assistant.patterns import patterns

P = patterns("readings")
NEW_PAGE = P.new_page


@dataclass(frozen=True, eq=False)
class Reading:
    """A request: as it was asked, its language, its facts, and in English what is left without them.

    `pictures` are the changes that it asks for with pictures; none of the rest speaks of them.
    """

    asked: str
    language: Language
    facts: Facts
    english: str
    pictures: tuple[Change, ...] = ()


@lru_cache(256)
def read_request(request: str, has_page: bool, default: str = "en") -> Reading:
    asked = with_plain_quotes(request)
    language = language_of(asked, default)
    asked, pictures = picture_requests.split(asked, language)
    whole = language.english(asked)
    facts = read_facts(asked, not has_page or bool(NEW_PAGE.search(whole)), bool(P.takes_away.match(whole)))
    return Reading(asked, language, facts, plain(language.english(facts.rest.replace(CUT, ","))), pictures)


def read_requests(requests: Sequence[str], has_page: bool) -> list[Reading]:
    """Read a conversation's requests; one without a word that tells its language is in that of the one before."""
    readings: list[Reading] = []
    for request in requests:
        before = readings[-1].language.code if readings else "en"
        readings.append(read_request(request, has_page or bool(readings), before))
    return readings


def plain(text: str) -> str:
    return re.sub(r"[ \t]+", " ", text).strip()
