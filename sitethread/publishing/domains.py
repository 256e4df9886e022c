"""Domains of owners' own: a claim counts once the domain's TXT record has its token, which the app looks up.

Only domains that somebody claims are looked up, so a visitor's `Host` makes no question to a name server by itself.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import dns.exception
import dns.resolver
from typing_extensions import TypedDict

from sitethread import errors, websites
from sitethread.database import Rows, pick
from sitethread.publishing.kept import Kept

LABEL = "_sitethread"
PREFIX = "sitethread="
# What was proved is remembered for so long, what wasn't, only for so long.
PROVED_SECONDS = 3600
OTHER_SECONDS = 20
# To where a domain leads is asked again after so long; the website itself is asked for at each request.
_ANSWER_SECONDS = 20
_LOOKUP_SECONDS = 3.0
_MOST_DOMAINS = 10_000
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

Resolve = Callable[[str], list[str]]


class Claim(TypedDict):
    domain: str
    token: str


class Record(TypedDict):
    """What the owner of the domain has to add to it."""

    type: str
    name: str
    value: str


class Domain(TypedDict):
    """`is_proved`: whether the domain has the record."""

    domain: str
    record: Record
    is_proved: bool


@dataclass(frozen=True)
class _Told:
    """What a domain's record said, or where it leads, and until when that counts."""

    until: float
    tokens: tuple[str, ...] = ()
    slug: str | None = None


def is_domain(text: str) -> bool:
    """Whether a text is a domain's name, as `private.is_domain` of the database has it."""
    return len(text) <= 240 and _DOMAIN.fullmatch(text) is not None


def claim(rows: Rows, website_id: str, domain: str) -> Claim:
    """Claim a domain for a website, instead of the one it has; raise NotFound, InvalidDomain."""
    return pick(rows.call("claim_domain", {"website_id": website_id, "domain": domain}), Claim)


def claim_of(rows: Rows, website_id: str) -> Claim | None:
    """Return the claim of a website; raise NotFound."""
    found = rows.select("website_domains", [("website_id", f"eq.{website_id}")], Claim)
    if found:
        return pick(found[0], Claim)
    websites.get(rows, website_id)
    return None


def give_up(rows: Rows, website_id: str) -> None:
    """Give the domain of a website up, if it has one; raise NotFound."""
    if claim_of(rows, website_id):
        rows.fetch_one(rows.table("website_domains").delete().eq("website_id", website_id), Claim)


def record_of(claim: Claim) -> Record:
    """Return the record that proves a claim."""
    return {"type": "TXT", "name": f"{LABEL}.{claim['domain']}", "value": PREFIX + claim["token"]}


class Domains:
    """Which website is shown at a domain. Any thread or greenlet may ask."""

    def __init__(self, rows: Rows, resolve: Resolve) -> None:
        self._rows = rows
        self._resolve = resolve
        self._records: OrderedDict[str, _Told] = OrderedDict()
        self._leads: OrderedDict[str, _Told] = OrderedDict()
        # Keeps nothing, but who asks for the same at once gets one answer.
        self._asking: Kept[str, _Told] = Kept(0, lambda _: 1)

    def slug_of(self, domain: str) -> str | None:
        """Return the slug of the website that a domain proves to show; None where there is none.

        While the database is away, what it said last counts; raise DatabaseUnavailable where it said nothing.
        """
        found = self._leads.get(domain)
        if found is None or found.until < time.monotonic():
            found = self._asking.get(domain, lambda: self._ask(domain))
        return found.slug

    def has_record(self, claim: Claim) -> bool:
        """Look up whether the domain has the record of a claim."""
        tokens = self._look_up(claim["domain"])
        if claim["token"] in tokens:
            self._leads.pop(claim["domain"], None)
        return claim["token"] in tokens

    def _ask(self, domain: str) -> _Told:
        last, now = self._leads.get(domain), time.monotonic()
        if last is not None and last.until >= now:
            return last
        slug = None
        try:
            if self._rows.call("read_domain", {"domain": domain})["is_claimed"]:
                slug = self._rows.call("read_domain", {"domain": domain, "tokens": self._tokens(domain)})[
                    "slug"
                ]
        except errors.DatabaseUnavailable:
            if last is None:
                raise
            slug = last.slug
        return _keep(self._leads, domain, _Told(now + _ANSWER_SECONDS, slug=slug))

    def _tokens(self, domain: str) -> tuple[str, ...]:
        known = self._records.get(domain)
        return known.tokens if known and known.until >= time.monotonic() else self._look_up(domain)

    def _look_up(self, domain: str) -> tuple[str, ...]:
        texts = self._resolve(f"{LABEL}.{domain}")
        tokens = tuple(
            text.strip().removeprefix(PREFIX) for text in texts if text.strip().startswith(PREFIX)
        )[:20]
        seconds = PROVED_SECONDS if tokens else OTHER_SECONDS
        return _keep(self._records, domain, _Told(time.monotonic() + seconds, tokens)).tokens


def _keep(where: OrderedDict[str, _Told], domain: str, told: _Told) -> _Told:
    where[domain] = told
    where.move_to_end(domain)
    while len(where) > _MOST_DOMAINS:
        where.popitem(last=False)
    return told


def resolver(server: str | None) -> Resolve:
    """Return what looks TXT records up: at the machine's name servers, or at `server` (`host:port`)."""
    found = dns.resolver.Resolver(configure=server is None)
    found.lifetime = _LOOKUP_SECONDS
    if server:
        host, _, port = server.rpartition(":")
        found.nameservers, found.port = [host], int(port)

    def texts(name: str) -> list[str]:
        try:
            answer = found.resolve(name, "TXT")
        except dns.exception.DNSException:
            return []
        return [b"".join(record.strings).decode("ascii", "replace") for record in answer]

    return texts
