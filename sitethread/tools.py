"""What a model may call on while it answers."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sitethread import page_checks, versions

CHECKERS = frozenset({"seo", "reviewer"})
FINDINGS = 50

CHECK_PAGE: Mapping[str, Any] = {
    "type": "function",
    "function": {
        "name": "check_page",
        "description": "Check the current page by rules: language, labels, contrast, headings, links, title. "
        "Returns findings with their severity.",
        "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    },
}


def offered(turn: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the tools for a started turn, in the form of chat completions."""
    return [CHECK_PAGE] if turn["session"]["helper"] in CHECKERS and _page(turn) else []


def run(name: str, turn: Mapping[str, Any]) -> str:
    """Carry out a call and return its result as JSON text; a tool that isn't there is told so, not raised."""
    html = _page(turn)
    if name != "check_page" or html is None:
        return json.dumps({"error": "There is no such tool."})
    findings = [
        {"severity": found.severity, "message": f"{found.problem}: {found.remedy}."}
        for found in page_checks.check(html)[:FINDINGS]
    ]
    return json.dumps({"findings": findings}, ensure_ascii=False)


def _page(turn: Mapping[str, Any]) -> str | None:
    html: str | None = ((turn["page"] or {}).get("files") or {}).get(versions.PAGE)
    return html or None
