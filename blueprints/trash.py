"""/api/trash"""

from flask import Response

from sitethread import trash
from web.api import responses
from web.api.blueprints import api_blueprint, success
from web.api.fields import Id
from web.api.request_models import Page, Path
from web.authentication import current_rows

bp = api_blueprint("trash", __name__, "Trash")

PAGE_SIZE = 30


class TrashPath(Path):
    trash_id: Id


@bp.get("/trash", responses={200: responses.TrashList, **responses.ERRORS})
def list_trash(query: Page) -> Response:
    """List what was deleted in the last 30 days, the latest first."""
    found, next_cursor = trash.list_page(current_rows(), query.limit or PAGE_SIZE, query.cursor)
    return success(trash=found, next_cursor=next_cursor)


@bp.post("/trash/<id:trash_id>/restore", responses={200: responses.SessionAnswer, **responses.WRITE_ERRORS})
def restore(path: TrashPath) -> Response:
    """Bring back a chat, or the messages that were cleared from one; answers with the chat."""
    return success(session=trash.restore(current_rows(), path.trash_id))


@bp.delete("/trash/<id:trash_id>", responses={200: responses.Success, **responses.WRITE_ERRORS})
def delete_for_good(path: TrashPath) -> Response:
    """Delete something in the trash for good."""
    trash.delete_for_good(current_rows(), path.trash_id)
    return success()
