"""The helpers beside the builder: copywriter, designer, seo and reviewer."""

import json
import re
from collections.abc import Callable

from embedded.assistant import builder, copy_options, look_edits, seo_findings
from embedded.assistant.accessibility_fixes import fix
from embedded.assistant.briefs import Brief, read_brief
from embedded.assistant.conversations import Conversation
from embedded.assistant.pages import Page
from embedded.assistant.palettes import Palette
from embedded.assistant.patterns import patterns
from embedded.assistant.text_edits import set_text
from embedded.assistant.themes import palette_of
from embedded.assistant.trades import find_trade
from sitethread.page_checks.findings import Finding
from sitethread.page_checks.rules import check

Helper = Callable[[Page, Brief, Conversation], str]

NO_PAGE = (
    "There is no page yet for me to look at. Open a chat with the **builder** and ask for one, for example “Create a "
    "landing page for a coffee shop”. Then come back here."
)
P = patterns("helpers")
WRITTEN = "a new title and description, a preview for shared links and structured data"
TO_CHANGE_BUTTON = "Say **change the button to “…”**, and I'll put your favourite on the page."
NUMBERS = {"first": 0, "1": 0, "one": 0, "second": 1, "2": 1, "two": 1, "third": 2, "3": 2, "three": 2}


def answer(conversation: Conversation) -> str:
    """Answer as the conversation's helper; plain changes to the page are done by the builder's rules."""
    helper = HELPERS.get(conversation.helper.lower())
    if not helper:
        return builder.answer(conversation)
    if not conversation.page:
        return NO_PAGE
    if asks_for_change(conversation):
        return builder.answer(conversation)
    page = Page(conversation.page)
    # A helper advises on the page at hand: whose it is, the page says, and no request describes another one.
    return helper(page, read_brief(conversation.website, [], page), conversation)


def copywriter(page: Page, brief: Brief, conversation: Conversation) -> str:
    options = copy_options.options(brief)
    request = conversation.request
    if P.shorter.search(request):
        count = copy_options.shorten(page)
        return with_page(f"Done: {count} paragraphs now say it in one sentence.", page)
    if "button" in request.lower():
        labels = "\n".join(f"- **{label}**" for label in copy_options.buttons(brief))
        return f"A button should say what people get. For **{brief.name}**:\n\n{labels}\n\n{TO_CHANGE_BUTTON}"
    if wants_applied(request):
        headline, tagline = options[chosen(request)]
        set_text(page, "headline", headline)
        set_text(page, "tagline", tagline)
        return with_page(f"Done: the page now opens with “{headline}”, and the text below it matches.", page)
    lines = "\n".join(f"{at}. **{headline}**\n   {text}" for at, (headline, text) in enumerate(options, 1))
    now = page.headline()
    current = f"Now it says “{now.get_text(' ', strip=True)}”. " if now else ""
    return (
        f"{current}Here are three ways for **{brief.name}** to begin:\n\n{lines}\n\n"
        f"For the main button, say what people get: **{brief.trade.copy['hero']['button']}**.\n\n"
        "Say **use the second one**, and I'll put it on the page."
    )


def designer(page: Page, brief: Brief, conversation: Conversation) -> str:
    offers = palettes(page, brief)
    model = find_trade(conversation.request) if P.feels_like.search(conversation.request) else None
    if model:
        look_edits.use_palette(page, model.palette)
        look_edits.set_fonts(page, "all", model.copy["look"]["font"])
        return with_page(f"Done: the page borrows the colours and type of a {model.noun} now.", page)
    if wants_applied(conversation.request):
        name, palette = offers[chosen(conversation.request)]
        look_edits.use_palette(page, palette)
        return with_page(
            f"Done: the page wears **{name}** now. Every text on it keeps a contrast of 4.5:1.", page
        )
    swatches = "\n".join(
        f"{at}. **{name}**: {swatch(palette)}" for at, (name, palette) in enumerate(offers, 1)
    )
    return (
        f"For **{brief.name}** I would try one of these palettes (ground, text, accent, dark bands, highlight):\n\n"
        f"{swatches}\n\nFor type: keep one voice for headings and a quiet one for text. **Use a serif font** for "
        "warmth, or **use a geometric font** for clarity; both are on every device, so nothing has to load.\n\n"
        "Say **apply the first one**, and I'll change the page."
    )


def seo(page: Page, brief: Brief, conversation: Conversation) -> str:
    if wants_applied(conversation.request):
        seo_findings.improve(page, brief)
        return with_page(f"Done: I wrote {WRITTEN}.", page)
    findings = seo_findings.inspect_for_search(page, brief)
    return (
        f"{told(conversation)}{report(findings, 'Search engines can read this page well.')}\n\n"
        f"**A title to use** ({len(seo_findings.better_title(page, brief))} characters)\n"
        f"> {seo_findings.better_title(page, brief)}\n\n**A description to use**\n"
        f"> {seo_findings.better_description(page, brief)}\n\n"
        "**Searches you could be found for** (a guess, not a measurement)\n"
        f"> {' · '.join(seo_findings.searches(brief))}\n\n**Structured data**\n"
        f"```json\n{seo_findings.structured_data(page, brief)}\n```\n\n"
        "Say **apply it**, and I'll put all three on the page."
    )


def reviewer(page: Page, brief: Brief, conversation: Conversation) -> str:
    findings = check(page.html())
    if wants_applied(conversation.request):
        done = fix(page)
        if done:
            left = len(check(page.html()))
            rest = f" {left} findings need a decision of yours." if left else " Nothing is left on my list."
            return with_page(f"Done: I {done}.{rest}", page)
    good = "I found nothing to complain about: language, labels, headings, landmarks, links and contrast are in order."
    closing = "\n\nSay **fix them**, and I'll put right what can be put right by rule." if findings else ""
    return told(conversation) + report(findings, good) + closing


def wants_applied(request: str) -> bool:
    return bool(P.apply.search(request)) and not request.rstrip().endswith("?") and len(request.split()) < 12


def asks_for_change(conversation: Conversation) -> bool:
    """Whether the request names a change that the builder's rules know how to make."""
    if P.asks.search(conversation.request):
        return False
    changes = builder.read(conversation.website, conversation.requests, Page(conversation.page))[1]
    return any(
        change.verb not in {"cannot", "tell", "replace"} or '"' in conversation.request for change in changes
    )


def chosen(request: str) -> int:
    found = [NUMBERS[word] for word in re.findall(r"\w+", request.lower()) if word in NUMBERS]
    return max(found, default=0)


def palettes(page: Page, brief: Brief) -> list[tuple[str, Palette]]:
    now = palette_of(page) or brief.trade.palette
    return [
        ("Closer to home", now.toward(62, 0.35, 0.02)),
        ("Fresh air", now.turned(150)),
        ("After dark", now.darkened()),
    ]


def swatch(palette: Palette) -> str:
    return " · ".join(
        f"`{colour}`" for colour in (palette.paper, palette.ink, palette.accent, palette.deep, palette.glow)
    )


def report(findings: list[Finding], good: str) -> str:
    if not findings:
        return good
    lines = "\n".join(
        f"- **{finding.severity}** – {finding.problem}: {finding.remedy}." for finding in findings
    )
    noun = "thing" if len(findings) == 1 else "things"
    return f"I read the page and found {len(findings)} {noun} to put right:\n\n{lines}"


def told(conversation: Conversation) -> str:
    """Return what the page check said, as a list, when it was called."""
    if not conversation.tool_result:
        return ""
    lines = [line for line in check_lines(conversation.tool_result) if line]
    return "The page check says:\n\n" + "\n".join(f"- {line}" for line in lines) + "\n\n" if lines else ""


def check_lines(result: str) -> list[str]:
    """Return a tool's result line by line, whether it is JSON or plain text."""
    try:
        data = json.loads(result)
    except ValueError:
        return [line.strip(" -*") for line in result.splitlines()]
    items = data.get("findings", [data]) if isinstance(data, dict) else data
    return [one_line(item) for item in items] if isinstance(items, list) else [str(items)]


def one_line(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    severity = f"**{item['severity']}** – " if item.get("severity") else ""
    said = next((str(item[key]) for key in ("message", "problem", "text", "title") if item.get(key)), "")
    return severity + (
        said or ", ".join(f"{key}: {value}" for key, value in item.items() if value not in (None, [], ""))
    )


def with_page(prose: str, page: Page) -> str:
    return f"{prose}\n\n```html\n{page.html()}\n```\n\nIs there anything else I should look at?"


HELPERS: dict[str, Helper] = {
    "copywriter": copywriter,
    "designer": designer,
    "seo": seo,
    "reviewer": reviewer,
}
