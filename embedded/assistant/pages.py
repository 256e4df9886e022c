"""A page that can be changed: parsed by the HTML standard, edited, and written back with all else intact."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.element import AttributeValueList, NavigableString
from bs4.formatter import HTMLFormatter

BOOLEAN = {
    "required", "checked", "selected", "disabled", "open", "hidden", "async", "defer", "controls", "loop", "muted",
}  # fmt: skip
BLOCKS = {"section", "article", "aside"}


class Written(HTMLFormatter):
    """Writes attributes in their order, void elements without a slash, and only the entities HTML needs."""

    def __init__(self) -> None:
        super().__init__(EntitySubstitution.substitute_xml, void_element_close_prefix="")

    def attributes(self, tag: Tag) -> list[tuple[str, str | AttributeValueList | None]]:
        return [(key, None if key in BOOLEAN and value == "" else value) for key, value in tag.attrs.items()]


WRITTEN = Written()


class Page:
    """A parsed page, its sections, its styles and its navigation."""

    def __init__(self, html: str) -> None:
        self.soup = BeautifulSoup(html, "html5lib")
        # The parser always makes these.
        self.root, self.head, self.body = self.soup.select("html, html > head, html > body")

    def html(self) -> str:
        """Return the whole document, safe to stand inside a ```html fence."""
        text = re.sub(r"^<!DOCTYPE", "<!doctype", self.soup.decode(formatter=WRITTEN).strip())
        # The parser drops the line break after <html>, and moves what follows </body> into it.
        text = re.sub(r"^(<!doctype[^>]*>\s*<html[^>]*>)\s*<head>", r"\1\n<head>", text)
        text = re.sub(r"\s*</body>\s*</html>$", "\n</body>\n</html>", text)
        return text.replace("```", "&#96;&#96;&#96;")

    @property
    def main(self) -> Tag:
        return self.soup.find("main") or self.body

    @property
    def css(self) -> str:
        return "\n".join(read_css(style) for style in self.soup.find_all("style"))

    @property
    def title(self) -> str:
        return self.soup.title.get_text(strip=True) if self.soup.title else ""

    def sections(self) -> list[Tag]:
        """Return the blocks that stand one below the other: sections, or what serves as such."""
        found = [tag for tag in self.body.find_all(True) if tag.name in BLOCKS or "data-section" in tag.attrs]
        blocks = self.main.find_all("div", recursive=False)
        outer = [tag for tag in found if tag.name != "footer" and not tag.find_parent(is_holder)]
        return outer or [tag for tag in blocks if tag.find(["h1", "h2", "h3"])]

    def style(self, name: str) -> Tag | None:
        found = self.soup.find("style", id=name)
        return found if isinstance(found, Tag) else None

    def set_style(self, name: str, css: str) -> None:
        """Write a stylesheet of this name; an empty one is removed."""
        found = self.style(name)
        if not css:
            if found:
                take_out(found)
            return
        if not found:
            found = self.soup.new_tag("style", id=name)
            self.head.extend([found, "\n"])
        write_css(found, css)

    def fragment(self, markup: str) -> list[Tag]:
        """Parse markup into elements that can be put into the page."""
        return [tag.extract() for tag in BeautifulSoup(markup, "html5lib").select("body > *")]

    def put(self, markup: str, before: Tag | None, outside: bool = False) -> None:
        """Put one element before another, else at the end of the main part or, `outside` it, of the page."""
        (tag,), main, footer = self.fragment(markup), self.main, self.footer()
        # Where there is no main element to append to, the footer stays the last.
        last = footer if footer and footer.parent is main is self.body else None
        if not outside and (anchor := before or last):
            anchor.insert_before(tag, "\n")
        elif outside and main is not self.body:
            main.insert_after("\n", tag)
        else:
            main.extend([tag, "\n"])

    def footer(self) -> Tag | None:
        return [None, *self.body.select("footer:not(article footer, figure footer)")][-1]

    def ids(self) -> set[str]:
        return {str(tag["id"]) for tag in self.soup.find_all(id=True)}

    def headline(self) -> Tag | None:
        return self.body.select_one("h1")

    def nav(self) -> Tag | None:
        return self.body.select_one("nav")

    def link_to(self, address: str, label: str) -> None:
        """Add a link to the navigation, made like its last one, unless it or another of that name is there already."""
        nav = self.nav()
        if not nav or any(
            link["href"] == address or text_of(link) == label for link in nav.find_all("a", href=True)
        ):
            return
        link = self.soup.new_tag("a", href=address)
        link.string = label
        if listing := nav.find("ul"):
            item = self.soup.new_tag("li")
            item.append(link)
            listing.extend([item, "\n"])
        elif links := nav.find_all("a"):
            links[-1].insert_after("\n", link)
        else:
            nav.append(link)

    def unlink(self, target: str) -> None:
        """Take links to a section out of the navigation, and point others in the text at the page's start.

        Buttons are left to `fix_links`, which knows where each may lead.
        """
        ids = self.ids()
        start = next((name for name in ("contact", "top", "main") if name in ids), "")
        for link in self.body.find_all("a", href=f"#{target}"):
            if link.find_parent("nav"):
                take_out(item_of(link))
            elif "button" not in link.get_attribute_list("class"):
                link["href"] = f"#{start}"


# How a page shows what one can be reached by.
DETAILS = {"phone": "a[href^='tel:']", "email": "a[href^='mailto:']", "address": "[data-detail=address]"}


def read_css(style: Tag | None) -> str:
    """Return a stylesheet's text, which `get_text` leaves out in trees that html5lib made."""
    return "".join(str(part) for part in style.contents) if style else ""


def text_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).split())


def write_css(style: Tag, css: str) -> None:
    style.string = f"\n{css.strip()}\n"


def is_holder(tag: Tag) -> bool:
    """Whether what stands inside an element is a part of it, and no section of the page."""
    return tag.name in {"section", "header", "footer", "nav"} or "data-section" in tag.attrs


def item_of(link: Tag) -> Tag:
    """Return the item of a list that a link is in, else the link."""
    return link.parent if link.parent and link.parent.name == "li" else link


def take_out(tag: Tag) -> None:
    """Remove an element and the line break that came with it."""
    after = tag.next_sibling
    if isinstance(after, NavigableString) and not after.strip():
        after.extract()
    tag.decompose()


def shown_name(page: Page) -> str:
    """Return the business's name as the page shows it, empty where it shows none."""
    brand = page.body.select_one(":is(header, nav) :is([class*=brand], [class*=logo]), .brand, .logo")
    return (text_of(brand) if brand else "") or re.split(r"\s+[–|-]\s+", page.title)[0].strip()
