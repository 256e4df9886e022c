"""Figures of a published website: how often its pages are seen, and from where. Nothing is known of any visitor."""

from typing_extensions import TypedDict

from sitethread.database import Rows

MOST_DAYS = 365


class DayViews(TypedDict):
    """`day` is one of UTC."""

    day: str
    views: int


class PageViews(TypedDict):
    path: str
    views: int


class ReferrerViews(TypedDict):
    """`host` is empty where browsers didn't say it, and `other` for all but the first 20 of a day."""

    host: str
    views: int


class Figures(TypedDict):
    """`days` are all days in order, with today; pages and referrers are those with the most views first."""

    days: list[DayViews]
    pages: list[PageViews]
    referrers: list[ReferrerViews]


def read(rows: Rows, website_id: str, days: int) -> Figures:
    """Return the figures of the last days; raise NotFound."""
    found: Figures = rows.call("read_figures", {"website_id": website_id, "days": days})
    return found
