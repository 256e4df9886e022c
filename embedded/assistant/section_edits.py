"""Edits of a page's sections: create, add, remove, move."""

import re

from bs4 import Tag

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.families import link_families
from embedded.assistant.pages import Page, item_of, take_out
from embedded.assistant.section_names import LABELS, NAMES, SECTION_WORDS
from embedded.assistant.sections import DRAWN, ORDER, render, style
from embedded.assistant.themes import ensure_theme, theme_css

ENDS = {"first": "to the top", "last": "to the end", "up": "up one place", "down": "down one place"}
LANDING = ("hero", "features", "about", "testimonials", "cta", "footer")


def create(brief: Brief) -> Page:
    """Return a new landing page."""
    palette, look = brief.trade.palette, brief.trade.copy["look"]
    page = Page(render("page", brief, theme=theme_css(palette, look), colours=palette.variables()))
    link_families(page)
    for kind in LANDING:
        put(page, kind, brief)
    # Only now: the hero's buttons lead to sections that come after it.
    fix_links(page)
    return page


def add(page: Page, change: Change, brief: Brief) -> Said:
    """Add a section where it belongs: a page has one of a kind, unless it is to have another."""
    kind, part = change.what, brief.a_part(change.what)
    if kind == "nav":
        return said("nav_already" if page.nav() else "not_found", name=NAMES[kind])
    if kind != "custom" and change.where != "another" and find(page, kind):
        return said("already", part=part)
    put(page, kind, brief, change.value, change.other)
    fix_links(page)
    return said("added_custom" if kind == "custom" else "added", part=part, value=change.value)


def put(page: Page, kind: str, brief: Brief, value: str = "", text: str = "") -> None:
    """Put a section where it belongs, with its styles, drawings and navigation link."""
    copy = brief.trade.copy
    ensure_theme(page, brief)
    ensure_art(page, copy["look"]["symbols"] if kind in DRAWN else [])
    identity = free_id(page, value if kind == "custom" else kind)
    markup = render(kind, brief, value=value, text=text, identity=identity)
    later = ORDER[ORDER.index(kind) + 1 : -1]
    before = next((section for section in page.sections() if kind_of(section) in later), None)
    page.put(markup, before, outside=kind == "footer")
    page.set_style(f"style-{kind}", style(f"hero-{copy['look']['hero']}" if kind == "hero" else kind))
    # What has no label in English is no place to go to in any language.
    own = str(copy["labels"].get(kind) or LABELS[kind]) if LABELS[kind] else ""
    label = value[:1].upper() + value[1:] if kind == "custom" else own
    if label and len(label) < 22:
        page.link_to(f"#{identity}", label)
        reorder_links(page)


def fix_links(page: Page) -> None:
    """Lead our buttons to the contact form when there is one, and none to a section that is gone or its own."""
    ids = page.ids()
    for link in page.main.select("a.button[href^='#']"):
        target = str(link["href"])[1:]
        leads_on = target in ids and not link.find_parent(id=target)
        if leads_on and not (target == "cta" and "contact" in ids):
            continue
        goal = next((name for name in goals(page, link) if name in ids), "")
        if goal:
            link["href"] = f"#{goal}"
        elif page.style("kit"):
            take_out(link)


def goals(page: Page, link: Tag) -> list[str]:
    """Return where a button may lead, the best first: a quiet one tells more, the others get in touch."""
    below = [str(section.get("id", "")) for section in page.sections() if section not in link.parents]
    is_quiet = "quiet" in link.get_attribute_list("class")
    return [*(("features", "about") if is_quiet else ("contact", "cta", "footer")), *below]


def kind_of(section: Tag) -> str:
    """Return a section's kind: as marked, else as its id, classes or heading tell."""
    marked = str(section.get("data-section", ""))
    if marked in NAMES:
        return marked
    heading = section.find(["h1", "h2", "h3"])
    if heading and heading.name == "h1":
        return "hero"
    classes = " ".join(section.get_attribute_list("class"))
    signs = (str(section.get("id", "")), marked, classes, heading.get_text(" ") if heading else "")
    return next((kind for sign in signs if (kind := kind_by_sign(sign))), "")


def kind_by_sign(sign: str) -> str:
    text = f" {re.sub(r'[^a-z0-9&]+', ' ', sign.lower())} "
    for kind, words in SECTION_WORDS.items():
        if any(f" {word} " in text for word in (kind, *words) if word not in {"form", "map", "notice"}):
            return kind
    return ""


def find(page: Page, kind: str) -> Tag | None:
    if kind in {"footer", "nav"}:
        return page.footer() if kind == "footer" else page.nav()
    return next((section for section in page.sections() if kind_of(section) == kind), None)


def take_section(page: Page, kind: str) -> bool:
    """Remove a section with its styles and the links to it; say whether there was one."""
    section = find(page, kind)
    if not section:
        return False
    identity = str(section.get("id", ""))
    take_out(section)
    if not find(page, kind):
        page.set_style(f"style-{kind}", "")
    if identity:
        page.unlink(identity)
    fix_links(page)
    return True


def move(page: Page, change: Change, brief: Brief) -> Said:
    """Move a section above or below another one, to an end, or one place up or down."""
    where, kinds = change.where, [kind for kind in (change.what, change.other) if kind]
    if missing := [brief.part(kind) for kind in kinds if not find(page, kind)]:
        return said("not_found", name=brief.reply.listed(missing))
    section, target = find(page, change.what), find(page, change.other) or neighbour(page, change)
    name, other = brief.part(change.what), brief.part(kinds[-1])
    if not section or not target or target is section:
        return said("already_there", name=name)
    if where == "swap":
        mark = page.soup.new_tag("template")
        section.replace_with(mark)
        target.replace_with(section)
        mark.replace_with(target)
    elif where in {"above", "up"} or (where == "first" and kind_of(target) != "hero"):
        target.insert_before(section.extract(), "\n")
    else:
        target.insert_after("\n", section.extract())
    reorder_links(page)
    place = ENDS.get(where, f"{where} the {other}")
    return said("swapped" if where == "swap" else "moved", name=name, other=other, place=place)


def neighbour(page: Page, change: Change) -> Tag | None:
    """Return the section that a move up, down or to an end goes past."""
    sections = page.sections()
    place = next((at for at, one in enumerate(sections) if one is find(page, change.what)), -9)
    past = {"first": 0, "last": len(sections) - 1, "up": place - 1, "down": place + 1}.get(change.where, -1)
    return sections[past] if place >= 0 and 0 <= past < len(sections) else None


def reorder_links(page: Page) -> None:
    """Put the navigation's links to sections in the order in which the sections stand."""
    nav = page.nav()
    links = list(nav.find_all("a", href=re.compile("^#."))) if nav else []
    items = [item_of(link) for link in links]
    places = {f"#{section.get('id')}": index for index, section in enumerate(page.sections())}
    wanted = sorted(range(len(links)), key=lambda index: places.get(str(links[index]["href"]), len(places)))
    marks = [item.replace_with(mark := page.soup.new_tag("template")) and mark for item in items]
    for mark, index in zip(marks, wanted, strict=True):
        mark.replace_with(items[index])


def ensure_art(page: Page, names: list[str]) -> None:
    """Put the symbols that a section draws with into the page's sprite."""
    missing = [name for name in names if f"art-{name}" not in page.ids()]
    if not missing:
        return
    (made,) = page.fragment(render("sprite", None, names=missing))
    if sprite := page.soup.find("svg", id="art"):
        sprite.extend([symbol.extract() for symbol in made.find_all("symbol")])
    else:
        page.body.insert(0, made)


def free_id(page: Page, wanted: str) -> str:
    taken, number = page.ids(), 1
    name = wanted = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:40] or "section"
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name
