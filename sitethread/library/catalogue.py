"""What the library has, as static/library/build.mjs built it; nothing where the front end isn't built."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from typing_extensions import TypedDict

FOLDER = Path(__file__).parents[2] / "static" / "dist" / "library"
ICONS = "icons/bootstrap-icons.css"
MARK = "/*! Library"
"""How files of the library begin; `private.is_from_library` of the database has the same."""


class Family(NamedTuple):
    name: str
    kind: str
    path: str


def families() -> Mapping[str, Family]:
    """Return the families by the paths of their stylesheets."""
    return _families(FOLDER, _built_at())


def named(name: str) -> Family | None:
    """Return the family of a name, however it is capitalised."""
    slug = "-".join(name.lower().split())
    return families().get(f"fonts/{slug}.css")


def stylesheet(family: Family) -> str:
    return _stylesheet(FOLDER, family.path, _built_at())


def icons() -> Mapping[str, str]:
    """Return the drawings of icons by name, as data URLs."""
    return _icons(FOLDER, _built_at())["icons"]


def icons_css() -> str:
    """Return how a stylesheet of icons begins: whose they are, and what all of them have."""
    return _icons(FOLDER, _built_at())["css"]


class _Icons(TypedDict):
    css: str
    icons: dict[str, str]


def _built_at() -> int:
    manifest = FOLDER / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


@lru_cache(maxsize=2)
def _families(folder: Path, built_at: int) -> Mapping[str, Family]:
    if not built_at:
        return {}
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["families"]
    found = [Family(one["name"], one["kind"], f"fonts/{one['slug']}.css") for one in listed]
    return {family.path: family for family in found}


@lru_cache(maxsize=64)
def _stylesheet(folder: Path, path: str, _built_at: int) -> str:
    return (folder / path).read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _icons(folder: Path, built_at: int) -> _Icons:
    if not built_at:
        return {"css": "", "icons": {}}
    found: _Icons = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    return found
