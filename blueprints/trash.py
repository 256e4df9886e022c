"""/api/trash"""

from flask import Response

from sitethread import trash
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.request_models import PageQuery
from web.authentication import current_rows, slow_rows

bp = ApiBlueprint("trash", __name__, "Trash")

PAGE_SIZE = 30


@bp.get("/trash", responses={200: responses.TrashList})
def list_trash(query: PageQuery) -> Response:
    """List what was deleted in the last 30 days, the latest first."""
    found, next_cursor = trash.list_page(current_rows(), query.limit or PAGE_SIZE, query.cursor)
    return success(trash=found, next_cursor=next_cursor)


@bp.post("/trash/<id:trash_id>/restore", responses={200: responses.RestoredResponse})
def restore(trash_id: str) -> Response:
    """Bring back a website, a chat, or the messages that were cleared from one; returns the website or the chat."""
    return success(**trash.restore(slow_rows(), trash_id))


@bp.delete("/trash/<id:trash_id>", responses={200: responses.Success})
def delete_for_good(trash_id: str) -> Response:
    """Delete something in the trash for good."""
    trash.delete_for_good(current_rows(), trash_id)
    return success()
