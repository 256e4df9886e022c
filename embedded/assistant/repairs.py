"""Repairs a page: adds what it lacks for small and large screens, and for people who can't see it."""

import re

from embedded.assistant.briefs import Brief
from embedded.assistant.changes import Change, Said, said
from embedded.assistant.languages import language
from embedded.assistant.pages import Page, read_css, write_css
from embedded.assistant.sections import style

MENU_BUTTON = """<button class="menu-button" type="button" popovertarget="links" aria-label="Menu">
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h16"/></svg></button>"""
CLOSE_MENU = (
    "document.getElementById('links').addEventListener('click', (event) => event.currentTarget.hidePopover())"
)
ALREADY = "found columns, pictures and menu responsive already, from 320 px up, and "
FIELDS = ":is(input:not([type=hidden], [type=submit]), select, textarea):not([aria-label], [aria-labelledby], label *)"
WIDE = re.compile(r"(?<![-\w])width:\s*(\d{3,4})px")


def make_responsive(page: Page, change: Change, brief: Brief) -> Said:
    """Change the page for small and large screens."""
    done = [words for step in (set_viewport, fold_menu, fit_foreign, fill_wide) if (words := step(page))]
    return said("look_responsive", value=language("en").listed(done) or ALREADY + retune(page))


def set_viewport(page: Page) -> str:
    if page.soup.find("meta", attrs={"name": "viewport"}):
        return ""
    attrs = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    page.head.insert(0, page.soup.new_tag("meta", attrs=attrs), "\n")
    return "told phones to use their real width"


def fold_menu(page: Page) -> str:
    """Fold our own navigation into a menu button on phones."""
    nav = page.nav()
    links = nav.select_one("ul.links") if nav else None
    if not nav or not links or page.style("phone"):
        return ""
    links["id"], links["popover"] = "links", ""
    links.insert_before(*page.fragment(MENU_BUTTON), "\n")
    script = page.soup.new_tag("script")
    script.string = CLOSE_MENU
    nav.insert_after("\n", script)
    page.set_style("phone", style("phone"))
    return "folded the navigation into a menu button on phones, with thumb-sized buttons and links"


def fit_foreign(page: Page) -> str:
    """Let a page that was made elsewhere wrap, stack and shrink: fixed widths become widest widths."""
    if page.style("base") or page.style("fit"):
        return ""
    page.set_style("fit", style("fit"))
    for sheet in page.soup.find_all("style"):
        write_css(sheet, WIDE.sub(free, read_css(sheet)))
    for tag in page.body.find_all(style=WIDE):
        tag["style"] = WIDE.sub(free, str(tag["style"]))
    for tag in page.body.find_all(["table", "td", "div"], width=re.compile(r"^[3-9]\d\d$|^\d{4}$")):
        del tag["width"]
    return "let columns stack, pictures shrink and the navigation wrap on narrow screens"


def free(width: re.Match[str]) -> str:
    return f"max-width: {width[1]}px; width: 100%" if int(width[1]) > 320 else width[0]


def fill_wide(page: Page) -> str:
    if not page.style("base") or page.style("wide"):
        return ""
    page.set_style("wide", style("wide"))
    return "let type and columns grow on very large screens"


def retune(page: Page) -> str:
    """Narrow or widen the gutters, so that even a finished page moves when asked to."""
    is_narrow = page.style("gutters") is not None
    page.set_style("gutters", "" if is_narrow else style("gutters"))
    return "gave phones wider margins again" if is_narrow else "gave phones slimmer margins"


def mend(page: Page) -> str:
    """Fix language, viewport, labels, alternative texts and motion; return what was done, "" for nothing."""
    steps = (set_language, set_viewport, name_fields, name_pictures, calm)
    return language("en").listed([words for step in steps if (words := step(page))])


def set_language(page: Page) -> str:
    if page.root.get("lang"):
        return ""
    page.root["lang"] = "en"
    return "set the language to English"


def name_fields(page: Page) -> str:
    fields = page.body.select(FIELDS)
    labels = {str(label["for"]) for label in page.body.select("label[for]")}
    silent = [field for field in fields if field.get("id") not in labels]
    for field in silent:
        words = str(field.get("placeholder") or field.get("name") or field.get("type") or "Your answer")
        field["aria-label"] = words.replace("_", " ").replace("-", " ").capitalize()
    return f"named {len(silent)} form field{'s' if len(silent) > 1 else ''}" if silent else ""


def name_pictures(page: Page) -> str:
    """Describe pictures by their caption; one without a caption is marked as decoration."""
    bare = page.body.select("img:not([alt])")
    for image in bare:
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        image["alt"] = caption.get_text(" ", strip=True) if caption else ""
    return f"gave {len(bare)} picture{'s' if len(bare) > 1 else ''} an alternative text" if bare else ""


def calm(page: Page) -> str:
    if "prefers-reduced-motion" in page.css or not re.search("(?:animation|transition):", page.css):
        return ""
    page.set_style("calm", style("calm"))
    return "switched motion off for visitors who prefer it"
