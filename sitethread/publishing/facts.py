"""Facts: what the brief of a website says that everybody may know, in lines that begin with a name such as "Phone:".

Nothing else of a brief is read: what is in no such line is between its owner and the helpers.
"""

import re

from typing_extensions import TypedDict

_LINE = re.compile(r"^[ \t*•-]*([^:\n]{1,40}):[ \t]*([^\s:][^\n]{0,500})$", re.MULTILINE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"\+?[\d(][\d ()/.-]{4,28}\d")
_LINK = re.compile(r"https?://[^\s<>\"',;]{3,200}")
_MOST_LINKS = 10
_LABELS = {
    "name": "name", "business name": "name", "company": "name", "firma": "name",
    "phone": "phone", "telephone": "phone", "tel": "phone", "telefon": "phone", "phone number": "phone",
    "phone and e-mail": "contact", "phone and email": "contact", "contact": "contact", "kontakt": "contact",
    "e-mail": "email", "email": "email", "mail": "email",
    "address": "address", "adresse": "address", "anschrift": "address",
    "opening hours": "hours", "hours": "hours", "öffnungszeiten": "hours",
    "links": "links", "link": "links", "website": "links", "instagram": "links", "facebook": "links",
    "linkedin": "links", "youtube": "links", "mastodon": "links", "tiktok": "links",
}  # fmt: skip


class Facts(TypedDict, total=False):
    """`consent` is what visitors agree to who send a form; the database adds it."""

    name: str
    phone: str
    email: str
    address: str
    hours: str
    links: list[str]
    consent: str


def stated_in(brief: str) -> Facts:
    """Return the facts of a brief; of what it says twice, the first."""
    facts: Facts = {}
    for label, value in _LINE.findall(brief):
        kind = _LABELS.get(label.strip().lower())
        if kind == "name":
            facts.setdefault("name", value.strip())
        if kind == "address":
            facts.setdefault("address", value.strip())
        if kind == "hours":
            facts.setdefault("hours", value.strip())
        if kind in {"phone", "contact"} and (found := _PHONE.search(_LINK.sub(" ", value))):
            facts.setdefault("phone", found[0])
        if kind in {"email", "contact"} and (found := _MAIL.search(value)):
            facts.setdefault("email", found[0])
        if kind in {"links", "contact"} and (links := _LINK.findall(value)):
            facts["links"] = list(dict.fromkeys([*facts.get("links", []), *links]))[:_MOST_LINKS]
    return facts
