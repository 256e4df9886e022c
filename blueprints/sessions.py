"""/api/chat/sessions"""

from typing import Literal

from flask import Response
from pydantic import ConfigDict, Field

from sitethread import errors, messages, sessions, trash
from sitethread.chat_files import writing
from sitethread.helpers import HelperName
from sitethread.limits import LIMITS
from sitethread.texts import Tag, Title
from sitethread.validation import Count
from web import whole_chats
from web.api import responses
from web.api.blueprint import ApiBlueprint, success
from web.api.fields import Flag, Id, SearchText, optional_not_null
from web.api.request_models import Body, PageQuery, Query
from web.authentication import current_rows
from web.downloads import attachment

bp = ApiBlueprint("sessions", __name__, "Chat sessions")

PAGE_SIZE = 30


class SessionPage(PageQuery):
    website_id: Id | None = None
    helper: HelperName | None = None
    q: SearchText | None = Field(None, description="Only chats whose title or preview contains this.")
    tag: Tag | None = None
    archived: bool | None = Field(None, description="Only archived chats, or only others.")
    pinned: bool | None = Field(None, description="Only pinned chats, or only others.")


class NewSession(Body):
    website_id: Id | None = None
    helper: HelperName | None = None
    title: Title | None = None


class ChangedSession(Body):
    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    title: Title = optional_not_null()
    website_id: Id | None = None
    tags: list[Tag] = optional_not_null(max_length=LIMITS.tags, fail_fast=True)
    last_read_seq: Count = optional_not_null(description="The newest message that was seen.")
    pinned: Flag = optional_not_null()
    archived: Flag = optional_not_null()
    is_active: Flag = optional_not_null(description="The opposite of `archived`.")

    def changes(self) -> dict[str, object]:
        """Return what was given, by the domain's names."""
        given = self.model_dump(exclude_unset=True)
        if "is_active" in given:
            given.setdefault("archived", not given.pop("is_active"))
        names = {"pinned": "is_pinned", "archived": "is_archived"}
        return {names.get(name, name): value for name, value in given.items()}


class DeletedSession(Query):
    model_config = ConfigDict(json_schema_extra={"required": ["id"]})

    id: Id | None = None
    session_id: Id | None = Field(None, description="Another name for `id`.")


class Bulk(Body):
    session_ids: list[Id] = Field(min_length=1, max_length=LIMITS.bulk, fail_fast=True)
    action: Literal["delete", "archive", "unarchive"]


class ExportQuery(Query):
    format: Literal["markdown", "json"] = "markdown"


@bp.get("/chat/sessions", responses={200: responses.SessionList})
def list_sessions(query: SessionPage) -> Response:
    """List chats, the last changed first."""
    found, next_cursor = sessions.list_page(
        current_rows(),
        query.limit or PAGE_SIZE,
        query.cursor,
        website_id=query.website_id,
        helper=query.helper,
        query=query.q,
        tag=query.tag,
        is_archived=query.archived,
        is_pinned=query.pinned,
    )
    return success(sessions=found, next_cursor=next_cursor)


@bp.post("/chat/sessions", responses={201: responses.SessionResponse})
def create_session(body: NewSession) -> Response:
    """Start a chat."""
    return success(201, session=sessions.create(current_rows(), body.website_id, body.helper, body.title))


@bp.delete("/chat/sessions", responses={200: responses.Trashed})
def delete_session_by_query(query: DeletedSession) -> Response:
    """Put the chat named by `?id=` in the trash."""
    session_id = query.id or query.session_id
    if session_id is None:
        raise errors.MissingField("id: this field is required.", field="id")
    return _deleted(session_id)


@bp.post("/chat/sessions/bulk", responses={200: responses.BulkResponse})
def change_many(body: Bulk) -> Response:
    """Put chats in the trash, archive them or bring them back from the archive: all or none."""
    if body.action == "delete":
        return success(trash_ids=trash.delete_sessions(current_rows(), body.session_ids))
    sessions.archive(current_rows(), body.session_ids, is_archived=body.action == "archive")
    return success()


@bp.get("/chat/sessions/<id:session_id>", responses={200: responses.SessionDetail})
def get_session(session_id: str, query: PageQuery) -> Response:
    """Get a chat with its latest messages."""
    session, found, next_cursor = messages.list_page(current_rows(), session_id, query.limit, query.cursor)
    return success(session=session, messages=found, next_cursor=next_cursor)


@bp.route(
    "/chat/sessions/<id:session_id>", methods=["PUT", "PATCH"], responses={200: responses.SessionResponse}
)
def change_session(session_id: str, body: ChangedSession) -> Response:
    """Change a chat; what is not given stays as it is."""
    return success(session=sessions.change(current_rows(), session_id, body.changes()))


@bp.delete("/chat/sessions/<id:session_id>", responses={200: responses.Trashed})
def delete_session(session_id: str) -> Response:
    """Put a chat with its messages in the trash."""
    return _deleted(session_id)


@bp.get("/chat/sessions/<id:session_id>/export", responses={200: responses.CHAT_FILE})
def export_session(session_id: str, query: ExportQuery) -> Response:
    """Download a whole chat as Markdown, or as JSON Lines that can be imported again."""
    whole_chats.check()
    session, found = writing.stored_session(current_rows(), session_id)
    if query.format == "json":
        lines = writing.as_json_lines(session, found)
        file = attachment(lines, responses.JSON_LINES, session["title"], "jsonl")
    else:
        file = attachment(writing.as_markdown(session, found), "text/markdown", session["title"], "md")
    return whole_chats.count(file)


def _deleted(session_id: str) -> Response:
    (trash_id,) = trash.delete_sessions(current_rows(), [session_id])
    return success(trash_id=trash_id)
