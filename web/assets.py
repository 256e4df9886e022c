"""The front end's bundles in static/dist: their addresses, and whether `make setup` has built them."""

import json
import logging
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

PROJECT = Path(__file__).parent.parent
STATIC = PROJECT / "static"
DIST = STATIC / "dist"
MANIFEST = DIST / "manifest.json"

log = logging.getLogger("sitethread")


def init_app(app: Flask) -> None:
    exit_unless_built()
    if found := problem():
        log.warning(found)
    app.context_processor(lambda: {"asset": asset})


def exit_unless_built() -> None:
    """End the process with one line when there are no bundles at all."""
    if not MANIFEST.exists():
        raise SystemExit(f"sitethread: {problem()}")


def problem() -> str:
    """Return one line on bundles that are missing or older than their sources, "" when they are fine."""
    if not MANIFEST.exists():
        return "The front end isn't built: run `make setup`."
    newest = max(_sources(), key=_changed_at)
    if _changed_at(newest) > _changed_at(MANIFEST):
        return f"The front end is older than {newest.relative_to(PROJECT)}: run `make setup`."
    return ""


def asset(name: str) -> str:
    """Return the address of a bundle, whose file name changes with its content."""
    return url_for("static", filename=f"dist/{_read_manifest(_changed_at(MANIFEST))[name]}")


def asset_text(name: str) -> str:
    """Return a bundle's text, for a page that holds it."""
    return _read_bundle(_read_manifest(_changed_at(MANIFEST))[name])


@lru_cache(maxsize=2)
def _read_bundle(file_name: str) -> str:
    # A script ends with no line break: what is hashed is what stands between its tags.
    return (DIST / file_name).read_text(encoding="utf-8").strip()


@lru_cache(maxsize=2)
def _read_manifest(_changed_at: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return names


def _sources() -> list[Path]:
    return [file for file in STATIC.rglob("*") if file.is_file() and not file.is_relative_to(DIST)]


def _changed_at(file: Path) -> int:
    return file.stat().st_mtime_ns
