"""Bundles that are missing or older than their sources are named before a browser waits for them."""

import os
from pathlib import Path

import pytest

from web import assets


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one source, and bundles built from it."""
    dist = tmp_path / "static" / "dist"
    dist.mkdir(parents=True)
    (tmp_path / "static" / "app.js").write_text("1")
    (dist / "manifest.json").write_text("{}")
    for name, path in {
        "PROJECT": tmp_path,
        "STATIC": tmp_path / "static",
        "DIST": dist,
        "MANIFEST": dist / "manifest.json",
    }.items():
        monkeypatch.setattr(assets, name, path)
    os.utime(tmp_path / "static" / "app.js", (1, 1))
    return dist


def test_bundles_newer_than_their_sources_are_fine(dist: Path) -> None:
    assert assets.problem() == ""
    assets.exit_unless_built()


def test_a_source_that_changed_since_is_named(dist: Path) -> None:
    os.utime(dist / "manifest.json", (0, 0))
    assert assets.problem() == "The front end is older than static/app.js: run `make setup`."


def test_without_bundles_the_app_ends_with_one_line(dist: Path) -> None:
    (dist / "manifest.json").unlink()
    with pytest.raises(SystemExit, match=r"^sitethread: The front end isn't built: run `make setup`\.$"):
        assets.exit_unless_built()
