"""Languages: which one a request is in, its known words in English, and the copy and replies in it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from embedded.assistant.section_names import NAMES, any_of
from embedded.assistant.trades import Trade, overlay, trades

FOLDER = Path(__file__).parent / "languages"
QUOTED = re.compile(r"“[^”]*”")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@dataclass(frozen=True, eq=False)
class Language:
    """One language: the words it has for what can be asked, the copy of its pages, and what is replied in it."""

    code: str
    data: dict[str, Any]

    def say(self, key: str, **words: str) -> str:
        """Return a reply; one that this language hasn't got is said more generally, else in English."""
        replies, english = self.data["replies"], language("en").data["replies"]
        group = "look" if key.startswith("look_") else "text" if key == "told" else key
        return str(replies.get(key) or replies.get(group) or english[key]).format(**words)

    def part(self, kind: str) -> str:
        """Return what a section is called in a sentence."""
        return NAMES[kind] if self.code == "en" else str(self.data["copy"]["labels"][kind])

    def own(self, english: str) -> str:
        """Return this language's word for an English one, where it has one."""
        return str(self.data["words"].get(english, [english])[0])

    def idea(self, name: str) -> str:
        return str(self.data["ideas"][name])

    def listed(self, things: list[str]) -> str:
        """Return things as part of a sentence: "a, b and c"."""
        first = str(self.data["replies"].get("comma", ", ")).join(things[:-1])
        return f"{first}{self.data['replies']['and'] if first else ''}{''.join(things[-1:])}"

    def english(self, text: str) -> str:
        """Return the text with every word that we know in English; names, quotations and the rest stay."""
        for pattern, replacement in self.data.get("patterns", []):
            text = re.sub(pattern, replacement, text, flags=re.I)
        known, words = phrases(self.code)
        quotes = iter(QUOTED.findall(text))
        parts = [known.sub(lambda match: f" {words[match[0].lower()]} ", part) for part in QUOTED.split(text)]
        text = "“”".join(parts)
        for pattern, replacement in self.data.get("after", []):
            text = re.sub(pattern, replacement, text, flags=re.I)
        return re.sub("“”", lambda _: next(quotes, ""), text)

    def in_this(self, trade: Trade, noun: str = "") -> Trade:
        """Return the trade with this language's copy; what it is called, the person's own word says."""
        copy = self.data["copy"]
        return (
            Trade(trade.key, overlay(trade.copy, copy | ({"noun": noun} if noun else {}))) if copy else trade
        )

    def own_word(self, trade: Trade, text: str) -> str:
        """Return the word for a trade that a text has in this language."""
        words = self.data["trades"].get(trade.key)
        found = re.search(self.whole(any_of(words)), text, re.I) if words else None
        return found[0] if found else ""

    def whole(self, pattern: str) -> str:
        """Return a pattern that matches whole words only, where the language writes spaces between them."""
        return rf"(?<!\w)(?:{pattern})(?!\w)" if self.data.get("spaces", True) else pattern


@cache
def language(code: str) -> Language:
    return Language(code, tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8")))


@cache
def languages() -> dict[str, Language]:
    return {path.stem: language(path.stem) for path in sorted(FOLDER.glob("*.toml"))}


@cache
def phrases(code: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of all phrases of a language, the longest first, and what each is in English."""
    data = language(code).data
    words = {word.lower(): english for english, many in data["words"].items() for word in many}
    words |= {word.lower(): trades()[key].noun for key, many in data["trades"].items() for word in many}
    return re.compile(language(code).whole(any_of(list(words)) or "(?!)"), re.I), words


def language_of(text: str, default: str = "en") -> Language:
    """Return the language whose small words a text has most of."""
    if JAPANESE.search(text):
        return language("ja")
    # "6am" is no German word.
    words = re.findall(r"(?<!\w)[^\W\d_]+", text.lower())
    counts = {code: sum(word in signs(code) for word in words) for code in languages()}
    best = max(counts, key=lambda code: (counts[code], code == default))
    return language(best if counts[best] else default)


@cache
def signs(code: str) -> frozenset[str]:
    return frozenset(language(code).data["signs"].split())


def with_plain_quotes(text: str) -> str:
    """Return a text whose quotations all stand in “…”, however they were typed."""
    text = re.sub(r"[„«「『]\s*([^“”»」』]*?)\s*[“”»」』]", r"“\1”", text)
    text = re.sub(r'"([^"\n]*)"', r"“\1”", text)
    return re.sub(
        r"‘([^’\n]{2,})’(?!\w)|(?<!\w)'([^'\n]{2,})'(?!\w)", lambda found: f"“{found[1] or found[2]}”", text
    )
