"""What a model's provider says of an error, as it may be logged: without the key, and without what was sent to it."""

import json
import re
from collections.abc import Iterable, Sequence

from sitethread.model.events import ChatMessage

MAX_CHARACTERS = 400
_WORD = re.compile(r"\w+")
# In keys, hashes and addresses: long, or letters and digits mixed, or an @.
_OPAQUE = re.compile(r"\w{25,}|(?=\w*\d)(?=\w*[^\W\d])\w{12,}|@")
# A word of so few letters may be a part of any other one by chance.
_SHORT = 3


def without_what_was_sent(message: str, sent: Sequence[ChatMessage], key: str | None) -> str:
    """Return a provider's message with every word that the conversation holds, and all that looks like a key, as "…".

    The instructions are ours, so their words stay. A message that quotes a question loses some plain words with it.
    """
    if key:
        message = message.replace(key, "…")
    parts = re.split(r"(\s+)", message[:MAX_CHARACTERS])
    message = "".join("…" if _OPAQUE.search(part) else part for part in parts)
    text = "\n".join(_texts(sent)).lower()
    words = {word.lower() for word in _WORD.findall(message)}
    sent_words = {word for word in words if _is_in(text, word)}
    message = _WORD.sub(lambda found: "…" if found[0].lower() in sent_words else found[0], message)
    return re.sub(r"…(?:\W*…)+", "…", message)


def _is_in(text: str, word: str) -> bool:
    """Whether a text holds a word; a long one also as part of another: a provider may cut its quotation."""
    if len(word) > _SHORT:
        return word in text
    at = text.find(word)
    for _ in range(1_000):
        if at < 0:
            return False
        if not text[at - 1 : at].isalnum() and not text[at + len(word) : at + len(word) + 1].isalnum():
            return True
        at = text.find(word, at + 1)
    return True


def _texts(sent: Iterable[ChatMessage]) -> Iterable[str]:
    for message in sent:
        if message["role"] != "system":
            yield message["content"] or ""
            yield json.dumps(message.get("tool_calls"), ensure_ascii=False)
