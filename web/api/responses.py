"""What the API answers, for the OpenAPI document: the domain's own row types in their envelopes."""

from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sitethread.messages import Message
from sitethread.saved_chats import SavedChat
from sitethread.searches import FoundMessage
from sitethread.sessions import Session
from sitethread.shares import NewShare, Share, SharedChat
from sitethread.trash import TrashItem
from sitethread.usage import Usage
from sitethread.versions import Version, VersionWithFiles
from sitethread.websites import Website


class Success(BaseModel):
    success: Literal[True] = True


class WebsiteAnswer(Success):
    website: Website


class WebsiteList(Success):
    websites: list[Website]
    next_cursor: str | None


class VersionAnswer(Success):
    version: Version


class VersionFilesAnswer(Success):
    version: VersionWithFiles


class VersionList(Success):
    versions: list[Version]
    next_cursor: str | None


class SessionAnswer(Success):
    session: Session


class SessionList(Success):
    sessions: list[Session]
    next_cursor: str | None


class SessionDetail(SessionAnswer):
    messages: list[Message]
    next_cursor: str | None


class MessageAnswer(Success):
    message: Message


class MessageList(Success):
    messages: list[Message]
    next_cursor: str | None


class Trashed(Success):
    """What was deleted can be brought back by `trash_id`; null when there was nothing to delete."""

    trash_id: str | None


class TrashList(Success):
    trash: list[TrashItem]
    next_cursor: str | None


class BulkAnswer(Success):
    """`trash_ids` are there after a deletion, in no particular order."""

    trash_ids: list[str] | None = None


class SearchAnswer(Success):
    sessions: list[Session]
    messages: list[FoundMessage]


class UsageAnswer(Success):
    usage: Usage


class ShareAnswer(Success):
    share: NewShare


class ShareList(Success):
    shares: list[Share]


class SharedChatAnswer(Success):
    chat: SharedChat
    next_cursor: str | None


class SavedChatAnswer(Success):
    chat: SavedChat


class SavedChatList(Success):
    chats: list[SavedChat]
    next_cursor: str | None


class ProjectChat(Session):
    name: str
    projectId: str | None
    createdAt: str
    updatedAt: str


class ProjectMessage(Message):
    chatSessionId: str
    createdAt: str


class ProjectChatAnswer(Success):
    session: ProjectChat


class ProjectChatList(Success):
    sessions: list[ProjectChat]
    next_cursor: str | None


class ProjectChatWithMessages(ProjectChat):
    messages: list[ProjectMessage]


class ProjectChatDetail(Success):
    session: ProjectChatWithMessages
    messages: list[ProjectMessage]
    next_cursor: str | None


class ProjectMessageAnswer(Success):
    message: ProjectMessage


class ProjectMessageList(Success):
    messages: list[ProjectMessage]
    next_cursor: str | None


class Helper(BaseModel):
    name: str
    label: str
    description: str
    greeting: str
    suggestions: list[str]
    kind: str


class HelperList(Success):
    helpers: list[Helper]


class ErrorObject(BaseModel):
    """`code` is stable; some codes bring more facts, such as `field`, `answer_id` or `retry_after`."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str
    request_id: str


class ErrorAnswer(BaseModel):
    success: Literal[False] = False
    error: ErrorObject


Responses = dict[str | int | HTTPStatus, type[BaseModel] | dict[Any, Any] | None]

REFUSED: Responses = {
    400: ErrorAnswer,
    414: ErrorAnswer,
    431: ErrorAnswer,
}
"""What any request can get, whatever it asks for."""
ERRORS: Responses = {
    **REFUSED,
    401: ErrorAnswer,
    404: ErrorAnswer,
    422: ErrorAnswer,
    503: ErrorAnswer,
}
WRITE_ERRORS: Responses = {
    **ERRORS,
    403: ErrorAnswer,
    409: ErrorAnswer,
    413: ErrorAnswer,
    415: ErrorAnswer,
    429: ErrorAnswer,
}
PAGE_FILE: dict[str, Any] = {
    "description": "The page, to save.",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
CHAT_FILE: dict[str, Any] = {
    "description": "The chat, to save; as JSON it can be imported again.",
    "content": {
        "text/markdown": {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "object"}},
    },
}
_TEXT: dict[str, Any] = {"type": "string"}
_ID: dict[str, Any] = {"type": "string", "format": "uuid"}
_COUNT: dict[str, Any] = {"type": ["integer", "null"], "minimum": 0}
_EVENT_DATA: dict[str, dict[str, Any]] = {
    "session": {
        "session_id": _ID,
        "message_id": _ID,
        "user_message_id": {"type": ["string", "null"], "format": "uuid"},
        "title": _TEXT,
    },
    "title": {"title": _TEXT},
    "delta": {"text": _TEXT},
    "tool": {"tool_call": {}},
    "version": {"version_id": _ID, "number": {"type": "integer", "minimum": 1}},
    "error": {"code": _TEXT, "message": _TEXT},
    "done": {
        "status": {"enum": ["complete", "stopped", "interrupted", "failed"]},
        "message_id": _ID,
        "usage": {
            "type": "object",
            "required": ["prompt_tokens", "completion_tokens"],
            "properties": {"prompt_tokens": _COUNT, "completion_tokens": _COUNT},
        },
    },
}


def _event(name: str, data: dict[str, Any]) -> dict[str, Any]:
    said = {"type": "object", "required": list(data), "properties": data}
    fields = {
        "event": {"const": name},
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": said},
    }
    return {"title": name, "type": "object", "required": ["event", "data"], "properties": fields}


EVENTS: dict[str, Any] = {
    "description": (
        "Server-sent events. `session` names the chat and its messages, `title` the chat's first title; each"
        " `delta` brings text, its id is how many characters have come; `tool` a call of a tool, `version` the page"
        " that was saved, `error` what went wrong; `done` is the last. The schema is that of one event."
    ),
    "content": {
        "text/event-stream": {"schema": {"oneOf": [_event(*of) for of in _EVENT_DATA.items()]}},
    },
}
