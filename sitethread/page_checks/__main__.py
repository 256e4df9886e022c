"""Checks the `page` or the `site` (as JSON) on standard input, and writes findings as JSON. `process` starts it."""

import json
import sys

from sitethread.child_processes import limit_resources

CPU_SECONDS = {"page": 3, "site": 8}
MEMORY_BYTES = 512 * 1024 * 1024


def check_page(html: str) -> list[dict[str, str]]:
    from sitethread.page_checks.rules import check

    found = check(html)
    return [{"severity": one.severity, "problem": one.problem, "remedy": one.remedy} for one in found]


def check_site(site: str) -> object:
    from sitethread.page_checks.sites import check

    return check(json.loads(site))


if __name__ == "__main__":
    what = sys.argv[1]
    limit_resources(CPU_SECONDS[what], MEMORY_BYTES)
    text = sys.stdin.buffer.read().decode()
    json.dump(check_page(text) if what == "page" else check_site(text), sys.stdout)
