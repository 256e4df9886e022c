"""What a person has used, and how much there is."""

from typing import Any

from typing_extensions import TypedDict

from sitethread.database import Rows


class Quota(TypedDict):
    name: str
    allowed: int
    used: int
    resets_at: str | None


class Day(TypedDict):
    day: str
    questions: int
    answers: int
    prompt_tokens: int
    completion_tokens: int


class Usage(TypedDict):
    quotas: list[Quota]
    days: list[Day]


def read(rows: Rows) -> dict[str, Any]:
    """Return quotas with what is spent of them, and the last 30 days."""
    usage: dict[str, Any] = rows.call("read_usage", {})
    return usage
