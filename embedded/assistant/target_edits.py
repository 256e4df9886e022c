"""Edits of one part of a page in its source, which stays as it is wherever nothing is asked for."""

import re
from collections.abc import Callable
from html import escape, unescape

from embedded.assistant.changes import Change, Said, said
from embedded.assistant.colours import readable, text_on
from embedded.assistant.look_edits import section_rules
from embedded.assistant.patterns import patterns
from embedded.assistant.picture_edits import words_of
from embedded.assistant.targets import Target
from sitethread.edits.addresses import leading_to
from sitethread.edits.tags import Element

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
KINDS = {"heading": HEADINGS, "link": frozenset({"a", "button"}), "picture": frozenset({"img"})}
# Elements that hold a text, unless they hold blocks.
TEXTS = HEADINGS | {
    "p",
    "a",
    "button",
    "li",
    "span",
    "dd",
    "dt",
    "td",
    "th",
    "figcaption",
    "blockquote",
    "summary",
}
BLOCKS = HEADINGS | {
    "p",
    "div",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "article",
    "figure",
    "form",
    "details",
    "picture",
}
TAG = re.compile(r"<[^>]*>")
RUN = re.compile(r"(?<=>)[^<]+")
ATTRIBUTE = re.compile(r"""\s+([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?""")
PAPER = re.compile(r"--paper\s*:\s*(#[0-9a-fA-F]{3,6})\b")
BUTTON = re.compile(r"""class\s*=\s*["']?[^"'>]*(?:button|btn)""", re.IGNORECASE)
PRICE = re.compile(r"(?:[€$£¥]\s?)?\d+(?:[.,]\d{1,2})?(?:\s?[€$£¥])?")
P = patterns("helpers")
Edited = tuple[Target, Said]


def change(target: Target, asked: Change) -> Edited:
    """Return the target with a change made, or as it was, and what is said of that."""
    return DOERS[asked.verb](target, asked)


def find(target: Target, kind: str, words: str = "") -> Element | None:
    """Return the first element of a kind in a target, "" for all of it; with `words` the smallest that says them."""
    elements = target.elements()
    if words:
        same = [one for one in elements if text_of(target, one).casefold() == words.casefold()]
        return min(same, key=lambda one: one.end - one.start, default=None)
    whole = elements[0] if elements and is_all(target, elements[0]) else None
    if kind == "text":
        return [*paragraphs(target), *(one for one in elements if one.tag in TEXTS - HEADINGS), None][0]
    if kind == "price":
        priced = [one for one in elements if PRICE.search(text_of(target, one))]
        return min(priced, key=lambda one: one.end - one.start, default=None)
    return next((one for one in elements if one.tag in KINDS[kind]), None) if kind else whole


def paragraphs(target: Target) -> list[Element]:
    """Return the paragraphs of a target; where it has none, the target itself if it holds a text."""
    elements = target.elements()
    itself = [one for one in elements[:1] if is_all(target, one) and is_text(target, one)]
    return [one for one in elements if one.tag == "p"] or itself


def is_text(target: Target, element: Element) -> bool:
    inner = (one for one in target.elements() if element.start < one.start < element.end)
    return element.tag in TEXTS and not any(one.tag in BLOCKS for one in inner)


def is_all(target: Target, element: Element) -> bool:
    return (element.start, element.end) == (target.start, target.end)


def text_of(target: Target, element: Element) -> str:
    text = TAG.sub(" ", target.text[element.content_start : element.content_end])
    return " ".join(unescape(text).split())


def written(value: str) -> str:
    return escape(" ".join(value.split()), quote=False).replace("```", "&#96;&#96;&#96;")


def missing(target: Target, name: str) -> Edited:
    return target, said("part_missing", name=name)


def set_text(target: Target, asked: Change) -> Edited:
    if asked.what == "price":
        return set_price(target, asked)
    element = find(target, asked.what)
    if not element:
        return missing(target, asked.what or "text")
    if not asked.what and not is_text(target, element):
        return target, said("part_which")
    part = f"the {asked.what}" if asked.what else "it"
    return with_words(target, element, asked.value), said("text", part=part, value=asked.value)


def with_words(target: Target, element: Element, value: str) -> Target:
    """Return the target with other words in an element; what is drawn beside them stays."""
    start, end = element.content_start, element.content_end
    content = target.text[start:end]
    runs = [run for run in RUN.finditer(f">{content}") if run[0].strip()]
    if runs and re.search(r"<(?:svg|img)\b", content, re.IGNORECASE):
        longest = max(runs, key=lambda run: len(run[0].strip()))
        start, end = start + longest.start() - 1, start + longest.end() - 1
    return target.with_text(start, end, written(value))


def set_price(target: Target, asked: Change) -> Edited:
    runs = RUN.finditer(target.text, target.start, target.end)
    found = next(
        (price for run in runs if (price := PRICE.search(target.text, run.start(), run.end()))), None
    )
    if not found:
        return missing(target, "price")
    # A bare number leaves the currency as it is.
    is_bare = re.fullmatch(r"\d+(?:[.,]\d+)?", asked.value)
    new = re.sub(r"[\d.,]+", asked.value, found[0]) if is_bare else written(asked.value)
    return target.with_text(*found.span(), new), said("text", part="the price", value=unescape(new))


def replace(target: Target, asked: Change) -> Edited:
    pattern = re.compile(re.escape(escape(asked.what, quote=False)), re.IGNORECASE)
    hidden = [one for one in target.elements() if one.tag in {"script", "style"}]
    runs = [run for run in RUN.finditer(target.text, target.start, target.end) if pattern.search(run[0])]
    shown = [run for run in runs if not any(one.start < run.start() < one.end for one in hidden)]
    for run in reversed(shown):
        target = target.with_text(*run.span(), pattern.sub(lambda _: written(asked.value), run[0]))
    if not shown:
        return missing(target, f"“{asked.what}”")
    return target, said("replaced", old=asked.what, value=asked.value)


def set_attribute(target: Target, element: Element, name: str, value: str) -> Target:
    """Return the target with an attribute of an element set, in the place where it was."""
    end = element.content_start
    text = f' {name}="{escape(value).replace("```", "&#96;&#96;&#96;")}"'
    for found in ATTRIBUTE.finditer(target.text, element.start + 1 + len(element.tag), end):
        if found[1].lower() == name:
            return target.with_text(*found.span(), text)
    at = element.start + 1 + len(element.tag)
    return target.with_text(at, at, text)


def attribute(target: Target, element: Element, name: str) -> str:
    tag = ATTRIBUTE.finditer(target.text, element.start + 1 + len(element.tag), element.content_start)
    return next((unescape((found[2] or "").strip("\"'")) for found in tag if found[1].lower() == name), "")


def set_link(target: Target, asked: Change) -> Edited:
    link = next((one for one in target.elements() if one.tag == "a"), None)
    if not link:
        return missing(target, "link")
    address = asked.value
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", address):
        address = f"mailto:{address}"
    elif re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}(?:/.*)?", address) and not re.search(r"\.html?$", address):
        address = f"https://{address}"
    return set_attribute(target, link, "href", address), said("part_link", value=address)


def describe(target: Target, asked: Change) -> Edited:
    picture = find(target, "picture")
    if not picture:
        return missing(target, "picture")
    if not asked.value:
        return target, said("part_unclear")
    return set_attribute(target, picture, "alt", asked.value), said("part_alt", value=asked.value)


def show(target: Target, asked: Change) -> Edited:
    picture = find(target, "picture")
    if not picture:
        return missing(target, "picture")
    shown = set_attribute(target, picture, "src", leading_to("", asked.value, target.path))
    again = find(shown, "picture")
    assert again  # noqa: S101 - it has another source now
    return set_attribute(shown, again, "alt", words_of(asked.value)), said("part_picture", value=asked.value)


def colour(target: Target, asked: Change) -> Edited:
    what = "" if asked.what == "background" else asked.what
    element = find(target, what)
    if not element:
        return missing(target, asked.what or "element")
    part = f"the {asked.what}" if asked.what else "it"
    rules = rules_for(target, element, asked)
    old = [rule for rule in attribute(target, element, "style").split(";") if rule.strip()]
    names = {rule.partition(":")[0].strip() for rule in rules}
    kept = [rule.strip() for rule in old if rule.partition(":")[0].strip().lower() not in names]
    styled = set_attribute(target, element, "style", "; ".join([*kept, *rules]))
    return styled, said("colour", part=part, value=asked.where)


def rules_for(target: Target, element: Element, asked: Change) -> list[str]:
    """Return the declarations that colour an element so that its text is readable, against the page's own styles."""
    shade, paper = asked.value, PAPER.search(target.text)
    tag = target.text[element.start : element.content_start]
    is_button = element.tag == "button" or BUTTON.search(tag)
    mark = " !important" if "!important" in target.text else ""
    if is_text(target, element) and not is_button and asked.what != "background":
        return [f"color: {readable(shade, paper[1] if paper else '#ffffff')}{mark}"]
    if paper and not is_button:
        return [rule.strip() for rule in section_rules(shade).split(";") if rule.strip()]
    return [f"background: {shade}{mark}", f"color: {text_on(shade)}{mark}"]


def remove(target: Target, asked: Change) -> Edited:
    element = find(target, asked.what, asked.value)
    if not element and not (asked.what or asked.value):
        return target.with_text(target.start, target.end, ""), said("part_removed")
    if not element:
        return missing(target, f"“{asked.value}”" if asked.value else asked.what)
    removed = target.with_text(element.start, element.end, "")
    if is_all(target, element):
        return removed, said("part_removed")
    return removed, said("removed", name=asked.what) if asked.what else said("removed_text", text=asked.value)


def copy(target: Target, asked: Change) -> Edited:
    element = find(target, asked.what, asked.value)
    if not element and (asked.what or asked.value):
        return missing(target, f"“{asked.value}”" if asked.value else asked.what)
    if not element or is_all(target, element):
        return target, said("part_copy")
    source = re.sub(r"""\sid\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", target.text[element.start : element.end])
    copied = target.with_text(element.end, element.end, f"\n{source}")
    return copied, said("part_copied", name=asked.what or f"“{asked.value}”")


def shorten(target: Target, asked: Change) -> Edited:
    """Cut each paragraph of several sentences to its first, as on whole pages."""
    count = 0
    for one in reversed(paragraphs(target)):
        first = P.sentence.match(text_of(target, one))
        if first and "<a" not in target.text[one.content_start : one.content_end]:
            target = with_words(target, one, first[1])
            count += 1
    return target, said("part_shortened" if count else "part_short")


DOERS: dict[str, Callable[[Target, Change], Edited]] = {
    "text": set_text, "replace": replace, "href": set_link, "alt": describe, "picture": show, "colour": colour,
    "remove": remove, "copy": copy, "shorten": shorten,
}  # fmt: skip
