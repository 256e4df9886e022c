"""The helpers beside the builder: copywriter, designer, seo and reviewer."""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import astuple

from embedded.assistant import builder, look_edits, seo_findings, target_answers
from embedded.assistant.briefs import Brief, read_brief
from embedded.assistant.changes import Change
from embedded.assistant.conversations import Conversation
from embedded.assistant.pages import Page
from embedded.assistant.patterns import VOCABULARY, patterns
from embedded.assistant.repairs import mend
from embedded.assistant.text_edits import set_text
from embedded.assistant.themes import palette_of
from embedded.assistant.written_pages import written
from sitethread.page_checks.findings import Finding
from sitethread.page_checks.rules import check

SAYS = tomllib.loads((VOCABULARY / "helpers.toml").read_text(encoding="utf-8"))
P = patterns("helpers")


def answer(conversation: Conversation) -> str:
    """Answer as the conversation's helper; plain changes to the page are done by the builder's rules."""
    if said := builder.to_remember(conversation):
        return said
    name, target = conversation.helper.lower(), conversation.target
    if target and (said := target_answers.answer(conversation, target)):
        return said
    if target and (
        name not in HELPERS or wants_applied(conversation.request) or asks_for_change(conversation)
    ):
        return target_answers.refusal(conversation)
    if name not in HELPERS:
        return builder.answer(conversation)
    if not conversation.page:
        return str(SAYS["no_page"])
    if asks_for_change(conversation):
        return builder.answer(conversation)
    page = Page(conversation.page)
    # A helper advises on the page at hand: whose it is, the page says, and no request describes another one.
    said, is_changed = HELPERS[name](page, read_brief(conversation.website, [], page), conversation)
    return f"{said}\n\n{written(page, conversation).blocks}\n\n{SAYS['more']}" if is_changed else said


def copywriter(page: Page, brief: Brief, conversation: Conversation) -> tuple[str, bool]:
    says, request, copy = SAYS["copywriter"], conversation.request, brief.trade.told(brief.name)
    if P.shorter.search(request):
        return says["shortened"].format(count=shorten(page)), True
    promise, reason, *_ = copy["features"]["entries"]
    openings = [
        (copy["cta"]["title"], f"{copy['cta']['text']} {copy['footer']['line']}"),
        (f"{promise[0]}. {reason[0]}.", f"{promise[1]} {reason[1]}"),
        (copy["about"]["title"], f"{copy['footer']['line']} {copy['contact']['text']}"),
    ]
    if wants_applied(request):
        headline, tagline = openings[chosen(request)]
        set_text(page, Change("text", "headline", headline), brief)
        set_text(page, Change("text", "tagline", tagline), brief)
        return says["applied"].format(headline=headline), True
    headline = page.headline()
    now = f"Now it says “{headline.get_text(' ', strip=True)}”. " if headline else ""
    ideas = numbered([f"**{headline}**\n   {text}" for headline, text in openings])
    words = {"now": now, "name": brief.name, "ideas": ideas, "button": copy["hero"]["button"]}
    return says["proposal"].format(**words), False


def shorten(page: Page) -> int:
    """Cut each paragraph of several sentences to its first; return how many were cut."""
    count = 0
    for paragraph in page.main.find_all("p"):
        found = P.sentence.match(paragraph.get_text(" ", strip=True))
        if found and not paragraph.find("a"):
            paragraph.string = found[1]
            count += 1
    return count


def designer(page: Page, brief: Brief, conversation: Conversation) -> tuple[str, bool]:
    says, request = SAYS["designer"], conversation.request
    now = palette_of(page) or brief.trade.palette
    palettes = [
        ("Closer to home", now.toward(62, 0.35, 0.02)),
        ("Fresh air", now.turned(150)),
        ("After dark", now.darkened()),
    ]
    if wants_applied(request):
        name, palette = palettes[chosen(request)]
        look_edits.use_palette(page, palette)
        return says["applied"].format(palette=name), True
    swatches = [(name, " · ".join(f"`{one}`" for one in astuple(palette))) for name, palette in palettes]
    ideas = numbered([f"**{name}**: {swatch}" for name, swatch in swatches])
    return says["proposal"].format(name=brief.name, ideas=ideas), False


def seo(page: Page, brief: Brief, conversation: Conversation) -> tuple[str, bool]:
    says = SAYS["seo"]
    if wants_applied(conversation.request):
        seo_findings.improve(page, brief)
        return says["applied"], True
    title = seo_findings.better_title(page, brief)
    found = told(conversation) + report([*seo_findings.inspect_for_search(page)], says["good"])
    words = {
        "description": seo_findings.better_description(page, brief),
        "data": seo_findings.structured_data(page, brief),
    }
    return says["proposal"].format(found=found, length=len(title), title=title, **words), False


def reviewer(page: Page, brief: Brief, conversation: Conversation) -> tuple[str, bool]:
    says, findings = SAYS["reviewer"], check(page.html())
    if wants_applied(conversation.request) and (done := mend(page)):
        left = len(check(page.html()))
        rest = says["left"].format(count=left) if left else says["nothing_left"]
        return says["applied"].format(done=done, rest=rest), True
    found = told(conversation) + report(findings, says["good"])
    return says["proposal"].format(found=found) if findings else found, False


def wants_applied(request: str) -> bool:
    return bool(P.apply.search(request)) and not request.rstrip().endswith("?") and len(request.split()) < 12


def asks_for_change(conversation: Conversation) -> bool:
    """Whether the request names a change that the builder's rules know how to make."""
    if P.asks.search(conversation.request):
        return False
    changes = builder.read(conversation.website, conversation.requests, Page(conversation.page))[1]
    plain = {change.verb for change in changes} - {"cannot", "tell", "replace"}
    return bool(plain or (changes and '"' in conversation.request))


def chosen(request: str) -> int:
    return max((SAYS["numbers"].get(word, 0) for word in re.findall(r"\w+", request.lower())), default=0)


def numbered(ideas: list[str]) -> str:
    return "\n".join(f"{at}. {idea}" for at, idea in enumerate(ideas, 1))


def report(findings: Sequence[Finding], good: str) -> str:
    if not findings:
        return good
    lines = "\n".join(f"- **{one.severity}** – {one.problem}: {one.remedy}." for one in findings)
    things = f"{len(findings)} thing{'s' if len(findings) > 1 else ''}"
    return f"I read the page and found {things} to put right:\n\n{lines}"


def told(conversation: Conversation) -> str:
    """Return what the page check said, as a list, when it was called: as JSON or as plain text."""
    result = conversation.tool_result or ""
    try:
        data = json.loads(result)
    except ValueError:
        data = [line.strip(" -*") for line in result.splitlines()]
    found = data.get("findings", [data]) if isinstance(data, dict) else data
    items = found if isinstance(found, list) else [found]
    lines = "\n".join(f"- {one_line(item)}" for item in items if item)
    return f"The page check says:\n\n{lines}\n\n" if lines else ""


def one_line(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    severity = f"**{item['severity']}** – " if item.get("severity") else ""
    return severity + next(
        (str(item[key]) for key in ("message", "problem", "text", "title") if item.get(key)), ""
    )


HELPERS = {helper.__name__: helper for helper in (copywriter, designer, seo, reviewer)}
