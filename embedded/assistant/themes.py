"""Themes: a page's custom properties, written, read and changed."""

import re
from collections import Counter
from typing import Any

from embedded.assistant.briefs import Brief
from embedded.assistant.colours import HEX, lch
from embedded.assistant.families import PAIRINGS, Fonts, link_families
from embedded.assistant.pages import Page, read_css, write_css
from embedded.assistant.palettes import Palette
from embedded.assistant.recolouring import is_dark
from embedded.assistant.sections import style


def declarations(variables: dict[str, str]) -> str:
    return "\n".join(f"  --{name}: {value};" for name, value in variables.items())


def theme_css(palette: Palette, look: dict[str, Any], fonts: Fonts | None = None) -> str:
    shape = {"radius": look["radius"], "pill": look.get("pill", "999px")}
    variables = palette.variables() | (fonts or PAIRINGS[look["font"]]) | shape
    scheme = "dark" if palette.is_dark else "light"
    return f":root {{\n  color-scheme: {scheme};\n{declarations(variables)}\n}}"


def palette_of(page: Page) -> Palette | None:
    """Return the palette whose variables the page's theme declares, None when it has none of ours."""
    css = read_css(page.style("theme"))
    found = dict(re.findall(r"--(paper|ink|accent|deep|glow)\s*:\s*(#[0-9a-fA-F]{3,6})\b", css))
    return Palette(**found) if len(found) == 5 else None


def set_variables(page: Page, variables: dict[str, str]) -> None:
    """Change custom properties in the page's theme, and keep all others as they are."""
    if theme := page.style("theme"):
        css = read_css(theme)
        for name, value in variables.items():
            css = re.sub(rf"(--{name}\s*:)[^;}}]*", rf"\1 {value}", css)
        write_css(theme, css)


def set_palette(page: Page, palette: Palette) -> None:
    set_variables(page, palette.variables())
    if theme := page.style("theme"):
        scheme = f"color-scheme: {'dark' if palette.is_dark else 'light'}"
        write_css(theme, re.sub(r"color-scheme:\s*\w+", scheme, read_css(theme)))
    for meta in page.soup.select("meta[name=theme-color]"):
        meta["content"] = palette.paper


def ensure_theme(page: Page, brief: Brief) -> None:
    """Give a page that was made elsewhere what our sections need, in its own colours and fonts."""
    if not page.style("theme"):
        palette = borrowed_palette(page) or brief.trade.palette
        page.set_style("theme", theme_css(palette, brief.trade.copy["look"], borrowed_fonts(page.css)))
        link_families(page)
    if not page.style("kit"):
        page.set_style("kit", style("kit"))


def borrowed_palette(page: Page) -> Palette | None:
    """Return a palette around the colour that a foreign page uses most, on its own ground."""
    counted = Counter(colour.lower() for colour in HEX.findall(page.css))
    vivid = [colour for colour, _ in counted.most_common() if lch(colour).chroma > 0.06]
    return Palette.of(vivid[0], dark=is_dark(page)) if vivid else None


def borrowed_fonts(css: str) -> Fonts:
    """Return the fonts a foreign stylesheet gives its body and headings."""
    text = family(css, r"(?:body|html|:root)") or PAIRINGS["rounded"]["text"]
    return {"display": family(css, r"h[12]") or text, "text": text, "weight": "700", "tracking": "normal"}


def family(css: str, selector: str) -> str:
    found = re.search(rf"(?<![\w-]){selector}\b[^{{}}]*\{{[^}}]*?font-family:\s*([^;}}]+)", css)
    return found[1].replace("!important", "").strip() if found and "var(" not in found[1] else ""
