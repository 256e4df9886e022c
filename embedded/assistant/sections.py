"""Sections: their markup and styles, rendered from templates with a trade's copy."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from embedded.assistant.briefs import Brief
from embedded.assistant.trades import overlay

FOLDER = Path(__file__).parent

# The order in which sections stand on a page that was not rearranged.
ORDER = (
    "banner", "hero", "features", "about", "menu", "pricing", "gallery", "stats", "schedule", "team",
    "testimonials", "custom", "faq", "hours", "newsletter", "contact", "cta", "footer",
)  # fmt: skip
SAMPLE = {"email": "hello@example.com", "phone": "+1 555 012 3456"}
# Sections that draw with their trade's symbols.
DRAWN = {"hero", "features", "about", "gallery", "team"}


def drawing(name: str) -> Markup:
    """Return the shapes of a symbol, without its outer svg element."""
    text = (FOLDER / "symbols" / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(re.sub(r"^<svg[^>]*>|</svg>\s*$", "", text.strip()))  # noqa: S704 - our own files


@cache
def style(name: str) -> str:
    path = FOLDER / "styles" / f"{name}.css"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


@cache
def environment() -> Environment:
    loader = FileSystemLoader(FOLDER / "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals |= {"drawing": drawing, "style": lambda name: Markup(style(name))}  # noqa: S704 - our own files
    return made


def render(template: str, brief: Brief | None, **more: Any) -> str:
    """Return a template's markup, with the copy of the brief's trade told for its business."""
    if brief:
        trade = brief.trade
        more |= {"t": overlay(trade.told(brief.name), brief.given), "trade": trade, "name": brief.name}
        more |= SAMPLE | brief.details | {"address": brief.address}
    return environment().get_template(f"{template}.html").render(more).strip()
