"""`make audit` tells a clean answer from no answer, and fails for what is found."""

import importlib.util
import json
from types import ModuleType

import pytest

from tests.app_server import ROOT

CLEAN = {"dependencies": [{"name": "flask", "version": "3", "vulns": []}]}
SKIPPED = {"dependencies": [{"name": "flask", "skip_reason": "Dependency not found on PyPI"}]}
FOUND = {"dependencies": [{"name": "flask", "version": "3", "vulns": [{"id": "PYSEC-1"}]}]}
NPM_CLEAN = {"metadata": {"dependencies": {"total": 7}}, "vulnerabilities": {}}
NPM_FOUND = {
    "metadata": {"dependencies": {"total": 7}},
    "vulnerabilities": {"idb": {"via": [{"title": "Prototype pollution"}, "other"]}},
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "docs" / "audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(audit: ModuleType, *outputs: object) -> str:
    reports = [audit.read_pip_audit("pypi.org", json.dumps(output), "cause\nrefused") for output in outputs]
    return "\n".join(audit.lines("Python", reports))


def test_a_clean_answer_says_how_much_was_checked(audit: ModuleType) -> None:
    assert said(audit, CLEAN) == "Python: no known vulnerabilities in the 1 packages that were checked"


def test_packages_that_a_service_does_not_know_are_not_called_clean(audit: ModuleType) -> None:
    assert "NOT CHECKED" in said(audit, SKIPPED) and "1 of 1 packages" in said(audit, SKIPPED)
    assert "no known" in said(audit, SKIPPED, CLEAN) and "could not ask" in said(audit, SKIPPED, CLEAN)


def test_a_service_that_does_not_answer_is_named_with_its_cause(audit: ModuleType) -> None:
    assert "could not ask pypi.org about everything: refused" in said(audit, "nonsense")
    for output in ("", "nonsense", '{"message": "405 Method Not Allowed"}'):
        report = audit.read_npm_audit(output)
        assert report.problem and report.checked == 0


def test_what_is_found_is_listed_and_fails(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "VULNERABLE: flask 3: PYSEC-1" in said(audit, FOUND)
    found = audit.read_npm_audit(json.dumps(NPM_FOUND))
    assert [advisory for _, advisory in found.findings] == ["Prototype pollution", "other"]
    monkeypatch.setattr(audit, "python_report", lambda _: audit.read_pip_audit("x", json.dumps(CLEAN), ""))
    for output, code in ((NPM_CLEAN, 0), (NPM_FOUND, 1)):
        monkeypatch.setattr(
            audit, "npm_report", lambda output=output: audit.read_npm_audit(json.dumps(output))
        )
        assert audit.main() == code
