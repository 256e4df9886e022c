"""Colours as hex text: changes of lightness, chroma and hue, and the contrast of two colours.

OKLCH keeps perceived lightness when the hue turns, so recoloured text stays readable.
Sources: https://bottosson.github.io/posts/oklab/ and WCAG 2.2, "relative luminance".
"""

import math
import re
from dataclasses import dataclass

HEX = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
AA = 4.5


@dataclass(frozen=True)
class Lch:
    """A colour by lightness (0 to 1), chroma (0 to about 0.37) and hue (degrees)."""

    lightness: float
    chroma: float
    hue: float

    def hex(self) -> str:
        """Return the colour as #rrggbb, with less chroma where a screen can't show that much."""
        chroma = self.chroma
        while True:
            channels = to_linear(self.lightness, chroma, self.hue)
            if chroma <= 0.001 or all(-0.0005 <= c <= 1.0005 for c in channels):
                return "#" + "".join(f"{round(encode(c) * 255):02x}" for c in channels)
            chroma -= 0.002


def rgb(colour: str) -> tuple[float, float, float]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def decode(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def encode(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return channel * 12.92 if channel <= 0.0031308 else float(1.055 * channel ** (1 / 2.4) - 0.055)


def lch(colour: str) -> Lch:
    """Read #rgb or #rrggbb."""
    r, g, b = (decode(channel) for channel in rgb(colour))
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b_axis = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, math.hypot(a, b_axis), math.degrees(math.atan2(b_axis, a)) % 360)


def to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: str) -> float:
    red, green, blue = (decode(channel) for channel in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Return `one` with a share (0 to 1) of `other` stirred in."""
    mixed = (a + (b - a) * share for a, b in zip(rgb(one), rgb(other), strict=True))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in mixed)


def readable(colour: str, *grounds: str, ratio: float = AA) -> str:
    """Return the colour, made lighter or darker only as far as text on every ground needs."""
    start = lch(colour)
    step = 0.01 if luminance(grounds[0]) < 0.18 else -0.01
    lightness, found = start.lightness, colour
    while min(contrast(found, ground) for ground in grounds) < ratio and 0 < lightness < 1:
        lightness += step
        found = Lch(min(1.0, max(0.0, lightness)), start.chroma, start.hue).hex()
    return found


def text_on(ground: str, dark: str = "#16130f", light: str = "#ffffff") -> str:
    """Return whichever of light and dark reads better on the ground, light where both do."""
    return light if contrast(light, ground) >= AA else readable(dark, ground)
