"""The digest of a conversation's earlier turns: the beginning of each message, as the database hands it over."""

from collections.abc import Sequence
from typing import Literal

from typing_extensions import TypedDict

DIGEST_CHARACTERS = 4_000
_SPEAKERS = {"user": "Person", "assistant": "You"}


class EarlierMessage(TypedDict):
    """`text` is one line without code, the more of it the newer it is; empty for an answer that is a page alone."""

    role: Literal["user", "assistant"]
    text: str
    version: int | None


def digest_of(earlier: Sequence[EarlierMessage]) -> str:
    """Return at most DIGEST_CHARACTERS, the newest lines where there are more; empty when there is nothing earlier."""
    lines, size = list[str](), 0
    for message in reversed(earlier):
        made = f" (made version {message['version']})" if message["version"] else ""
        line = f"- {_SPEAKERS[message['role']]}: {message['text']}{made}"
        size += len(line) + 1
        if size > DIGEST_CHARACTERS:
            break
        lines.append(line)
    return "\n".join(reversed(lines))
