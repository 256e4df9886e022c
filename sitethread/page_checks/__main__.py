"""Checks the page on standard input, and writes the findings as JSON. `process` starts it."""

import json
import sys
from dataclasses import asdict

from sitethread.child_processes import limit_resources

CPU_SECONDS = 3
MEMORY_BYTES = 512 * 1024 * 1024


if __name__ == "__main__":
    limit_resources(CPU_SECONDS, MEMORY_BYTES)
    from sitethread.page_checks.rules import check

    findings = check(sys.stdin.buffer.read().decode())
    json.dump([asdict(finding) for finding in findings], sys.stdout)
