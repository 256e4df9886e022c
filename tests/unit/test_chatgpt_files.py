"""ChatGPT's file is split into its conversations as it arrives."""

import pytest

from sitethread import errors
from sitethread.chat_files.arrays import elements
from sitethread.chat_files.chatgpt import conversations
from tests.chatgpt_file import bakery, conversation, node, written

FILE = b'\n[ {"a": "]}\\"{"},\r\n {"b": "\\\\", "c": [{}, "\xc3\xa9"]}, [] ] \n'


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_a_file_is_split_alike_in_whatever_pieces_it_arrives(size: int) -> None:
    pieces = (FILE[start : start + size] for start in range(0, len(FILE), size))
    assert [(one.data, one.line, one.column) for one in elements(pieces, 1000)] == [
        (b'{"a": "]}\\"{"}', 2, 3),
        (b'{"b": "\\\\", "c": [{}, "\xc3\xa9"]}', 3, 2),
        (b"[]", 3, 31),
    ]


@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_too_large_is_passed_over(size: int) -> None:
    file = b'[{"a": "' + b"x" * 500 + b'"}, {"b": 1}]'
    pieces = (file[start : start + size] for start in range(0, len(file), size))
    assert [one.data for one in elements(pieces, 100)] == [None, b'{"b": 1}']


def test_parts_of_an_answer_between_which_tools_were_called_are_one_message() -> None:
    (found,) = conversations(iter([written(bakery())]))
    assert [message["role"] for message in found.messages] == [
        "user", "assistant", "user", "assistant", "user", "assistant", "user",
    ]  # fmt: skip


@pytest.mark.parametrize("odd", [[], {}, 1, None])
def test_a_message_from_or_to_nobody_known_is_left_out(odd: object) -> None:
    nodes = [
        node("a", "client-created-root", "user", "Hello", 1),
        node("b", "a", "assistant", "Odd", 2, author={"role": odd}),
        node("c", "b", "assistant", "Hi", 3, recipient=odd or "all"),
    ]
    (found,) = conversations(iter([written(conversation("Odd", nodes, "c"))]))
    assert [message["content"] for message in found.messages] == ["Hello"] + ["Hi"] * (not odd)


def test_ten_thousand_messages_are_read_and_one_more_is_not() -> None:
    nodes = [node("0", "client-created-root", "user", "x", 0)]
    nodes += [node(str(n), str(n - 1), "user", "x", n) for n in range(1, 10_001)]
    for count, problem in ((10_000, None), (10_001, errors.InvalidField)):
        given = conversation("Long", nodes[:count], str(count - 1))
        slim = {**given, "mapping": {name: _slim(one) for name, one in given["mapping"].items()}}
        (found,) = conversations(iter([written(slim)]))
        assert type(found.problem) is (problem or type(None)), found.problem


def _slim(one: dict[str, object]) -> dict[str, object]:
    """Keep few enough values for the parser's limit."""
    if one["message"] is None:
        return one
    message = {"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["x"]}}
    return {"message": message, "parent": one["parent"]}
