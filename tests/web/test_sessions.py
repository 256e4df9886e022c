"""Chat sessions through the API."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from sitethread import pagination
from tests.database.stalls import stalled
from tests.http_client import UNKNOWN, ApiClient, without_request_id
from tests.stacks import Person, Stack
from tests.web.conftest import client_of

SESSION_KEYS = {
    "id", "website_id", "helper", "title", "last_message_preview", "last_message_at", "message_count", "pinned_at",
    "archived_at", "tags", "created_at", "updated_at", "running_answer_id", "is_active", "is_unread", "last_seq",
    "last_read_seq", "branched_from_session_id", "branched_from_message_id",
}  # fmt: skip


def cursor(time: str) -> str:
    return pagination.time_cursor(time, UNKNOWN)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"title": "Mine"}),
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"role": "user", "content": "Hi"}),
        ("GET", "/export", None),
    ],
)
def test_charlie_gets_of_alices_chat_what_an_unknown_one_gives(
    as_alice: ApiClient, as_charlie: ApiClient, method: str, path: str, body: object
) -> None:
    id = as_alice.new_session(title="Private")["id"]
    foreign = as_charlie.send(method, f"/api/chat/sessions/{id}{path}", json=body)
    unknown = as_charlie.send(method, f"/api/chat/sessions/{UNKNOWN}{path}", json=body)
    assert foreign.status_code == unknown.status_code == 404
    assert without_request_id(foreign.content) == without_request_id(unknown.content)
    kept = as_alice.get(f"/api/chat/sessions/{id}")
    assert (kept["session"]["title"], kept["messages"]) == ("Private", [])


def test_charlie_cannot_start_or_move_a_chat_to_alices_website(
    as_alice: ApiClient, as_charlie: ApiClient
) -> None:
    website = as_alice.new_website()["id"]
    body = {"website_id": website}
    assert as_charlie.refused("POST", "/api/chat/sessions", json=body) == (404, "not_found")
    own = as_charlie.new_session()["id"]
    assert as_charlie.refused("PATCH", f"/api/chat/sessions/{own}", json=body) == (404, "not_found")


def test_a_new_chat_has_the_promised_keys_and_no_thread(as_alice: ApiClient) -> None:
    session = as_alice.new_session()
    assert set(session) >= SESSION_KEYS
    assert not {"thread_id", "user_id"} & set(session)
    assert (session["helper"], session["title"], session["message_count"]) == ("builder", "New chat", 0)


@pytest.mark.parametrize(
    "name", ["website_id", "websiteId", "project_id", "projectId", "event_id", "eventId"]
)
def test_a_website_goes_by_every_name_the_seeds_gave_it(as_alice: ApiClient, name: str) -> None:
    website = as_alice.new_website()["id"]
    made = as_alice.new_session(**{name: website}, helper="seo", title="Find us")
    other = as_alice.new_session(helper="seo")
    assert made["website_id"] == website
    found = as_alice.get("/api/chat/sessions", **{name: website})["sessions"]
    assert [session["id"] for session in found] == [made["id"]]
    assert other["website_id"] is None


def test_two_names_of_one_field_may_not_disagree(as_alice: ApiClient) -> None:
    one, two = as_alice.new_website()["id"], as_alice.new_website()["id"]
    body = {"website_id": one, "projectId": two}
    assert as_alice.refused("POST", "/api/chat/sessions", json=body) == (422, "invalid_field")
    assert as_alice.new_session(website_id=one, projectId=one)["website_id"] == one


def test_chats_are_listed_by_helper_text_and_archive(as_alice: ApiClient) -> None:
    seo = as_alice.new_session(helper="seo", title="Get 100% (more) * visitors")
    copy = as_alice.new_session(helper="copywriter", title="Headline")
    as_alice.new_message(copy["id"], "Something about Espresso")
    as_alice.patch(f"/api/chat/sessions/{seo['id']}", {"archived": True})

    def ids(**query: str) -> list[str]:
        return [s["id"] for s in as_alice.get("/api/chat/sessions", **query)["sessions"]]

    assert ids() == [seo["id"], copy["id"]]
    assert ids(helper="copywriter") == [copy["id"]]
    assert ids(q="ESPRESSO") == [copy["id"]] and ids(q="headLINE") == [copy["id"]]
    assert ids(q="100% (more) *") == [seo["id"]]
    assert ids(q="%") == [seo["id"]] and ids(q=".*") == []
    assert ids(archived="true") == [seo["id"]] and ids(archived="false") == [copy["id"]]


@pytest.mark.parametrize(
    "text", ["a & | b", "%%%", "'; drop table", '"""', "the", "日本語", "🎉", "\\", "***", "),or=(id.eq.1"]
)
def test_any_text_can_be_filtered_by(as_alice: ApiClient, text: str) -> None:
    found = as_alice.new_session(title=f"About {text} here")
    as_alice.new_session(title="Unrelated")
    listed = as_alice.get("/api/chat/sessions", q=text)["sessions"]
    assert [session["id"] for session in listed] == [found["id"]]


def test_a_filter_of_10_kilobytes_is_too_long(as_alice: ApiClient) -> None:
    refused = as_alice.refused("GET", "/api/chat/sessions", params={"q": "x" * 10_000})
    assert refused == (422, "query_too_long")


def test_a_chat_is_renamed_pinned_archived_tagged_and_brought_back(as_alice: ApiClient) -> None:
    id = as_alice.new_session()["id"]
    changed = as_alice.put(
        f"/api/chat/sessions/{id}", {"title": "Launch", "tags": ["a b", "c"], "pinned": True}
    )
    assert changed["session"]["title"] == "Launch"
    assert changed["session"]["tags"] == ["a b", "c"] and changed["session"]["pinned_at"]
    archived = as_alice.patch(f"/api/chat/sessions/{id}", {"isActive": False})["session"]
    assert archived["archived_at"] and archived["is_active"] is False
    assert as_alice.patch(f"/api/chat/sessions/{id}", {"archived": False})["session"]["is_active"] is True


def test_a_tag_filters_and_an_odd_one_is_no_operator(as_alice: ApiClient) -> None:
    tagged = as_alice.new_session()["id"]
    as_alice.new_session()
    as_alice.patch(f"/api/chat/sessions/{tagged}", {"tags": ['odd, "tag" {}']})
    listed = as_alice.get("/api/chat/sessions", tag='odd, "tag" {}')["sessions"]
    assert [session["id"] for session in listed] == [tagged]
    assert as_alice.get("/api/chat/sessions", tag="odd")["sessions"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": None},
        {"title": ""},
        {"title": "x" * 201},
        {"tags": ["x"] * 11},
        {"tags": ["y" * 41]},
        {"tags": ["a", "\u200b"]},
        {"title": "\u200b\u0301"},
        {"tags": "a"},
    ],
)
def test_a_change_that_says_nothing_or_too_much_is_refused(
    as_alice: ApiClient, body: dict[str, object]
) -> None:
    id = as_alice.new_session()["id"]
    status, code = as_alice.refused("PATCH", f"/api/chat/sessions/{id}", json=body)
    assert (status, code) == (422, "missing_field" if not body else "invalid_field")


@pytest.mark.parametrize(
    "name", ["user_id", "thread_id", "created_at", "message_count", "last_message_preview"]
)
def test_what_the_database_keeps_itself_cannot_be_sent(as_alice: ApiClient, name: str) -> None:
    id = as_alice.new_session()["id"]
    assert as_alice.refused("PATCH", f"/api/chat/sessions/{id}", json={name: "x"}) == (422, "unknown_field")
    assert as_alice.refused("POST", "/api/chat/sessions", json={name: "x"}) == (422, "unknown_field")


@pytest.mark.parametrize(
    "path", ["/api/chat/sessions/{id}", "/api/chat/sessions?id={id}", "/api/chat/sessions?sessionId={id}"]
)
def test_deleting_a_chat_takes_its_messages_along(as_alice: ApiClient, path: str) -> None:
    id = as_alice.new_session()["id"]
    as_alice.new_message(id)
    as_alice.delete(path.format(id=id))
    assert as_alice.refused("GET", f"/api/chat/sessions/{id}") == (404, "not_found")
    assert as_alice.refused("GET", f"/api/chat/messages?session_id={id}") == (404, "not_found")


def test_deleting_without_saying_which_chat_is_refused(as_alice: ApiClient) -> None:
    assert as_alice.refused("DELETE", "/api/chat/sessions") == (422, "missing_field")


@pytest.mark.parametrize(
    "form", ["{{{id}}}", "{upper}", "{short}", "..%2f{id}", "{id}%00", "1", "%7B%7D", "{id}%0a"]
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_id_of_another_form_is_not_found(as_alice: ApiClient, method: str, form: str) -> None:
    id = as_alice.new_session()["id"]
    path = form.format(id=id, upper=id.upper(), short=id[:-1])
    assert as_alice.refused(method, f"/api/chat/sessions/{path}") == (404, "not_found")


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1", "limit=0", "limit=101", "limit=1e9", "limit=ten", "limit=%2B5", "limit=%205", "limit=00005",
        "limit=1_0", "limit=5.0", "limit=%D9%A5", f"cursor={cursor('2024-01-01T00:00:00+16:00')}",
        f"cursor={cursor('2024-01-01T00:00:00+99:99')}", f"cursor={cursor('2024-99-99T99:99:99+00:00')}",
        "limit=", "cursor=x", "cursor=eq.1", "cursor=WzFd", "cursor=W10", "order=updated_at.asc", "order=id",
        f"tag={'x' * 41}", "cursor=%00",
        "limit=1&cursor=bm90anNvbg",
    ],
)  # fmt: skip
@pytest.mark.parametrize("list_of", ["websites", "chat/sessions"])
def test_a_page_that_cannot_be_is_refused(as_alice: ApiClient, list_of: str, query: str) -> None:
    if "tag" in query and list_of == "websites":
        return
    assert as_alice.refused("GET", f"/api/{list_of}?{query}") == (422, "invalid_page")


def test_paging_through_chats_that_change_shows_none_twice(as_alice: ApiClient) -> None:
    made = [as_alice.new_session(title=f"Chat {n}")["id"] for n in range(7)]
    first = as_alice.get("/api/chat/sessions?limit=3")
    as_alice.patch(f"/api/chat/sessions/{made[0]}", {"title": "Moved to the top"})
    second = as_alice.get(f"/api/chat/sessions?limit=100&cursor={first['next_cursor']}")
    seen = [s["id"] for s in first["sessions"] + second["sessions"]]
    assert seen == made[:0:-1] and second["next_cursor"] is None


@pytest.mark.parametrize("path", ["/api/chat/sessions/{}", "/api/chat-sessions/{}", "/api/hosting/chats/{}"])
def test_of_two_who_delete_a_chat_at_once_one_finds_it(
    path: str, app: Flask, as_alice: ApiClient, alice: Person, stack: Stack
) -> None:
    session = as_alice.new_session()["id"]

    def delete(_: int) -> int:
        with client_of(app, alice) as client:
            return client.send("DELETE", path.format(session)).status_code

    with ThreadPoolExecutor(2) as threads:
        hold = "select 1 from public.chat_sessions where id = %s for update"
        with stalled(stack, hold, session) as wait_for:
            deleting = threads.map(delete, range(2))
            wait_for(2)
        assert sorted(deleting) == [200, 404]
