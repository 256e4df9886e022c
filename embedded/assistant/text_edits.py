"""Edits of wordings: headline, tagline, buttons, names, contact details, and any text by its old words."""

import re

from bs4 import Tag
from bs4.element import NavigableString

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.pages import DETAILS, Page, take_out
from embedded.assistant.section_edits import find

BUTTON = "a.button, button, a[class*=btn], a[class*=button]"


def set_text(page: Page, what: str, value: str) -> bool:
    """Set a wording, and say whether the page has a place for it."""
    kind, _, part = what.rpartition(" ")
    target = section_text(page, kind, part) if kind else hero_text(page, what)
    if not target:
        return False
    target.string = value
    title = page.soup.title
    if what == "headline" and title and " – " in title.get_text():
        # The name stays in the document's title, and the new headline comes behind it.
        title.string = f"{title.get_text().split(' – ')[0]} – {value.rstrip('.')}"
    return True


def hero_text(page: Page, what: str) -> Tag | None:
    headline = page.headline()
    hero = find(page, "hero") or (headline.parent if headline else None)
    if what == "headline":
        return headline or page.body.find("h2")
    if not hero:
        return None
    if what == "button":
        return hero.select_one(BUTTON) or page.body.select_one(BUTTON)
    if what == "eyebrow":
        return hero.select_one(".eyebrow")
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


def rename(page: Page, old: str, new: str) -> bool:
    """Give the business another name everywhere on the page."""
    if old and replace_text(page, old, new):
        return True
    brand = page.body.select_one(".brand span, .brand, .logo, header a")
    if brand:
        brand.string = new
    return bool(brand)


def set_detail(page: Page, what: str, value: str) -> bool:
    """Set the phone number, e-mail or postal address wherever the page shows it."""
    shown = page.body.select(DETAILS[what])
    scheme = {"phone": "tel:", "email": "mailto:"}.get(what, "")
    target = scheme + (re.sub(r"[^\d+]", "", value) if what == "phone" else value)
    for tag in shown:
        if scheme:
            tag["href"] = target
        if not scheme or re.search(r"@|\d{3}", tag.get_text()):
            tag.string = value
    for form in page.soup.select(f"form[action^='{scheme}']") if scheme else []:
        form["action"] = target
    if not shown and what == "address" and (address := page.body.find("address")):
        address.insert(0, value)
        return True
    return bool(shown)


def as_sentence(change: Change, brief: Brief) -> str:
    """Return what the person told as a sentence: "that sells candles" says what the business is."""
    said = change.value.strip(" ,;")
    if change.what == "relative":
        noun = brief.trade.noun or brief.trade.copy["ui"]["welcome"]
        is_english = brief.trade.copy["ui"]["lang"] == "en"
        whose = f"{brief.name} is {'an' if noun[:1] in 'aeiou' else 'a'} " if is_english else ""
        said = f"{whose}{noun} {said}"
    said = said[:1].upper() + said[1:]
    return said if said[-1:] in ".!?。" else f"{said}."


def append_text(page: Page, kind: str, said: str) -> bool:
    """Add a line of text to a section; say whether the page has it."""
    section = find(page, kind)
    texts = section.select("p, h2, h1, address") if section else []
    free = [text for text in texts if not text.find_parent(["li", "figure", "form", "details"])]
    if not texts:
        return False
    put_after(page, [*texts, *free][-1], said)
    return True


def put_after(page: Page, tag: Tag, *paragraphs: str) -> None:
    for said in reversed(paragraphs):
        paragraph = page.soup.new_tag("p")
        paragraph.string = said
        tag.insert_after("\n", paragraph)


def rewrite(page: Page, copy: dict[str, list[str]]) -> bool:
    """Give the about section its other wording, or its first one back; say whether there is one."""
    about = find(page, "about")
    old = about.select("p") if about else []
    if not old:
        return False
    now = [paragraph.get_text(" ", strip=True) for paragraph in old]
    first, *others = copy["text"] if now == copy["again"] else copy["again"]
    for paragraph in old[1:]:
        take_out(paragraph)
    old[0].string = first
    put_after(page, old[0], *others)
    return True
