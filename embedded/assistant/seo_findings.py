"""Search engine checks of a page: title, description, structured data, number of words."""

import json
from collections.abc import Iterator

from embedded.assistant.briefs import Brief
from embedded.assistant.pages import Page
from sitethread.page_checks.findings import Finding


def inspect_for_search(page: Page, brief: Brief) -> list[Finding]:
    return [*about_title(page), *about_description(page), *about_data(page), *about_words(page)]


def about_title(page: Page) -> Iterator[Finding]:
    length = len(page.title)
    if not page.title:
        yield Finding("high", "The page has no title", "write one of 30 to 60 characters")
    elif not 25 <= length <= 65:
        yield Finding("medium", f"The title has {length} characters", "30 to 60 are shown in full")


def about_description(page: Page) -> Iterator[Finding]:
    said = description(page)
    if not said:
        yield Finding(
            "high", "There is no description", "write one or two sentences of 120 to 160 characters"
        )
    elif not 80 <= len(said) <= 170:
        yield Finding("low", f"The description has {len(said)} characters", "120 to 160 are shown in full")


def about_data(page: Page) -> Iterator[Finding]:
    if not page.soup.find("script", type="application/ld+json"):
        yield Finding(
            "medium", "There is no structured data", "tell search engines what kind of business this is"
        )
    if not page.soup.find("meta", property="og:title"):
        yield Finding("low", "Shared links show no preview", "add `og:title` and `og:description`")


def about_words(page: Page) -> Iterator[Finding]:
    words = len(page.body.get_text(" ").split())
    if words < 150:
        yield Finding(
            "medium", f"Only {words} words to be found by", "add a section that answers real questions"
        )


def description(page: Page) -> str:
    meta = page.soup.find("meta", attrs={"name": "description"})
    return str(meta.get("content", "")).strip() if meta else ""


def better_title(page: Page, brief: Brief) -> str:
    place = f" in {brief.place}" if brief.place else ""
    noun = (
        ""
        if brief.trade.noun == "business"
        else f"{brief.trade.noun[0].upper()}{brief.trade.noun[1:]}{place}"
    )
    headline = page.headline()
    line = headline.get_text(" ", strip=True).rstrip(".") if headline else ""
    full = " – ".join(part for part in (brief.name, noun, line) if part)
    return full if len(full) <= 62 else " – ".join(part for part in (brief.name, noun or line) if part)[:62]


def better_description(page: Page, brief: Brief) -> str:
    """Return the hero's text with an invitation, cut to what a result page shows."""
    lead = page.body.select_one(".hero .lead") or page.body.select_one("main p, p")
    said = " ".join(lead.get_text(" ", strip=True).split()) if lead else f"{brief.name}: {brief.trade.noun}."
    more = " See what we offer, when we are open and how to reach us."
    whole = said + more if len(said + more) <= 165 else said
    return whole if len(whole) <= 165 else whole[:162].rsplit(" ", 1)[0] + "…"


def searches(brief: Brief) -> list[str]:
    """Return phrases that people nearby may type; how often is not known here."""
    noun = brief.trade.noun
    place = brief.place or "your town"
    return [f"{noun} {place}", f"{noun} near me", f"best {noun} in {place}", f"{brief.name} opening hours"]


def structured_data(page: Page, brief: Brief) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": brief.trade.copy["schema"],
        "name": brief.name,
        "description": better_description(page, brief),
    }
    if detail := page.body.select_one("[data-detail=address]"):
        data["address"] = detail.get_text(" ", strip=True)
    if phone := page.body.select_one("a[href^='tel:']"):
        data["telephone"] = phone.get_text(" ", strip=True)
    # "</" would end the script element that this is put into.
    return json.dumps(data, ensure_ascii=False, indent=2).replace("</", "<\\/")


def improve(page: Page, brief: Brief) -> None:
    """Write the better title, description, preview and structured data into the page's head."""
    title, said = better_title(page, brief), better_description(page, brief)
    if page.soup.title:
        page.soup.title.string = title
    else:
        tag = page.soup.new_tag("title")
        tag.string = title
        page.head.append(tag)
    for key, name, content in (
        ("name", "description", said), ("property", "og:title", title), ("property", "og:description", said)
    ):  # fmt: skip
        meta = page.soup.find("meta", attrs={key: name})
        if not meta:
            meta = page.soup.new_tag("meta", attrs={key: name})
            page.head.append(meta)
            page.head.append("\n")
        meta["content"] = content
    for old in page.soup.find_all("script", type="application/ld+json"):
        old.decompose()
    script = page.soup.new_tag("script", type="application/ld+json")
    script.string = f"\n{structured_data(page, brief)}\n"
    page.head.append(script)
    page.head.append("\n")
