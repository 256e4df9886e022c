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
    all: bool = Field(False, description="Look at older messages, too, when `newest_only` was true.")
    per_chat: bool = Field(
        False, description="The best message of each chat alone; `matches_in_chat` counts the others."
    )
    q: SearchText = Field(description='SearchText, "a phrase", -without; or any part of a text.')


@bp.get("/search", responses={200: responses.SearchResponse})
def search(query: SearchQuery) -> Response:
    """Search titles and messages of all chats; the best of the newest 200 messages that match come first.

    Of words that are in very many messages, only the newest are looked at, and `newest_only` is true.
    """
    found = searches.search(
        current_rows(), query.q, query.limit or PAGE_SIZE, everything=query.all, per_chat=query.per_chat
    )
    return success(**found._asdict())
