"""The patterns that requests are read with, from the vocabulary: data, which other languages and words are added to."""

import re
import tomllib
from pathlib import Path

VOCABULARY = Path(__file__).parent / "vocabulary"
PARTS = tomllib.loads((VOCABULARY / "patterns.toml").read_text(encoding="utf-8"))


def patterns(part: str, **words: str) -> dict[str, re.Pattern[str]]:
    """Return a module's patterns by name; <<name>> in one stands for an earlier one, or for one of the words."""
    texts: dict[str, str] = {}
    for name, text in PARTS[part].items():
        texts[name] = re.sub(
            r"<<(\w+)>>", lambda found: texts[found[1]] if found[1] in texts else words[found[1]], text
        )
    return {name: re.compile(text) for name, text in texts.items()}
