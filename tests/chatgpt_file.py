"""ChatGPT's `conversations.json`, as its export writes it."""

import json
from typing import Any

Json = dict[str, Any]


def node(id: str, parent: str | None, role: str, text: str, at: float, **message: Any) -> Json:
    """Make a node of a conversation's mapping; `message` has what differs from an ordinary message."""
    said = {
        "id": id, "author": {"role": role, "name": None, "metadata": {}}, "create_time": at, "update_time": None,
        "content": {"content_type": "text", "parts": [text]}, "status": "finished_successfully", "end_turn": True,
        "weight": 1.0, "metadata": {}, "recipient": "all", "channel": None,
    }  # fmt: skip
    return {"id": id, "message": {**said, **message}, "parent": parent, "children": []}


def conversation(title: str, nodes: list[Json], current: str, **more: Any) -> Json:
    root = {"id": "client-created-root", "message": None, "parent": None, "children": []}
    mapping = {one["id"]: one for one in [root, *nodes]}
    for one in nodes:
        mapping[one["parent"]]["children"].append(one["id"])
    return {
        "title": title, "create_time": 1700000000.25, "update_time": 1700000900.5, "mapping": mapping,
        "moderation_results": [], "current_node": current, "plugin_ids": None, "conversation_id": f"id of {title}",
        "is_archived": False, "default_model_slug": "gpt-4o", **more,
    }  # fmt: skip


def bakery(title: str = "Bakery page") -> Json:
    """A conversation with hidden messages, a call of a tool, and an alternative of its second question."""
    page = "```html\n<!doctype html>\n<html><title>Crumb</title><h1>Still warm</h1></html>\n```\n"
    said = f"Here it is:\n\n{page}From \ue200cite\ue202turn0search1\ue201there."
    model: Json = {"metadata": {"model_slug": "gpt-4o"}}
    hidden: Json = {"metadata": {"is_visually_hidden_from_conversation": True}}
    profile: Json = {"content": {"content_type": "user_editable_context", "user_profile": "About me"}}
    call: Json = {
        "recipient": "web",
        "content": {"content_type": "code", "language": "unknown", "text": "bread"},
    }
    picture: Json = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    parts: Json = {"content": {"content_type": "multimodal_text", "parts": [picture, "Like this"]}}
    nodes = [
        node("system", "client-created-root", "system", "", 1700000000, **hidden),
        node("profile", "system", "user", "", 1700000000, **profile),
        node("ask", "profile", "user", "Make a page for a bakery", 1700000001.5),
        node("look", "ask", "assistant", "Let me look around.", 1700000002, **model),
        node("call", "look", "assistant", "", 1700000003, **call),
        node("found", "call", "tool", "Bread!", 1700000004),
        node("page", "found", "assistant", said, 1700000005, **model),
        node("blue", "page", "user", "Make it blue", 1700000006),
        node("is blue", "blue", "assistant", "It is blue.", 1700000007, **model),
        node("red", "page", "user", "Make it red", 1700000008),
        node("is red", "red", "assistant", "It is red.", 1700000009, **model),
        node("picture", "is blue", "user", "", 1700000010, **parts),
    ]
    return conversation(title, nodes, "picture")


def written(*conversations: Any) -> bytes:
    """Write a file on one line, as the export is."""
    return json.dumps(list(conversations)).encode()
