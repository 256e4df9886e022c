"""Forms of published pages: what is replaced in their source, so that what visitors send arrives."""

from collections.abc import Sequence

from sitethread.edits.tags import Element
from sitethread.publishing.replacements import Replacement


def replacements(page: str, elements: Sequence[Element]) -> list[Replacement]:
    """Return what is replaced in a page; `elements` are those of its source."""
    return []
