"""/api/websites/…/figures: how often published pages are seen"""

from typing import Annotated

from flask import Response
from pydantic import BeforeValidator, Field

from sitethread.publishing import figures
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import Query, in_digits
from web.authentication import current_rows

bp = ApiBlueprint("figures", __name__, "Publishing")


class FigureQuery(Query):
    days: Annotated[int, Field(ge=1, le=figures.MOST_DAYS), BeforeValidator(in_digits)] = 30


@bp.get("/websites/<id:website_id>/figures", responses={200: responses.FiguresResponse})
def read_figures(website_id: str, query: FigureQuery) -> Response:
    """Read how often a website's pages were seen on each of the last days (of UTC), and from which hosts visitors came.

    Views are written every 10 seconds. Robots that say so are not counted, nor pages that are loaded ahead.
    """
    return success(**figures.read(current_rows(), website_id, query.days))
