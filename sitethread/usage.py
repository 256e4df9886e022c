"""What a user has used, and what the quotas allow."""

from typing_extensions import TypedDict

from sitethread.database import Rows


class Quota(TypedDict):
    name: str
    allowed: int
    used: int
    resets_at: str | None


class Day(TypedDict):
    """One day in UTC."""

    day: str
    questions: int
    answers: int
    prompt_tokens: int
    completion_tokens: int


class Usage(TypedDict):
    quotas: list[Quota]
    days: list[Day]


def read(rows: Rows) -> Usage:
    """Return the quotas, and those of the last 30 days on which there was any message."""
    usage: Usage = rows.call("read_usage", {})
    return usage
