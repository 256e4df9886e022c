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


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(
    "module", modules("blueprints") + modules("web") + modules("sitethread"), ids=lambda p: p.stem
)
def test_nothing_below_imports_the_app(module: Path) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert "app" not in imported


@pytest.mark.parametrize("module", modules("blueprints"), ids=lambda p: p.stem)
def test_views_hold_no_queries(module: Path) -> None:
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"table", "rpc", "execute", "select"}
