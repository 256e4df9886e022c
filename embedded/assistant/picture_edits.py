"""Edits that show pictures of the website: as the logo, in the gallery or in another section."""

from pathlib import PurePosixPath
from urllib.parse import quote

from bs4 import Tag

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.pages import Page, shown_name
from embedded.assistant.section_edits import find, fix_links, put
from embedded.assistant.sections import style

BRAND = ":is(header, nav) :is([class*=brand], [class*=logo]), .brand, .logo"
DRAWN = ".scene, .site-picture, figure svg, .picture svg, img"


def show(page: Page, change: Change, brief: Brief) -> Said:
    place, path = change.what, change.value
    if place == "gallery" and not find(page, place):
        put(page, place, brief)
        fix_links(page)
    holder = page.body.select_one(f"{BRAND}, header") if place == "logo" else section(page, place)
    if not holder:
        return said("not_found", name="header" if place == "logo" else brief.part(place))
    page.set_style("style-pictures", style("pictures"))
    if place == "logo":
        show_logo(page, holder, path, f"Logo {shown_name(page) or brief.name}")
        return said("picture_logo", value=path)
    if place == "gallery":
        show_in_gallery(page, holder, path)
    else:
        show_in(page, holder, path)
    return said("picture", value=path, name=brief.part(place))


def section(page: Page, kind: str) -> Tag | None:
    headline = page.headline()
    return find(page, kind) or (headline.parent if kind == "hero" and headline else None)


def image(page: Page, path: str, alt: str, *classes: str) -> Tag:
    made = page.soup.new_tag("img", attrs={"src": quote(path), "alt": alt})
    made["class"] = " ".join(classes)
    return made


def words_of(path: str) -> str:
    """Return what a picture's name says that it shows."""
    words = PurePosixPath(path).stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def show_logo(page: Page, holder: Tag, path: str, alt: str) -> None:
    logo = image(page, path, alt, "site-logo")
    if holder.name == "img":
        holder.replace_with(logo)
    elif old := holder.select_one("img, svg"):
        old.replace_with(logo)
    else:
        holder.insert(0, logo)


def show_in(page: Page, holder: Tag, path: str) -> None:
    """Put a picture in place of what a section shows, or behind its text."""
    old = holder.select_one(DRAWN)
    is_scene = old and "scene" in old.get_attribute_list("class")
    made = image(page, path, words_of(path), *(["scene"] if is_scene else []), "site-picture")
    if old:
        old.replace_with(made)
    else:
        (holder.select_one(".wrap") or holder).extend([made, "\n"])


def show_in_gallery(page: Page, holder: Tag, path: str) -> None:
    """Put a picture in place of the first drawing, or behind the others."""
    made = image(page, path, words_of(path), "site-picture")
    if old := holder.select_one("figure svg"):
        figure = old.parent
        old.replace_with(made)
        if figure and (caption := figure.find("figcaption")):
            caption.string = words_of(path)
        return
    figure, listing = page.soup.new_tag("figure"), holder.find("ul")
    figure.append(made)
    if listing:
        item = page.soup.new_tag("li")
        item.append(figure)
        listing.extend([item, "\n"])
    else:
        (holder.select_one(".wrap") or holder).extend([figure, "\n"])
