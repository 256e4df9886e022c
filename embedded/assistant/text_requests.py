"""Parses the texts that a request sets: headline, tagline, button, name, any quoted text."""

import re

from embedded.assistant.changes import Change
from embedded.assistant.look_requests import looks_in
from embedded.assistant.patterns import PARTS, patterns
from embedded.assistant.section_names import mentioned

P = patterns("text_requests")


def unquoted(text: str) -> str:
    """Return a value as it should stand on the page: without quotation marks around it."""
    return text.strip().strip('"“”«»').strip("'‘’ ").strip()


def texts_in(clause: str, quoted: re.Pattern[str]) -> list[Change]:
    """Return the wordings a clause sets, none when it is about something else."""
    quotes = [match[0] for match in quoted.finditer(clause)]
    if len(quotes) == 2 and P.replace.search(clause) and not re.search(r"\bhead ?line|button", clause, re.I):
        return [Change("replace", unquoted(quotes[0]), unquoted(quotes[1]))]
    return part_in(clause, quotes) or name_in(clause)


def part_in(clause: str, quotes: list[str]) -> list[Change]:
    for part, words in PARTS["text_parts"].items():
        asks = rf"(?is)(?P<about>.*)\b(?:{words})\b(?P<between>[^\"“]*?)(?:{P.to.pattern})\s*(?P<value>.+)$"
        found = re.search(asks, clause)
        if not found or not P.change.search(clause):
            continue
        value = unquoted(quotes[-1]) if quotes else unquoted(found["value"]).rstrip(" .")
        if not value or (not quotes and (P.vague.match(value) or about_looks(value))):
            return []
        kinds = [kind for kind in mentioned(found["about"] + found["between"]) if kind not in {"hero", "cta"}]
        if part == "text" and not kinds:
            continue
        if part in {"headline", "tagline", "text"} and kinds:
            return [Change("text", f"{kinds[0]} {'title' if part == 'headline' else 'lead'}", value)]
        return [Change("text", part, value)]
    return []


def about_looks(value: str) -> bool:
    """Whether "the headline to …" is followed by a look (a colour, a font, a size) and not by words to show."""
    return len(value.split()) <= 4 and bool(looks_in("make it " + value))


def name_in(clause: str) -> list[Change]:
    found = P.name.search(clause)
    if not found or re.search(r"\bcolou?rs?\b|\bfonts?\b|\btheme\b", clause, re.I):
        return []
    name = unquoted(found["name"] or found["call"] or found["named"]).rstrip(" .!?")
    return [Change("rename", value=name[:80])] if name and not about_looks(name) else []
