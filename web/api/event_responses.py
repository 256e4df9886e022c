"""The event streams of answers in the OpenAPI document."""

from web.api.responses import Schema

_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "format": "uuid"}
_COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
_PLACE: Schema = {
    "type": "object",
    "required": ["path", "start", "end"],
    "properties": {"path": _TEXT, "start": {"type": "integer"}, "end": {"type": "integer"}},
}
# What there may be besides.
_OPTIONAL: dict[str, dict[str, Schema]] = {
    "version": {
        "changes": {"type": "array", "items": _PLACE},
        "left_out": {"type": "integer", "minimum": 0},
        "tokens_saved": {"type": "integer", "minimum": 0},
        "also_changed": {"type": "array", "items": _TEXT},
        "beside": _ID,
    },
}
_EVENT_DATA: dict[str, Schema] = {
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


def _event(name: str, data: Schema) -> Schema:
    properties = {**data, **_OPTIONAL.get(name, {})}
    said = {"type": "object", "required": list(data), "properties": properties}
    fields = {
        "event": {"const": name},
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": said},
    }
    return {"title": name, "type": "object", "required": ["event", "data"], "properties": fields}


EVENTS: Schema = {
    "description": (
        "Server-sent events. `session` names the chat and its messages, `title` the chat's first title; each"
        " `delta` brings text, its id is how many characters have come; `tool` a call of a tool, `version` the page"
        " that was saved, `error` what went wrong; `done` is the last. The schema is that of one event."
    ),
    "content": {
        "text/event-stream": {"schema": {"oneOf": [_event(*of) for of in _EVENT_DATA.items()]}},
    },
}
