"""axe-core, with all of its rules, those of good practice too."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SCRIPT = (Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js").read_text()
# A page that is shown in a frame, and how a page looks from inside one, are no part of the screen.
# What passes isn't told, and style sheets of elsewhere, which no rule here needs, aren't loaded: four times as fast.
_OPTIONS = {"iframes": False, "resultTypes": ["violations"], "preload": False}


def findings(
    page: Page, *, exclude: str | None = None, only: str | None = None
) -> list[tuple[str, list[str]]]:
    """Return the rules that a page breaks, each with the elements that do."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT)
    context = {"exclude": [[exclude]]} if exclude else {}
    options = {**_OPTIONS, **({"runOnly": [only]} if only else {})}
    found: dict[str, Any] = page.evaluate(
        f"axe.run({json.dumps(context) if context else 'document'}, {json.dumps(options)})"
    )
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found["violations"]]
