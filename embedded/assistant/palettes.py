"""Palettes: every colour of a page, worked out from a few so that all text on them is readable."""

import cmath
import math
from dataclasses import asdict, dataclass, replace

from embedded.assistant.colours import Lch, contrast, lch, luminance, mix, readable, text_on

# The margin above AA (4.5) keeps rounding and tinted grounds on the safe side.
TEXT = 4.7
QUIET = 3.1
LIGHT_TONES = (0.975, 0.014), (0.24, 0.03), (0.28, 0.06), (0.85, 0.1)
DARK_TONES = (0.19, 0.022), (0.95, 0.015), (0.14, 0.025), (0.84, 0.1)


@dataclass(frozen=True)
class Palette:
    """The colours that are chosen; `variables` derives the rest.

    paper: the page's ground; ink: its text; accent: buttons and links; deep: the dark bands; glow: a light
    companion to the accent, for pictures and for small text on deep.
    """

    paper: str
    ink: str
    accent: str
    deep: str
    glow: str

    @property
    def is_dark(self) -> bool:
        return luminance(self.paper) < 0.18

    def variables(self) -> dict[str, str]:
        """Return the CSS custom properties, without their dashes."""
        surface = mix(self.paper, "#ffffff", 0.06 if self.is_dark else 0.62)
        soft = mix(self.paper, self.accent, 0.16 if self.is_dark else 0.1)
        grounds = (self.paper, surface, soft)
        light = self.ink if self.is_dark else mix(self.paper, "#ffffff", 0.5)
        on_deep = readable(light, self.deep, ratio=7)
        # A dark accent would drown in a dark band.
        shown = self.accent if contrast(self.accent, self.deep) >= QUIET else self.glow
        return {
            "paper": self.paper,
            "surface": surface,
            "soft": soft,
            "ink": readable(self.ink, *grounds, ratio=9),
            "muted": readable(mix(self.ink, self.paper, 0.32), *grounds, ratio=TEXT),
            "line": mix(self.paper, self.ink, 0.16),
            "edge": readable(mix(self.paper, self.ink, 0.4), *grounds, ratio=QUIET),
            "accent": self.accent,
            "on-accent": text_on(self.accent),
            "link": readable(self.accent, *grounds, ratio=TEXT),
            "deep": self.deep,
            "on-deep": on_deep,
            "on-deep-quiet": readable(mix(on_deep, self.deep, 0.22), self.deep, ratio=TEXT),
            "deep-accent": shown,
            # Pictures need three tones on a dark band, also where buttons borrow the glow.
            "deep-art": shown if shown == self.accent else mix(self.glow, self.deep, 0.42),
            "shade": mix(self.deep, self.ink, 0.42) if self.is_dark else self.deep,
            "on-deep-accent": text_on(shown),
            "glow": self.glow,
            "glow-text": readable(self.glow, self.deep, ratio=TEXT),
        }

    @classmethod
    def of(cls, colour: str, dark: bool = False) -> "Palette":
        """Make a palette around one colour."""
        base = lch(colour)
        # Lightness and most chroma of paper, ink, deep and glow.
        tones = DARK_TONES if dark else LIGHT_TONES
        paper, ink, deep = (Lch(light, min(base.chroma, most), base.hue).hex() for light, most in tones[:3])
        glow = Lch(tones[3][0], min(base.chroma, tones[3][1]), base.hue + 28).hex()
        return cls(paper, ink, brightened(colour) if dark else colour.lower(), deep, glow)

    def darkened(self) -> "Palette":
        """Return the dark theme of this palette."""
        if self.is_dark:
            return self
        ground, light = lch(self.deep), lch(self.paper)
        chroma = min(ground.chroma, 0.03)
        paper, deep = (Lch(lightness, chroma, ground.hue).hex() for lightness in (0.19, 0.145))
        ink = Lch(0.95, min(light.chroma, 0.02), light.hue).hex()
        return Palette(paper, ink, brightened(self.accent), deep, self.glow)

    def lightened(self) -> "Palette":
        """Return the light theme of this palette."""
        accent = lch(self.accent)
        accent = replace(accent, lightness=min(accent.lightness, 0.52))
        return Palette.of(accent.hex()) if self.is_dark else self

    def turned(self, degrees: float, chroma: float = 1.0, lightness: float = 0.0) -> "Palette":
        """Return the palette with every colour's hue and chroma moved together, and the accent's lightness."""

        def turn(colour: str, lift: float = 0.0) -> str:
            old = lch(colour)
            return Lch(
                min(0.99, max(0.08, old.lightness + lift)), old.chroma * chroma, old.hue + degrees
            ).hex()

        turned = {name: turn(colour) for name, colour in asdict(self).items()}
        return Palette(**turned | {"accent": turn(self.accent, lightness)})

    def toward(self, hue: float, share: float, paper_chroma: float = 0.0) -> "Palette":
        """Return the palette with a share of one hue stirred into every colour, and the paper tinted by it."""

        def stir(colour: str, least: float = 0.0) -> str:
            old = lch(colour)
            # On a straight line through grey: turning the hue would take blue through purple.
            kept = cmath.rect(old.chroma * (1 - share), math.radians(old.hue))
            chroma, angle = cmath.polar(kept + cmath.rect(max(old.chroma, 0.02) * share, math.radians(hue)))
            return Lch(old.lightness, max(chroma, least), math.degrees(angle) % 360).hex()

        paper = Lch(lch(self.paper).lightness, paper_chroma, hue).hex() if paper_chroma else stir(self.paper)
        return Palette(paper, stir(self.ink), stir(self.accent, 0.09), stir(self.deep), stir(self.glow, 0.07))


def brightened(colour: str) -> str:
    """Return a colour that is light enough for a dark ground."""
    old = lch(colour)
    return replace(old, lightness=max(old.lightness, 0.66)).hex()
