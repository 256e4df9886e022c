"""The files of the library that changed pages ask for and their website lacks."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sitethread.edits.paths import is_page
from sitethread.library import catalogue, uses

MOST_ICONS = 200
"""Of a website. They take about 600 bytes each."""
# Of a version, as in check_manifest of the database: what would be too much is left out, and the change is made.
_MOST_FILES, _MOST_BYTES = 100, 4_194_304
_RULES = re.compile(r"^\.bi-([a-z0-9-]+)\{--bi:", re.MULTILINE)


@dataclass(frozen=True)
class Standing:
    """What a version has: the paths of all files, the text of its icons, and room for so many bytes of text more."""

    paths: Collection[str]
    icons: str
    room: int


def standing_in(texts: Mapping[str, str], assets: Collection[str]) -> Standing:
    """Return what a version with these texts and other files has."""
    size = sum(len(text.encode()) for text in texts.values())
    return Standing({*texts, *assets}, texts.get(catalogue.ICONS, ""), _MOST_BYTES - size)


def asked_for(changed: Mapping[str, str | None]) -> bool:
    """Whether any of the changed texts uses the library."""
    return any(uses.files_in(text, path) for path, text in _readers(changed))


def additions(changed: Mapping[str, str | None], standing: Standing) -> dict[str, str]:
    """Return the files that changed texts ask for and that aren't there, and the icons' with what is new in them.

    Whatever else stands at such a path is its owner's, and stays.
    """
    wanted = list(
        dict.fromkeys(file for path, text in _readers(changed) for file in uses.files_in(text, path))
    )
    room = standing.room - sum(len(text.encode()) for text in changed.values() if text)
    left = _MOST_FILES - len({*standing.paths, *(path for path, text in changed.items() if text is not None)})
    found: dict[str, str] = {}
    for file, text in ((file, _text_of(file, changed, standing)) for file in wanted):
        grown = len(text) - (len(standing.icons) if file in standing.paths else 0)
        if text and file not in changed and grown <= room and (file in standing.paths or len(found) < left):
            found[file] = text
            room -= grown
    return found


def _readers(changed: Mapping[str, str | None]) -> Sequence[tuple[str, str]]:
    return [
        (path, text) for path, text in changed.items() if text and (is_page(path) or path.endswith(".css"))
    ]


def _text_of(file: str, changed: Mapping[str, str | None], standing: Standing) -> str:
    """Return what comes to a path, "" where nothing does."""
    if file == catalogue.ICONS:
        return _icons(changed, standing)
    return "" if file in standing.paths else catalogue.stylesheet(catalogue.families()[file])


def _icons(changed: Mapping[str, str | None], standing: Standing) -> str:
    old, drawings = standing.icons, catalogue.icons()
    if not drawings or (catalogue.ICONS in standing.paths and not old.startswith(catalogue.MARK)):
        return ""
    there = set(_RULES.findall(old))
    names = dict.fromkeys(name for _, text in _readers(changed) for name in uses.icons_in(text))
    new = [name for name in names if name not in there][: max(MOST_ICONS - len(there), 0)]
    rules = "".join(f'.bi-{name}{{--bi:url("{drawings[name]}")}}\n' for name in new)
    return (old or catalogue.icons_css()) + rules if new or not old else ""
