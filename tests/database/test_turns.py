"""A turn is stored before it is answered, once however often it is sent, and within what its owner may use."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest

from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.stalls import stalled
from tests.database.turns import Answer, answered, start
from tests.stacks import Stack


def turn(**more: object) -> Json:
    """Return arguments for start_turn."""
    return {"message": "Hello", "message_id": new_id(), "answer_id": new_id(), "lease": new_id(), **more}


def at_once(calls: Iterable[Callable[[], httpx.Response]], threads: int = 32) -> list[httpx.Response]:
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def not_at_the_end_of_a_minute() -> None:
    """Wait for the next minute when this one is nearly over: quotas count by the minute."""
    if (left := 60 - time.time() % 60) < 5:
        time.sleep(left + 0.1)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"message": ""}, 400),
        ({"message": " \u200b \n"}, 400),
        ({"message": "x" * 100_001}, 400),
        ({"message": "NUL \0"}, 400),
        ({"helper": "hacker"}, 409),
        ({"kind": "Not A Kind"}, 400),
        ({"message_id": "no-id"}, 400),
        ({"session_id": new_id()}, 404),
        ({"website_id": new_id()}, 404),
    ],
)
def test_a_refused_turn_leaves_nothing_and_costs_nothing(
    alice: Caller, owner: psycopg.Connection, wrong: Json, status: int
) -> None:
    assert alice.call("start_turn", **turn(**wrong)).status_code == status
    assert alice.rows("chat_sessions?select=id") == []
    assert (
        owner.execute("select * from private.usage_counters where user_id = %s", (alice.id,)).fetchall() == []
    )


def test_a_first_turn_makes_the_chat_the_question_and_an_empty_answer(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")
    given = turn(message="Make a page", website_id=website["id"], helper="designer", kind="design")
    made = alice.called("start_turn", **given)
    assert made["replayed"] is False
    chat, question, answer = made["session"], made["user_message"], made["answer"]
    assert (chat["title"], chat["helper"], chat["website_id"]) == ("Make a page", "designer", website["id"])
    assert (chat["message_count"], chat["running_answer_id"]) == (2, given["answer_id"])
    assert (question["id"], question["seq"], question["role"]) == (given["message_id"], 1, "user")
    assert (question["content"], question["kind"], question["status"]) == (
        "Make a page",
        "design",
        "complete",
    )
    assert (answer["id"], answer["seq"], answer["role"]) == (given["answer_id"], 2, "assistant")
    assert (answer["content"], answer["status"], answer["reply_to"]) == ("", "streaming", question["id"])
    assert made["history"] == [{"role": "user", "content": "Make a page"}]
    assert made["website"] == {"id": website["id"], "name": "Luna", "brief": ""}
    assert made["page"] is None
    assert "user_id" not in str(made)


def test_the_same_message_sent_again_returns_the_first_result(alice: Caller) -> None:
    given = turn()
    first = alice.called("start_turn", **given)
    again = alice.called("start_turn", **{**given, "answer_id": new_id(), "lease": new_id()})
    assert again["replayed"] is True
    assert again["answer"] == first["answer"]
    with_its_chat = alice.called("start_turn", **given, session_id=first["session"]["id"])
    assert with_its_chat["answer"] == first["answer"]
    assert len(alice.rows("chat_messages?select=id")) == 2


def test_a_repeated_message_does_not_take_over_the_lease(alice: Caller) -> None:
    first = start(alice)
    again = turn(message_id=first.question_id)
    alice.called("start_turn", **again)
    assert Answer(first.nobody, first.turn, first.id, again["lease"]).append(0, "x") == "lost"
    assert first.append(0, "Mine") == "written"


@pytest.mark.parametrize(
    "other",
    [
        {"message": "Other"},
        {"helper": "seo"},
        {"website_id": new_id()},
        {"session_id": new_id()},
        {"kind": "design"},
        {"edits": new_id()},
        {"after": new_id()},
    ],
)
def test_a_message_id_used_for_something_else_is_refused(alice: Caller, other: Json) -> None:
    given = turn()
    alice.called("start_turn", **given)
    assert error_of(alice.call("start_turn", **{**given, **other})) == (422, "key_reused")


def test_a_message_id_of_a_message_without_an_answer_is_refused(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")
    message = alice.insert("chat_messages", session_id=chat["id"], role="user", content="Hello")
    assert error_of(alice.call("start_turn", **turn(message_id=message["id"]))) == (422, "key_reused")


def test_sixty_four_identical_turns_at_once_make_one(stack: Stack, alice: Caller) -> None:
    given = turn()

    def send() -> httpx.Response:
        return alice.call("start_turn", **{**given, "answer_id": new_id(), "lease": new_id()})

    with ThreadPoolExecutor(64) as threads:
        with stalled(stack, "lock table public.chat_sessions in share mode") as wait_for:
            calls = [threads.submit(send) for _ in range(64)]
            wait_for(10)
        replies = [call.result() for call in calls]
    assert {reply.status_code for reply in replies} == {200}
    assert Counter(reply.json()["replayed"] for reply in replies) == {False: 1, True: 63}
    assert len({reply.json()["answer"]["id"] for reply in replies}) == 1
    assert Counter(row["role"] for row in alice.rows("chat_messages?select=role")) == {
        "user": 1,
        "assistant": 1,
    }
    assert len(alice.rows("chat_sessions?select=id")) == 1


def test_a_second_message_while_an_answer_is_running_is_told_which(alice: Caller) -> None:
    running = start(alice)
    refused = alice.call("start_turn", **turn(session_id=running.session_id))
    assert error_of(refused) == (409, "answer_running")
    assert running.id in refused.json()["details"]
    running.finish(0, "Done.")
    start(alice, session_id=running.session_id)


def test_of_different_messages_at_once_in_one_chat_one_is_answered(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")
    replies = at_once(lambda: alice.call("start_turn", **turn(session_id=chat["id"])) for _ in range(16))
    assert Counter(reply.status_code for reply in replies) == {200: 1, 409: 15}
    assert [row["seq"] for row in alice.rows("chat_messages?select=seq&order=seq")] == [1, 2]


def test_forty_turns_at_once_spend_exactly_thirty(alice: Caller, owner: psycopg.Connection) -> None:
    not_at_the_end_of_a_minute()
    owner.execute("insert into private.quotas values ('turns', 30, '1 minute') on conflict (name) do nothing")
    made = answered(alice)
    # Over before the next begins, so that the limit on running answers isn't what refuses.
    for _ in range(24):
        answered(alice, session_id=made.session_id)
    chats = [alice.insert("chat_sessions")["id"] for _ in range(15)]
    replies = at_once(lambda chat=chat: alice.call("start_turn", **turn(session_id=chat)) for chat in chats)
    assert Counter(reply.status_code for reply in replies) == {200: 5, 429: 10}
    for reply in replies:
        if reply.status_code == 429:
            assert reply.json()["message"] == "quota_exceeded"
            assert '"quota": "turns"' in reply.json()["details"]
    used = owner.execute(
        "select used from private.usage_counters where user_id = %s and name = 'turns'", (alice.id,)
    ).fetchone()
    assert used == (30,), "what was refused isn't counted"


def test_a_spent_quota_says_when_to_come_back_and_then_opens(
    alice: Caller, owner: psycopg.Connection
) -> None:
    not_at_the_end_of_a_minute()
    made = answered(alice)
    counter = "update private.usage_counters set {} where user_id = %s and name = 'turns'"
    owner.execute(counter.format("used = 30"), (alice.id,))
    refused = alice.call("start_turn", **turn(session_id=made.session_id)).json()
    assert 1 <= int(refused["details"].split('"retry_after": ')[1].rstrip("}")) <= 60
    owner.execute(counter.format("window_start = window_start - interval '1 minute'"), (alice.id,))
    start(alice, session_id=made.session_id)


def test_twenty_turns_at_once_run_exactly_eight(alice: Caller) -> None:
    not_at_the_end_of_a_minute()
    replies = at_once(lambda: alice.call("start_turn", **turn()) for _ in range(20))
    assert Counter(reply.status_code for reply in replies) == {200: 8, 429: 12}
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert '"quota": "running_answers"' in refused.json()["details"]
    assert len(alice.rows("chat_sessions?select=id")) == 8, "a refused turn leaves no empty chat"
    assert len(alice.rows("chat_messages?select=id&status=eq.streaming")) == 8


def test_one_persons_quota_is_nobody_elses(alice: Caller, charlie: Caller, owner: psycopg.Connection) -> None:
    answered(alice)
    owner.execute("update private.usage_counters set used = 1000 where user_id = %s", (alice.id,))
    assert alice.call("start_turn", **turn()).status_code == 429
    start(charlie)


def test_chats_count_against_a_days_quota_however_they_are_made(
    alice: Caller, owner: psycopg.Connection
) -> None:
    chat = alice.insert("chat_sessions")
    owner.execute("update private.usage_counters set used = 200 where user_id = %s", (alice.id,))
    assert error_of(alice.send("POST", "chat_sessions", {})) == (429, "quota_exceeded")
    assert error_of(alice.call("start_turn", **turn())) == (429, "quota_exceeded")
    start(alice, session_id=chat["id"])


def test_the_model_sees_the_conversation_and_markers_for_old_pages(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    page = {"index.html": "<!doctype html><p>Luna</p>"}
    text = "Here it is:\n```html\n<!doctype html><p>Luna</p>\n```\nAnything else?"
    first = answered(alice, "Make a page", text, files=page, website_id=website)
    answered(alice, "Any tips?", "Try this:\n```html\n<b>\n```", session_id=first.session_id)
    made = start(alice, "Go on", session_id=first.session_id).turn
    assert [(entry["role"], entry["content"]) for entry in made["history"]] == [
        ("user", "Make a page"),
        ("assistant", "Here it is:\n[page: version 1]\nAnything else?"),
        ("user", "Any tips?"),
        ("assistant", "Try this:\n```html\n<b>\n```"),
        ("user", "Go on"),
    ]
    assert made["page"] == {"number": 1, "files": page}


def test_the_history_keeps_the_newest_within_its_budget_and_always_the_question(alice: Caller) -> None:
    chat = answered(alice, "a" * 100, "b" * 100).session_id
    answered(alice, "c" * 100, "d" * 100, session_id=chat)

    def seen(budget: int) -> str:
        answer = start(alice, "e" * 100, session_id=chat, history_characters=budget)
        alice.delete(f"chat_messages?id=in.({answer.id},{answer.question_id})")
        return "".join(entry["content"][0] for entry in answer.turn["history"])

    assert [seen(budget) for budget in (500, 499, 300, 100, 0, -1)] == ["abcde", "bcde", "cde", "e", "e", "e"]


def test_the_history_has_at_most_two_hundred_messages(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")["id"]
    many = [{"session_id": chat, "role": "user", "content": f"{number}"} for number in range(250)]
    alice.send("POST", "chat_messages", many).raise_for_status()
    history = start(alice, "Last", session_id=chat).turn["history"]
    assert [entry["content"] for entry in history] == [*map(str, range(51, 250)), "Last"]


def chat_of(alice: Caller, *contents: str) -> str:
    """A chat of questions and answers in turn."""
    chat = alice.insert("chat_sessions")["id"]
    rows = [
        {"session_id": chat, "role": ("user", "assistant")[place % 2], "content": content}
        for place, content in enumerate(contents)
    ]
    alice.send("POST", "chat_messages", rows).raise_for_status()
    return str(chat)


def test_a_long_chat_costs_no_more_than_a_full_one(alice: Caller) -> None:
    said = [f"{number} {'x' * 700}" for number in range(150)]
    turns = [start(alice, "So?", session_id=chat_of(alice, *said[:count])).turn for count in (26, 40, 150)]
    for turn in turns:
        assert 10_000 <= sum(len(entry["content"]) for entry in turn["history"]) <= 12_000
        assert 3_500 <= sum(len(told["text"]) + 30 for told in turn["earlier"]) <= 4_000


def test_the_model_is_told_the_beginnings_of_what_came_before(alice: Caller) -> None:
    many = [f"{number} {'x' * 3_000}" for number in range(4)]
    page = "I made\n  a page.\n\n```html\n<!doctype html>\n```\n"
    turn = start(alice, "So?", session_id=chat_of(alice, "A page\n for a bakery", page, *many)).turn
    assert turn["earlier"][:2] == [
        {"role": "user", "text": "A page for a bakery", "version": None},
        {"role": "assistant", "text": "I made a page.", "version": None},
    ]
    assert [told["text"][:2] for told in turn["earlier"][2:]] == ["0 "]
    assert {len(told["text"]) for told in turn["earlier"][2:]} == {2_000}
    assert [entry["content"][:2] for entry in turn["history"]] == ["1 ", "2 ", "3 ", "So"]
    assert start(alice, "So?", session_id=chat_of(alice, "Hi", "Hello")).turn["earlier"] == []


def test_the_history_begins_with_the_same_message_for_some_turns(alice: Caller) -> None:
    chat = chat_of(alice, *(f"{number} {'x' * 500}" for number in range(60)))
    asked = [
        answered(alice, f"{number} {'y' * 500}", f"{number} {'z' * 500}", session_id=chat)
        for number in range(60, 72)
    ]
    firsts = [int(answer.turn["history"][0]["content"].split()[0]) for answer in asked]
    assert firsts == sorted(firsts) and len(set(firsts)) <= 6, firsts


def test_a_chat_about_no_website_keeps_its_newest_page_in_the_history(alice: Caller) -> None:
    pages = [f"Here:\n```html\n<!doctype html>{number}{'x' * 20_000}\n```\n" for number in range(2)]
    turn = start(alice, "Blue", session_id=chat_of(alice, "One", pages[0], "Two", pages[1])).turn
    assert [entry["content"] for entry in turn["history"]] == [
        "One",
        "Here:\n[page]\n",
        "Two",
        pages[1],
        "Blue",
    ]


def test_of_a_page_that_is_too_long_the_model_gets_the_headings(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    for size, page in ((300_000, {"number": 1}), (300_001, {"number": 2, "too_long": 300_001})):
        html = f"<h1>Luna</h1>{'x' * (size - 13)}"
        alice.insert("site_versions", website_id=website, files={"index.html": html})
        told = start(alice, website_id=website).turn["page"]
        is_long = "too_long" in page
        assert told.pop("files") == ({} if is_long else {"index.html": html})
        more = {"skeleton": "<h1>Luna</h1>" + "x" * 295, "room": 4_194_304 - size} if is_long else {}
        assert told == page | more


def test_a_part_of_a_page_that_is_too_long_is_pointed_at_and_counted_as_what_it_is(
    alice: Caller, owner: psycopg.Connection
) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    html = "<p>é</p>" * 50_000
    version = alice.insert("site_versions", website_id=website, files={"index.html": html})["id"]

    def ask(end: int) -> httpx.Response:
        place = {"version_id": version, "path": "index.html", "start": 8, "end": end}
        given = {"message": "Blue", "message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
        return alice.call("start_turn", **given, website_id=website, target=place)

    turn = ask(40_008).json()
    assert (turn["page"]["files"], turn["page"]["unseen"]) == ({}, {"index.html": html})
    assert turn["target"] == {"path": "index.html", "start": 8, "end": 40_008}
    assert ask(80_008).status_code == 200
    read = "select reading from private.answer_leases where user_id = %s order by reading"
    readings = [row[0] for row in owner.execute(read, (alice.id,))]
    assert 9_000 < readings[1] - readings[0] < 11_000 and readings[0] < 15_000
    # Of 9 bytes each.
    assert [ask(8 + 8 * count).status_code for count in (33_333, 33_334)] == [200, 422]


def test_the_model_gets_the_brief_of_the_website(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    assert start(alice, website_id=website).turn["website"] == {"id": website, "name": "Luna", "brief": ""}
    alice.called("save_brief", website_id=website, text="Open daily")
    assert start(alice, website_id=website).turn["website"]["brief"] == "Open daily"
    assert start(alice).turn["website"] is None


def test_a_retry_is_another_answer_to_the_same_question_and_keeps_the_old(alice: Caller) -> None:
    chat = answered(alice, "One", "First").session_id
    old = answered(alice, "Two", "Second", session_id=chat)
    new_answer = {"new_answer_id": new_id(), "lease": new_id()}
    retried = alice.called("retry_answer", answer_id=old.id, **new_answer)
    assert (retried["answer"]["reply_to"], retried["answer"]["seq"]) == (old.question_id, 5)
    assert [entry["content"] for entry in retried["history"]] == ["One", "First", "Two"]
    lost_its_reply = alice.called("retry_answer", answer_id=old.id, **new_answer)
    assert (lost_its_reply["replayed"], lost_its_reply["history"]) == (False, retried["history"])
    elsewhere = alice.called("retry_answer", answer_id=old.id, **{**new_answer, "lease": new_id()})
    assert (elsewhere["replayed"], elsewhere["answer"]["id"]) == (True, new_answer["new_answer_id"])
    new = Answer(old.nobody, retried, new_answer["new_answer_id"], new_answer["lease"])
    new.finish(0, "Better")
    shown = alice.rows(f"chat_messages?select=content&session_id=eq.{chat}&order=seq")
    assert [row["content"] for row in shown] == ["One", "First", "Two", "Second", "Better"]
    history = start(alice, "Three", session_id=chat).turn["history"]
    assert [entry["content"] for entry in history] == ["One", "First", "Two", "Better", "Three"]


def test_a_retry_of_another_answer_under_the_same_id_is_refused(alice: Caller) -> None:
    first = answered(alice)
    new_answer = {"new_answer_id": new_id(), "lease": new_id()}
    retried = alice.called("retry_answer", answer_id=first.id, **new_answer)
    second = Answer(first.nobody, retried, new_answer["new_answer_id"], new_answer["lease"])
    second.finish(0, "Better")
    third = {"new_answer_id": new_id(), "lease": new_id()}
    alice.called("retry_answer", answer_id=second.id, **third)
    assert error_of(alice.call("retry_answer", answer_id=first.id, **third)) == (422, "key_reused")


def test_a_retry_is_refused_while_running_under_a_used_id_or_without_a_question(alice: Caller) -> None:
    old = start(alice)
    fresh = {"answer_id": old.id, "lease": new_id()}
    assert error_of(alice.call("retry_answer", new_answer_id=new_id(), **fresh)) == (409, "answer_running")
    old.finish(0, "Done.")
    for used in (old.id, old.question_id):
        assert error_of(alice.call("retry_answer", new_answer_id=used, **fresh)) == (422, "key_reused")
    alice.delete(f"chat_messages?id=eq.{old.question_id}")
    assert error_of(alice.call("retry_answer", new_answer_id=new_id(), **fresh)) == (409, "no_question")
    assert error_of(alice.call("continue_answer", answer_id=old.id, lease=new_id()))[0] == 409
