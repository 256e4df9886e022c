"""Reads the messages of a request into a helper, a website, a page and the person's requests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from embedded.assistant.pacing import count_tokens
from embedded.assistant.targets import target_in

ROLES = {"system", "developer", "user", "assistant", "tool", "function"}
PAGE = re.compile(
    r"The current page[^\n]*:\s*\n```html\n(.*?)\n```(?=\n\n(?:The file |What the other |That is version )|\s*\Z)",
    re.DOTALL,
)
BRIEF = re.compile(r"^The brief, in [^\n]*\n(.*?)\n\(End of the brief\.\)", re.DOTALL | re.MULTILINE)
# The lines of a brief that a page can show: "Opening hours: …", "Closed on Mondays".
FACTS = re.compile(
    r"^(?:(name|(?:opening )?hours|prices|address|phone|e-?mail)\b[^:\n]*:|(?=(?:we are |we're )?(?:open|closed)\b))"
    r"[ \t]*(\S.*?)\.?$",
    re.IGNORECASE | re.MULTILINE,
)
MISSING = "missing_required_parameter"
CONTINUE = "continue exactly where you stopped"
MISFITS = ("none of your changes", "the changes don't fit")


class WrongRequest(Exception):
    """A request the protocol forbids; the message is shown to the caller."""

    def __init__(self, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.param = message, code, param


@dataclass(frozen=True)
class Turn:
    """One message: a role and its text."""

    role: str
    text: str


class Conversation:
    """The turns of a request, the tools it offers, and what they say of the helper, the website and the page."""

    def __init__(self, turns: Sequence[Turn], tools: frozenset[str] = frozenset()) -> None:
        self.turns, self.tools = tuple(turns), tools
        self.system = "\n\n".join(turn.text for turn in turns if turn.role in {"system", "developer"})
        self.helper, self.website = self.setting("Helper") or "builder", self.setting("Website")
        found = PAGE.search(self.system)
        # The current page's HTML, empty when there is none.
        self.page = found[1].strip() if found else ""
        # The part of a page that the question points at, None where it is about the whole site.
        self.target = target_in(self.system, self.page, found.end() if found else 0)
        self.makes_edits = "```edit" in self.system
        told = BRIEF.search(self.system)
        facts = FACTS.findall(told[1]) if told else []
        # In the words of a request.
        self.facts = [f"{'called' if label.lower() == 'name' else label} {fact}" for label, fact in facts]
        # What the person asked so far, oldest first; the last one is to be answered.
        self.requests = [turn.text.strip() for turn in turns if turn.role == "user"]
        self.request = ["", *self.requests][-1]
        self.last_answer = ["", *(turn.text for turn in turns if turn.role == "assistant" and turn.text)][-1]
        self.prompt_tokens = sum(count_tokens(turn.text) + 4 for turn in turns)

    @classmethod
    def from_messages(cls, messages: Any, tools: Any = None, tool_choice: Any = None) -> "Conversation":
        """Read chat messages, and raise WrongRequest where the protocol forbids them."""
        if messages is None:
            raise WrongRequest("Missing required parameter: 'messages'.", MISSING, "messages")
        if not isinstance(messages, list) or not messages:
            raise WrongRequest("'messages' must be a non-empty array.", "invalid_value", "messages")
        turns = tuple(read_turn(message, index) for index, message in enumerate(messages))
        return cls(turns, read_tools(tools) if tool_choice != "none" else frozenset())

    @property
    def tool_result(self) -> str | None:
        """The result of a tool called for the last request, None when none was called."""
        since = takewhile(lambda turn: turn.role != "user", reversed(self.turns))
        return next((turn.text for turn in since if turn.role in {"tool", "function"}), None)

    def setting(self, name: str) -> str:
        found = re.search(rf"^{name}:[ \t]*(.+)$", self.system, re.MULTILINE)
        return found[1].strip() if found else ""

    def on_page(self, html: str) -> "Conversation":
        """Return the same conversation about another page, or about none where `html` is empty."""
        page = f"The current page:\n```html\n{html}\n```" if html else ""
        turns = [replace(turn, text=PAGE.sub(lambda _: page, turn.text)) for turn in self.turns]
        return Conversation(turns, self.tools)

    def before_misfits(self) -> "Conversation":
        """Return the conversation before edits came back that didn't fit, to be answered by a whole page."""
        turns = list(self.turns)
        while len(turns) > 2 and turns[-1].text.lower().startswith(MISFITS):
            turns = turns[:-2]
        return Conversation([replace(t, text=t.text.replace("```edit", "```")) for t in turns], self.tools)

    def without_continuation(self) -> tuple["Conversation", str]:
        """Return the conversation as it was before an answer broke off, and what that answer had said."""
        turns, partial = list(self.turns), ""
        while [turn.role for turn in turns[-2:]] == ["assistant", "user"]:
            if not turns[-1].text.strip().lower().startswith(CONTINUE):
                break
            partial = turns[-2].text + partial
            turns = turns[:-2]
        return Conversation(turns, self.tools), partial


def read_turn(message: Any, index: int) -> Turn:
    where = f"messages[{index}]"
    if not isinstance(message, dict):
        raise WrongRequest(f"Invalid type for '{where}': expected an object.", "invalid_type", where)
    role = message.get("role")
    if role not in ROLES:
        raise WrongRequest(f"Invalid value for '{where}.role': {role!r}.", "invalid_value", f"{where}.role")
    return Turn(role, read_text(message.get("content"), f"{where}.content"))


def read_text(content: Any, where: str) -> str:
    """Return the text of a string or of an array of content parts; other parts say nothing here."""
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list) or not all(isinstance(part, dict) for part in content):
        raise WrongRequest(f"Invalid type for '{where}'.", "invalid_type", where)
    return "".join(str(part.get("text") or "") for part in content)


def read_tools(tools: Any) -> frozenset[str]:
    """Return the names of the functions on offer, in either protocol's form."""
    offered = [tool for tool in tools or [] if isinstance(tool, dict) and tool.get("type") == "function"]
    return frozenset(str((tool.get("function") or tool).get("name") or "") for tool in offered)
