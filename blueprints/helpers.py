"""/api/helpers"""

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from sitethread import helpers
from web.api import responses
from web.api.blueprints import success

# Needs no sign-in: the home page shows the helpers, too.
bp = APIBlueprint("helpers", __name__, url_prefix="/api", abp_tags=[Tag(name="Helpers")], abp_security=[])


@bp.get("/helpers", responses={200: responses.HelperList, **responses.REFUSED})
def list_helpers() -> Response:
    """List the helpers."""
    return success(helpers=helpers.shown())
