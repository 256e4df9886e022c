"""Parses the looks that a request asks for: colours, fonts, theme, sizes, corners, spacing, motion."""

import re
import tomllib

from embedded.assistant.changes import Change
from embedded.assistant.colours import HEX
from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.section_names import mentioned

LOOKS = tomllib.loads((VOCABULARY / "looks.toml").read_text(encoding="utf-8"))
COLOURS: dict[str, str] = LOOKS["colours"]
PAPERS: dict[str, str] = LOOKS["papers"]

THINGS = r"(?:it|this|everything|the (?:page|site|website|theme|design))"
HEADINGS = r"head ?lines?|headings?|titles?"
SIZED = rf"text|fonts?|letters|type|{HEADINGS}|everything"
P = patterns("look_requests", things=THINGS, headings=HEADINGS, sized=SIZED)


def looks_in(clause: str) -> list[Change]:
    """Return the changes of look that a clause without its quoted parts asks for."""
    plain = [*theme_in(clause), *colours_in(clause), *fonts_in(clause), *shapes_in(clause)]
    styles = [change for change in styles_in(clause) if change.verb not in {one.verb for one in plain}]
    return [*plain, *styles]


def styles_in(clause: str) -> list[Change]:
    """Return the looks that a word like "rustic" or "elegant" stands for, where the page is spoken of."""
    if P.about_words.search(clause) or not P.styled.search(clause):
        return []
    asked = [
        look
        for pattern, looks in LOOKS["styles"].items()
        if re.search(rf"\b(?:{pattern})", clause, re.I)
        for look in looks
    ]
    found = [
        change
        for look in asked
        for change in [*theme_in(look), *colours_in(look), *fonts_in(look), *shapes_in(look)]
    ]
    return list({change.verb: change for change in reversed(found)}.values())[::-1]


def theme_in(clause: str) -> list[Change]:
    if P.dark.search(clause):
        return [Change("theme", value="dark")]
    return [Change("theme", value="light")] if P.light.search(clause) else []


def colours_in(clause: str) -> list[Change]:
    found = find_colours(clause)
    if not found:
        return moods_in(clause)
    name, shade = found[0]
    part = part_in(clause)
    if P.background.search(clause) and part in {"", *LOOKS["parts"]}:
        return [Change("colour", "paper", PAPERS.get(name, shade), where=name)]
    if P.accent_only.search(clause):
        return [Change("colour", "accent", shade, where=name)]
    if part:
        return [Change("colour", part, shade, where=name)]
    return [Change("colour", "all", shade, where=name, other=found[1][1] if len(found) > 1 else "")]


def part_in(clause: str) -> str:
    """Return the part of the page whose colour is meant, where it isn't the whole page."""
    if re.search(r"\b(?:create|build|page|site|website|everything)\b", clause, re.I):
        return ""
    texts = {
        "headline": r"\bhead ?line\b|\bmain title\b",
        "headings": r"\bheadings\b|\btitles\b",
        "text": r"\btext\b|\bletters\b",
    }
    found = [part for part, pattern in texts.items() if re.search(pattern, clause, re.I)]
    kinds = (
        [kind for kind in mentioned(clause) if kind not in {"nav", "banner"}]
        if len(clause.split()) < 12
        else []
    )
    return [*found, *kinds, ""][0]


def moods_in(clause: str) -> list[Change]:
    if theme_in(clause) or P.about_words.search(clause):
        return []
    moods = [mood for mood, pattern in LOOKS["moods"].items() if re.search(rf"\b(?:{pattern})", clause, re.I)]
    return [Change("mood", value=mood) for mood in moods[:1]]


def find_colours(text: str) -> list[tuple[str, str]]:
    """Return the colours a text names, as (name, hex), in its order."""
    rest, found = text.lower(), [(match.start(), match[0], match[0]) for match in HEX.finditer(text)]
    for name in sorted(COLOURS, key=len, reverse=True):
        pattern = re.compile(rf"(?<![\w-]){name}(?:ish)?(?![\w-])")
        found += [(match.start(), name, COLOURS[name]) for match in pattern.finditer(rest)]
        rest = pattern.sub(lambda match: " " * len(match[0]), rest)
    found.sort()
    # "Rose's flower shop" is no request for a colour; "in rose" and "rose colours" are.
    meant = found and (P.colour_talk.search(text) or P.leads_to_colour.search(text[: found[0][0]]))
    return [(name, shade.lower()) for _, name, shade in found] if meant else []


def fonts_in(clause: str) -> list[Change]:
    named = [font for font, pattern in LOOKS["fonts"].items() if re.search(pattern, clause, re.I)]
    if named and (P.font_talk.search(clause) or re.search(r"\buse\b", clause, re.I)):
        headings_only = re.search(rf"\b(?:{HEADINGS})\b", clause, re.I)
        return [Change("fonts", "display" if headings_only else "all", named[0])]
    return [Change("fonts", "all", "other")] if P.other_font.search(clause) else []


def shapes_in(clause: str) -> list[Change]:
    found = []
    if match := P.size.search(clause):
        part = "headings" if re.match(HEADINGS, match["what"] or match["what2"], re.I) else "text"
        shrink = (match["way"] or match["way2"]).lower() in {"smaller", "tiny"}
        found.append(Change("size", part, "smaller" if shrink else "bigger"))
    if match := P.corners.search(clause):
        is_round = match["how"].lower().startswith("round")
        found.append(Change("corners", value="round" if is_round else "sharp"))
    if P.airy.search(clause):
        found.append(Change("spacing", value="airy"))
    elif P.compact.search(clause):
        found.append(Change("spacing", value="compact"))
    if P.motion.search(clause):
        found.append(Change("motion"))
    return found
