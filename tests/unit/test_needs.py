"""The health check asks for every right that the app uses."""

import ast
from collections.abc import Iterator

from sitethread.needs import FUNCTIONS, TABLES
from tests.app_server import ROOT

# The methods of Rows, and the answers' start calls, by which of their arguments names what they use.
_FUNCTION = {"call": 0, "read_page": 0, "put_bytes": 0, "get_bytes": 0, "StartCall": 1}
_TABLE = {"select": 0, "select_one": 0, "table": 0}


def _named_in_calls(places: dict[str, int]) -> Iterator[str]:
    for file in (ROOT / "sitethread").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in places and len(node.args) > places[name]:
                argument = node.args[places[name]]
                if isinstance(argument, ast.Constant) and str(argument.value).isidentifier():
                    yield str(argument.value)


def test_every_function_that_is_called_is_needed() -> None:
    assert set(_named_in_calls(_FUNCTION)) - {"readiness"} == FUNCTIONS


def test_every_table_that_is_read_or_written_is_needed() -> None:
    used = set(_named_in_calls(_TABLE)) - {"id"}
    assert used <= TABLES and len(used) > 4
