"""Font pairings, from the vocabulary."""

import tomllib
from dataclasses import asdict, dataclass

from embedded.assistant.patterns import VOCABULARY

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True)
class Fonts:
    """A pairing: headings and text, with the weight and spacing that suit the headings."""

    display: str
    text: str
    weight: int = 600
    tracking: str = "-0.015em"

    def variables(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


FILE = tomllib.loads((VOCABULARY / "fonts.toml").read_text(encoding="utf-8"))
PAIRINGS = {name: Fonts(**pairing) for name, pairing in FILE.items()}
