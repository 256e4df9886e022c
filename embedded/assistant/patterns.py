"""The patterns that requests are read with, from the vocabulary: data, which other languages and words are added to."""

import re
import tomllib
from pathlib import Path

VOCABULARY = Path(__file__).parent / "vocabulary"
PARTS = tomllib.loads((VOCABULARY / "patterns.toml").read_text(encoding="utf-8"))


class Patterns(dict[str, re.Pattern[str]]):
    """A module's patterns, by attribute."""

    def __getattr__(self, name: str) -> re.Pattern[str]:
        return self[name]


def patterns(part: str, **words: str) -> Patterns:
    """Return a module's patterns; <<name>> in one stands for an earlier one, or for one of the words."""
    for name, text in PARTS[part].items():
        words[name] = re.sub(r"<<(\w+)>>", lambda found: words[found[1]], text)
    return Patterns({name: re.compile(words[name]) for name in PARTS[part]})
