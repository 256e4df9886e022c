"""What is wrong with a page."""

from dataclasses import dataclass
from functools import partial

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Finding:
    """A problem of a page, how severe it is (one of SEVERITIES), and how to fix it."""

    severity: str
    problem: str
    remedy: str


high, medium, low = (partial(Finding, severity) for severity in SEVERITIES)
