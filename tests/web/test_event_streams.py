"""Events on the wire."""

import json

import pytest

from sitethread.answers.following import Event
from web import event_streams


@pytest.mark.parametrize("end", ["\u0085", "\u2028", "\u2029", "\v", "\f", "\x1c", "\r", "\n"])
def test_an_event_is_split_nowhere_by_those_who_know_more_line_ends(end: str) -> None:
    text = f"one{end}two \U0001f389"
    wire = b"".join(event_streams.encoded([Event("delta", {"text": text}, 9)])).decode()
    lines = wire.splitlines()
    assert lines[:2] == ["id: 9", "event: delta"] and lines[3:] == [""]
    assert json.loads(lines[2].removeprefix("data: ")) == {"text": text}
    assert "\U0001f389" in wire
