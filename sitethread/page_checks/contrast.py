"""The contrast of the colours that stylesheets declare, given as hex codes or custom properties."""

import re
from collections.abc import Iterator

# All patterns are possessive: what they have read they don't read again.
_VARIABLE = re.compile(r"(?<![\w-])(--[\w-]++)\s*+:\s*+(#[0-9a-fA-F]{3,6})\b")
_VALUE = r"\s*+:\s*+(?:(#[0-9a-fA-F]{3,6})\b|var\((--[\w-]++)\))"
_TEXT = re.compile(rf"(?<![\w-])color{_VALUE}")
_GROUND = re.compile(rf"(?<![\w-])background(?:-color)?{_VALUE}")
_BRACE = re.compile(r"([{}])")


def contrasts(css: str) -> Iterator[tuple[str, float]]:
    """Yield the selector of each rule that sets text and background, and the contrast of the two."""
    variables = dict(_VARIABLE.findall(css))
    for selector, declarations in _rules(css):
        text, ground = _declared(_TEXT, declarations, variables), _declared(_GROUND, declarations, variables)
        if text and ground:
            yield selector, contrast(text, ground)


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two hex colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) in (3, 4) else digits[:6].ljust(6, "0")
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the selector and the declarations of each rule that holds no other rule."""
    parts = _BRACE.split(css)
    for place in range(1, len(parts) - 2, 2):
        if parts[place] == "{" and parts[place + 2] == "}" and parts[place - 1]:
            yield parts[place - 1], parts[place + 1]


def _declared(pattern: re.Pattern[str], declarations: str, variables: dict[str, str]) -> str:
    found = pattern.search(declarations)
    return (found[1] or variables.get(found[2], "")) if found else ""
