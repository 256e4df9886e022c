"""Writes docs/licences.md, the licences of everything the app needs: `make licences`."""

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_HEAD = """# Licences of what Sitethread is built on

Sitethread itself is under the [MIT licence](../LICENSE). Written by `make licences` from what is installed; a
package that only other systems need is not listed.
"""


def text() -> str:
    """Return the whole page."""
    runtime = python_packages(ROOT / "requirements.txt")
    development = python_packages(ROOT / "requirements-dev.txt")
    bundled, tools = npm_packages()
    tables = {
        "Python, to run": runtime,
        "Python, to develop and for the local Supabase": [row for row in development if row not in runtime],
        "npm, in the bundle": bundled,
        "npm, to develop and for the local Supabase": tools,
    }
    return _HEAD + "".join(_table(title, rows) for title, rows in tables.items())


def python_packages(pinned: Path) -> list[tuple[str, str]]:
    """Return the pinned packages that are installed here, each with its licence."""
    names = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[\S+\])?==", pinned.read_text(), re.MULTILINE)
    return [(name, _licence(name)) for name in sorted(set(names)) if _is_installed(name)]


def npm_packages() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the packages that the bundle is made of, and the others."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    for path, package in packages.items():
        if path and not package.get("optional"):
            found[bool(package.get("dev"))].append(
                (path.split("node_modules/")[-1], package.get("license", "unknown"))
            )
    return sorted(set(found[0])), sorted(set(found[1]))


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _licence(name: str) -> str:
    about = metadata.metadata(name)
    if about["License-Expression"]:
        return about["License-Expression"]
    classified = [
        line.rsplit(" :: ", 1)[-1]
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    said = (about["License"] or "").strip().splitlines()
    # Some put the whole text there.
    return ", ".join(classified) or (said[0][:60] if said else "unknown")


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    lines = [
        f"\n## {title}\n",
        "| package | licence |",
        "|---|---|",
        *(f"| {name} | {said} |" for name, said in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "licences.md").write_text(text())
    sys.exit(0)
