"""What the model is sent: instructions, website, current page; the messages are chosen by `private.model_context`."""

import re
import time
from collections.abc import Iterator, Sequence

from sitethread import edit_prompts, helpers
from sitethread.answers.turns import HistoryMessage, StartedTurn, index_html
from sitethread.limits import LIMITS
from sitethread.model.events import ChatMessage
from sitethread.picture_prompts import picture_words

CONTINUE = "Continue exactly where you stopped. Do not repeat anything."

# In fences, a few milliseconds.
_YIELD_EVERY = 5_000
_DOCUMENT = re.compile(r"\s*+(?:<!doctype html|<html)", re.IGNORECASE)


def messages_for(turn: StartedTurn, *, makes_edits: bool = True) -> list[ChatMessage]:
    """Return the messages for a started turn, whose model can make edits or writes whole pages alone."""
    messages: list[ChatMessage] = [{"role": "system", "content": _instructions(turn, makes_edits)}]
    messages += [{"role": entry["role"], "content": entry["content"]} for entry in turn["history"]]
    return messages


def going_on(messages: Sequence[ChatMessage], said: str, request: str = CONTINUE) -> list[ChatMessage]:
    """Return the messages that have the model go on with an answer: what it said so far, and what it is to do."""
    return [*messages, {"role": "assistant", "content": said}, {"role": "user", "content": request}]


def _instructions(turn: StartedTurn, makes_edits: bool) -> str:
    helper = turn["session"]["helper"]
    lines = [helpers.find(helper).prompt, "", edit_prompts.format_rules(makes_edits=makes_edits)]
    lines += ["", f"Helper: {helper}"]
    if turn["website"]:
        lines.append(f"Website: {turn['website']['name']}")
    lines += ["", _current_page(turn)]
    if pictures := picture_words(turn):
        lines += ["", pictures]
    if target := edit_prompts.target_words(turn):
        lines += ["", target]
    return "\n".join(lines)


def _current_page(turn: StartedTurn) -> str:
    page, html = turn["page"], index_html(turn)
    if page and "too_long" in page:
        return (
            f"The current page (version {page['number']}) is too long to be shown to you: {page['too_long']:,} bytes. "
            "Say so if the question is about it. Don't write a page unless you are asked to replace all of it."
        )
    if page is None or html is None:
        return "There is no page yet."
    return f"The current page (version {page['number']}):\n```html\n{html}\n```"


def page_in(markdown: str) -> str | None:
    """Return the last complete page: a fenced ```html block that holds a whole document.

    There is none in a text that is too long for an answer: the database refuses it.
    """
    if len(markdown) > LIMITS.answer:
        return None
    for start, end in reversed(list(_documents(markdown))):
        block = markdown[start:end]
        if "</html>" in block.lower():
            return block.strip() + "\n"
    return None


def pages_in(markdown: str) -> list[str]:
    """Return all complete pages of a message, in its order."""
    blocks = (markdown[start:end] for start, end in _documents(markdown[: LIMITS.answer]))
    return [block.strip() + "\n" for block in blocks]


def _documents(markdown: str) -> Iterator[tuple[int, int]]:
    """Yield where the text in each closed ```html block that begins a document starts and ends.

    In one pass, during which other requests run: an answer may be made of nothing but fences.
    """
    start: int | None = None
    fence, count = -1, 0
    while (fence := markdown.find("```", fence + 1)) >= 0:
        count += 1
        if count % _YIELD_EVERY == 0:
            time.sleep(0)
        if fence and markdown[fence - 1] != "\n":
            continue
        end = markdown.find("\n", fence)
        end = len(markdown) if end < 0 else end
        if start is None:
            if markdown.startswith("html", fence + 3) and end < len(markdown):
                start = end + 1
        elif not markdown[fence + 3 : end].strip(" \t"):
            if _DOCUMENT.match(markdown, start, fence):
                yield start, fence
            start = None
        fence = end


def summary_of(history: Sequence[HistoryMessage]) -> str:
    """Return the last question on one line, at most 200 characters: the summary of the version made for it."""
    return " ".join(history[-1]["content"].split())[:200] if history else ""
