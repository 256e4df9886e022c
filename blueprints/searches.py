"""/api/search"""

from flask import Response
from pydantic import Field

from sitethread import searches
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import SearchText
from web.api.request_models import PageQuery
from web.authentication import current_rows

bp = ApiBlueprint("searches", __name__, "Search")

PAGE_SIZE = 20


class SearchQuery(PageQuery):
    q: SearchText = Field(description='SearchText, "a phrase", -without; or any part of a text.')


@bp.get("/search", responses={200: responses.SearchResponse})
def search(query: SearchQuery) -> Response:
    """Search titles and messages of all chats; the best of the newest 200 messages that match come first."""
    found, messages = searches.search(current_rows(), query.q, query.limit or PAGE_SIZE)
    return success(sessions=found, messages=messages)
