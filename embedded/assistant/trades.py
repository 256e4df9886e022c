"""Trades (coffee shop, bakery, law firm, …): the copy and the look of their pages."""

import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from embedded.assistant.palettes import Palette

FOLDER = Path(__file__).parent / "trades"


@dataclass(frozen=True)
class Trade:
    """One trade: the words people use for it, and the copy and look of its pages."""

    key: str
    copy: dict[str, Any]

    @property
    def words(self) -> list[str]:
        return [*self.copy["words"], *self.copy["weak_words"]]

    @property
    def noun(self) -> str:
        return str(self.copy["noun"])

    @property
    def palette(self) -> Palette:
        look = self.copy["look"]
        return Palette(*(look[part] for part in ("paper", "ink", "accent", "deep", "glow")))

    def told(self, name: str) -> dict[str, Any]:
        """Return the copy with the business's name in it."""
        is_vague = self.noun in {"", trades()["generic"].noun}
        noun = self.copy["ui"]["welcome"] if is_vague else self.noun[:1].upper() + self.noun[1:]
        return dict(fill(self.copy, {"{name}": name, "{noun}": self.noun, "{Noun}": noun}))

    def named(self, noun: str) -> "Trade":
        """Return the trade under another noun, for a business that has no trade of its own here."""
        return Trade(self.key, self.copy | {"noun": noun})

    def neutral(self, noun: str) -> "Trade":
        """Return the trade's look with copy that suits any noun."""
        return Trade("generic", trades()["generic"].copy | {"look": self.copy["look"], "noun": noun})


def fill(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        for mark, word in words.items():
            value = value.replace(mark, word)
        return value
    if isinstance(value, list):
        return [fill(item, words) for item in value]
    return {key: fill(item, words) for key, item in value.items()} if isinstance(value, dict) else value


@cache
def trades() -> dict[str, Trade]:
    """Return every trade by key; what a trade doesn't say is said by the generic one."""
    paths = sorted(FOLDER.glob("*.toml"))
    files = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}
    generic = files["generic"]
    return {key: Trade(key, overlay(generic, copy)) for key, copy in files.items()}


def overlay(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = deepcopy(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merged[key] | value if both else value
    return merged


def find_trade(text: str) -> Trade | None:
    """Return the trade a text names first; a weak word ("portfolio") counts only where no strong one stands."""
    lowered = text.lower()
    found = [
        (is_weak, match.start(), -len(word), trade.key)
        for trade in trades().values()
        for is_weak, words in ((False, trade.copy["words"]), (True, trade.copy["weak_words"]))
        for word in words
        if (match := re.search(rf"(?<!\w){re.escape(word)}(?:e?s)?(?!\w)", lowered))
    ]
    return trades()[min(found)[3]] if found else None
