"""Parses the looks that a request asks for: colours, fonts, theme, sizes, corners, spacing, motion."""

import re
import tomllib

from embedded.assistant.changes import Change
from embedded.assistant.colours import HEX
from embedded.assistant.families import FAMILIES
from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.section_names import mentioned

LOOKS = tomllib.loads((VOCABULARY / "looks.toml").read_text(encoding="utf-8"))
COLOURS: dict[str, str] = LOOKS["colours"]
P = patterns("look_requests")
# Looks that one pattern asks for, and what they are a look of.
PLAIN = {
    "dark": "theme", "light": "theme", "round": "corners", "sharp": "corners", "airy": "spacing",
    "compact": "spacing", "motion": "motion", "responsive": "responsive",
}  # fmt: skip


def looks_in(clause: str) -> list[Change]:
    """Return the changes of look that a clause without its quoted parts asks for."""
    plain = plain_looks_in(clause)
    styles = [change for change in styles_in(clause) if change.verb not in {one.verb for one in plain}]
    return [*plain, *styles]


def plain_looks_in(clause: str) -> list[Change]:
    found = [Change(verb, value=name) for name, verb in PLAIN.items() if P[name].search(clause)]
    return [*first_of_each(found), *colours_in(clause), *fonts_in(clause), *sizes_in(clause)]


def first_of_each(changes: list[Change]) -> list[Change]:
    """Return the first change of each verb."""
    return [*{change.verb: change for change in reversed(changes)}.values()][::-1]


def styles_in(clause: str) -> list[Change]:
    """Return the looks that a word like "rustic" or "elegant" stands for, where the page is spoken of."""
    if P.about_words.search(clause) or not P.styled.search(clause):
        return []
    asked = [looks for words, looks in LOOKS["styles"].items() if re.search(rf"\b(?:{words})", clause, re.I)]
    return first_of_each([change for looks in asked for look in looks for change in plain_looks_in(look)])


def colours_in(clause: str) -> list[Change]:
    found = find_colours(clause)
    if not found:
        return moods_in(clause)
    name, shade = found[0]
    part = part_in(clause)
    if P.background.search(clause) and part in {"", *LOOKS["parts"]}:
        return [Change("colour", "paper", LOOKS["papers"].get(name, shade), where=name)]
    if P.accent_only.search(clause) or part:
        return [Change("colour", "accent" if P.accent_only.search(clause) else part, shade, where=name)]
    return [Change("colour", "all", shade, where=name, other=found[1][1] if len(found) > 1 else "")]


def part_in(clause: str) -> str:
    """Return the part of the page whose colour is meant, where it isn't the whole page."""
    if P.whole_page.search(clause):
        return ""
    found = [part for part, asks in LOOKS["part_words"].items() if re.search(asks, clause, re.I)]
    kinds = mentioned(clause) if len(clause.split()) < 12 else []
    return str([*found, *(kind for kind in kinds if kind not in {"nav", "banner"}), ""][0])


def moods_in(clause: str) -> list[Change]:
    if P.dark.search(clause) or P.light.search(clause) or P.about_words.search(clause):
        return []
    moods = [mood for mood, asks in LOOKS["moods"].items() if re.search(rf"\b(?:{asks})", clause, re.I)]
    return [Change("mood", value=mood) for mood in moods[:1]]


def find_colours(text: str) -> list[tuple[str, str]]:
    """Return the colours a text names, as (name, hex), in its order."""
    rest, found = text.lower(), [(match.start(), match[0], match[0]) for match in HEX.finditer(text)]
    for name in sorted(COLOURS, key=len, reverse=True):
        pattern = re.compile(rf"(?<![\w-]){name}(?:ish)?(?![\w-]| ?space)")
        found += [(match.start(), name, COLOURS[name]) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    found.sort()
    # "Rose's flower shop" is no request for a colour; "in rose" and "rose colours" are.
    meant = found and (P.colour_talk.search(text) or P.leads_to_colour.search(text[: found[0][0]]))
    return [(name, shade.lower()) for _, name, shade in found] if meant else []


def fonts_in(clause: str) -> list[Change]:
    named = [font for font, asks in LOOKS["fonts"].items() if re.search(asks, clause, re.I)]
    if family := family_in(clause):
        return [Change("fonts", "display" if P.of_headings.search(clause) else "all", family)]
    if named and P.font_talk.search(clause):
        return [Change("fonts", "display" if P.of_headings.search(clause) else "all", named[0])]
    return [Change("fonts", "all", "other")] if P.other_font.search(clause) else []


def family_in(clause: str) -> str:
    """Return the family of the library that a clause about fonts names; of one word, with a capital or as a font."""
    names = [name for names in FAMILIES.values() for name in names]
    found = [name for name in names if re.search(rf"\b{name}\b", clause, re.I if " " in name else 0)]
    found += [name for name in names if re.search(rf"\b{name} (?:font|typeface)", clause, re.I)]
    return found[0] if found and P.family_talk.search(clause) else ""


def sizes_in(clause: str) -> list[Change]:
    match = P.size.search(clause)
    if not match:
        return []
    part = "headings" if P.of_headings.search(match["what"] or match["what2"]) else "text"
    shrinks = (match["way"] or match["way2"]).lower() in {"smaller", "tiny"}
    return [Change("size", part, "smaller" if shrinks else "bigger")]
