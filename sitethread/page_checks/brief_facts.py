"""Facts of the brief that are on no page: contacts, addresses, prices and hours."""

import re
from collections.abc import Iterator

from sitethread.page_checks.claims import PHONE, PRICE, STREET
from sitethread.page_checks.samples import EMAIL
from sitethread.page_checks.typed import Typed, digits

_HOUR = re.compile(r"(?<![\d.,€$£])\d{1,2}(?:[:.]\d\d(?!\d)|\s?[ap]\.?m\b|\s?uhr\b)", re.IGNORECASE)
_RANGE = re.compile(r"(?<![\d.,/€$£-])(\d{1,2})\s?(?:–|-|to|bis)\s?(\d{1,2})(?![\d.,/%€$£-])", re.IGNORECASE)
_WITHIN_PRICES = re.compile(r"[€$£]|\b(?:eur|usd|gbp|chf)\b", re.IGNORECASE)
# What such a line says is not for the page.
_NOT_SHOWN = re.compile(
    r"\s*(?:[-*•]\s*)?(?:never|don['’]t|do not|avoid|no\b|not\b|without|tone|colou?rs?|voice|style|kein|nie\b)",
    re.IGNORECASE,
)
MOST_FACTS = 20


def missing(brief: str, site: Typed) -> Iterator[str]:
    """Yield the facts of a brief, as it spells them, that the texts of a site's pages lack."""
    found = dict.fromkeys(
        fact for line in brief.splitlines() if not _NOT_SHOWN.match(line) for fact in _missing(line, site)
    )
    yield from list(found)[:MOST_FACTS]


def _missing(line: str, site: Typed) -> Iterator[str]:
    for mail in EMAIL.finditer(line):
        if not site.has(mail[0]):
            yield mail[0]
    phones = [one for one in PHONE.finditer(line) if len(digits(one[0])) >= 7]
    yield from (one[0].strip() for one in phones if not site.has_phone(one[0]))
    yield from (one[0] for one in STREET.finditer(line) if not site.has(one[0]))
    for price in PRICE.finditer(line):
        if not site.has_amount(next(group for group in price.groups() if group)):
            yield price[0]
    rest = PHONE.sub(" ", line)
    yield from (one[0] for one in _HOUR.finditer(rest) if not site.has_time(one[0]))
    if not _WITHIN_PRICES.search(rest):
        yield from (
            one[0] for one in _RANGE.finditer(rest) if not (site.has_time(one[1]) and site.has_time(one[2]))
        )
