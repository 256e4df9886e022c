"""What we are built on is listed with its licence, and none of it binds those who run the app."""

import importlib.util
import json
import re
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.app_server import ROOT


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_package_is_listed(licences: ModuleType) -> None:
    listed = set(re.findall(r"^\| (\S+) \|", (ROOT / "docs" / "licences.md").read_text(), re.MULTILINE))
    bundled, tools = licences.npm_packages()
    python = licences.python_packages(ROOT / "requirements-dev.txt")
    assert len(python) > 40 and len(bundled) > 5
    missing = {name for name, _ in python + bundled + tools} - listed
    assert missing == set(), "run `make licences`"


def test_what_runs_in_production_may_be_used_by_anyone(licences: ModuleType) -> None:
    rows = licences.python_packages(ROOT / "requirements.txt") + licences.npm_packages()[0]
    assert [row for row in rows if re.search(r"GPL|SSPL|BUSL|unknown", row[1]) or not row[1]] == []


def test_both_package_files_name_one_version() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    assert package["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_make_licences_writes_an_sbom_of_what_is_pinned(licences: ModuleType, tmp_path: Path) -> None:
    recipe = subprocess.run(
        ["make", "--dry-run", "licences"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for line in recipe.stdout.splitlines():
        if "sbom/" in line:
            subprocess.run(line.replace("sbom/", f"{tmp_path}/"), shell=True, cwd=ROOT, check=True)
    python, npm = (json.loads((tmp_path / f"{kind}.cdx.json").read_text()) for kind in ("python", "npm"))
    assert {python["bomFormat"], npm["bomFormat"]} == {"CycloneDX"}
    pinned = {name for name, _ in licences.python_packages(ROOT / "requirements.txt")}
    assert {part["name"].lower() for part in python["components"]} >= {name.lower() for name in pinned}
    assert len(npm["components"]) > 5
