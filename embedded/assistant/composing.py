"""Composes replies in processes of their own.

The rules are regular expressions: for some texts they take minutes, in which the process that also signs people in
would stand still.
"""

import contextlib
import json
import queue
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from embedded.assistant.answers import compose
from embedded.assistant.conversations import Conversation, Turn
from embedded.assistant.replies import Reply, ToolCall

# Of CPU time, for a reply. Those to a long request about a large page take one.
SECONDS = 5
AT_ONCE = 2
TOO_MUCH = "That is more than this offline demo can follow. Please ask for less at once, in fewer words."

_ROOT = Path(__file__).parent.parent.parent
_COMMAND = (sys.executable, "-m", "embedded.assistant.composing")


class Composer:
    """A process that composes one reply after the other; it is started anew after one that took too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def compose(self, conversation: Conversation) -> Reply:
        if self._process is None:
            self._process = self._start()
        reading, writing = self._process.stdout, self._process.stdin
        assert reading and writing  # noqa: S101 - they are pipes
        line = ""
        try:
            given = {
                "turns": [asdict(turn) for turn in conversation.turns],
                "tools": list(conversation.tools),
            }
            print(json.dumps(given), file=writing, flush=True)
            line = reading.readline()
        except BrokenPipeError:
            pass
        if not line:
            self._end(self._process)
            return Reply(TOO_MUCH)
        reply = json.loads(line)
        return Reply(reply["text"], tuple(ToolCall(**call) for call in reply["tool_calls"]))

    def _end(self, process: subprocess.Popen[str]) -> None:
        self._process = None
        # What it had not read is still to be written.
        with contextlib.suppress(BrokenPipeError), process:
            process.kill()

    def _start(self) -> subprocess.Popen[str]:
        # The command is a constant.
        return subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT, text=True, encoding="ascii"
        )


# The one used last comes first: one alone has started, mostly.
_idle: queue.LifoQueue[Composer] = queue.LifoQueue()
for _ in range(AT_ONCE):
    _idle.put(Composer())


def compose_apart(conversation: Conversation) -> Reply:
    """Answer a conversation in another process, or say that it is too much."""
    composer = _idle.get()
    try:
        return composer.compose(conversation)
    finally:
        _idle.put(composer)


def main() -> None:
    """Compose a reply for each line until there are no more; a reply that takes too long ends the process."""
    for line in sys.stdin:
        given = json.loads(line)
        turns = tuple(Turn(**turn) for turn in given["turns"])
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        reply = compose(Conversation(turns, frozenset(given["tools"])))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        print(json.dumps(asdict(reply)), flush=True)


if __name__ == "__main__":
    main()
