"""What a model sends is read in linear time, however small the pieces are that it comes in."""

from collections.abc import Iterator
from typing import Any

import pytest

from sitethread.model import chat_completions
from sitethread.model.event_stream import LINE_BYTES, json_events
from sitethread.model.events import ModelError, ToolCall
from tests.growth import MOST, growth

SIZE = 1_000_000


def split(data: bytes, piece: int) -> Iterator[bytes]:
    return (data[start : start + piece] for start in range(0, len(data), piece))


@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
def test_lines_come_whole_wherever_they_are_split(piece: int) -> None:
    data = b'data: {"a": "\xc3\xa4"}\r\n\r\n: comment\n\ndata: {}\n\ndata: [DONE]'
    assert list(json_events(split(data, piece))) == [{"a": "ä"}, {}]


def test_a_line_in_small_pieces_costs_as_much_as_it_is_long() -> None:
    def read(text: str) -> None:
        (event,) = json_events(split(text.encode(), 16))
        assert len(event["a"]) > SIZE // 16

    assert growth(read, lambda size: 'data: {"a":"' + "x" * size + '"}\n', SIZE) < MOST


def test_a_tool_call_in_small_pieces_costs_as_much_as_it_is_long() -> None:
    def read(text: str) -> None:
        pieces: list[dict[str, Any]] = [{"index": 0, "function": {"arguments": one}} for one in text]
        stream = ({"choices": [{"delta": {"tool_calls": [piece]}}]} for piece in pieces)
        (call,) = chat_completions.read(stream)
        assert isinstance(call, ToolCall) and call.arguments == text

    assert growth(read, lambda size: "x" * size, 200_000) < MOST


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_that_never_ends_is_given_up(end: bytes) -> None:
    with pytest.raises(ModelError):
        list(json_events(split(b"x" * (LINE_BYTES + 64 * 1024) + end, 1024)))
