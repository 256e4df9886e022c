"""Edits of looks: colours, moods, themes, fonts, sizes, corners, spacing, motion."""

import re
from dataclasses import replace

from embedded.assistant.changes import Change
from embedded.assistant.colours import Lch, lch, mix, readable
from embedded.assistant.fonts import PAIRINGS, Fonts
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, read_css
from embedded.assistant.palettes import Palette
from embedded.assistant.recolouring import is_dark, recolour, use_theme
from embedded.assistant.section_edits import find
from embedded.assistant.themes import declarations, palette_of, set_palette, set_variables
from embedded.assistant.trades import trades

WARM, COOL = 62.0, 245.0
MOTION = """@media (prefers-reduced-motion: no-preference) {
  @supports (animation-timeline: view()) {
    main > * > * { animation: rise linear both; animation-timeline: view(); animation-range: entry 0% entry 45% }
  }
  @keyframes rise { from { opacity: 0; transform: translateY(2.5rem) } }
}"""


def set_colour(page: Page, change: Change) -> bool:
    """Set the colour of the page or of a part of it; say whether the page has that part."""
    palette = palette_of(page)
    if change.what not in {"all", "accent", "paper"}:
        return set_part_colour(page, change, palette)
    if not palette or not page.style("base"):
        recolour(page, change.value, change.what)
    if palette:
        use_palette(page, coloured(palette, change))
    return True


def set_part_colour(page: Page, change: Change, palette: Palette | None) -> bool:
    """Colour headings or text, or give a section a palette of its own in which all its text is readable."""
    if selector := LOOKS["parts"].get(change.what):
        ground = palette.paper if palette else "#ffffff"
        css = f"{selector} {{ color: {readable(change.value, ground)} !important }}"
        page.set_style(f"colour-{change.what}", css)
        return True
    section = find(page, change.what)
    if not section:
        return False
    made = Palette.of(change.value)
    made = (
        replace(made, paper=change.value)
        if lch(change.value).lightness > 0.9
        else replace(made, deep=darkest(change.value))
    )
    is_light = made.paper == change.value
    ground, ink = ("paper", "ink") if is_light else ("deep", "on-deep")
    names = made.variables()
    if not is_light:
        names |= {
            "ink": names["on-deep"],
            "muted": names["on-deep-quiet"],
            "link": names["glow-text"],
            "edge": names["on-deep-quiet"],
        }
    rules = declarations(names).replace("\n", " ")
    identity = section.get("id") or change.what
    section["id"] = identity
    page.set_style(
        f"colour-{identity}", f"#{identity} {{ {rules} background: var(--{ground}); color: var(--{ink}) }}"
    )
    return True


def darkest(colour: str) -> str:
    """Return the colour, dark enough for light text."""
    return readable(colour, "#ffffff", ratio=7)


def coloured(palette: Palette, change: Change) -> Palette:
    """Return the palette with the colour asked for as its accent, its paper, or its whole mood."""
    if change.what == "accent":
        return replace(palette, accent=change.value)
    if change.what == "paper":
        return on_paper(palette, change.value)
    made = Palette.of(change.value, dark=palette.is_dark)
    return replace(made, glow=Lch(0.85, 0.09, lch(change.other).hue).hex()) if change.other else made


def on_paper(palette: Palette, paper: str) -> Palette:
    if lch(paper).lightness < 0.45:
        return replace(palette.darkened(), paper=paper)
    # Text needs a ground that is nearly white or nearly black: anything between is lightened.
    light = paper if lch(paper).lightness > 0.9 else mix(paper, "#ffffff", 0.82)
    return replace(palette.lightened(), paper=light)


def use_palette(page: Page, palette: Palette) -> None:
    if palette_of(page):
        keep_natural(page, palette)
        set_palette(page, palette)
    else:
        recolour(page, palette.accent, "all")


def keep_natural(page: Page, palette: Palette) -> None:
    """Leave bread brown and leaves green on a page whose colours turn far from their trade's."""
    names = [name for name in LOOKS["natural"] if page.soup.find(id=f"art-{name}")]
    trade = trades().get(str(page.root.get("data-trade", "")))
    if not names or not trade:
        return
    own = trade.palette
    turn = abs((lch(own.accent).hue - lch(palette.accent).hue + 180) % 360 - 180)
    uses = ", ".join(f'use[href="#art-{name}"]' for name in names)
    tones = {"--art-1": own.accent, "--art-2": own.deep, "--art-3": own.glow}
    css = f"{uses} {{ {'; '.join(f'{name}: {tone} !important' for name, tone in tones.items())} }}"
    page.set_style("natural", css if turn > 25 else "")


def set_mood(page: Page, mood: str) -> None:
    palette = palette_of(page)
    if not palette:
        hues = {"warmer": "#b3542f", "cooler": "#1f6f9f"}
        recolour(page, hues.get(mood, "#b3542f"), "all", share=0.5)
        return
    use_palette(page, in_mood(palette, mood))


def in_mood(palette: Palette, mood: str) -> Palette:
    moods = {
        "warmer": lambda: palette.toward(WARM, 0.45, 0.022 if not palette.is_dark else 0.016),
        "cooler": lambda: palette.toward(COOL, 0.45, 0.012),
        "softer": lambda: palette.turned(0, 0.68, 0.06),
        "bolder": lambda: palette.turned(0, 1.45, 0.0),
        "darker": lambda: replace(palette, accent=darker(palette.accent), deep=darker(palette.deep, 0.06)),
        "lighter": lambda: replace(palette.turned(0, 0.9, 0.05), paper=mix(palette.paper, "#ffffff", 0.5)),
    }
    return moods[mood]()


def darker(colour: str, by: float = 0.1) -> str:
    old = lch(colour)
    return replace(old, lightness=max(0.12, old.lightness - by)).hex()


def set_theme(page: Page, theme: str) -> bool:
    """Switch to the dark or the light theme; say whether the page wasn't in it yet."""
    palette = palette_of(page)
    if (palette.is_dark if palette else is_dark(page)) == (theme == "dark"):
        return False
    if palette:
        set_palette(page, palette.darkened() if theme == "dark" else palette.lightened())
    if not palette or not page.style("base"):
        use_theme(page, theme)
    return True


def set_fonts(page: Page, what: str, wanted: str) -> str:
    """Set the fonts, of headings alone or of all text; return the pairing's name."""
    name = next_fonts(page) if wanted == "other" else wanted
    fonts = PAIRINGS[name]
    variables = fonts.variables()
    if what == "display":
        del variables["text"]
    if page.style("base"):
        set_variables(page, variables)
    else:
        page.set_style("fonts", foreign_fonts(fonts, what))
    return name


def next_fonts(page: Page) -> str:
    names = list(PAIRINGS)
    theme = page.style("theme")
    css = read_css(theme)
    current = next((at for at, name in enumerate(names) if f"--display: {PAIRINGS[name].display}" in css), -1)
    return names[(current + 2) % len(names)]


def foreign_fonts(fonts: Fonts, what: str) -> str:
    headings = f"h1, h2, h3, h4 {{ font-family: {fonts.display} !important }}"
    return headings if what == "display" else f"body {{ font-family: {fonts.text} !important }}\n{headings}"


def set_size(page: Page, part: str, way: str) -> None:
    """Scale text or headings by a tenth, on top of what earlier requests did."""
    style = page.style("size")
    scales = dict(re.findall(r"--(text|headings)-scale:\s*([\d.]+)", read_css(style)))
    factor = 1.12 if way == "bigger" else 0.9
    scales[part] = f"{float(scales.get(part, 1)) * factor:.3f}"
    declared = "; ".join(f"--{name}-scale: {scale}" for name, scale in sorted(scales.items()))
    css = f":root {{ {declared} }}\n"
    if "text" in scales:
        css += "html { font-size: calc(100% * var(--text-scale)) }\n"
    if "headings" in scales:
        css += "h1, h2, h3 { zoom: var(--headings-scale) }\n"
    page.set_style("size", css.strip())


def set_corners(page: Page, how: str) -> None:
    radius, pill = ("28px", "999px") if how == "round" else ("2px", "2px")
    if page.style("theme"):
        set_variables(page, {"radius": radius, "pill": pill})
    else:
        rule = f"button, .button, .btn, .card, input, textarea, img {{ border-radius: {radius} !important }}"
        page.set_style("corners", rule)


def set_spacing(page: Page, how: str) -> None:
    room = "clamp(5.5rem, 12vw, 10.5rem)" if how == "airy" else "clamp(2.5rem, 5vw, 4rem)"
    page.set_style("spacing", f"main > section, .band {{ padding-block: {room} }}")


def set_motion(page: Page) -> None:
    page.set_style("motion", MOTION)
