"""The names of a page's sections, and the words that people use for them."""

import re
import tomllib
from functools import cache

from embedded.assistant.patterns import VOCABULARY, patterns

PARTS = tomllib.loads((VOCABULARY / "sections.toml").read_text(encoding="utf-8"))
SECTION_WORDS: dict[str, list[str]] = {kind: part["words"] for kind, part in PARTS.items()}
SAMPLED = {kind for kind, part in PARTS.items() if part.get("sample")}
NAMES: dict[str, str] = {kind: part["name"] for kind, part in PARTS.items()}
LABELS: dict[str, str] = {kind: part["label"] for kind, part in PARTS.items()}


def any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


P = patterns("section_names", menu=any_of(SECTION_WORDS["menu"]))


@cache
def phrases() -> list[tuple[re.Pattern[str], str]]:
    """Return every phrase with the kind it means, the longest first."""
    pairs = [(phrase, kind) for kind, words in SECTION_WORDS.items() for phrase in words]
    pairs.sort(key=lambda pair: -len(pair[0]))
    found = [(re.compile(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])"), kind) for phrase, kind in pairs]
    return [*found, (P.about, "about")]


def mentioned(text: str) -> list[str]:
    """Return the kinds of section a text mentions, in its order, each once; the longest phrase wins."""
    found: list[tuple[int, str]] = []
    rest = P.priced_menu.sub(only_menu, text.lower())
    for pattern, kind in phrases():
        found += [(match.start(), kind) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    return list(dict.fromkeys(kind for _, kind in sorted(found)))


def only_menu(match: re.Match[str]) -> str:
    """Return the menu alone, as long as the match, so that what follows keeps its place."""
    return (match["menu"] or match["of_menu"] or "menu").ljust(len(match[0]))
