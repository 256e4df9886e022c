"""Briefs: the business that a page is for, read from the conversation, the website's name and the page."""

import re
from dataclasses import dataclass

from embedded.assistant.pages import Page, shown_name
from embedded.assistant.trades import Trade, find_trade, trades

CALLED = re.compile(
    r"\b(?:called|named|name is|names?:|call it)\s+"
    r"(?:[\"“'‘](?P<quoted>[^\"”'’]{2,60})[\"”'’]|(?P<plain>[^,.;:!?\n]{2,60}))",
    re.I,
)
STOP = re.compile(
    r"\s+(?:with|in|that|which|and (?:add|make|use|include)|using|for|on|near|at|who|from|as)\b.*$", re.I
)
PROPER = r"[A-ZÄÖÜÉÈ][\w'’-]*"
NAME_AFTER = rf"(?P<name>(?:[Tt]he )?{PROPER}(?:\s+(?:{PROPER}|&|of|the|de|la))*)"
FOR_NAME = re.compile(
    rf"\bfor (?!My\b|Our\b|A\b|An\b|The [a-z])(?P<name>{PROPER}(?:\s+(?:{PROPER}|&|and(?=\s+[A-Z])|of|the|de|la))*)"
)
FOR_NOUN = re.compile(
    r"\b(?:for|about)\s+(?:my|our|an?|the|his|her|their)\s+(?P<noun>[a-z][\w &'’-]*?)(?=\s+(?:called|named|in|with|"
    r"that|which|and|using|near|who|from|on|based)\b|[,.;:!?\n]|$)",
    re.I,
)
PLACE = re.compile(rf"\b(?:in|near|from) (?P<place>{PROPER}(?:[ -]{PROPER})*)")
FILLER = re.compile(
    r"\b(?:web ?site|site|web ?page|home ?page|landing ?page|page|project|web ?shop|demo|test|new|untitled|my|our|the|"
    r"an?|small|local|little|tiny|cosy|cozy|modern|family|first|example)\b",
    re.I,
)


NEW_PAGE = re.compile(
    r"\b(?:landing ?page|home ?page|(?:web ?site|page|site) for|start over|from scratch|new (?:page|site|website))\b",
    re.I,
)
DESCRIBES = re.compile(r"\b(?:for|called|named|my|our|page|site|website|shop|business)\b", re.I)


@dataclass(frozen=True)
class Brief:
    """Whom a page is for: a trade, the business's name, and where it is.

    is_named: whether the person gave the name, or it is one we made up.
    """

    trade: Trade
    name: str
    is_named: bool
    place: str = ""

    @property
    def address(self) -> str:
        """A made-up address, in the place the person named."""
        street, _, town = str(self.trade.copy["footer"]["address"]).partition(", ")
        return f"{street}, {self.place or town}"


def read_brief(website: str, requests: list[str], page: Page | None) -> Brief:
    """Return the brief: as the page at hand says, unless the last request describes a new one."""
    last = requests[-1] if requests else ""
    fresh = page is None or bool(NEW_PAGE.search(last))
    asked = [text for text in reversed(requests) if DESCRIBES.search(text)] if fresh else []
    trade = asked_trade(asked) or (page_trade(page) if page else None) or website_trade(website)
    shown = shown_name(page) if page and not fresh else ""
    name = shown or name_of(asked, trade) or name_in_website(website, trade)
    place = next((found["place"] for text in asked if (found := PLACE.search(text))), "")
    return Brief(trade, name or made_up_name(trade), bool(name), place)


def asked_trade(latest_first: list[str]) -> Trade | None:
    """Return the trade the person named; one we don't know becomes the generic one under its noun."""
    for text in latest_first:
        if found := find_trade(text):
            return found
        if noun := noun_in(text):
            return trades()["generic"].named(noun)
    return None


def page_trade(page: Page) -> Trade | None:
    """Return the trade a page was made for, from its mark, else from its title and headline."""
    key, noun = str(page.root.get("data-trade", "")), str(page.root.get("data-noun", ""))
    if key in trades():
        return trades()[key].named(noun) if noun else trades()[key]
    headline = page.headline()
    return find_trade(f"{page.title} {headline.get_text(' ') if headline else ''}")


def website_trade(website: str) -> Trade:
    return find_trade(website) or from_website(website)


def from_website(website: str) -> Trade:
    noun = FILLER.sub(" ", website).strip().lower()
    is_noun = website and 0 < len(noun.split()) <= 3 and re.fullmatch(r"[a-z][a-z &-]+", noun)
    return trades()["generic"].named(noun) if is_noun else trades()["generic"]


def noun_in(text: str) -> str:
    found = FOR_NOUN.search(text)
    noun = FILLER.sub(" ", found["noun"]) if found else ""
    noun = " ".join(noun.lower().split())
    vague = {
        "",
        "business",
        "company",
        "customers",
        "clients",
        "visitors",
        "brand",
        "friend",
        "me",
        "mobile",
        "phones",
        "phone",
    }
    return "" if noun in vague or len(noun.split()) > 4 else noun


def name_of(latest_first: list[str], trade: Trade) -> str:
    for text in latest_first:
        if found := CALLED.search(text):
            name = found["quoted"] or STOP.sub("", found["plain"])
            return capitalised(name.strip())
        if (found := FOR_NAME.search(text)) and not is_only_trade(found["name"], trade):
            return found["name"].strip()
        if found := re.search(
            rf"\b(?:{'|'.join(map(re.escape, [trade.noun, *trade.words]))}),? {NAME_AFTER}", text
        ):
            return found["name"][:1].upper() + found["name"][1:].strip()
    return ""


def name_in_website(website: str, trade: Trade) -> str:
    """Return the business's name where the website's name says more than what trade it is."""
    name = re.sub(
        r"\s*\b(?:web ?site|home ?page|landing ?page|site|web ?page|page|project)\b\s*$",
        "",
        website,
        flags=re.I,
    )
    named_for = find_trade(website)
    if named_for and is_only_trade(name, named_for):
        return ""
    return "" if is_only_trade(name, trade) or len(name.strip()) < 2 else name.strip()


def is_only_trade(name: str, trade: Trade) -> bool:
    rest = FILLER.sub(" ", name).lower()
    for word in sorted([*trade.words, trade.noun], key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(word)}(?:e?s)?\b", " ", rest)
    return not re.search(r"[^\W\d_]", rest)


def made_up_name(trade: Trade) -> str:
    if trade.key != "generic" or trade.noun == "business":
        return str(trade.copy["title"])
    return capitalised(f"the {trade.noun}")


def capitalised(name: str) -> str:
    """Return a name with capitals where it was typed without any."""
    return name if name != name.lower() else " ".join(word[:1].upper() + word[1:] for word in name.split())
