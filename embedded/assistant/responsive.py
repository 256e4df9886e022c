"""Makes a page responsive: finds what it lacks for small and large screens, and adds that."""

import re
from collections.abc import Callable

from bs4 import Tag

from embedded.assistant.pages import Page, read_css, write_css
from embedded.assistant.sections import style

MENU_BUTTON = """<button class="menu-button" type="button" popovertarget="links" aria-label="Menu">
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h16"/></svg></button>"""
CLOSE_MENU = (
    "document.getElementById('links').addEventListener('click', (event) => event.currentTarget.hidePopover())"
)


def make_responsive(page: Page) -> tuple[list[str], bool]:
    """Change the page for small and large screens.

    Return what was done, and whether the basics were all there before.
    """
    done = [words for step in BASICS if (words := step(page))]
    if done:
        return done, False
    extra = next((words for step in EXTRAS if (words := step(page))), "")
    return [extra or retune(page)], True


def set_viewport(page: Page) -> str:
    if page.soup.find("meta", attrs={"name": "viewport"}):
        return ""
    meta = page.soup.new_tag(
        "meta", attrs={"name": "viewport", "content": "width=device-width, initial-scale=1"}
    )
    page.head.insert(0, meta)
    meta.insert_after("\n")
    return "told phones to use their real width"


def fold_menu(page: Page) -> str:
    """Fold our own navigation into a menu button on phones."""
    nav = page.nav()
    links = nav.select_one("ul.links") if nav else None
    if not nav or not links or page.style("phone"):
        return ""
    links["id"], links["popover"] = "links", ""
    (button,) = page.fragment(MENU_BUTTON)
    links.insert_before(button, "\n")
    script = page.soup.new_tag("script")
    script.string = CLOSE_MENU
    nav.insert_after("\n", script)
    page.set_style("phone", style("phone"))
    return "folded the navigation into a menu button on phones, with thumb-sized buttons and links"


def fit_foreign(page: Page) -> str:
    """Let a page that was made elsewhere wrap, stack and shrink."""
    if page.style("base") or page.style("fit"):
        return ""
    page.set_style("fit", style("fit"))
    free_widths(page)
    return "let columns stack, pictures shrink and the navigation wrap on narrow screens"


def free_widths(page: Page) -> None:
    """Turn fixed widths wider than a phone into widest widths."""
    wide = re.compile(r"(?<![-\w])width:\s*(\d{3,4})px")

    def free(match: re.Match[str]) -> str:
        return f"max-width: {match[1]}px; width: 100%" if int(match[1]) > 320 else match[0]

    for sheet in page.soup.find_all("style"):
        write_css(sheet, wide.sub(free, read_css(sheet)))
    for tag in page.body.find_all(style=wide):
        tag["style"] = wide.sub(free, str(tag["style"]))
    for tag in page.body.find_all(["table", "td", "div"], width=re.compile(r"^[3-9]\d\d$|^\d{4}$")):
        del tag["width"]


def fill_wide(page: Page) -> str:
    if not page.style("base") or page.style("wide"):
        return ""
    page.set_style("wide", style("wide"))
    return "let type and columns grow on very large screens"


def add_action_bar(page: Page) -> str:
    """Keep the hero's main button within a thumb's reach."""
    button = page.body.select_one(".hero a.button")
    if page.style("action-bar") or not isinstance(button, Tag):
        return ""
    markup = f'<div class="action-bar" role="region" aria-label="Quick action">{button.decode()}</div>'
    page.body.append(page.fragment(markup)[0])
    page.body.append("\n")
    page.set_style("action-bar", style("action-bar"))
    return "kept the main button in reach at the bottom of phone screens"


def suit_print(page: Page) -> str:
    if page.style("print"):
        return ""
    page.set_style("print", style("print"))
    return "gave it a print layout, for people who take it along on paper"


def retune(page: Page) -> str:
    """Narrow or widen the gutters, so that even a finished page moves when asked to."""
    narrow = ":root { --gutter: 1rem }\n@media (max-width: 30rem) { .wrap { width: calc(100% - 2 * var(--gutter)) } }"
    is_narrow = page.style("gutters") is not None
    page.set_style("gutters", "" if is_narrow else narrow)
    return (
        "gave phones wider margins again"
        if is_narrow
        else "gave phones slimmer margins, so lines hold more words"
    )


BASICS: tuple[Callable[[Page], str], ...] = (set_viewport, fold_menu, fit_foreign, fill_wide)
EXTRAS: tuple[Callable[[Page], str], ...] = (add_action_bar, suit_print)
