"""Fixes the accessibility findings of a review that rules can fix."""

from bs4 import Tag

from embedded.assistant.languages import language
from embedded.assistant.pages import Page
from embedded.assistant.responsive import set_viewport
from embedded.assistant.sections import style


def fix(page: Page) -> str:
    """Fix language, viewport, labels, alternative texts and motion; return what was done, "" for nothing."""
    steps = (set_language, set_viewport, name_fields, name_pictures, calm)
    return language("en").listed([words for step in steps if (words := step(page))])


def set_language(page: Page) -> str:
    if page.root.get("lang"):
        return ""
    page.root["lang"] = "en"
    return "set the language to English"


def name_fields(page: Page) -> str:
    fields = page.body.select("input:not([type=hidden], [type=submit]), select, textarea")
    silent = [field for field in fields if not labelled(page.body, field)]
    for field in silent:
        words = str(field.get("placeholder") or field.get("name") or field.get("type") or "Your answer")
        field["aria-label"] = words.replace("_", " ").replace("-", " ").capitalize()
    return f"named {len(silent)} form field{'s' if len(silent) > 1 else ''}" if silent else ""


def labelled(body: Tag, field: Tag) -> bool:
    by_id = field.get("id") and body.find("label", attrs={"for": str(field["id"])})
    return bool(
        by_id or field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
    )


def name_pictures(page: Page) -> str:
    """Describe pictures by their caption; one without a caption is marked as decoration."""
    bare = page.body.select("img:not([alt])")
    for image in bare:
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        image["alt"] = caption.get_text(" ", strip=True) if caption else ""
    return f"gave {len(bare)} picture{'s' if len(bare) > 1 else ''} an alternative text" if bare else ""


def calm(page: Page) -> str:
    moves = "animation:" in page.css or "transition:" in page.css
    if not moves or "prefers-reduced-motion" in page.css:
        return ""
    page.set_style("calm", style("calm"))
    return "switched motion off for visitors who prefer it"
