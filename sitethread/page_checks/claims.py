"""Claims that the owner never made: prices, figures, quotes, hours and contacts that are in nothing that was typed."""

import re
from collections.abc import Iterator

from sitethread.edits.changes import Span
from sitethread.page_checks.findings import Finding, high, medium
from sitethread.page_checks.samples import EMAIL, TEL, is_sample_email, is_sample_phone
from sitethread.page_checks.sources import Source, spans_of
from sitethread.page_checks.typed import NUMBER, Typed, amount, digits, normal

_BEFORE = r"(?:[€$£¥₹]|R\$|\b(?:CHF|EUR|USD|GBP|Fr\.)(?=[\s\d]))"
_BEHIND = r"(?:[€£¥]|\$(?![\d\w])|(?:CHF|EUR|USD|GBP|euros?|dollars?|pounds?|bucks)\b)"
PRICE = re.compile(
    rf"{_BEFORE}\s{{0,40}}({NUMBER})|(?<![\d.,])({NUMBER})[ \t]{{0,3}}{_BEHIND}(?!\s{{0,3}}\d)", re.IGNORECASE
)
# A price in a list has no currency.
_BARE = re.compile(
    r"(?<![\d.,:+])\d{1,4}[.,]\d\d(?![\d.,:%]|\s?(?:[ap]\.?m\b|uhr\b|h\b|km\b|kg\b|[gmlx°/–-]))",
    re.IGNORECASE,
)
_COUNTED = (
    "years?|customers?|clients?|guests?|members?|projects?|reviews?|awards?|countries|cities|locations?|famil(?:y|ies)|students?|"
    "orders?|users?|people|patients?|couples?|events?|weddings?|homes?|houses?|shows?|concerts?|cups?|loaves|bikes?|brides?|"
    "partners?|teams?|companies|businesses|downloads?|followers|subscribers|trees|meals|pets|dogs|classes|ratings?|"
    "jahren?|kunden|gäste|mitglieder|projekte|ans|clients|años|clientes|anni|clienti"
)
_FIGURE = re.compile(
    rf"(?<![\w.,€$£#])({NUMBER})\s?(?:%|percent\b|\+(?!\d))"
    rf"|(?<![\w.,€$£#])({NUMBER})\s{{1,40}}(?:[\w-]{{1,20}}\s{{1,3}})?(?:{_COUNTED})\b"
    r"|\b(?:since|est\.?|established(?:\sin)?|founded(?:\sin)?|seit|depuis|desde|dal)\s{1,3}(\d{4})\b"
    r"|(?<![\d.,])(\d[.,]\d)\s?(?:/\s?5|out\sof\s5|stars?\b|★)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?s?\b|\b(?:daily|every\sday|weekdays|weekends?)\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|täglich)s?\b|\b(?:mo|di|mi|do|fr|sa|so)\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b|\b(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)s?\b",
    re.IGNORECASE,
)
_TIME = r"\d{1,2}(?:[:.h]\d\d)?\s?(?:[ap]\.?\s?m\b\.?|uhr\b)?"
_HOURS = re.compile(
    rf"(?<![\d.,€$£])({_TIME})\s?(?:–|—|-|to|till|until|bis|à|a)\s?({_TIME})(?![\d.,]|\s?[€$£%])",
    re.IGNORECASE,
)
_NEAR_DAY = 120
PHONE = re.compile(
    r"(?<![\d.,\w])(?:\+|\(?0)\d[\d ()./–-]{5,22}\d(?![\d.,]?\d)|(?<![\d.,\w])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)"
)
_LEAST_DIGITS = 7
_WORDS = "[A-ZÀ-Þ][\\w’'-]{1,30}"
STREET = re.compile(
    rf"\b\d{{1,5}}[a-z]?(?: {_WORDS}){{1,3}} "
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Square|Drive|Way|Row|Quay|Place|Court)\b"
    r"|\b[A-ZÄÖÜ]\w{1,30}(?:straße|strasse|str\.|weg|platz|gasse|allee) ?\d{1,5}[a-z]?\b"
    r"|\b\d{1,5},? (?:rue|avenue|boulevard|place|quai)(?: [\w’'-]{1,30}){1,4}"
)
_QUOTED = re.compile(r"“([^”“]{15,600})”|„([^“”„]{15,600})[“”]|«([^»«]{15,600})»|\"([^\"]{15,600})\"")
_FEWEST_WORDS = 5
_SHOWN = 4


def claims(source: Source, typed: Typed) -> Iterator[Finding]:
    """Yield what a page says that isn't in anything that was typed."""
    for rule in (_prices, _quotes, _figures, _hours, _contacts, _addresses):
        yield from rule(source, typed)


def _prices(source: Source, typed: Typed) -> Iterator[Finding]:
    words = source.words
    every = [*PRICE.finditer(words), *(one for one in _BARE.finditer(words) if not _is_near_day(words, one))]
    found = [one for one in every if not typed.has_amount(_number(one)) and amount(_number(one))]
    if found:
        yield high(
            _said(found, "price", "that nobody gave"),
            "put the real prices there, or take them out",
            spans=spans_of(found),
        )


def _figures(source: Source, typed: Typed) -> Iterator[Finding]:
    found = [one for one in _FIGURE.finditer(source.words) if not typed.has_amount(_number(one))]
    if found:
        yield medium(
            _said(found, "figure", "that nobody gave"),
            "put the real figures there, or take them out",
            spans=spans_of(found),
        )


def _quotes(source: Source, typed: Typed) -> Iterator[Finding]:
    words, found = source.words, list[Span]()
    spans = [*source.within(("blockquote", "q")), *spans_of(_QUOTED.finditer(words))]
    for span in spans:
        text = words[span.start : span.end]
        if (
            len(normal(text).split()) >= _FEWEST_WORDS
            and not typed.has_quote(text)
            and not _overlaps(span, found)
        ):
            found.append(span)
    if found:
        shown = " ".join(words[found[0].start : found[0].end].strip('“”„«»" \n').split())
        cut = shown if len(shown) <= 60 else f"{shown[:60].rsplit(' ', 1)[0]}…"
        number = "A quote" if len(found) == 1 else f"{len(found)} quotes"
        yield high(
            f"{number} that nobody gave: “{cut}”",
            "use the words of real people, or take them out",
            spans=found,
        )


def _hours(source: Source, typed: Typed) -> Iterator[Finding]:
    words = source.words
    found = [
        one
        for one in _HOURS.finditer(words)
        if _is_near_day(words, one) and not (typed.has_time(one[1]) and typed.has_time(one[2]))
    ]
    if found:
        yield high(
            _said(found, "opening time", "that nobody gave"),
            "put the real hours there, or take them out",
            spans=spans_of(found),
        )


def _contacts(source: Source, typed: Typed) -> Iterator[Finding]:
    mails = [
        one for one in EMAIL.finditer(source.html) if not is_sample_email(one[0]) and not typed.has(one[0])
    ]
    if mails:
        yield high(
            _said(mails, "e-mail address", "that nobody gave"),
            "put the real one there, or take it out",
            spans=spans_of(mails),
        )
    phones = [*PHONE.finditer(source.words), *TEL.finditer(source.html)]
    phones = [one for one in phones if len(digits(one[0])) >= _LEAST_DIGITS]
    phones = [one for one in phones if not is_sample_phone(one[0]) and not typed.has_phone(one[0])]
    if phones:
        yield high(
            _said(phones, "phone number", "that nobody gave"),
            "put the real one there, or take it out",
            spans=spans_of(phones),
        )


def _addresses(source: Source, typed: Typed) -> Iterator[Finding]:
    found = [one for one in STREET.finditer(source.words) if not typed.has(one[0])]
    if found:
        yield medium(
            _said(found, "address", "that nobody gave"),
            "put the real one there, or take it out",
            spans=spans_of(found),
        )


def _number(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group), found[0])


def _said(found: list[re.Match[str]], noun: str, what: str) -> str:
    different = list(dict.fromkeys(_words_of(one) for one in found))
    if len(different) == 1:
        return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun} {what}: {different[0]}"
    more = "…" if len(different) > _SHOWN else ""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{len(different)} {plural} {what}: {', '.join(different[:_SHOWN])}{more}"


def _words_of(found: re.Match[str]) -> str:
    """Return what was found; of what stands in several elements, the number."""
    return " ".join((_number(found) if "\n" in found[0].strip() else found[0]).split())[:60]


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and span.end > other.start for other in others)


def _is_near_day(words: str, found: re.Match[str]) -> bool:
    return bool(_DAYS.search(words, max(0, found.start() - _NEAR_DAY), found.end() + 30))
