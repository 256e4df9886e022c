"""A provider's message is logged without the key and without what people wrote."""

import pytest

from sitethread.model.events import ChatMessage, message_of
from sitethread.model.redaction import MAX_CHARACTERS, without_what_was_sent

SENT: list[ChatMessage] = [
    {"role": "system", "content": "You are a builder. The model context is limited."},
    {"role": "user", "content": "My password is Swordfish, call 0171 555."},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"function": {"name": "check_page", "arguments": '{"a": "Krähe"}'}}],
    },
]
KEY = "sk-short"


@pytest.mark.parametrize(
    ("message", "logged"),
    [
        ("The model gpt-9 does not exist", "The model gpt-9 does not exist"),
        ("Context limited to 8192 tokens", "Context limited to 8192 tokens"),
        ("bad: My password is Swordfish, call 0171 555.", "bad: …."),
        ("cannot parse SWORDFISH", "cannot parse …"),
        ("cut off at 'Swordfi", "cut off at '…"),
        ("heard of Krähe", "heard of …"),
        ("key sk-short and sk-proj-abcdef0123456789abcdef", "key … and …"),
        ("mail a@example.com, id 0123456789abcdef0123456789abcdef.", "mail … id …"),
        ("", ""),
    ],
)
def test_words_of_the_conversation_and_keys_are_left_out(message: str, logged: str) -> None:
    assert without_what_was_sent(message, SENT, KEY) == logged


def test_a_message_is_bounded() -> None:
    assert len(without_what_was_sent("word " * 1_000_000, SENT, None)) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ({"message": "no"}, "no"),
        ({"error": {"message": "no", "code": 1}}, "no"),
        ({"error": "no"}, "no"),
        ("no", "no"),
        ({"error": None}, ""),
        ({"message": {"a": 1}}, ""),
        (None, ""),
        ([1], ""),
    ],
)
def test_the_message_of_an_error_is_found_in_all_its_shapes(error: object, message: str) -> None:
    assert message_of(error) == message
