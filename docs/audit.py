"""Asks for known vulnerabilities in what is pinned, and says what could not be asked: `make audit`.

Exits with 1 when there are any. What no service could be asked about is listed as not checked, and is no success.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = "requirements-dev.txt"
SERVICES = {"pypi": "pypi.org", "osv": "api.osv.dev"}
"""Of pip-audit, with the host that each asks."""


class Finding(NamedTuple):
    package: str
    advisory: str


class Report(NamedTuple):
    """What one service said: how many packages it knows, and what is wrong with them; `problem` is why it said less."""

    service: str
    checked: int
    findings: list[Finding]
    problem: str | None


def python_report(service: str) -> Report:
    """Ask one of pip-audit's services about every Python package."""
    pip_audit = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner=off",
    ]
    asked = _run([*pip_audit, f"--vulnerability-service={service}", "--format=json", "-r", REQUIREMENTS])
    return read_pip_audit(SERVICES[service], asked.stdout, asked.stderr)


def npm_report() -> Report:
    """Ask the npm registry about every npm package."""
    asked = _run(["npm", "audit", "--json"])
    return read_npm_audit(asked.stdout)


def read_pip_audit(service: str, output: str, errors: str) -> Report:
    """Read pip-audit's JSON: a package that the service doesn't know is skipped, and was not checked."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, LookupError, TypeError):
        return Report(service, 0, [], _last_line(errors))
    skipped = [package for package in packages if "skip_reason" in package]
    findings = [
        Finding(f"{package['name']} {package['version']}", found["id"])
        for package in packages
        for found in package.get("vulns", ())
    ]
    problem = f"it does not know {len(skipped)} of {len(packages)} packages" if skipped else None
    return Report(service, len(packages) - len(skipped), findings, problem)


def read_npm_audit(output: str) -> Report:
    """Read npm's JSON; without the registry's answer it holds a message instead of figures."""
    service = "the npm registry"
    try:
        said = json.loads(output)
    except ValueError:
        return Report(service, 0, [], "npm audit gave no answer")
    if "metadata" not in said:
        return Report(service, 0, [], str(said.get("message", "npm audit gave no answer")))
    findings = [
        Finding(name, cause["title"] if isinstance(cause, dict) else str(cause))
        for name, vulnerability in said["vulnerabilities"].items()
        for cause in vulnerability["via"]
    ]
    return Report(service, said["metadata"]["dependencies"]["total"], findings, None)


def lines(kind: str, reports: Sequence[Report]) -> Iterator[str]:
    """Say what was found in packages of one kind, and what was not checked."""
    for report in reports:
        if report.problem:
            yield f"{kind}: could not ask {report.service} about everything: {report.problem}"
        for finding in report.findings:
            yield f"{kind}: VULNERABLE: {finding.package}: {finding.advisory} ({report.service})"
    checked = max(report.checked for report in reports)
    if checked == 0:
        yield f"{kind}: NOT CHECKED: none of the services answered"
    elif not any(report.findings for report in reports):
        yield f"{kind}: no known vulnerabilities in the {checked} packages that were checked"


def main() -> int:
    python = [python_report(service) for service in SERVICES]
    npm = [npm_report()]
    for line in (*lines("Python", python), *lines("npm", npm)):
        print(line)
    return 1 if any(report.findings for report in python + npm) else 0


def _run(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no answer"])[-1][:300]


if __name__ == "__main__":
    sys.exit(main())
