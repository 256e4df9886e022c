"""What the model is sent: instructions, website, current page; the messages are chosen by `private.model_context`."""

import re
from collections.abc import Sequence

from sitethread import helpers
from sitethread.answers.turns import HistoryMessage, StartedTurn, index_html
from sitethread.model.events import ChatMessage

CONTINUE = "Continue exactly where you stopped. Do not repeat anything."

_PAGE = re.compile(r"^```html[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def messages_for(turn: StartedTurn, initial_text: str = "") -> list[ChatMessage]:
    """Return the messages for a started turn; `initial_text` is what an answer to be continued already has."""
    messages: list[ChatMessage] = [{"role": "system", "content": _instructions(turn)}]
    messages += [{"role": entry["role"], "content": entry["content"]} for entry in turn["history"]]
    if initial_text:
        messages.append({"role": "assistant", "content": initial_text})
        messages.append({"role": "user", "content": CONTINUE})
    return messages


def _instructions(turn: StartedTurn) -> str:
    helper = turn["session"]["helper"]
    lines = [helpers.find(helper).prompt, "", f"Helper: {helper}"]
    if turn["website"]:
        lines.append(f"Website: {turn['website']['name']}")
    lines += ["", _current_page(turn)]
    return "\n".join(lines)


def _current_page(turn: StartedTurn) -> str:
    page, html = turn["page"], index_html(turn)
    if page is None or html is None:
        return "There is no page yet."
    return f"The current page (version {page['number']}):\n```html\n{html}\n```"


def page_in(markdown: str) -> str | None:
    """Return the last complete page: a fenced ```html block that holds a whole document."""
    for block in reversed(_PAGE.findall(markdown)):
        if re.match(r"\s*(<!doctype html|<html)", block, re.IGNORECASE) and "</html>" in block.lower():
            return str(block).strip() + "\n"
    return None


def summary_of(history: Sequence[HistoryMessage]) -> str:
    """Return the last question on one line, at most 200 characters: the summary of the version made for it."""
    return " ".join(history[-1]["content"].split())[:200] if history else ""
