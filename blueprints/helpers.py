"""/api/helpers"""

from flask import Response

from sitethread import helpers
from web.api import responses
from web.api.blueprint import ApiBlueprint, success

# Needs no sign-in: the home page shows the helpers, too.
bp = ApiBlueprint("helpers", __name__, "Helpers", is_public=True)


@bp.get("/helpers", responses={200: responses.HelperList})
def list_helpers() -> Response:
    """List the helpers."""
    return success(helpers=helpers.shown())
