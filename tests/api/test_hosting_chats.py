"""Array chats, `/api/hosting/chats`: a chat with its messages as one array."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.conftest import same_as_unknown
from tests.http_client import UNKNOWN, ApiClient
from tests.stacks import Person

CHATS = "/api/hosting/chats"
HELLO = [{"role": "user", "content": "Create a landing page"}]
ANSWERED = [*HELLO, {"role": "assistant", "content": "<h1>Luna</h1>"}]
LONGER = [*ANSWERED, {"role": "user", "content": "Add a contact form"}]


def save(
    client: ApiClient, website: str, messages: list[dict[str, str]], status: int = 200, **more: Any
) -> Any:
    body = {"websiteId": website, "messages": messages, **more}
    return client.post(CHATS, body, 201 if "chatId" not in more and status == 200 else status)["chat"]


def chats(client: ApiClient, website: str) -> list[Any]:
    found: list[Any] = client.get(CHATS, websiteId=website)["chats"]
    return found


def test_a_saved_chat_is_listed_with_exactly_the_documented_keys(as_alice: ApiClient, alice: Person) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, ANSWERED)
    assert set(chat) == {"id", "website_id", "user_id", "messages", "title", "created_at", "updated_at"}
    assert (chat["website_id"], chat["user_id"]) == (website, alice.id)
    assert (chat["messages"], chat["title"]) == (ANSWERED, "Create a landing page")
    assert chats(as_alice, website) == [chat]


def test_the_example_usage_step_by_step(as_alice: ApiClient) -> None:
    coffee, portfolio = (
        as_alice.new_website("Coffee Shop Website")["id"],
        as_alice.new_website("Portfolio Website")["id"],
    )
    chat = save(as_alice, coffee, HELLO)
    for messages in (ANSWERED, LONGER):
        assert save(as_alice, coffee, messages, chatId=chat["id"])["messages"] == messages
    assert chats(as_alice, portfolio) == []
    other = save(as_alice, portfolio, [{"role": "user", "content": "Show my photos"}])
    assert [found["id"] for found in chats(as_alice, portfolio)] == [other["id"]]
    (back,) = chats(as_alice, coffee)
    assert (back["id"], back["messages"], back["title"]) == (chat["id"], LONGER, "Create a landing page")


def test_a_title_is_the_first_fifty_characters_or_the_one_given(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    long = [
        {"role": "user", "content": "Create a landing page for my coffee shop by the old harbour of Bergen"}
    ]
    title = save(as_alice, website, long)["title"]
    assert (
        title.startswith("Create a landing page for my coffee") and title.endswith("…") and len(title) <= 51
    )
    named = save(as_alice, website, HELLO, title="Our shop")
    assert named["title"] == "Our shop"
    assert save(as_alice, website, ANSWERED, chatId=named["id"])["title"] == "Our shop"
    assert save(as_alice, website, ANSWERED, chatId=named["id"], title="The shop")["title"] == "The shop"


def test_chats_are_listed_last_changed_first_and_paged(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    ids = [save(as_alice, website, HELLO)["id"] for _ in range(3)]
    save(as_alice, website, ANSWERED, chatId=ids[0])
    newest_first = [ids[0], ids[2], ids[1]]
    assert [chat["id"] for chat in chats(as_alice, website)] == newest_first
    first = as_alice.get(CHATS, websiteId=website, limit=2)
    rest = as_alice.get(CHATS, websiteId=website, limit=2, cursor=first["next_cursor"])
    assert [chat["id"] for chat in first["chats"] + rest["chats"]] == newest_first
    assert rest["next_cursor"] is None


def test_saving_appends_what_is_new_and_keeps_the_rows_there_are(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, ANSWERED)["id"]
    before = as_alice.get(f"/api/chat/sessions/{chat}/messages")["messages"]
    save(as_alice, website, LONGER, chatId=chat)
    after = as_alice.get(f"/api/chat/sessions/{chat}/messages")["messages"]
    assert after[:2] == before and [message["seq"] for message in after] == [1, 2, 3]
    assert after[1]["reply_to"] == after[0]["id"]
    session = as_alice.get(f"/api/chat/sessions/{chat}")["session"]
    assert (session["message_count"], session["last_message_preview"]) == (3, "Add a contact form")


def test_an_older_array_takes_nothing_away(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, LONGER)["id"]
    assert save(as_alice, website, HELLO, chatId=chat)["messages"] == LONGER


def test_a_diverged_array_is_refused_with_the_stored_chat(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, LONGER)
    body = {
        "websiteId": website,
        "chatId": chat["id"],
        "title": "Mine",
        "messages": [*HELLO, {"role": "assistant", "content": "Else"}],
    }
    error = as_alice.error("POST", CHATS, 409, json=body)
    assert (error["code"], error["chat"]) == ("chat_diverged", chat)
    assert chats(as_alice, website) == [chat]


def test_replacing_on_purpose_keeps_the_old_rows_in_the_trash(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, LONGER)["id"]
    other = [*HELLO, {"role": "assistant", "content": "Something else"}]
    assert save(as_alice, website, other, chatId=chat, replace=True)["messages"] == other
    (item,) = as_alice.get("/api/trash")["trash"]
    assert (item["kind"], item["session_id"], item["message_count"]) == ("messages", chat, 2)
    as_alice.post(f"/api/trash/{item['id']}/restore", None, 200)
    everything = as_alice.get(f"/api/chat/sessions/{chat}/messages")["messages"]
    assert [message["content"] for message in everything] == [
        "Create a landing page", "<h1>Luna</h1>", "Add a contact form", "Something else",
    ]  # fmt: skip
    assert chats(as_alice, website)[0]["messages"] == other, "what came back is an alternative"


def test_two_tabs_saving_at_once_lose_nothing(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, HELLO)["id"]
    ready = threading.Barrier(8)

    def save_own(number: int) -> int:
        messages = [*HELLO, {"role": "assistant", "content": f"Tab {number}"}]
        ready.wait(10)
        body = {"websiteId": website, "chatId": chat, "messages": messages}
        return as_alice.send("POST", CHATS, json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(save_own, range(8)))
    assert sorted(statuses) == [200] + [409] * 7
    winner = statuses.index(200)
    assert chats(as_alice, website)[0]["messages"][1]["content"] == f"Tab {winner}"


def test_the_same_key_starts_one_chat(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    body = {"websiteId": website, "messages": HELLO}
    key = {"Idempotency-Key": "first try"}
    first = as_alice.post(CHATS, body, 201, headers=key)["chat"]
    assert as_alice.post(CHATS, body, 200, headers=key)["chat"] == first
    assert len(chats(as_alice, website)) == 1


def test_a_chat_is_deleted_and_can_be_brought_back(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    chat = save(as_alice, website, LONGER)
    assert as_alice.delete(f"{CHATS}/{chat['id']}") == {"success": True}
    assert chats(as_alice, website) == []
    as_alice.delete(f"{CHATS}/{chat['id']}", 404)
    (item,) = as_alice.get("/api/trash")["trash"]
    as_alice.post(f"/api/trash/{item['id']}/restore", None, 200)
    (back,) = chats(as_alice, website)
    assert {**back, "updated_at": ""} == {**chat, "updated_at": ""}


def test_a_chat_of_a_thousand_long_messages_is_one_array(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    messages = [
        {"role": ("user", "assistant")[number % 2], "content": f"{number} " + "x" * 2_000}
        for number in range(1_200)
    ]
    chat = save(as_alice, website, messages)
    assert chat["messages"] == messages
    more = [*messages, {"role": "user", "content": "And one more"}]
    assert save(as_alice, website, more, chatId=chat["id"])["messages"] == more


def test_what_was_asked_in_the_app_is_one_array_too(as_alice: ApiClient) -> None:
    website = as_alice.new_website()["id"]
    events = as_alice.send("POST", "/api/chat", json={"message": "5 words, seed 1", "websiteId": website})
    assert events.status_code == 200
    (chat,) = chats(as_alice, website)
    assert [message["role"] for message in chat["messages"]] == ["user", "assistant"]
    longer = [*chat["messages"], {"role": "user", "content": "More"}]
    assert save(as_alice, website, longer, chatId=chat["id"])["messages"] == longer


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"websiteId": None}, "invalid_field"),
        ({"messages": None}, "invalid_field"),
        ({"messages": {}}, "invalid_field"),
        ({"messages": [{"role": "system", "content": "x"}]}, "invalid_field"),
        ({"messages": [{"role": "user", "content": {"a": 1}}]}, "invalid_field"),
        ({"messages": [{"role": "user", "content": "x" * 100_001}]}, "invalid_field"),
        ({"messages": [{"role": "user"}]}, "missing_field"),
        ({"messages": [{"role": "user", "content": "x", "seq": 9}]}, "unknown_field"),
        ({"messages": [{"role": "user", "content": "\u200b "}]}, "empty_message"),
        ({"messages": [{"role": "user", "content": "a\0"}]}, "invalid_unicode"),
        ({"user_id": UNKNOWN}, "unknown_field"),
        ({"website_id": UNKNOWN}, "invalid_field"),
        ({"replace": "yes"}, "invalid_field"),
    ],
)
def test_a_body_that_cannot_be_is_refused_and_nothing_is_stored(
    as_alice: ApiClient, change: dict[str, Any], code: str
) -> None:
    website = as_alice.new_website()["id"]
    body = {"websiteId": website, "messages": HELLO, **change}
    assert as_alice.error("POST", CHATS, 422, json=body)["code"] == code
    assert chats(as_alice, website) == []


def test_the_website_is_required(as_alice: ApiClient) -> None:
    assert as_alice.error("GET", CHATS, 422)["code"] == "missing_field"
    assert as_alice.error("POST", CHATS, 422, json={"messages": HELLO})["code"] == "missing_field"


def test_nobody_saves_without_signing_in(as_alice: ApiClient) -> None:
    nobody = ApiClient(as_alice.http)
    assert nobody.refused("POST", CHATS, json={}) == (401, "auth_required")


def test_charlie_gets_of_alices_chats_what_unknown_ones_give(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    website, own = as_alice.new_website()["id"], as_charlie.new_website()["id"]
    chat = save(as_alice, website, LONGER)
    same_as_unknown(as_charlie, "GET", CHATS, website, params={"websiteId": "ID"})
    same_as_unknown(as_charlie, "POST", CHATS, website, json={"websiteId": "ID", "messages": HELLO})
    into = {"websiteId": own, "messages": LONGER, "chatId": "ID", "replace": True}
    same_as_unknown(as_charlie, "POST", CHATS, chat["id"], json=into)
    same_as_unknown(as_charlie, "DELETE", f"{CHATS}/ID", chat["id"])
    assert chats(as_alice, website) == [chat] and chats(as_charlie, own) == []


def test_a_chat_of_another_website_is_not_found(as_alice: ApiClient) -> None:
    one, two = as_alice.new_website()["id"], as_alice.new_website()["id"]
    chat = save(as_alice, one, HELLO)["id"]
    body = {"websiteId": two, "messages": ANSWERED, "chatId": chat}
    assert as_alice.error("POST", CHATS, 404, json=body)["code"] == "not_found"
