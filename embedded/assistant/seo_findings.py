"""Search engine checks of a page: title, description, structured data, number of words."""

import json
import tomllib

from embedded.assistant.briefs import Brief
from embedded.assistant.pages import DETAILS, Page, text_of
from embedded.assistant.patterns import VOCABULARY
from sitethread.page_checks.findings import Finding

SAYS = tomllib.loads((VOCABULARY / "helpers.toml").read_text(encoding="utf-8"))["seo"]["findings"]
LEAST = {"title": 25, "description": 80, "words": 150}
MOST = {"title": 65, "description": 170}


def inspect_for_search(page: Page) -> list[Finding]:
    meta = page.soup.find("meta", attrs={"name": "description"})
    lengths = {
        "title": len(page.title),
        "description": len(str(meta.get("content", "")).strip()) if meta else 0,
        "words": len(page.body.get_text(" ").split()),
        "data": len(page.soup.select("script[type='application/ld+json']")),
        "preview": len(page.soup.select("meta[property='og:title']")),
    }
    wrong = {name: length for name, length in lengths.items() if not length or length < LEAST.get(name, 0)}
    wrong |= {name: length for name, length in lengths.items() if length > MOST.get(name, length)}
    said = [
        (SAYS.get(f"no_{name}", SAYS[name]) if not length else SAYS[name], length)
        for name, length in wrong.items()
    ]
    return [Finding(severity, problem.format(length), remedy) for (severity, problem, remedy), length in said]


def better_title(page: Page, brief: Brief) -> str:
    noun = brief.trade.noun[:1].upper() + brief.trade.noun[1:] + (f" in {brief.place}" if brief.place else "")
    noun = "" if brief.trade.noun == "business" else noun
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
    texts = {"title": title, "script[type='application/ld+json']": f"\n{structured_data(page, brief)}\n"}
    metas = {"name=description": said, "property='og:title'": title, "property='og:description'": said}
    for selector in (*texts, *(f"meta[{known}]" for known in metas)):
        for old in page.head.select(selector):
            old.decompose()
    made = [page.soup.new_tag("title"), page.soup.new_tag("script", type="application/ld+json")]
    for tag, text in zip(made, texts.values(), strict=True):
        tag.string = text
    for known, content in metas.items():
        key, _, name = known.replace("'", "").partition("=")
        made.append(page.soup.new_tag("meta", attrs={key: name, "content": content}))
    page.head.extend(part for tag in made for part in (tag, "\n"))
