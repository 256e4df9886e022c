"""Recolours pages that were made elsewhere, by turning the colours in their styles."""

import colorsys
import re
from collections.abc import Callable

from embedded.assistant.colours import HEX, Lch, lch
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, read_css, write_css

RGB = re.compile(
    r"(rgb|hsl)a?\(([\d.]+)(?:deg)?[\s,]+([\d.]+)%?[\s,]+([\d.]+)%?\s*(?:[,/]\s*([\d.]+%?)\s*)?\)"
)
GROUND = re.compile(r"(?:body|:root|html)\b[^{}]*\{[^}]*background(?:-color)?:\s*(#[0-9a-fA-F]{3,6})\b")
NAMED: dict[str, str] = LOOKS["css_colours"]
COLOUR_NAME = re.compile(rf"(?<=[:\s,(])({'|'.join(NAMED)})(?=\s*(?:[;}}),!]|$))", re.M)
# A selector like #abc or #facade is no colour: colours follow a colon, a comma or a space in a value.
HEX_VALUE = re.compile(rf"(?<=[:,(\s])({HEX.pattern})(?![^{{}};]*\{{)")
VIVID = 0.035


def recolour(page: Page, colour: str, what: str, share: float = 1.0) -> None:
    """Turn every vivid colour's hue toward a colour, a share of the way; greys and lightness stay."""
    if what == "paper":
        page.set_style("ground", f"body {{ background: {colour} !important }}")
        return
    wanted = lch(colour)

    def turned(old: Lch) -> Lch:
        if old.chroma < VIVID:
            return old
        distance = (wanted.hue - old.hue + 180) % 360 - 180
        chroma = min(old.chroma, max(wanted.chroma, 0.02)) if wanted.chroma < 0.03 else old.chroma
        return Lch(old.lightness, chroma, old.hue + distance * share)

    map_colours(page, turned)
    if not page.css.strip():
        rules = f"h1, h2, h3, a {{ color: {colour} }}\nbutton {{ background: {colour}; color: #fff }}"
        page.set_style("colours", rules)


def mirror(page: Page, theme: str) -> None:
    """Mirror the lightness of every colour, where the page isn't in that theme yet."""
    if is_dark(page) == (theme == "dark"):
        return
    # 0.17 keeps the darkest ground off pure black, 0.97 the lightest text off pure white.
    map_colours(page, lambda old: Lch(0.17 + (1 - old.lightness) * 0.8, old.chroma * 0.9, old.hue))
    ground, ink = ("#14161a", "#eceef2") if theme == "dark" else ("#ffffff", "#16181d")
    rules = f":root {{ color-scheme: {theme} }}\n:where(body) {{ background: {ground}; color: {ink} }}"
    page.set_style("scheme", rules)


def is_dark(page: Page) -> bool:
    if scheme := page.style("scheme"):
        return "color-scheme: dark" in read_css(scheme)
    ground = GROUND.search(page.css)
    return bool(ground and lch(ground[1]).lightness < 0.4)


def map_colours(page: Page, change: Callable[[Lch], Lch]) -> None:
    """Change the colours in the page's own styles and style attributes, not in those we added."""
    for style in page.soup.find_all("style"):
        if style.get("id") not in {"theme", "kit"}:
            write_css(style, mapped(read_css(style), change))
    for tag in page.soup.find_all(True):
        for name in ("style", "fill", "stroke", "stop-color", "bgcolor"):
            if tag.get(name):
                tag[name] = mapped(f" {tag[name]}", change).strip()


def mapped(css: str, change: Callable[[Lch], Lch]) -> str:
    def turn(match: re.Match[str]) -> str:
        one, two, three = (float(match[at]) for at in (2, 3, 4))
        if match[1] == "hsl":
            channels = colorsys.hls_to_rgb(one / 360 % 1, min(1, three / 100), min(1, two / 100))
            one, two, three = (255 * channel for channel in channels)
        shade = "".join(f"{round(min(255, channel)):02x}" for channel in (one, two, three))
        new = change(lch(f"#{shade}")).hex()
        red, green, blue = (int(new[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgb({red} {green} {blue} / {match[5]})" if match[5] else new

    css = RGB.sub(turn, COLOUR_NAME.sub(lambda match: NAMED[match[1]], css))
    return HEX_VALUE.sub(lambda match: change(lch(match[1])).hex(), css)
