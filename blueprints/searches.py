"""/api/search"""

from flask import Response
from pydantic import Field

from sitethread import searches
from web.api import responses
from web.api.blueprints import api_blueprint, success
from web.api.fields import Words
from web.api.request_models import Page
from web.authentication import current_rows

bp = api_blueprint("searches", __name__, "Search")

PAGE_SIZE = 20


class SearchQuery(Page):
    q: Words = Field(description='Words, "a phrase", -without; or any part of a text.')


@bp.get("/search", responses={200: responses.SearchAnswer, **responses.ERRORS})
def search(query: SearchQuery) -> Response:
    """Search titles and messages of all chats; the best of the newest 200 messages that match come first."""
    found, messages = searches.search(current_rows(), query.q, query.limit or PAGE_SIZE)
    return success(sessions=found, messages=messages)
