"""/api/docs and /api/openapi.json"""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from web.api.document import document

bp = Blueprint("api_docs", __name__)


@bp.get("/api/docs")
def api_docs() -> ResponseReturnValue:
    """Show the API in readable form."""
    return render_template("api_docs.html", spec=document(), spec_url=url_for(".openapi"))


@bp.get("/api/openapi.json")
def openapi() -> ResponseReturnValue:
    """Return the OpenAPI 3.1 document."""
    return document()
