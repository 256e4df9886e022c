"""Search engine checks of a page: title, description, structured data, number of words."""

import json
from collections.abc import Iterator

from embedded.assistant.briefs import Brief
from embedded.assistant.pages import DETAILS, Page, text_of
from sitethread.page_checks.findings import Finding


def inspect_for_search(page: Page) -> Iterator[Finding]:
    length = len(page.title)
    if not length:
        yield Finding("high", "The page has no title", "write one of 30 to 60 characters")
    elif not 25 <= length <= 65:
        yield Finding("medium", f"The title has {length} characters", "30 to 60 are shown in full")
    meta = page.soup.find("meta", attrs={"name": "description"})
    length = len(str(meta.get("content", "")).strip()) if meta else 0
    if not length:
        yield Finding(
            "high", "There is no description", "write one or two sentences of 120 to 160 characters"
        )
    elif not 80 <= length <= 170:
        yield Finding("low", f"The description has {length} characters", "120 to 160 are shown in full")
    if not page.soup.find("script", type="application/ld+json"):
        yield Finding(
            "medium", "There is no structured data", "tell search engines what kind of business this is"
        )
    if not page.soup.find("meta", property="og:title"):
        yield Finding("low", "Shared links show no preview", "add `og:title` and `og:description`")
    words = len(page.body.get_text(" ").split())
    if words < 150:
        yield Finding(
            "medium", f"Only {words} words to be found by", "add a section that answers real questions"
        )


def better_title(page: Page, brief: Brief) -> str:
    place = f" in {brief.place}" if brief.place else ""
    noun = (
        ""
        if brief.trade.noun == "business"
        else f"{brief.trade.noun[:1].upper()}{brief.trade.noun[1:]}{place}"
    )
    headline = page.headline()
    line = text_of(headline).rstrip(".") if headline else ""
    full = " – ".join(part for part in (brief.name, noun, line) if part)
    return full if len(full) <= 62 else " – ".join(part for part in (brief.name, noun or line) if part)[:62]


def better_description(page: Page, brief: Brief) -> str:
    """Return the hero's text with an invitation, cut to what a result page shows."""
    lead = page.body.select_one(".hero .lead") or page.body.select_one("main p, p")
    said = text_of(lead) if lead else f"{brief.name}: {brief.trade.noun}."
    invited = f"{said} See what we offer, when we are open and how to reach us."
    whole = invited if len(invited) <= 165 else said
    return whole if len(whole) <= 165 else whole[:162].rsplit(" ", 1)[0] + "…"


def structured_data(page: Page, brief: Brief) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": brief.trade.copy["schema"],
        "name": brief.name,
        "description": better_description(page, brief),
    }
    for key, detail in (("address", "address"), ("telephone", "phone")):
        if shown := page.body.select_one(DETAILS[detail]):
            data[key] = text_of(shown)
    # "</" would end the script element that this is put into.
    return json.dumps(data, ensure_ascii=False, indent=2).replace("</", "<\\/")


def improve(page: Page, brief: Brief) -> None:
    """Write the better title, description, preview and structured data into the page's head."""
    title, said = better_title(page, brief), better_description(page, brief)
    for old in page.head.select(
        "title, meta[name=description], meta[property^='og:'], script[type$='ld+json']"
    ):
        old.decompose()
    meta = {"name": "description", "content": said}, {"property": "og:title", "content": title}
    made = [page.soup.new_tag("title"), page.soup.new_tag("script", type="application/ld+json")]
    made[0].string, made[1].string = title, f"\n{structured_data(page, brief)}\n"
    made += [
        page.soup.new_tag("meta", attrs=a) for a in (*meta, {"property": "og:description", "content": said})
    ]
    for tag in made:
        page.head.append(tag)
        page.head.append("\n")
