"""What a user has used, and what the quotas allow."""

from typing_extensions import TypedDict

from sitethread.database import Rows


class Quota(TypedDict):
    name: str
    allowed: int
    used: int
    resets_at: str | None


class Day(TypedDict):
    """One day in UTC; `cached_tokens` are those of `prompt_tokens` that a provider read from its cache."""

    day: str
    questions: int
    answers: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int


class ModelUse(TypedDict):
    model: str
    answers: int
    tokens: int


class WebsiteUse(TypedDict):
    """Of chats that belong to no website where `website_id` is null."""

    website_id: str | None
    name: str | None
    answers: int
    tokens: int


class Usage(TypedDict):
    quotas: list[Quota]
    days: list[Day]
    models: list[ModelUse]
    websites: list[WebsiteUse]


def read(rows: Rows) -> Usage:
    """Return the quotas, those of the last 30 days with any message, and what used most tokens in them."""
    usage: Usage = rows.call("read_usage", {})
    return usage
