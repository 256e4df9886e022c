"""/api/usage"""

from flask import Response

from blueprints import shapes
from blueprints.api import api_blueprint, success
from blueprints.authentication import current_rows
from sitethread import usage

bp = api_blueprint("usage", __name__, "Usage")


@bp.get("/usage", responses={200: shapes.UsageAnswer, **shapes.ERRORS})
def read_usage() -> Response:
    """Show quotas with what is spent of them, and messages and tokens of the last 30 days."""
    return success(usage=usage.read(current_rows()))
