"""/api/search"""

from flask import Response
from pydantic import Field

from blueprints import shapes
from blueprints.api import api_blueprint, success
from blueprints.authentication import current_rows
from blueprints.bodies import Page
from blueprints.fields import Words
from sitethread import searches

bp = api_blueprint("searches", __name__, "Search")

PAGE_SIZE = 20


class SearchQuery(Page):
    q: Words = Field(description='Words, "a phrase", -without; or any part of a text.')


@bp.get("/search", responses={200: shapes.SearchAnswer, **shapes.ERRORS})
def search(query: SearchQuery) -> Response:
    """Search titles and messages of all chats; the best of the newest 200 messages that match come first."""
    found, messages = searches.search(current_rows(), query.q, query.limit or PAGE_SIZE)
    return success(sessions=found, messages=messages)
