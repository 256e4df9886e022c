"""What counts as something to see, and what an automatic title keeps of a message."""

import unicodedata

import psycopg
import pytest

from tests.database.callers import Caller

UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"}
SELECTORS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}
FAMILY = "👩\u200d👩\u200d👧"


def test_what_is_seen_of_every_character_is_what_unicode_says(
    owner: psycopg.Connection,
) -> None:
    everything = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    rows = owner.execute(
        "select chr(code) from unnest(%s::integer[]) as code where not private.is_visible(chr(code))",
        ([ord(character) for character in everything],),
    ).fetchall()
    to_database = {character for (character,) in rows}
    assert owner.execute("select private.is_visible('')").fetchone() == (False,)
    said = {character for character in everything if unicodedata.category(character) in UNSEEN}
    assert said | SELECTORS <= to_database
    others = {c for c in to_database - said if unicodedata.category(c)[0] in "LNPS"}
    assert others <= set("\u115f\u1160\u2800\u3164\uffa0\ufffc"), "fillers that take room and no ink"


@pytest.mark.parametrize(
    "text",
    [
        "\x01\x02", "\x7f", "\U000e0001\U000e0020", "\U000e0100", "\ufe0f", "\U0001d173", "\ufff9\ufffb",
        "\u200b\u0301", "\u3164", "\u2800\n", "\u202e\u2066", "\u00ad", " \u0300\u0301",
    ],
)  # fmt: skip
def test_a_message_of_which_nothing_is_seen_is_refused(alice: Caller, text: str) -> None:
    chat = alice.insert("chat_sessions")["id"]
    refused = alice.send("POST", "chat_messages", {"session_id": chat, "role": "user", "content": text})
    assert (refused.status_code, refused.json()["code"]) == (400, "23514")
    seen = alice.insert("chat_messages", session_id=chat, role="user", content=f"{text}a{text}")
    assert seen["content"] == f"{text}a{text}"


@pytest.mark.parametrize(
    "text", ["a", ".", "1", "€", "🎉", FAMILY, "花", "م", "ก", "क", "\u0915\u094d", "🇳🇴", "1\ufe0f\u20e3"]
)
def test_a_letter_of_any_script_a_sign_and_an_emoji_are_seen(alice: Caller, text: str) -> None:
    chat = alice.insert("chat_sessions")["id"]
    alice.insert("chat_messages", session_id=chat, role="user", content=text)
    assert alice.rows(f"chat_sessions?select=title&id=eq.{chat}") == [{"title": text}]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("\u202eevil\u202c \u0007title", "evil title"),
        ("a\u2066b\u2069\ufeffc\u0085d", "a b c d"),
        ("z" + "\u0301" * 1000, "ź\u0301\u0301\u0301"),
        ("e\u0301te\u0301", "été"),
        ("hid\u200b\u2060\u00adden\U000e0041", "hidden"),
        ("\u200d\u200d\u200d\u200dx\u200c\u200c\u200c\u200cy", "\u200dx\u200cy"),
        (f"{FAMILY} \U0001f3f4\U000e0067\U000e0062\U000e007f", f"{FAMILY} \U0001f3f4\U000e0067\U000e0062\U000e007f"),
        ("\u00a0\u2003one\u3000\u2028two", "one two"),
    ],
)  # fmt: skip
def test_an_automatic_title_is_cleaned_like_one_that_somebody_gives(
    alice: Caller, message: str, title: str
) -> None:
    chat = alice.insert("chat_sessions")["id"]
    alice.insert("chat_messages", session_id=chat, role="user", content=message)
    assert alice.rows(f"chat_sessions?select=title&id=eq.{chat}") == [{"title": title}]


def test_a_message_that_begins_with_nothing_to_see_names_no_chat(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")["id"]
    alice.insert("chat_messages", session_id=chat, role="user", content="\u0301" * 1000 + "x")
    assert alice.rows(f"chat_sessions?select=title&id=eq.{chat}") == [{"title": "New chat"}]


@pytest.mark.parametrize(
    ("before", "one", "kept"),
    [
        (48, FAMILY, 48),
        (49, "é" + "\u0316", 49),
        (49, "👍🏽", 49),
        (49, "🇳🇴", 49),
        (48, "🇳🇴", 50),
        (49, "☕\ufe0f", 49),
        (45, FAMILY, 50),
        (50, FAMILY, 50),
    ],
)
def test_a_title_is_not_cut_within_what_is_seen_as_one(
    owner: psycopg.Connection, before: int, one: str, kept: int
) -> None:
    text = "x" * before + one + "y" * 20
    (title,) = owner.execute("select private.title_of(%s)", (text,)).fetchone() or ("",)
    assert title == text[:kept] + "…"
