"""/api/usage"""

from flask import Response

from sitethread import usage
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.authentication import current_rows

bp = ApiBlueprint("usage", __name__, "Usage")


@bp.get("/usage", responses={200: responses.UsageResponse})
def read_usage() -> Response:
    """Show quotas with what is spent of them, and the last 30 days by day, model and website."""
    return success(usage=usage.read(current_rows()))
