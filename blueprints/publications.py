"""/api/websites/…/publication"""

from flask import Response
from pydantic import Field

from sitethread import errors
from sitethread.publishing import publications
from sitethread.publishing.publications import Publication, PublishedWebsite
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Id
from web.api.request_models import Body, PageQuery, Query
from web.authentication import current_rows
from web.extensions import settings
from web.published_sites import root_of

bp = ApiBlueprint("publications", __name__, "Publishing")

PAGE_SIZE = 30
_MESSAGES = {
    error.code: error.default_message for error in (errors.InvalidSlug, errors.SlugReserved, errors.SlugTaken)
}


class NewPublication(Body):
    slug: str | None = Field(
        default=None,
        max_length=200,
        description="3 to 63 of a-z, 0-9 and hyphens, none at the beginning or the end. Without it, the website keeps "
        "the one it has or had, else one is made of its name.",
        json_schema_extra={"pattern": "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},
    )
    version_id: Id | None = Field(
        default=None, description="The newest, if missing; an older one rolls back."
    )


class WantedSlug(Query):
    slug: str = Field(max_length=200)


@bp.put(
    "/websites/<id:website_id>/publication",
    responses={200: responses.PublicationResponse, 201: responses.PublicationResponse},
)
def publish(website_id: str, body: NewPublication) -> Response:
    """Show a version to everybody: publish, update, roll back, or move to another slug.

    The slug before leads on for 30 days.
    """
    made, is_new = publications.publish(
        current_rows(), website_id, body.slug, body.version_id, settings().secret
    )
    return success(201 if is_new else 200, publication=_with_url(made))


@bp.get("/websites/<id:website_id>/publication", responses={200: responses.PublicationOrNone})
def get_publication(website_id: str) -> Response:
    """Get what is published of a website; null while it is offline."""
    found = publications.get(current_rows(), website_id)
    return success(publication=found and _with_url(found))


@bp.get("/websites/<id:website_id>/publication/slug", responses={200: responses.SlugResponse})
def check_slug(website_id: str, query: WantedSlug) -> Response:
    """Check whether the website could be published under a slug now.

    `problem` and `message` are those that publishing would be refused with, null where it would not be.
    """
    problem = publications.problem_with_slug(current_rows(), website_id, query.slug)
    return success(slug=query.slug, problem=problem, message=problem and _MESSAGES[problem])


@bp.delete("/websites/<id:website_id>/publication", responses={200: responses.Success})
def unpublish(website_id: str) -> Response:
    """Take a website offline, if it isn't; its slug stays its own for 30 days."""
    publications.unpublish(current_rows(), website_id)
    return success()


@bp.get("/websites/<id:website_id>/publication/history", responses={200: responses.PublicationHistory})
def list_publication_events(website_id: str, query: PageQuery) -> Response:
    """List what was live when, and which message it came from, the newest first."""
    found, next_cursor = publications.history(
        current_rows(), website_id, query.limit or PAGE_SIZE, query.cursor
    )
    return success(events=found, next_cursor=next_cursor)


def _with_url(publication: Publication) -> PublishedWebsite:
    return {**publication, "url": root_of(publication["slug"])}
