"""Families of fonts: pairings of headings and text, and links to the files that the library of websites has."""

import json
import re
import tomllib
from pathlib import Path

from embedded.assistant.pages import Page, read_css, take_out
from embedded.assistant.patterns import VOCABULARY

Fonts = dict[str, str]
PAIRINGS: dict[str, Fonts] = tomllib.loads((VOCABULARY / "fonts.toml").read_text(encoding="utf-8"))
# The families of the library by kind, which is the name of the pairing for such fonts.
FAMILIES: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[2] / "static" / "library" / "families.json").read_text(encoding="utf-8")
)
# Of these kinds, text of any length is read with ease.
FOR_TEXT = {"sans", "serif", "rounded", "slab", "mono"}


def pairing(name: str) -> Fonts:
    """Return the fonts of a pairing, or those of a family of the library and what goes with it."""
    if name in PAIRINGS:
        return PAIRINGS[name]
    kind = next(kind for kind, names in FAMILIES.items() if name in names)
    fonts = PAIRINGS[kind]
    stack = f"'{name}', {fonts['display'].partition(', ')[2]}"
    return fonts | {"display": stack} | ({"text": stack} if kind in FOR_TEXT else {})


def link_families(page: Page) -> None:
    """Link the stylesheets of the families that the page's theme or fonts begin with, and no others of the library."""
    css = read_css(page.style("theme")) + read_css(page.style("fonts"))
    leading = set(re.findall(r"(?:--(?:display|text)|font-family)\s*:\s*['\"]?([\w ]+?)['\"]?\s*[,;!}]", css))
    paths = {
        f"fonts/{name.lower().replace(' ', '-')}.css": name for names in FAMILIES.values() for name in names
    }
    links = {str(link["href"]): link for link in page.head.select("link[rel=stylesheet][href]")}
    for path, link in links.items():
        if path in paths and paths[path] not in leading:
            take_out(link)
    anchor = page.head.find("style")
    for path, name in paths.items():
        if name in leading and path not in links and anchor:
            anchor.insert_before(page.soup.new_tag("link", rel="stylesheet", href=path), "\n")
