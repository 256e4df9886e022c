"""Reads ChatGPT's `conversations.json`: an array of conversations, each a tree of messages.

A conversation has a `title`, a `mapping` from ids to nodes `{"message", "parent", "children"}`, and the `current_node`,
at which the path ends that was shown last. What people don't see there is left out: messages of the system and of
tools, calls of tools, and hidden ones. What has another type than it should is left out, too, as the format changes
from time to time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from sitethread import errors
from sitethread.chat_files.arrays import Element, elements, objects_at
from sitethread.chat_files.format import ExportedMessage, ExportedSession
from sitethread.limits import LIMITS
from sitethread.scheduling import give_way
from sitethread.strict_json import parse_object
from sitethread.texts import clean_line
from sitethread.validation import to_domain_error

MOST_CONVERSATIONS = 10_000

# Marks of sources in an answer's text, such as "cite turn0search1", between characters of a private area.
_CITATION = re.compile("\ue200[^\ue200-\ue202]{0,40}\ue202[^\ue200\ue201]{0,400}\ue201")
_METADATA = ("is_visually_hidden_from_conversation", "model_slug")
# In an element of the file: the conversation, its mapping, a node.
_DEPTH_OF_NODES = 3
# After so much, other requests of this worker run.
_BYTES_WITHOUT_PAUSE = 256 * 1024
_NODES_WITHOUT_PAUSE = 200
_PICTURE = "(a picture)"

Json = Mapping[str, Any]


@dataclass
class Conversation:
    """One conversation of the file. `problem` says why it can't be imported; else it has messages."""

    place: str
    title: str
    id: str = ""
    data: bytes = b""
    problem: errors.DomainError | None = None
    session: dict[str, object] = field(default_factory=dict)
    messages: list[dict[str, object]] = field(default_factory=list)


@dataclass
class _Node:
    """A message that is shown, or several of one answer; `parent` is the one before it on its path."""

    name: str
    role: str
    text: str
    created_at: str | None
    model: str | None
    parent: "_Node | None"
    children: int = 0
    merged_into: "_Node | None" = None


def conversations(pieces: Iterator[bytes]) -> Iterator[Conversation]:
    """Yield the conversations of a file, in its order; raise InvalidJson where the file itself is broken."""
    for number, element in enumerate(elements(pieces, LIMITS.saved_chat)):
        if number == MOST_CONVERSATIONS:
            raise errors.InvalidImport(
                f"There are more than {MOST_CONVERSATIONS} chats in the file.",
                place=f"conversations.{number}",
            )
        found = Conversation(f"conversations.{number}", f"Chat {number + 1}")
        try:
            _read(element, found)
        except (errors.DomainError, ValidationError) as error:
            found.problem = to_domain_error(error) if isinstance(error, ValidationError) else error
        yield found


def _read(element: Element, found: Conversation) -> None:
    if element.data is None:
        raise errors.BodyTooLarge("This chat is larger than 8 MiB.")
    given = _parsed(element.data, element.line)
    title = clean_line(given.get("title") if len(str(given.get("title"))) <= 20_000 else None)
    if isinstance(title, str) and title:
        found.title = title if len(title) <= LIMITS.title else title[: LIMITS.title - 1].rstrip() + "…"
        found.session = ExportedSession(title=found.title).model_dump(mode="json", exclude_unset=True)
    mapping = given.get("mapping")
    if not isinstance(mapping, dict):
        raise errors.InvalidField("This is no chat that ChatGPT wrote.", field="mapping")
    found.id = str(given.get("conversation_id") or given.get("id") or "")
    found.data = element.data
    found.messages = _messages(_shown(mapping, given.get("current_node")))
    if not found.messages:
        raise errors.InvalidField("There are no messages in it that could be shown.", field="mapping")


def _parsed(data: bytes, line: int) -> dict[str, Any]:
    """Parse a conversation, node by node: all at once it may have more values than can be parsed without a pause."""
    nodes: list[Json] = []
    skeleton, at, unpaused = bytearray(), 0, 0
    for start, end in objects_at(data, _DEPTH_OF_NODES):
        skeleton += data[at:start] + str(len(nodes)).encode()
        nodes.append(_without_extras(parse_object(data[start:end])))
        at = end
        unpaused += end - start
        if unpaused > _BYTES_WITHOUT_PAUSE:
            give_way()
            unpaused = 0
    given = parse_object(bytes(skeleton) + data[at:], line)
    if isinstance(mapping := given.get("mapping"), dict):
        numbers = ((name, node) for name, node in mapping.items() if type(node) is int)
        given["mapping"] = {name: nodes[number] for name, number in numbers if 0 <= number < len(nodes)}
    return given


def _without_extras(node: Json) -> Json:
    """Keep of a node what is read later: its metadata may be large."""
    message = _object(node, "message")
    metadata = _object(message, "metadata")
    kept = {
        name: message[name]
        for name in ("author", "create_time", "content", "recipient", "weight")
        if name in message
    }
    kept["metadata"] = {name: metadata[name] for name in _METADATA if name in metadata}
    return {"parent": node.get("parent"), "message": kept if message else None}


def _messages(nodes: list[_Node]) -> list[dict[str, object]]:
    if len(nodes) > LIMITS.saved_messages:
        raise errors.InvalidField(f"It has more than {LIMITS.saved_messages} messages.", field="mapping")
    questions: dict[str | None, str] = {}
    made = []
    for number, node in enumerate(nodes):
        if number % _NODES_WITHOUT_PAUSE == 0:
            give_way()
        try:
            message = ExportedMessage.model_validate(_fields(node, questions))
        except ValidationError as error:
            wrong = to_domain_error(error)
            raise type(wrong)(f"Message {number + 1}: {wrong.message}", field="mapping") from None
        made.append(message.model_dump(mode="json", exclude_unset=True))
    return made


def _fields(node: _Node, questions: dict[str | None, str]) -> dict[str, object]:
    """Return the fields of ExportedMessage; `questions` are the first ones asked after each message."""
    parent = node.parent.name if node.parent else None
    fields: dict[str, object] = {
        "id": node.name, "role": node.role, "content": node.text, "created_at": node.created_at, "follows_id": parent,
    }  # fmt: skip
    if node.role == "assistant":
        fields["reply_to"] = parent if node.parent and node.parent.role == "user" else None
        fields["model"] = node.model
    elif (first := questions.setdefault(parent, node.name)) != node.name:
        fields["edit_of"] = first
    return fields


def _shown(mapping: Json, current: Any) -> list[_Node]:
    """Return the messages that are shown, each after the one it follows, those of the current path last.

    The chat opens at its last message.
    """
    nodes = {name: node for name, node in mapping.items() if isinstance(node, dict)}
    children: dict[str | None, list[str]] = {}
    for name, node in nodes.items():
        parent = node.get("parent")
        children.setdefault(parent if isinstance(parent, str) and parent in nodes else None, []).append(name)
    give_way()
    is_current = _path_to(nodes, current)

    def in_order(names: list[str]) -> list[str]:
        return sorted(
            names, key=lambda name: (name in is_current, _seconds(nodes[name].get("message")) or 0.0)
        )

    shown: list[_Node] = []
    # From the end: the first ones are taken first.
    waiting: list[tuple[str, _Node | None]] = [
        (name, None) for name in reversed(in_order(children.get(None, [])))
    ]
    while waiting:
        name, before = waiting.pop()
        if len(shown) % _NODES_WITHOUT_PAUSE == 0:
            give_way()
        made = _node(str(len(shown)), nodes[name].get("message"), before)
        if made:
            shown.append(made)
            if before:
                before.children += 1
        waiting += [(child, made or before) for child in reversed(in_order(children.get(name, [])))]
    give_way()
    return _joined(shown)


def _path_to(nodes: Mapping[str, Json], name: Any) -> set[str]:
    path: set[str] = set()
    while isinstance(name, str) and name in nodes and name not in path:
        path.add(name)
        name = nodes[name].get("parent")
    return path


def _joined(nodes: list[_Node]) -> list[_Node]:
    """Join the parts of an answer between which tools were called."""
    kept = []
    for node in nodes:
        if node.parent and node.parent.merged_into:
            node.parent = node.parent.merged_into
        before = node.parent
        if before and before.role == node.role == "assistant" and before.children == 1:
            before.text = f"{before.text}\n\n{node.text}"
            before.children = node.children
            before.model = before.model or node.model
            node.merged_into = before
        else:
            kept.append(node)
    return kept


def _node(name: str, message: Any, parent: _Node | None) -> _Node | None:
    if not isinstance(message, dict):
        return None
    role, metadata = _object(message, "author").get("role"), _object(message, "metadata")
    is_hidden = metadata.get("is_visually_hidden_from_conversation") is True or message.get("weight") == 0
    # JSON may have a list here, which can't be looked for in a set.
    if role not in ("user", "assistant") or is_hidden or message.get("recipient") not in (None, "all"):
        return None
    text = _CITATION.sub("", _text(_object(message, "content"))).strip()
    if not text:
        return None
    model = metadata.get("model_slug")
    known_model = model if isinstance(model, str) and 0 < len(model) <= 200 else None
    return _Node(name, role, text, _time(message), known_model, parent)


def _text(content: Json) -> str:
    match content.get("content_type"):
        case "text" | "multimodal_text":
            parts = content.get("parts")
            return "\n\n".join(filter(None, map(_part, parts if isinstance(parts, list) else [])))
        case "code":
            language, text = content.get("language"), content.get("text")
            known = language if isinstance(language, str) and re.fullmatch(r"[\w+-]{1,20}", language) else ""
            return f"```{known.replace('unknown', '')}\n{text}\n```" if isinstance(text, str) else ""
        case _:
            return ""


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        return ""
    if part.get("content_type") == "image_asset_pointer":
        return _PICTURE
    text = part.get("text")
    return text if isinstance(text, str) else ""


def _object(value: Json, name: str) -> Json:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _seconds(message: Any) -> float | None:
    time = message.get("create_time") if isinstance(message, dict) else None
    # From 1970 to 2100.
    return time if isinstance(time, int | float) and 0 <= time < 4_102_444_800 else None


def _time(message: Json) -> str | None:
    seconds = _seconds(message)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
