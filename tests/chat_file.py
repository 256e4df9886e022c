"""The file of an exported chat, as one document {"format", "version", "session", "messages"} and as what is in it."""

import json
from typing import Any

TYPES = {1: "application/json", 2: "application/jsonl"}


def read(text: str) -> dict[str, Any]:
    """Read a file of format 2, each line of which has its end."""
    head, *lines, rest = text.split("\n")
    assert rest == ""
    return {**json.loads(head), "messages": [json.loads(line) for line in lines]}


def write(document: dict[str, Any], version: int) -> bytes:
    if version == 1:
        return json.dumps(document).encode()
    head = {name: value for name, value in document.items() if name != "messages"}
    return "".join(json.dumps(line) + "\n" for line in (head, *document["messages"])).encode()
