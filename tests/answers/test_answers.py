"""What a person who asks gets to see, and what is stored of it."""

import json
import threading
import time
import uuid

import psycopg
import pytest

from sitethread.answers.running import MAX_CHARACTERS
from sitethread.model import event_stream
from sitethread.model.client import Model
from sitethread.model.events import ModelError, cached_in
from sitethread.settings import Settings
from tests.chat_client import Shown
from tests.fake_model import Close, FakeModel, Hang, Pause, Raw, Say, Status, words
from tests.http_client import ApiClient, connect

PAGE = "<!doctype html>\n<html lang='en'><head><title>Luna</title></head><body><h1>Luna ☕</h1></body></html>"


def test_nobody_asks_without_signing_in(server):
    with ApiClient(connect(server.url)) as nobody:
        assert nobody.refused("POST", "/api/chat", json={"message": "hi"}) == (401, "auth_required")


def test_charlie_can_neither_follow_nor_stop_nor_retry_alices_answer(server, client, charlie):
    answer = client.ask("5 words").message_id
    unknown = str(uuid.uuid4())

    with ApiClient(connect(server.url), charlie.access_token) as as_charlie:
        for method, verb in (("GET", "events"), ("POST", "stop"), ("POST", "retry"), ("POST", "continue")):
            foreign = as_charlie.error(method, f"/api/chat/messages/{answer}/{verb}", 404)
            assert foreign == as_charlie.error(method, f"/api/chat/messages/{unknown}/{verb}", 404)


def test_what_was_shown_is_what_is_stored(client, model):
    shown = client.ask("60 words, seed 3")
    stored = client.stored(shown.message_id, shown.session_id)
    assert shown.text == "".join(words(3, 60)) == stored["content"]
    assert stored["status"] == shown.done["status"] == "complete"
    assert (stored["model"], stored["finish_reason"]) == ("fake-1", "stop")
    assert (stored["prompt_tokens"], stored["completion_tokens"]) == (11, 22)
    assert shown.done["usage"] == {"prompt_tokens": 11, "completion_tokens": 22}


def test_what_a_provider_read_from_its_cache_is_kept_with_the_answer(client, model):
    details = {"prompt_tokens": 50, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 40}}
    events = ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, {"choices": [], "usage": details})
    model.enqueue(
        Say("Hi"), *(Raw(b"data: " + json.dumps(event).encode() + b"\n\n") for event in events), Close()
    )
    shown = client.ask("Hi")
    stored = client.stored(shown.message_id, shown.session_id)
    assert (stored["prompt_tokens"], stored["cached_tokens"]) == (50, 40)
    (day,) = client.send("GET", "/api/usage").json()["usage"]["days"]
    assert (day["prompt_tokens"], day["cached_tokens"]) == (50, 40)


@pytest.mark.parametrize(
    "details", [None, "many", {"cached_tokens": -1}, {"cached_tokens": 2**31}, {"cached_tokens": "7"}]
)
def test_what_is_no_number_of_cached_tokens_is_not_kept(details):
    assert cached_in(details) is None


def test_the_first_event_names_the_chat(client):
    shown = client.ask("5 words please, for a title that is much longer than fifty characters")
    name, data = shown.events[0]
    assert name == "session"
    assert data["session_id"] and data["message_id"] and data["user_message_id"]
    assert data["title"].endswith("…") and len(data["title"]) <= 51


def test_text_is_in_the_database_before_it_is_shown(client, stack):
    shown = Shown()
    for _ in client.asking(shown, "40 words, seed 1, 60 a second"):
        stored = stack.sql(
            "select m.content || coalesce((select string_agg(c.text, '' order by c.start_offset) from message_chunks c"
            " where c.message_id = m.id), '') as text from chat_messages m where m.id = %s",
            shown.message_id,
        )
        assert stored[0]["text"].startswith(shown.text)
    assert shown.done


def test_a_page_in_an_answer_becomes_a_version_of_the_website(client, model):
    website = client.new_website("Luna")
    model.enqueue(Say(f"Here it is.\n\n```html\n{PAGE}\n```\n\nEnjoy."))
    shown = client.ask("Create a landing page", website_id=website["id"])
    version = next(data for name, data in shown.events if name == "version")
    assert version["number"] == 1
    saved = client.send("GET", f"/api/versions/{version['version_id']}").json()["version"]
    assert saved["files"]["index.html"].strip() == PAGE
    assert (saved["summary"], saved["source"]) == ("Create a landing page", "answer")
    assert client.stored(shown.message_id, shown.session_id)["version_id"] == version["version_id"]

    client.ask("5 words, and make it green", session_id=shown.session_id)
    prompt = model.requests[-1]["messages"]
    assert "Luna ☕" in prompt[0]["content"] and "version 1" in prompt[0]["content"]
    assert [m["role"] for m in prompt] == ["system", "user", "assistant", "user"]
    assert "[page: version 1]" in prompt[2]["content"] and "Luna ☕" not in prompt[2]["content"]


def test_closing_the_tab_changes_nothing_and_the_rest_arrives_elsewhere(client):
    shown = Shown()
    for _ in client.asking(shown, "60 words, seed 8, 60 a second"):
        if shown.position > 40:
            break  # Leaving the loop closes the connection.
    seen_before = shown.text
    elsewhere = client.follow(shown.message_id)
    for _ in client.following(shown):
        pass
    assert shown.text.startswith(seen_before)
    assert shown.text == elsewhere.text == "".join(words(8, 60))


def test_ten_readers_on_both_workers_see_the_same(client):
    shown = Shown()
    asking = client.asking(shown, "80 words, seed 5, 60 a second")
    next(asking)
    readers = [Shown(message_id=shown.message_id) for _ in range(10)]

    def read(reader: Shown) -> None:
        with client.on_another_device() as other:
            for _ in other.following(reader):
                pass

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for _ in asking:
        pass
    for thread in threads:
        thread.join()
    assert {reader.text for reader in readers} == {shown.text} == {"".join(words(5, 80))}


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "99999999", "9" * 30, "1\r\n"])
def test_a_position_that_can_not_be_is_refused(client, after):
    answer = client.ask("5 words").message_id
    response = client.send("GET", f"/api/chat/messages/{answer}/events", params={"after": after})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_cursor")


def test_a_wrong_position_is_refused_beside_a_right_one(client):
    answer = client.ask("5 words").message_id
    response = client.send(
        "GET",
        f"/api/chat/messages/{answer}/events",
        params={"after": "x"},
        headers={"Last-Event-ID": "0"},
    )
    assert response.status_code == 400


def test_the_same_message_sent_twice_is_one_question(client, model):
    before = len(model.requests)
    key = str(uuid.uuid4())
    first = client.ask("30 words, seed 2", message_id=key)
    second = client.ask("30 words, seed 2", message_id=key)
    assert (first.message_id, first.text) == (second.message_id, second.text)
    assert len(model.requests) == before + 1
    reused = client.send("POST", "/api/chat", json={"message": "something else", "message_id": key})
    assert (reused.status_code, reused.json()["error"]["code"]) == (422, "key_reused")


def test_sixteen_identical_submits_at_once_call_the_model_once(client, model):
    before, key = len(model.requests), str(uuid.uuid4())
    texts: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: texts.append(client.ask("30 words, seed 4, 60 a second", message_id=key).text)
        )
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["".join(words(4, 30))] * 16
    assert len(model.requests) == before + 1


def test_a_second_message_waits_for_the_first_answer(client):
    shown = Shown()
    asking = client.asking(shown, "40 words, seed 1, 40 a second")
    next(asking)
    refused = client.send("POST", "/api/chat", json={"message": "and?", "session_id": shown.session_id})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "answer_running")
    assert refused.json()["error"]["answer_id"] == shown.message_id
    for _ in asking:
        pass
    assert client.ask("5 words", session_id=shown.session_id).done["status"] == "complete"


@pytest.mark.parametrize("attempt", range(4))  # Each request may meet either worker.
def test_stop_hangs_up_on_the_model_and_keeps_what_was_shown(client, model, attempt):
    model.enqueue(Say("Once upon a time, "), Hang())
    shown = Shown()
    asking = client.asking(shown, "Tell me a story")
    while not shown.text:
        next(asking)
    hung_up, stopped_at = len(model.hung_up_at), time.monotonic()
    with client.on_another_device() as other:
        assert other.stop(shown.message_id).status_code == 200
    for _ in asking:
        pass
    assert shown.done["status"] == "stopped"
    assert client.stored(shown.message_id, shown.session_id)["content"] == shown.text == "Once upon a time, "
    while len(model.hung_up_at) == hung_up:
        assert time.monotonic() - stopped_at < 5, "the model goes on for nobody"
        time.sleep(0.02)
    assert len(model.hung_up_at) == hung_up + 1


FAULTS = {
    "model_refused_key": (Status(401),),
    "model_busy": (Status(429), Status(429)),
    "model_error": (Status(500), Status(500)),
    "model_timeout": (Say("So far"), Hang()),
    "model_garbage": (Say("So far"), Raw(b"data: {nonsense\n\n")),
    "model_disconnected": (Say("So far"), Close()),
    "model_said_nothing": (Pause(0.01),),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_model_that_fails_is_explained_and_loses_nothing(client, model, code):
    steps = FAULTS[code]
    if isinstance(steps[0], Status):
        for step in steps:  # The client tries once more by itself.
            model.enqueue(step)
    else:
        model.enqueue(*steps)
    shown = client.ask("Go")
    stored = client.stored(shown.message_id, shown.session_id)
    assert (stored["status"], stored["error_code"]) == ("failed", code)
    assert stored["content"] == shown.text == ("So far" if Say("So far") in steps else "")
    error = next(data for name, data in shown.events if name == "error")
    assert error["code"] == code and len(error["message"]) > 20
    assert client.again(shown.message_id, "retry").done["status"] == "complete"


def test_a_stream_cut_in_the_middle_of_a_line_is_a_model_that_broke_off(client, model):
    model.enqueue(Say("So far"), Raw(b'data: {"choices": [{"del'), Close())
    shown = client.ask("Go")
    assert (shown.text, shown.done["error_code"]) == ("So far", "model_disconnected")


def test_a_model_that_talks_for_ever_is_cut_off_at_the_limit_and_hung_up_on(client, model):
    model.enqueue(*[Say("0123456789" * 2000, piece=20_000)] * 60, Hang())
    hung_up = len(model.hung_up_at)
    shown = client.ask("Go")
    stored = client.stored(shown.message_id, shown.session_id)
    assert (stored["status"], stored["error_code"]) == ("failed", "answer_too_long")
    assert MAX_CHARACTERS <= len(stored["content"]) <= MAX_CHARACTERS + 20_000
    assert stored["content"] == shown.text
    assert len(model.hung_up_at) == hung_up + 1


def test_a_model_that_sends_for_ever_and_says_nothing_is_hung_up_on(client, model):
    model.enqueue(Say("So far"), *[Raw(b": " + b"x" * 1_000_000 + b"\n")] * 80, Hang())
    shown = client.ask("Go")
    assert (shown.text, shown.done["error_code"]) == ("So far", "model_garbage")


def test_a_model_that_never_comes_to_an_end_is_hung_up_on_in_time(monkeypatch):
    monkeypatch.setattr(event_stream, "STREAM_SECONDS", 0.5)
    with FakeModel() as fake:
        fake.enqueue(*[Raw(b": still thinking\n"), Pause(0.05)] * 1000)
        settings = Settings("http://127.0.0.1", "key", openai_api_key="key", openai_base_url=fake.base_url)
        with pytest.raises(ModelError) as caught:
            list(Model(settings).stream([{"role": "user", "content": "Go"}]))
    assert (caught.value.code, caught.value.message) == ("model_timeout", "it took more than 0.5 s")


def test_a_redirect_of_the_model_is_not_followed(client, model):
    model.enqueue(Status(302, location="http://169.254.169.254/latest/meta-data"))
    assert client.ask("Go").done["error_code"] == "model_error"


def test_split_characters_and_half_surrogates_arrive_whole(client, model):
    event = 'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'
    raw = (event % "né 🎉").encode()
    model.enqueue(
        *(Raw(raw[i : i + 1]) for i in range(len(raw))),
        Raw((event % r"\ud83c").encode()),
        Raw((event % r"\udf89!").encode()),
        Raw((event % r"\u0000\ud800x").encode()),
    )
    assert client.ask("Go").text == "né 🎉🎉!\ufffdx"


def test_continue_goes_on_in_the_same_message(client, model):
    model.enqueue(Say("Roses are red, "), Close())
    broken = client.ask("A poem")
    model.enqueue(Say("violets are blue."))
    going_on = client.again(broken.message_id, "continue")
    assert going_on.message_id == broken.message_id
    assert going_on.text == "Roses are red, violets are blue."
    stored = client.stored(broken.message_id, broken.session_id)
    assert (stored["content"], stored["status"]) == (going_on.text, "complete")
    assert [m["content"] for m in model.requests[-1]["messages"][-2:]] == [
        "Roses are red, ",
        "Continue exactly where you stopped. Do not repeat anything.",
    ]
    refused = client.send("POST", f"/api/chat/messages/{broken.message_id}/continue")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "answer_complete")


def test_try_again_keeps_the_old_answer(client, model):
    model.enqueue(Say("First."))
    first = client.ask("A word")
    model.enqueue(Say("Second."))
    second = client.again(first.message_id, "retry")
    messages = client.messages(first.session_id)
    assert [m["content"] for m in messages] == ["A word", "First.", "Second."]
    assert messages[1]["reply_to"] == messages[2]["reply_to"] == messages[0]["id"]
    model.enqueue(Say("Third."))
    client.ask("Another", session_id=first.session_id)
    assert [m["content"] for m in model.requests[-1]["messages"][1:]] == ["A word", "Second.", "Another"]
    assert second.message_id != first.message_id


def test_an_answer_outlives_the_sign_in_it_was_asked_with(stack, client, alice):
    shown = Shown()
    for _ in client.asking(shown, "100 words, seed 6, 60 a second"):
        break
    stack.sql("delete from auth.sessions where user_id = %s", alice.id)
    deadline = time.monotonic() + 10
    row: dict = {}
    while row.get("status", "streaming") == "streaming" and time.monotonic() < deadline:
        [row] = stack.sql("select status, content from chat_messages where id = %s", shown.message_id)
        time.sleep(0.1)
    assert row == {"status": "complete", "content": "".join(words(6, 100))}


def test_asking_a_question_in_other_words_keeps_the_first_ones(client, model):
    first = client.ask("5 words, first")
    second = client.ask("5 words, second", session_id=first.session_id)
    client.ask("5 words, third", session_id=first.session_id)
    edited = client.ask("6 words, second in other words", edits=second.user_message_id)
    assert edited.session_id == first.session_id
    assert [m["content"] for m in model.requests[-1]["messages"][1:]] == [
        "5 words, first",
        first.text,
        "6 words, second in other words",
    ]
    stored = {m["id"]: m for m in client.messages(first.session_id)}
    assert len(stored) == 8
    alternative, original = stored[edited.user_message_id], stored[second.user_message_id]
    assert alternative["follows_id"] == original["follows_id"] == first.message_id
    assert alternative["edit_of"] == original["id"]

    client.ask("5 words, back on the old way", after=second.message_id)
    assert "5 words, second" in [m["content"] for m in model.requests[-1]["messages"]]
    assert "6 words, second in other words" not in [m["content"] for m in model.requests[-1]["messages"]]


def test_a_branch_is_a_new_chat_that_says_where_it_came_from(client, charlie):
    first = client.ask("5 words, first")
    client.ask("5 words, second", session_id=first.session_id)
    path = f"/api/chat/messages/{first.message_id}/branch"
    as_charlie = ApiClient(client.http, charlie.access_token)
    assert as_charlie.refused("POST", path) == (404, "not_found")

    response = client.send("POST", path)
    assert response.status_code == 201
    branch = response.json()["session"]
    assert branch["branched_from_session_id"] == first.session_id
    assert branch["branched_from_message_id"] == first.message_id
    assert [m["content"] for m in client.messages(branch["id"])] == ["5 words, first", first.text]
    assert len(client.messages(first.session_id)) == 4


def test_a_chat_is_unread_until_somebody_has_looked(client):
    shown = client.ask("5 words")
    path = f"/api/chat/sessions/{shown.session_id}"
    unread = client.send("GET", path).json()["session"]
    assert (unread["is_unread"], unread["last_seq"]) == (True, 2)
    read = client.send("PATCH", path, json={"last_read_seq": 2}).json()["session"]
    assert (read["is_unread"], read["updated_at"]) == (False, unread["updated_at"])


def test_an_answer_that_was_given_up_too_early_is_taken_back(client, stack):
    shown = Shown()
    asking = client.asking(shown, "120 words, seed 9, 60 a second")
    while shown.position < 50:
        next(asking)
    with psycopg.connect(stack.db_url) as owner:
        # Locked first, as reaping does: nothing may be appended in between.
        owner.execute(
            "update private.answer_leases set ended_at = now() where message_id = %s", [shown.message_id]
        )
        owner.execute(
            "update chat_messages m set status = 'interrupted', error_code = 'worker_lost', content = ("
            "select string_agg(text, '' order by start_offset) from message_chunks where message_id = m.id)"
            " where id = %s",
            [shown.message_id],
        )
        owner.execute("delete from message_chunks where message_id = %s", [shown.message_id])
    for _ in asking:
        pass
    assert shown.done["status"] == "complete"
    assert (
        client.stored(shown.message_id, shown.session_id)["content"] == shown.text == "".join(words(9, 120))
    )
