"""Recolours pages that were made elsewhere, by turning the colours in their styles."""

import colorsys
import re
from collections.abc import Callable

from embedded.assistant.colours import HEX, Lch, lch
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, read_css, write_css

RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*([\d.]+%?)\s*)?\)")
HSL = re.compile(r"hsla?\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)%[\s,]+([\d.]+)%\s*(?:[,/]\s*([\d.]+%?)\s*)?\)")
NAMED: dict[str, str] = LOOKS["css_colours"]
COLOUR_NAME = re.compile(rf"(?<=[:\s,(])({'|'.join(NAMED)})(?=\s*(?:[;}}),!]|$))", re.M)
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
    if not any(read_css(style).strip() for style in page.soup.find_all("style")):
        page.set_style(
            "colours", f"h1, h2, h3, a {{ color: {colour} }}\nbutton {{ background: {colour}; color: #fff }}"
        )


def use_theme(page: Page, theme: str) -> None:
    """Mirror the lightness of every colour, where the page isn't in that theme yet."""
    if is_dark(page) == (theme == "dark"):
        return

    def mirrored(old: Lch) -> Lch:
        # 0.17 keeps the darkest ground off pure black, 0.97 the lightest text off pure white.
        return Lch(0.17 + (1 - old.lightness) * 0.8, old.chroma * 0.9, old.hue)

    map_colours(page, mirrored)
    ground, ink = ("#14161a", "#eceef2") if theme == "dark" else ("#ffffff", "#16181d")
    page.set_style(
        "scheme", f":root {{ color-scheme: {theme} }}\n:where(body) {{ background: {ground}; color: {ink} }}"
    )


def is_dark(page: Page) -> bool:
    scheme = page.style("scheme")
    if scheme:
        return "color-scheme: dark" in read_css(scheme)
    ground = re.search(
        r"(?:body|:root|html)\b[^{}]*\{[^}]*background(?:-color)?:\s*(#[0-9a-fA-F]{3,6})\b", page.css
    )
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
    def turn(colour: str, alpha: str = "") -> str:
        new = change(lch(colour)).hex()
        if not alpha:
            return new
        red, green, blue = (int(new[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgb({red} {green} {blue} / {alpha})"

    def from_rgb(match: re.Match[str]) -> str:
        channels = [min(255, int(match[at])) for at in (1, 2, 3)]
        return turn("#" + "".join(f"{channel:02x}" for channel in channels), match[4] or "")

    def from_hsl(match: re.Match[str]) -> str:
        hue, saturation, lightness = float(match[1]) / 360, float(match[2]) / 100, float(match[3]) / 100
        channels = colorsys.hls_to_rgb(hue % 1, min(1, lightness), min(1, saturation))
        return turn("#" + "".join(f"{round(channel * 255):02x}" for channel in channels), match[4] or "")

    css = COLOUR_NAME.sub(lambda match: NAMED[match[1]], css)
    css = RGB.sub(from_rgb, css)
    css = HSL.sub(from_hsl, css)
    # A selector like #abc or #facade is no colour: colours follow a colon, a comma or a space in a value.
    return re.sub(rf"(?<=[:,(\s])({HEX.pattern})(?![^{{}};]*\{{)", lambda match: turn(match[1]), css)
