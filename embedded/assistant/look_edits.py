"""Edits of looks: colours, moods, themes, fonts, sizes, corners, spacing, motion."""

import re
from dataclasses import replace

from bs4 import Tag

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.colours import Lch, lch, mix, readable
from embedded.assistant.families import PAIRINGS, link_families, pairing
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import Page, read_css
from embedded.assistant.palettes import Palette
from embedded.assistant.recolouring import is_dark, mirror, recolour
from embedded.assistant.section_edits import find
from embedded.assistant.sections import style
from embedded.assistant.themes import declarations, palette_of, set_palette, set_variables
from embedded.assistant.trades import trades


def set_colour(page: Page, change: Change, brief: Brief) -> Said:
    """Set the colour of the page or of a part of it."""
    palette, part = palette_of(page), LOOKS["part_names"].get(change.what) or f"the {brief.part(change.what)}"
    section = None if change.what in LOOKS["part_names"] else find(page, change.what)
    if selector := LOOKS["parts"].get(change.what):
        shade = readable(change.value, palette.paper if palette else "#ffffff")
        page.set_style(f"colour-{change.what}", f"{selector} {{ color: {shade} !important }}")
    elif section:
        colour_section(page, section, change)
    elif change.what not in LOOKS["part_names"]:
        return said("not_found", name=part.removeprefix("the "))
    else:
        if not palette or not page.style("base"):
            recolour(page, change.value, change.what)
        if palette:
            use_palette(page, coloured(palette, change))
    return said("colour", part=part, value=brief.reply.own(change.where))


def colour_section(page: Page, section: Tag, change: Change) -> None:
    """Give a section a palette of its own."""
    identity = section["id"] = str(section.get("id") or change.what)
    page.set_style(f"colour-{identity}", f"#{identity} {{ {section_rules(change.value)} }}")


def section_rules(colour: str) -> str:
    """Return the declarations by which an element has a palette of its own, in which all its text is readable."""
    made = Palette.of(colour)
    if lch(colour).lightness > 0.9:
        names, ground, ink = replace(made, paper=colour).variables(), "paper", "ink"
    else:
        names = replace(made, deep=readable(colour, "#ffffff", ratio=7)).variables()
        names |= {name: names[source] for name, source in LOOKS["on_dark"].items()}
        ground, ink = "deep", "on-deep"
    return f"{declarations(names)} background: var(--{ground}); color: var(--{ink})".replace("\n", " ")


def coloured(palette: Palette, change: Change) -> Palette:
    """Return the palette with the colour asked for as its accent, its paper, or its whole mood."""
    shade, lightness = change.value, lch(change.value).lightness
    if change.what == "accent":
        return replace(palette, accent=shade)
    if change.what == "paper" and lightness < 0.45:
        return replace(palette.darkened(), paper=shade)
    if change.what == "paper":
        # Text needs a ground that is nearly white or nearly black: anything between is lightened.
        return replace(palette.lightened(), paper=shade if lightness > 0.9 else mix(shade, "#ffffff", 0.82))
    made = Palette.of(shade, dark=palette.is_dark)
    return replace(made, glow=Lch(0.85, 0.09, lch(change.other).hue).hex()) if change.other else made


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
    tones = enumerate((own.accent, own.deep, own.glow), 1)
    css = f"{uses} {{ {'; '.join(f'--art-{at}: {tone} !important' for at, tone in tones)} }}"
    page.set_style("natural", css if turn > 25 else "")


def set_mood(page: Page, change: Change, brief: Brief) -> Said:
    if palette := palette_of(page):
        use_palette(page, in_mood(palette, change.value))
    else:
        recolour(page, "#1f6f9f" if change.value == "cooler" else "#b3542f", "all", share=0.5)
    return said(f"look_{change.value}")


def in_mood(palette: Palette, mood: str) -> Palette:
    moods = {
        "warmer": lambda: palette.toward(62, 0.45, 0.022 if not palette.is_dark else 0.016),
        "cooler": lambda: palette.toward(245, 0.45, 0.012),
        "softer": lambda: palette.turned(0, 0.68, 0.06),
        "bolder": lambda: palette.turned(0, 1.45, 0.0),
        "darker": lambda: replace(palette, accent=darker(palette.accent), deep=darker(palette.deep, 0.06)),
        "lighter": lambda: replace(palette.turned(0, 0.9, 0.05), paper=mix(palette.paper, "#ffffff", 0.5)),
    }
    return moods[mood]()


def darker(colour: str, by: float = 0.1) -> str:
    old = lch(colour)
    return replace(old, lightness=max(0.12, old.lightness - by)).hex()


def set_theme(page: Page, change: Change, brief: Brief) -> Said:
    palette, theme = palette_of(page), change.value
    if (palette.is_dark if palette else is_dark(page)) == (theme == "dark"):
        return said("theme_already", value=theme)
    if palette:
        set_palette(page, palette.darkened() if theme == "dark" else palette.lightened())
    if not palette or not page.style("base"):
        mirror(page, theme)
    return said("theme", value=theme)


def set_fonts(page: Page, change: Change, brief: Brief) -> Said:
    """Set the fonts, of headings alone or of all text."""
    names, css, name = [*PAIRINGS], read_css(page.style("theme")), change.value
    if name == "other":
        current = next((at for at, one in enumerate(names) if PAIRINGS[one]["display"] in css), -1)
        name = names[(current + 2) % len(names)]
    fonts, of_headings = dict(pairing(name)), change.what == "display"
    # A family that isn't for text is set for headings alone, whatever was asked for.
    of_headings = of_headings or (name not in PAIRINGS and fonts["display"] != fonts["text"])
    if of_headings:
        del fonts["text"]
    if page.style("base"):
        set_variables(page, fonts)
    else:
        text = "" if of_headings else f"body {{ font-family: {fonts['text']} !important }}\n"
        page.set_style("fonts", f"{text}h1, h2, h3, h4 {{ font-family: {fonts['display']} !important }}")
    link_families(page)
    part = "the headings" if of_headings else "the page"
    return said("look_fonts", part=part, value=LOOKS["font_names"].get(name, name))


def set_size(page: Page, change: Change, brief: Brief) -> Said:
    """Scale text or headings by a tenth, on top of what earlier requests did."""
    scales = dict(re.findall(r"--(text|headings)-scale:\s*([\d.]+)", read_css(page.style("size"))))
    factor = 1.12 if change.value == "bigger" else 0.9
    scales[change.what] = f"{float(scales.get(change.what, 1)) * factor:.3f}"
    declared = "; ".join(f"--{name}-scale: {scale}" for name, scale in sorted(scales.items()))
    page.set_style("size", f":root {{ {declared} }}\n{style('size')}")
    return said("look_size", part=change.what, value=change.value)


def set_sheet(page: Page, change: Change, brief: Brief) -> Said:
    """Set corners, spacing or motion: each is a stylesheet."""
    page.set_style(change.verb, style(change.value))
    return said(f"look_{change.value}")
