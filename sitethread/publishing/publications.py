"""Publications: a version of a website is shown to everybody. What may be is decided by `publish_website` in SQL."""

from typing import Literal

from typing_extensions import TypedDict

from sitethread import briefs, errors, pagination, websites
from sitethread.database import Rows, pick
from sitethread.pagination import Page
from sitethread.publishing import facts, proofs, slugs


class Publication(TypedDict):
    """`published_at`: when the version went live; `updated_at`: when that, or the slug, last changed."""

    slug: str
    version_id: str
    published_at: str
    updated_at: str


class PublishedWebsite(Publication):
    url: str


SlugProblem = Literal["invalid_slug", "slug_reserved", "slug_taken"]


class PublicationEvent(TypedDict):
    """What was live from then on; `action` is `publish`, `update`, `roll_back`, `rename` or `unpublish`.

    `message_id` and `session_id` say which message the version came from; null for one that was made by hand.
    """

    number: int
    action: str
    slug: str
    version_id: str
    version_number: int
    previous_version_id: str | None
    session_id: str | None
    message_id: str | None
    created_at: str


def publish(
    rows: Rows, website_id: str, slug: str | None, version_id: str | None, secret: str | None
) -> tuple[Publication, bool]:
    """Show a version to everybody, the newest if none is named; return the publication, and whether it is new.

    Without a slug it keeps the one it has or had, else it gets one that is made from the website's name. Raise
    NotFound, NothingToPublish, SlugTaken, SlugReserved, InvalidSlug, QuotaExceeded.
    """
    params: dict[str, object] = {
        "website_id": website_id,
        "version_id": version_id,
        "proof_hash": proofs.hash_of(proofs.proof_of(secret, website_id)) if secret else None,
        "facts": facts.stated_in(briefs.read(rows, website_id)["text"]),
    }
    try:
        made = rows.call("publish_website", {**params, "slug": slug})
    except (errors.InvalidSlug, errors.SlugReserved) as error:
        name = websites.get(rows, website_id)["name"]
        raise type(error)(field="slug", suggestion=slugs.made_from(name)) from None
    except errors.SlugRequired:
        made = _publish_by_name(rows, params)
    return pick(made, Publication), made["is_new"]


def _publish_by_name(rows: Rows, params: dict[str, object]) -> dict[str, object]:
    slug = slugs.made_from(websites.get(rows, str(params["website_id"]))["name"])
    try:
        made: dict[str, object] = rows.call("publish_website", {**params, "slug": slug})
    except (errors.SlugTaken, errors.SlugReserved):
        made = rows.call("publish_website", {**params, "slug": slugs.with_ending(slug)})
    return made


def get(rows: Rows, website_id: str) -> Publication | None:
    """Return a website's publication, None while it is offline; raise NotFound."""
    found = rows.select("publications", [("website_id", f"eq.{website_id}")], Publication)
    if found:
        return pick(found[0], Publication)
    websites.get(rows, website_id)
    return None


def problem_with_slug(rows: Rows, website_id: str, slug: str) -> SlugProblem | None:
    """Return why a website can't be published under a slug, None where it can; raise NotFound, QuotaExceeded."""
    found: SlugProblem | None = rows.call("check_slug", {"website_id": website_id, "slug": slug})
    return found


def unpublish(rows: Rows, website_id: str) -> None:
    """Take a website offline, if it isn't; raise NotFound."""
    rows.call("unpublish_website", {"website_id": website_id})


def history(rows: Rows, website_id: str, limit: int, cursor: str | None) -> Page[PublicationEvent]:
    """Return what was live when, the newest first; raise NotFound, InvalidPage."""
    before = pagination.BIGGEST_INTEGER if cursor is None else pagination.read_number_cursor(cursor)
    websites.get(rows, website_id)
    query = [
        ("website_id", f"eq.{website_id}"),
        ("number", f"lt.{before}"),
        ("order", "number.desc"),
        ("limit", str(limit + 1)),
    ]
    found = [
        pick(row, PublicationEvent) for row in rows.select("publication_events", query, PublicationEvent)
    ]
    return pagination.numbered_page_of(found, limit)
