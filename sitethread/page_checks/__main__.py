"""Checks the page on standard input, and writes the findings as JSON. `process` starts it."""

import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict

CPU_SECONDS = 3
MEMORY_BYTES = 512 * 1024 * 1024


def limit_resources() -> None:
    """Have the system end this process when it takes too much, and keep no copy of its memory."""
    limits = (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        # A system may have no such limit, or a lower one already.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    limit_resources()
    from sitethread.page_checks.rules import check

    findings = check(sys.stdin.buffer.read().decode())
    json.dump([asdict(finding) for finding in findings], sys.stdout)
