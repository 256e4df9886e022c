"""Lines in the code that must not be crossed."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
APP = ["app.py", "gunicorn.conf.py", "blueprints", "web", "sitethread", "templates", "static"]
TEXT = {".py", ".html", ".js", ".mjs", ".css"}


def lines_with(pattern: str, *paths: str) -> list[str]:
    found = []
    for path in paths:
        files = [ROOT / path] if (ROOT / path).is_file() else sorted((ROOT / path).rglob("*"))
        for file in files:
            if file.suffix in TEXT and "dist" not in file.parts:
                lines = file.read_text(encoding="utf-8").splitlines()
                found += [f"{file}: {line}" for line in lines if re.search(pattern, line, re.IGNORECASE)]
    return found


def test_the_app_knows_no_key_above_the_rules() -> None:
    assert lines_with("create_client", *APP), "the search itself works"
    assert lines_with("service[_-]?role|supabase_admin|SUPABASE_DB_URL|JWT_SECRET", *APP) == []


def test_no_client_is_shared_by_changing_its_token() -> None:
    assert lines_with(r"postgrest\.auth\(|set_auth\(", "sitethread", "web", "blueprints", "app.py") == []


def modules(*folders: str) -> list[Path]:
    return sorted(module for folder in folders for module in (ROOT / folder).rglob("*.py"))


def imports_of(module: Path) -> set[str]:
    """Return the names of the modules that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", modules("blueprints", "web", "sitethread"), ids=lambda p: p.stem)
def test_nothing_below_imports_the_app(module: Path) -> None:
    assert "app" not in imports_of(module)


def test_nothing_imports_a_test_module() -> None:
    """What two tests share stands in a module of its own."""
    imported = {name for module in modules("tests", "bench") for name in imports_of(module)}
    assert "tests.http_client" in imported, "the search itself works"
    assert {name for name in imported if re.search(r"(^|\.)test_", name.removeprefix("tests."))} == set()


@pytest.mark.parametrize("module", modules("blueprints"), ids=lambda p: p.stem)
def test_views_hold_no_queries(module: Path) -> None:
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"table", "rpc", "execute", "select"}
