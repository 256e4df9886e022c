"""The tools that a model may call while it writes an answer."""

import json

from sitethread import page_checks
from sitethread.answers.turns import StartedTurn, index_html
from sitethread.model.events import Function

CHECKERS = frozenset({"seo", "reviewer"})
FINDINGS = 50

CHECK_PAGE: Function = {
    "name": "check_page",
    "description": "Check the current page by rules: language, labels, contrast, headings, links, title. "
    "Returns findings with their severity.",
    "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
}


def offered(turn: StartedTurn) -> list[Function]:
    """Return the tools that the model may call in a turn."""
    return [CHECK_PAGE] if turn["session"]["helper"] in CHECKERS and index_html(turn) else []


def run(name: str, turn: StartedTurn) -> str:
    """Run a tool and return its result as JSON text, which for an unknown tool holds an error."""
    html = index_html(turn)
    if name != "check_page" or html is None:
        return json.dumps({"error": "There is no such tool."})
    findings = [
        {"severity": found.severity, "message": f"{found.problem}: {found.remedy}."}
        for found in page_checks.check(html)[:FINDINGS]
    ]
    return json.dumps({"findings": findings}, ensure_ascii=False)
