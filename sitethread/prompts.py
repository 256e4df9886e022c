"""What the model gets to see: who it is, the website and its current page, and the conversation."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sitethread import helpers, versions

HISTORY_CHARACTERS = 200_000
CONTINUE = "Continue exactly where you stopped. Do not repeat anything."

_PAGE = re.compile(r"^```html[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def messages_for(turn: Mapping[str, Any], partial: str = "") -> list[dict[str, str]]:
    """Write the chat messages for a started turn (the result of `start_turn` and its siblings).

    `partial` is what an answer that is being continued already says.
    """
    messages = [{"role": "system", "content": _instructions(turn)}]
    messages += [{"role": entry["role"], "content": entry["content"]} for entry in turn["history"]]
    if partial:
        messages += [{"role": "assistant", "content": partial}, {"role": "user", "content": CONTINUE}]
    return messages


def _instructions(turn: Mapping[str, Any]) -> str:
    helper = turn["session"]["helper"]
    lines = [helpers.find(helper).prompt, "", f"Helper: {helper}"]
    if turn["website"]:
        lines.append(f"Website: {turn['website']['name']}")
    lines += ["", _current_page(turn["page"])]
    return "\n".join(lines)


def _current_page(page: Mapping[str, Any] | None) -> str:
    html = (page or {}).get("files", {}).get(versions.PAGE)
    if page is None or not html:
        return "There is no page yet."
    return f"The current page (version {page['number']}):\n```html\n{html}\n```"


def page_in(answer: str) -> str | None:
    """Find the last complete page (a fenced ```html block with a whole document) in an answer's markdown."""
    for block in reversed(_PAGE.findall(answer)):
        if re.match(r"\s*(<!doctype html|<html)", block, re.IGNORECASE) and "</html>" in block.lower():
            return str(block).strip() + "\n"
    return None


def summary_of(history: Sequence[Mapping[str, Any]]) -> str:
    """Say in one line what a version is about: the request it answers."""
    return " ".join(history[-1]["content"].split())[:200] if history else ""
