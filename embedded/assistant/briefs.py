"""Briefs: the business that a page is for, read from the conversation, the website's name and the page."""

import re
from dataclasses import dataclass, field
from typing import Any

from embedded.assistant.languages import Language, language, languages
from embedded.assistant.pages import DETAILS, Page, shown_name, text_of
from embedded.assistant.patterns import patterns
from embedded.assistant.readings import NEW_PAGE, Reading
from embedded.assistant.section_names import any_of
from embedded.assistant.trades import Trade, find_trade, trades

P = patterns("briefs")
BARE = {"pricing", "opening hours and location", "training"}


@dataclass(frozen=True)
class Brief:
    """Whom a page is for: a trade, the business's name, and where it is; and whom we are talking to.

    is_named: whether the person gave the name, or it is one we made up; details: the phone, e-mail and address
    that were given; given: the copy that facts of the request stand for; reply: the language to answer in.
    """

    trade: Trade
    name: str
    is_named: bool
    place: str = ""
    reply: Language = field(default_factory=lambda: language("en"))
    details: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address that was given, else a made-up one in the place the person named."""
        street, comma, town = str(self.trade.copy["footer"]["address"]).partition(", ")
        return self.details.get("address") or f"{street}{comma}{self.place or town}"

    def part(self, kind: str) -> str:
        """Return what a part is called in a sentence; a menu is one only where people eat."""
        copy = self.trade.copy
        is_menu = kind == "menu" and self.reply.code == "en" == copy["ui"]["lang"]
        return str(copy["labels"]["menu"]).lower() if is_menu else self.reply.part(kind)

    def a_part(self, kind: str) -> str:
        name = self.part(kind)
        is_bare = self.reply.code != "en" or name in BARE or name.endswith("s")
        return name if is_bare else f"{'an' if name[0] in 'aeF' else 'a'} {name}"


def read_brief(website: str, requests: list[Reading], page: Page | None) -> Brief:
    """Return the brief: as the page at hand says, unless the last request describes a new one."""
    last = requests[-1] if requests else None
    shown = None if last and NEW_PAGE.search(last.english) else page
    described = [one for one in reversed(requests) if one.facts.name or P.describes.search(one.english)]
    asked = [] if shown else described
    texts = [reading.english for reading in asked]
    speech = last.language if last else language("en")
    trade = asked_trade(texts) or (page_trade(page) if page else None) or website_trade(website)
    name = shown_name(shown) if shown else next((one.facts.name for one in asked if one.facts.name), "")
    name = name or name_of(texts, trade) or name_in_website(website, trade)
    code = str(shown.root.get("lang", "en"))[:2] if shown else speech.code
    of_page = languages().get(code, language("en"))
    own = next((word for reading in asked if (word := of_page.own_word(trade, reading.asked))), "")
    is_known = trade.noun in {"business", trades()[trade.key].noun}
    trade = of_page.in_this(trade, own or ("" if is_known else trade.noun))
    place = next((found["place"] for text in texts if (found := P.in_place.search(text))), "")
    details = shown_details(shown) if shown else {}
    for reading in reversed(asked):
        details |= reading.facts.details
    return Brief(trade, capitalised(name) or made_up_name(trade), bool(name), place, speech, details)


def shown_details(page: Page) -> dict[str, str]:
    """Return the contact details that the page shows."""
    shown = {name: page.body.select_one(selector) for name, selector in DETAILS.items()}
    texts = {name: text_of(tag) for name, tag in shown.items() if tag}
    return {name: text for name, text in texts.items() if name != "email" or "@" in text}


def asked_trade(latest_first: list[str]) -> Trade | None:
    """Return the trade the person named, under their noun for it; one we don't know is the generic one."""
    for text in latest_first:
        noun = noun_in(text)
        if found := find_trade(noun or text):
            if not noun or noun in found.words:
                return found
            # A candle workshop is no candle shop: it gets the look, and copy that suits any noun.
            is_kind = re.search(rf"\b(?:{any_of(found.copy['words'])})$", noun)
            return found.named(noun) if is_kind else found.neutral(noun)
        if noun:
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
    noun = P.filler.sub(" ", website).strip()
    # "Pottery studio" says what it is, "Rails & Tales" what it is called.
    is_name = len(re.findall(r"\b[A-Z]", noun)) > 1 or len(noun.split()) not in {2, 3}
    is_noun = not is_name and re.fullmatch(r"[a-z][a-z -]+", noun.lower())
    generic = trades()["generic"]
    return find_trade(website) or (generic.named(noun.lower()) if is_noun else generic)


def noun_in(text: str) -> str:
    """Return what the person calls the business: "my small pottery studio Terra" is a pottery studio."""
    noun = P.joint.sub("", " ".join(P.filler.sub(" ", named_noun(text)[0]).split()))
    noun = noun.lower() if noun.isascii() else noun
    return "" if P.vague.fullmatch(noun) or len(noun.split()) > 4 else noun


def named_noun(text: str) -> tuple[str, str]:
    """Return the noun that a page is for, and the name that follows it in capitals."""
    found = P.for_noun.search(text)
    words = found["noun"].split() if found else []
    if not words:
        return "", ""
    is_small = words[0][:1].islower()
    inner = range(1, len(words) if is_small else 0)
    starts = [at for at in inner if words[at][0].isupper() and not P.link.fullmatch(words[at - 1])]
    # In other languages than English the noun may be written with a capital: "Friseursalon Haarscharf".
    at = 1 if not is_small and not words[0].isascii() else [*starts, len(words)][0]
    rest = [word for word in words[at:] if not word[0].isupper() and len(word) > 3]
    name = None if rest else P.name.match(" ".join(words[at:]))
    return " ".join(words if rest else words[:at]), name[0] if name else ""


def name_of(latest_first: list[str], trade: Trade) -> str:
    nouns = "|".join(map(re.escape, [trade.noun, *trade.words]))
    for text in latest_first:
        if (found := P.quoted.search(text)) and not P.other_quote.search(text):
            return found[1]
        if name := named_noun(text)[1]:
            return name
        if (found := P.for_name.search(text)) and not is_only_trade(found["name"], trade):
            return found["name"].strip()
        kind = rf"\b(?:{nouns})(?: (?:business|company|shop|studio))?,? "
        if found := re.search(kind + P.after_noun.pattern, text):
            return found["name"][:1].upper() + found["name"][1:].strip()
    return ""


def name_in_website(website: str, trade: Trade) -> str:
    """Return the business's name where the website's name says more than what trade it is."""
    name = P.of_website.sub("", website).strip()
    named_for = find_trade(website) or trade
    return "" if len(name) < 2 or is_only_trade(name, named_for) or is_only_trade(name, trade) else name


def is_only_trade(name: str, trade: Trade) -> bool:
    rest = P.filler.sub(" ", name).lower()
    for word in sorted([*trade.words, trade.noun], key=len, reverse=True):
        rest = re.sub(rf"\b{re.escape(word)}(?:e?s)?\b", " ", rest)
    return not re.search(r"[^\W\d_]", rest)


def made_up_name(trade: Trade) -> str:
    if trade.key != "generic" or trade.noun == "business":
        return str(trade.copy["title"])
    in_english = trade.copy["ui"]["lang"] == "en"
    return capitalised(f"the {trade.noun}") if in_english else trade.noun.title() or str(trade.copy["title"])


def capitalised(name: str) -> str:
    """Return a name with capitals where it was typed without any."""
    return name if name != name.lower() else " ".join(word[:1].upper() + word[1:] for word in name.split())
