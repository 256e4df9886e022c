"""Many chats at once, the trash, and what was used."""

import pytest

from tests.http_client import UNKNOWN, ApiClient

BULK = "/api/chat/sessions/bulk"


def ids(caller: ApiClient, **query: str) -> set[str]:
    return {session["id"] for session in caller.get("/api/chat/sessions", **query)["sessions"]}


def test_chats_are_archived_brought_back_and_deleted_together(as_alice: ApiClient) -> None:
    made = [as_alice.new_session()["id"] for _ in range(3)]
    two = made[:2]
    as_alice.post(BULK, {"sessionIds": two, "action": "archive"}, 200)
    assert ids(as_alice, archived="true") == set(two)
    as_alice.post(BULK, {"session_ids": two, "action": "unarchive"}, 200)
    assert ids(as_alice, archived="false") == set(made)
    trash_ids = as_alice.post(BULK, {"session_ids": two, "action": "delete"}, 200)["trash_ids"]
    assert ids(as_alice) == {made[2]}
    for trash_id in trash_ids:
        as_alice.post(f"/api/trash/{trash_id}/restore", status=200)
    assert ids(as_alice) == set(made)


@pytest.mark.parametrize("action", ["delete", "archive", "unarchive"])
def test_all_or_none(as_alice: ApiClient, as_charlie: ApiClient, action: str) -> None:
    own, foreign = as_alice.new_session()["id"], as_charlie.new_session()["id"]
    before = as_alice.get(f"/api/chat/sessions/{own}")
    for other in (foreign, UNKNOWN):
        body = {"session_ids": [own, other], "action": action}
        assert as_alice.refused("POST", BULK, json=body) == (404, "not_found")
    assert as_alice.get(f"/api/chat/sessions/{own}") == before
    assert ids(as_charlie) == {foreign}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "delete"}, "missing_field"),
        ({"session_ids": [], "action": "delete"}, "invalid_field"),
        ({"session_ids": [UNKNOWN] * 101, "action": "delete"}, "invalid_field"),
        ({"session_ids": UNKNOWN, "action": "delete"}, "invalid_field"),
        ({"session_ids": [UNKNOWN], "action": "burn"}, "invalid_field"),
        ({"session_ids": [UNKNOWN], "action": "delete", "all": True}, "unknown_field"),
    ],
)
def test_a_bulk_change_that_cannot_be_is_refused(as_alice: ApiClient, body: object, code: str) -> None:
    assert as_alice.refused("POST", BULK, json=body) == (422, code)


def test_the_trash_is_paged_and_emptied_by_hand(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    for number in range(3):
        as_alice.delete(f"/api/chat/sessions/{as_alice.new_session(title=str(number))['id']}")
    first = as_alice.get("/api/trash?limit=2")
    rest = as_alice.get(f"/api/trash?limit=2&cursor={first['next_cursor']}")
    assert [item["title"] for item in first["trash"] + rest["trash"]] == ["2", "1", "0"]
    item = first["trash"][0]
    assert set(item) == {"id", "kind", "session_id", "website_id", "title", "message_count", "deleted_at"}
    for method, path in (("DELETE", ""), ("POST", "/restore")):
        assert as_charlie.refused(method, f"/api/trash/{item['id']}{path}") == (404, "not_found")
    as_alice.delete(f"/api/trash/{item['id']}")
    assert as_alice.refused("POST", f"/api/trash/{item['id']}/restore") == (404, "not_found")


def test_usage_counts_chats_bytes_messages_and_websites(as_alice: ApiClient, as_charlie: ApiClient) -> None:
    session = as_alice.new_session()["id"]
    as_alice.new_message(session, "Hi")
    as_alice.new_message(session, "日本", "assistant", prompt_tokens=12, completion_tokens=34)
    as_alice.post("/api/websites", {"name": "Luna"})
    usage = as_alice.get("/api/usage")["usage"]
    assert usage["days"] == [], "what a client says of tokens counts nothing"
    quotas = {quota["name"]: quota for quota in usage["quotas"]}
    used = {name: quota["used"] for name, quota in quotas.items() if quota["used"]}
    assert used == {"sessions": 1, "messages": 2, "stored_bytes": 8, "websites": 1}
    assert quotas["sessions"]["allowed"] == 200
    assert quotas["turns"]["resets_at"] and quotas["model_tokens"]["resets_at"]
    assert quotas["running_answers"]["resets_at"] is None and quotas["stored_bytes"]["resets_at"] is None
    assert as_charlie.get("/api/usage")["usage"]["days"] == []
