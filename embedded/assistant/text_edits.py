"""Edits of wordings: headline, tagline, buttons, names, contact details, and any text by its old words."""

import re

from bs4 import Tag
from bs4.element import NavigableString

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change
from embedded.assistant.pages import Page, take_out
from embedded.assistant.section_edits import find

SKIPPED = {"script", "style"}
DETAIL_LINKS = {"email": "mailto:", "phone": "tel:"}


def set_text(page: Page, what: str, value: str) -> bool:
    """Set a wording, and say whether the page has a place for it."""
    kind, _, part = what.rpartition(" ")
    target = section_text(page, kind, part) if kind else hero_text(page, what)
    if not target:
        return False
    target.string = value
    if what == "headline":
        retitle(page, value)
    return True


def hero_text(page: Page, what: str) -> Tag | None:
    headline = page.headline()
    hero = find(page, "hero") or (headline.parent if headline else None)
    if what == "headline":
        return headline or page.body.find("h2")
    if not hero:
        return None
    if what == "button":
        return hero.select_one("a.button, button, a[class*=btn], a[class*=button]") or page.body.select_one(
            "a.button, button, a[class*=btn]"
        )
    if what == "eyebrow":
        return hero.select_one(".eyebrow")
    return hero.select_one(".lead") or (headline.find_next("p") if headline else hero.find("p"))


def section_text(page: Page, kind: str, part: str) -> Tag | None:
    section = find(page, kind)
    if not section:
        return None
    if kind == "footer":
        return section.select_one(".brand + p, p.small, p") or section
    return section.find(["h2", "h3"]) if part == "title" else section.select_one(".lead, p")


def retitle(page: Page, headline: str) -> None:
    """Keep the name in the document's title and put the new headline behind it."""
    title = page.soup.title
    if title and " – " in title.get_text():
        title.string = f"{title.get_text().split(' – ')[0]} – {headline.rstrip('.')}"


def replace_text(page: Page, old: str, new: str) -> bool:
    """Replace words wherever they are shown, across upper and lower case."""
    pattern = re.compile(re.escape(old), re.IGNORECASE)
    found = False
    for text in list(page.soup.find_all(string=pattern)):
        if text.parent and text.parent.name not in SKIPPED:
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
    if not brand:
        return False
    brand.string = new
    return True


def set_detail(page: Page, what: str, value: str) -> bool:
    """Set the phone number, e-mail or postal address wherever the page shows it."""
    return set_address(page, value) if what == "address" else set_link(page, DETAIL_LINKS[what], value)


def set_link(page: Page, scheme: str, value: str) -> bool:
    links = page.soup.find_all("a", href=re.compile(f"^{scheme}"))
    for link in links:
        link["href"] = scheme + (re.sub(r"[^\d+]", "", value) if scheme == "tel:" else value)
        if re.search(r"@|\d{3}", link.get_text()):
            link.string = value
    for form in page.soup.find_all("form", action=re.compile(f"^{scheme}")):
        form["action"] = scheme + value
    return bool(links)


def set_address(page: Page, value: str) -> bool:
    places = page.soup.select("[data-detail=address]")
    for place in places:
        place.string = value
    if not places and (address := page.body.find("address")):
        address.insert(0, value)
        return True
    return bool(places)


def as_sentence(change: Change, brief: Brief) -> str:
    """Return what the person told as a sentence: "that sells candles" says what the business is."""
    said = change.value.strip(" ,;")
    if change.what == "relative":
        noun = brief.trade.noun or brief.trade.copy["ui"]["welcome"]
        article = "an" if noun[:1] in "aeiou" else "a"
        said = (
            f"{brief.name} is {article} {noun} {said}"
            if brief.trade.copy["ui"]["lang"] == "en"
            else f"{noun} {said}"
        )
    said = said[:1].upper() + said[1:]
    return said if said[-1:] in ".!?。" else f"{said}."


def tell(page: Page, said: str, is_first: bool) -> str:
    """Put a sentence into the hero, or add it to the about section; return where, "" where there is no place."""
    about = find(page, "about")
    if is_first and (lead := hero_text(page, "tagline")):
        lead.string = said
        return "hero"
    last = about.select("p") if about else []
    if not about or not last:
        return ""
    paragraph = page.soup.new_tag("p")
    paragraph.string = said
    last[-1].insert_after("\n", paragraph)
    return "about"


def append_text(page: Page, kind: str, said: str) -> bool:
    """Add a line of text to a section; say whether the page has it."""
    section = find(page, kind)
    texts = section.select("p, h2, h1, address") if section else []
    if not section or not texts:
        return False
    line = page.soup.new_tag("p")
    line.string = said
    last = next(
        (text for text in reversed(texts) if not text.find_parent(["li", "figure", "form", "details"])),
        texts[-1],
    )
    last.insert_after("\n", line)
    return True


def rewrite(page: Page, copy: dict[str, list[str]]) -> bool:
    """Give the about section its other wording, or its first one back; say whether there is one."""
    about = find(page, "about")
    old = about.select("p") if about else []
    if not about or not old:
        return False
    now = [paragraph.get_text(" ", strip=True) for paragraph in old]
    new = copy["text"] if now == copy["again"] else copy["again"]
    for paragraph in old[1:]:
        take_out(paragraph)
    old[0].string = new[0]
    for said in reversed(new[1:]):
        paragraph = page.soup.new_tag("p")
        paragraph.string = said
        old[0].insert_after("\n", paragraph)
    return True
