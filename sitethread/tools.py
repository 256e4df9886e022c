"""The tools that a model may call while it writes an answer."""

import json

from sitethread.answers.turns import StartedTurn, index_html
from sitethread.model.events import Function
from sitethread.page_checks import process

CHECKERS = frozenset({"seo", "reviewer"})

CHECK_PAGE: Function = {
    "name": "check_page",
    "description": "Check the current page by rules: language, labels, contrast, headings, links, title. "
    "Returns findings with their severity.",
    "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
}


def offered(turn: StartedTurn) -> list[Function]:
    """Return the tools that the model may call in a turn."""
    return [CHECK_PAGE] if turn["session"]["helper"] in CHECKERS and index_html(turn) else []


def run(name: str, turn: StartedTurn, user_id: str) -> str:
    """Run a tool for somebody and return its result as JSON text, which for an unknown tool holds an error."""
    html = index_html(turn)
    if name != "check_page" or html is None:
        return json.dumps({"error": "There is no such tool."})
    try:
        found = process.check(html, user_id)
    except process.PageNotChecked as error:
        return json.dumps({"error": str(error)})
    findings = [{"severity": f.severity, "message": f"{f.problem}: {f.remedy}."} for f in found]
    return json.dumps({"findings": findings}, ensure_ascii=False)
