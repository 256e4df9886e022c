"""A file is read as it arrives, whatever the pieces that it arrives in."""

import json
from collections.abc import Iterator

import pytest

from sitethread import errors
from sitethread.chat_files import reading, writing

MESSAGES = [{"role": "user", "content": "Grün 🎉\n"}, {"role": "assistant", "content": "a\u2028b\u0085c"}]


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


OLD = {"format": "sitethread-chat", "version": 1, "session": {"title": "Ä"}, "messages": MESSAGES}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OLD, ensure_ascii=False),
        b"".join(writing.as_json_lines({"title": "Ä"}, iter(MESSAGES))).decode(),
    ],
    ids=["format 1", "format 2"],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_file_may_arrive_in_pieces_of_any_size(text: str, size: int) -> None:
    session, messages = reading.read(pieces(text.encode(), size))
    assert session.title == "Ä"
    assert [{"role": message["role"], "content": message["content"]} for message in messages] == MESSAGES


def test_a_message_is_read_before_the_next_one_has_arrived() -> None:
    def arriving() -> Iterator[bytes]:
        yield b'{"format": "sitethread-chat", "version": 2, "session": {}}\n{"role": "user", "content": "a"}\n{"ro'
        raise errors.BadRequest

    _, messages = reading.read(arriving())
    assert next(messages)["content"] == "a"
    with pytest.raises(errors.BadRequest) as broken_off:
        next(messages)
    assert "place" not in broken_off.value.extra
