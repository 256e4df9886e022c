"""Samples left over: what stands for something that only the owner knows, as templates and models write it."""

import re
from collections.abc import Iterator

from sitethread.page_checks.findings import Finding, high, medium
from sitethread.page_checks.sources import Source, spans_of
from sitethread.page_checks.typed import Typed, digits

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
TEL = re.compile(r"(?<=tel:)[+\d().%\s-]{5,30}")
_SAMPLE_HOST = re.compile(
    r"(?:^|\.|@)(?:example\.\w+|[\w-]+\.(?:example|invalid|test)"
    r"|(?:your|my)-?(?:domain|company|business|site|website|brand|shop|store|name|email)\.\w+"
    r"|(?:domain|email|company|business|website|yoursite|mysite|test|placeholder)\.(?:com|org|net))$",
    re.IGNORECASE,
)
_LINK = re.compile(r"\bhref\s*=\s*[\"']?https?://([\w.-]{1,253})", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?1[\s.-]{0,2})?(?:\(?\d{3}\)?[\s.-]{0,2}555[\s.-]{0,2}\d{4}|\(?555\)?[\s.-]{1,2}\d{3}[\s.-]?\d{4}|555[.-]\d{4}|1?555\d{7})(?!\d)"
    r"|(?<!\d)(?:\+?1[\s.-]?)?\(?(?:123|000|111|999)\)?[\s.-]?(?:456|123|000|111|999)[\s.-]?(?:7890|4567|0000|1111|9999)(?!\d)"
    r"|(?<!\d)(?:\+49|0)\s?1?23\s?/?\s?456\s?\d{2,5}(?!\d)|\+?\d?[\s-]?\(?[xX]{3}\)?[\s-][xX]{3}[\s-][xX]{4}"
)
_FILLER = re.compile(
    r"lorem\s{1,3}ipsum|dolor\s{1,3}sit\s{1,3}amet|consectetur\s{1,3}adipisc|sed\s{1,3}do\s{1,3}eiusmod",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"\[\s?(?:your|insert|enter|add|company|business|name|address|phone|e-?mail|city|town|date|price|link|logo)\b[^\]\n]{0,60}\]"
    r"|\{\{[^{}\n]{1,60}\}\}"
    r"|\byour\s(?:company|business|brand|shop|store|site|website|full|first)?\s?(?:name|tagline|slogan|logo|address|street|city|phone\snumber)\shere\b"
    r"|\b(?:your|company|business|brand)\s(?:company\s|business\s|brand\s)?name\b(?=\s{0,3}(?:[|–—.,!©-]|$|\n))"
    r"|\b(?:placeholder|sample|dummy|filler)\s(?:text|copy|image|photo|content|heading|title)\b"
    r"|\b(?:insert|replace|put)\s(?:this|your|the|some)?\s?(?:text|content|image|photo|name|copy)\shere\b"
    r"|\b(?:text|description|content|title|headline)\sgoes\shere\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b")
_PERSON = re.compile(
    r"\b(?:John|Jane|Jim|Janet|Johnny)\s(?:Q\.?\s)?(?:Doe|Roe|Public)\b|\b(?:John|Jane)\sSmith\b|\b(?:Max|Erika|Lisa)\sMuster(?:mann|frau)\b"
    r"|\b(?:Juan|Juana)\sP[eé]rez\b|\bJean\sDupont\b|\bMario\sRossi\b|\b(?:First|Last|Full|Client|Customer|Employee|Team\smember)\s(?:Name|name)\b(?=\s{0,3}(?:[|–—,]|$|\n))"
)
_ADDRESS = re.compile(
    r"\b(?:1234?5?|000|1)\s(?:Main|Example|Sample|Any|Your|Fake|Demo|Street)\b\s?(?:Street|St\b|Road|Rd|Avenue|Ave|Name|Lane)?"
    r"|\bMusterstr(?:a(?:ß|ss)e|\.)|\bMusterstadt\b|\bAny\s?town\b|\b(?:Your|Sample|Example)\s(?:City|Town|Street)\b|\bYour\sState\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"untitled|document|page title|title|new page|website|my website|your website|home ?page|index",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"(?:via\.placeholder\.com|placehold\.co|placehold\.it|placekitten\.com|picsum\.photos|dummyimage\.com|loremflickr\.com|"
    r"lorempixel\.com|fakeimg\.pl|source\.unsplash\.com|i\.pravatar\.cc|randomuser\.me)/[^\"'\s)]{0,80}",
    re.IGNORECASE,
)


def samples(source: Source, typed: Typed) -> Iterator[Finding]:
    """Yield the samples of a page, but for what was typed just so."""
    yield from _contacts(source, typed)
    yield from _texts(source, typed)
    yield from _head(source)
    if found := spans_of(_PICTURE.finditer(source.html)):
        yield high("A sample picture of another site", "use a picture of your own", spans=found)


def is_sample_email(address: str) -> bool:
    return bool(_SAMPLE_HOST.search(address.rsplit("@", 1)[-1]))


def is_sample_phone(text: str) -> bool:
    return bool(_PHONE.search(text))


def _contacts(source: Source, typed: Typed) -> Iterator[Finding]:
    mails = [one for one in EMAIL.finditer(source.html) if is_sample_email(one[0]) and not typed.has(one[0])]
    if found := spans_of(mails):
        yield high(
            f"A sample e-mail address: {_named(mails)}", "put the real one there, or take it out", spans=found
        )
    phones = [one for one in _PHONE.finditer(source.words) if not typed.has_phone(one[0])]
    phones += [
        one for one in TEL.finditer(source.html) if is_sample_phone(one[0]) and not typed.has_phone(one[0])
    ]
    if phones:
        yield high(
            f"A sample phone number: {_named(phones[:1])}",
            "put the real one there, or take it out",
            spans=spans_of(phones),
        )
    links = [
        one for one in _LINK.finditer(source.html) if _SAMPLE_HOST.search(one[1]) and not typed.has(one[1])
    ]
    if links:
        yield high(
            f"A link to a sample address: {links[0][1]}",
            "lead it to the real one, or take it out",
            spans=spans_of(links),
        )


def _named(found: list[re.Match[str]]) -> str:
    return ", ".join(dict.fromkeys(" ".join(one[0].split())[:60] for one in found[:3]))


def _texts(source: Source, typed: Typed) -> Iterator[Finding]:
    words = source.words
    for pattern, problem, remedy in (
        (_FILLER, "Filler text: “{}”", "write what is meant to be there"),
        (_BLANK, "A blank that was never filled in: “{}”", "put the real words there"),
        (_TO_DO, "A note to do something: “{}”", "do it, or take the note out"),
        (_PERSON, "A sample name: “{}”", "put a real person there, or take it out"),
        (_ADDRESS, "A sample address: “{}”", "put the real one there, or take it out"),
    ):
        found = [one for one in pattern.finditer(words) if not typed.has(one[0]) and not source.is_label(one)]
        if found:
            yield high(problem.format(_named(found[:1])), remedy, spans=spans_of(found))


def _head(source: Source) -> Iterator[Finding]:
    title, description = source.page.title, source.page.meta.get("description", "")
    if _TITLE.fullmatch(title):
        yield high(f"The title is a sample: “{title}”", "say what the page is, in 30 to 60 characters")
    if _FILLER.search(description) or _BLANK.search(description):
        yield high("The description for search results is a sample", "say what the page offers")
    if title and digits(title) == title.strip():
        yield medium(f"The title is a number: “{title[:40]}”", "say what the page is")
