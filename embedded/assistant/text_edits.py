"""Edits of wordings: headline, tagline, buttons, names, contact details, and any text by its old words."""

import re

from bs4 import Tag
from bs4.element import NavigableString

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.look_requests import LOOKS
from embedded.assistant.pages import DETAILS, Page, shown_name
from embedded.assistant.request_parser import BESIDE
from embedded.assistant.section_edits import find
from embedded.assistant.section_names import NAMES

BUTTON = "a.button, button, a[class*=btn], a[class*=button]"


def set_text(page: Page, change: Change, brief: Brief) -> Said:
    kind, _, part = change.what.rpartition(" ")
    name = (
        f"{NAMES[kind]}’s {'heading' if part == 'title' else 'text'}" if kind else LOOKS["text_names"][part]
    )
    target = section_text(page, kind, part) if kind else hero_text(page, part)
    if not target:
        return said("not_found", name=name)
    target.string = change.value
    title = page.soup.title
    if change.what == "headline" and title and " – " in title.get_text():
        # The name stays in the document's title, and the new headline comes behind it.
        title.string = f"{title.get_text().split(' – ')[0]} – {change.value.rstrip('.')}"
    return said("text", part=f"the {name}", value=change.value)


def hero_text(page: Page, what: str) -> Tag | None:
    headline = page.headline()
    hero = find(page, "hero") or (headline.parent if headline else None)
    if what == "headline":
        return headline or page.body.find("h2")
    if what == "button":
        return (hero or page.body).select_one(BUTTON) or page.body.select_one(BUTTON)
    if what == "eyebrow" or not hero:
        return hero.select_one(".eyebrow") if hero else None
    return hero.select_one(".lead") or (headline.find_next("p") if headline else hero.find("p"))


def section_text(page: Page, kind: str, part: str) -> Tag | None:
    section = find(page, kind)
    if not section or kind == "footer":
        return section and (section.select_one(".brand + p, p.small, p") or section)
    return section.find(["h2", "h3"]) if part == "title" else section.select_one(".lead, p")


def replace_text(page: Page, old: str, new: str) -> bool:
    """Replace words wherever they are shown, across upper and lower case."""
    pattern = re.compile(re.escape(old), re.IGNORECASE)
    found = False
    for text in list(page.soup.find_all(string=pattern)):
        if text.parent and text.parent.name not in {"script", "style"}:
            text.replace_with(NavigableString(pattern.sub(lambda _: new, text)))
            found = True
    for tag in page.soup.find_all(True):
        for name in ("alt", "aria-label", "placeholder", "content"):
            if pattern.search(str(tag.get(name, ""))):
                tag[name] = pattern.sub(lambda _: new, str(tag[name]))
                found = True
    return found


def replace(page: Page, change: Change, brief: Brief) -> Said:
    core = " ".join(word for word in change.what.split() if word.lower() not in BESIDE)
    for old in (change.what, core):
        if old and replace_text(page, old, change.value):
            return said("replaced", old=old, value=change.value)
    return said("not_found", name=f"“{change.what}”")


def rename(page: Page, change: Change, brief: Brief) -> Said:
    """Give the business another name everywhere on the page."""
    old, brand = shown_name(page) or brief.name, page.body.select_one(".brand span, .brand, .logo, header a")
    if not replace_text(page, old, change.value):
        if not brand:
            return said("not_found", name="name")
        brand.string = change.value
    return said("renamed", value=change.value)


def set_detail(page: Page, change: Change, brief: Brief) -> Said:
    """Set the phone number, e-mail or postal address wherever the page shows it."""
    what, value, name = change.what, change.value, LOOKS["details"][change.what]
    shown, address = page.body.select(DETAILS[what]), page.body.find("address")
    if what != "address":
        target = f"tel:{re.sub(r'[^0-9+]', '', value)}" if what == "phone" else f"mailto:{value}"
        for tag in shown:
            tag["href"] = target
        for form in page.soup.select("form[action^='mailto:']") if what == "email" else []:
            form["action"] = target
    for tag in shown:
        if what == "address" or re.search(r"@|\d{3}", tag.get_text()):
            tag.string = value
    if not shown and what == "address" and address:
        address.insert(0, value)
    elif not shown:
        return said("no_detail", name=name)
    return said("detail", name=name, value=value)


def tell(page: Page, change: Change, brief: Brief) -> Said:
    """Put a sentence of the person's into the hero while the page is new, else into the about section.

    "That sells candles" says what the business is.
    """
    value = change.value.strip(" ,;")
    if change.what == "relative":
        noun = brief.trade.noun or brief.trade.copy["ui"]["welcome"]
        is_english = brief.trade.copy["ui"]["lang"] == "en"
        whose = f"{brief.name} is {'an' if noun[:1] in 'aeiou' else 'a'} " if is_english else ""
        value = f"{whose}{noun} {value}"
    value = value[:1].upper() + value[1:] + ("" if value[-1:] in ".!?。" else ".")
    if change.where:
        return set_text(page, Change("text", "tagline", value), brief)
    return append(page, Change("say", "about", value), brief)


def append(page: Page, change: Change, brief: Brief) -> Said:
    """Add a line of text to a section."""
    section, name = find(page, change.what), brief.part(change.what)
    texts = section.select("p, h2, h1, address") if section else []
    if not texts:
        return said("not_found", name=name)
    free = [text for text in texts if not text.find_parent(["li", "figure", "form", "details"])]
    line = page.soup.new_tag("p")
    line.string = change.value
    [*texts, *free][-1].insert_after("\n", line)
    return said("told", part=f"the {name}", value=change.value)
