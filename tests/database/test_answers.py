"""Every stored character of an answer stays, in order and once, whoever appends, ends, stops or reads at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.stalls import stalled
from tests.database.turns import Answer, answered, expire, read, start
from tests.stacks import Stack

WIDE = "a🎉e\u0301日\U0001f469\u200d\U0001f680\n\t"  # 10 code points; more bytes, fewer letters
LIMIT = 1_000_000


@pytest.fixture(scope="module", autouse=True)
def settled(postgres_is_up_for_a_while: None) -> None:
    """Answers are ended when their lease runs out only once Postgres has been up for a while."""


def text(caller: Caller, answer: Answer) -> str:
    return str(read(caller, answer)["text"])


def stored(caller: Caller, answer: Answer) -> Json:
    return caller.rows(f"chat_messages?id=eq.{answer.id}")[0]


def test_an_append_without_the_lease_is_lost(alice: Caller) -> None:
    answer = start(alice)
    assert replace(answer, lease="wrong").appended(0, "x") == {
        "answer_id": answer.id,
        "written": None,
        "result": "lost",
    }
    assert replace(answer, id=new_id()).append(0, "x") == "lost"
    assert text(alice, answer) == ""


def test_an_append_beyond_what_is_stored_is_a_gap_and_stores_nothing(alice: Caller) -> None:
    answer = start(alice)
    assert answer.append(1, "x") == "gap"
    answer.append(0, "abc")
    assert answer.appended(4, "x") == {"answer_id": answer.id, "written": 3, "result": "gap"}
    assert answer.finish(4, "x") == {"result": "gap", "written": 3}
    assert text(alice, answer) == "abc"


def test_a_repeated_append_is_stored_once(alice: Caller) -> None:
    answer = start(alice)
    for _ in range(3):
        assert answer.appended(0, WIDE) == {"answer_id": answer.id, "written": 10, "result": "written"}
    assert text(alice, answer) == WIDE


def test_an_overlapping_append_brings_only_what_is_new(alice: Caller) -> None:
    answer = start(alice)
    full = WIDE * 3
    for start_at, end in ((0, 4), (2, 9), (0, 13), (5, 7), (13, 13), (9, 30)):
        assert answer.append(start_at, full[start_at:end]) == "written"
    assert text(alice, answer) == full


def test_of_the_same_append_at_once_one_is_stored_and_the_others_are_told_to_come_again(
    alice: Caller,
) -> None:
    answer = start(alice)
    with ThreadPoolExecutor(8) as threads:
        for at in range(0, 80, 10):
            results = threads.map(lambda _, at=at: answer.appended(at, WIDE), range(8))
            told = {(r["written"], r["result"]) for r in results}
            assert (at + 10, "written") in told
            assert told <= {(at + 10, "written"), (None, "busy")}
            assert answer.appended(at, WIDE)["written"] == at + 10
    assert text(alice, answer) == WIDE * 8


@pytest.mark.parametrize("held", ["public.chat_messages where id", "private.answer_leases where message_id"])
def test_an_append_waits_for_nobody_who_deletes_an_answer_and_holds_up_no_other(
    stack: Stack, alice: Caller, charlie: Caller, held: str
) -> None:
    """Deleting an account locks all of its messages and then all of its leases: waiting for it would be a deadlock."""
    going, other = start(alice), start(charlie)
    entries = [{"answer_id": a.id, "lease": a.lease, "offset": 0, "text": "Text"} for a in (going, other)]
    with stalled(stack, f"delete from {held} = %s", going.id):
        results = going.nobody.called("append_chunks", appends=entries)
    assert {r["answer_id"]: r["result"] for r in results} == {going.id: "busy", other.id: "written"}
    assert text(charlie, other) == "Text"


def test_of_two_answers_in_one_call_one_may_be_lost(alice: Caller) -> None:
    kept, ended = start(alice), start(alice)
    ended.finish(0, "Over.")
    entries = [
        {"answer_id": each.id, "lease": each.lease, "offset": 0, "text": "Text"} for each in (ended, kept)
    ]
    results = kept.nobody.called("append_chunks", appends=entries)
    assert {r["answer_id"]: r["result"] for r in results} == {kept.id: "written", ended.id: "lost"}
    assert (text(alice, kept), text(alice, ended)) == ("Text", "Over.")


def test_an_empty_call_and_an_empty_text_are_answered(alice: Caller, nobody: Caller) -> None:
    answer = start(alice)
    assert nobody.called("append_chunks", appends=[]) == []
    assert answer.append(0, "") == "written"


def test_each_append_extends_the_lease(alice: Caller, owner: psycopg.Connection) -> None:
    answer = start(alice)
    expire(owner, answer.id)
    assert answer.append(0, "") == "written"
    assert read(alice, answer)["answer"]["status"] == "streaming"


def test_an_answer_is_full_at_its_limit_and_can_still_be_finished(alice: Caller) -> None:
    answer = start(alice)
    almost = "x" * (LIMIT - 1)
    assert answer.append(0, almost) == "written"
    assert answer.appended(LIMIT - 1, "ab") == {
        "answer_id": answer.id,
        "written": LIMIT - 1,
        "result": "full",
    }
    assert answer.finish(LIMIT - 1, "ab", "failed", error_code="answer_too_long")["result"] == "finished"
    assert stored(alice, answer)["content"] == almost + "a"


def test_finishing_folds_the_chunks_and_all_that_is_known_into_the_message(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answer = start(alice)
    answer.append(0, WIDE)
    more = {
        "finish_reason": "stop",
        "model": "m" * 300,
        "prompt_tokens": 11,
        "completion_tokens": 7,
        "tool_calls": [{"id": "1", "name": "check_page"}],
        "sources": [{"url": "https://example.com"}],
        "sealed_thread": "thread_1",
    }
    ended = answer.finish(8, WIDE[8:] + "end", **more)
    message = stored(alice, answer)
    assert ended == {"result": "finished", "message": {k: v for k, v in message.items() if k != "user_id"}}
    assert (message["content"], message["status"]) == (WIDE + "end", "complete")
    assert {name: message[name] for name in more if name not in ("sealed_thread", "model")} == {
        name: value for name, value in more.items() if name not in ("sealed_thread", "model")
    }
    assert message["model"] == "m" * 200
    assert alice.rows(f"message_chunks?message_id=eq.{answer.id}") == []
    thread = "select sealed from private.provider_threads where session_id = %s"
    assert owner.execute(thread, (answer.session_id,)).fetchone() == ("thread_1",)
    answered(alice, session_id=answer.session_id)
    assert owner.execute(thread, (answer.session_id,)).fetchone() == ("thread_1",)
    start(alice, session_id=answer.session_id).finish(0, "x", sealed_thread="")
    assert owner.execute(thread, (answer.session_id,)).fetchone() is None


def test_finishing_twice_changes_nothing(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    answer = answered(alice, website_id=website, text="Once.", files={"index.html": "<p>"})
    before = stored(alice, answer)
    again = answer.finish(0, "Twice.", "failed", files={"index.html": "<p>"})
    assert (again["result"], again["message"]["content"]) == ("ended", "Once.")
    assert stored(alice, answer) == before
    assert len(alice.rows(f"site_versions?select=id&website_id=eq.{website}")) == 1
    assert answer.append(5, "More") == "lost"


@pytest.mark.parametrize("said", ["", " \n", "\u200b\u2060"])
def test_an_answer_of_nothing_has_failed(alice: Caller, said: str) -> None:
    message = start(alice).finish(0, said)["message"]
    assert (message["status"], message["error_code"]) == ("failed", "model_said_nothing")


@pytest.mark.parametrize("status", ["streaming", "done", ""])
def test_an_answer_does_not_end_in_an_unknown_state(alice: Caller, status: str) -> None:
    answer = start(alice)
    refused = answer.nobody.call(
        "finish_answer", answer_id=answer.id, lease=answer.lease, status=status, offset=0, text="x"
    )
    assert error_of(refused) == (422, "invalid_field")


def test_a_stop_reaches_the_worker_with_its_next_append(alice: Caller) -> None:
    answer = start(alice)
    answer.append(0, "Half")
    assert alice.called("stop_answer", answer_id=answer.id)["status"] == "streaming"
    assert answer.appended(4, " more") == {"answer_id": answer.id, "written": 9, "result": "stopped"}
    answer.finish(9, "", "stopped")
    assert alice.called("stop_answer", answer_id=answer.id)["content"] == "Half more"


def test_neither_a_question_nor_a_running_answer_is_edited_or_stopped_by_mistake(alice: Caller) -> None:
    answer = start(alice)
    assert error_of(alice.call("stop_answer", answer_id=answer.question_id)) == (404, "not_found")
    assert error_of(alice.call("read_answer", answer_id=answer.question_id)) == (404, "not_found")
    edit = alice.send("PATCH", f"chat_messages?id=eq.{answer.id}", {"content": "Mine"})
    assert error_of(edit) == (409, "answer_running")


@pytest.mark.parametrize(
    "ended_by", ["read_answer", "stop_answer", "start_turn", "retry_answer", "continue_answer"]
)
def test_an_answer_whose_worker_is_gone_keeps_every_character(
    alice: Caller, owner: psycopg.Connection, ended_by: str
) -> None:
    answer = start(alice)
    for at in range(0, 50, 10):
        answer.append(at, WIDE)
    expire(owner, answer.id)
    match ended_by:
        case "read_answer":
            assert read(alice, answer)["text"] == WIDE * 5
        case "stop_answer":
            assert alice.called("stop_answer", answer_id=answer.id)["status"] == "interrupted"
        case "start_turn":
            start(alice, session_id=answer.session_id)
        case "retry_answer":
            alice.called("retry_answer", answer_id=answer.id, new_answer_id=new_id(), lease=new_id())
        case "continue_answer":
            going_on = alice.called("continue_answer", answer_id=answer.id, lease=new_id())
            assert (going_on["answer"]["content"], going_on["answer"]["status"]) == (WIDE * 5, "streaming")
            return
    message = stored(alice, answer)
    assert (message["content"], message["status"], message["error_code"]) == (
        WIDE * 5,
        "interrupted",
        "worker_lost",
    )
    assert answer.append(50, "late") == "lost"
    assert answer.finish(50, "late")["result"] == "ended"
    assert stored(alice, answer) == message
    chat = alice.rows(f"chat_sessions?select=running_answer_id&id=eq.{answer.session_id}")[0]
    assert chat["running_answer_id"] != answer.id


def test_an_answer_whose_lease_has_run_out_does_not_count_as_running(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answers = [start(alice) for _ in range(8)]
    given = {"message": "Hi", "message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
    assert alice.call("start_turn", **given).status_code == 429
    expire(owner, answers[0].id)
    alice.called("start_turn", **given)


def test_a_continued_answer_goes_on_in_the_same_message(alice: Caller, owner: psycopg.Connection) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    answer = start(alice, "Make a page", website_id=website)
    page = "Here:\n```html\n<!doctype html><p>Lu"
    answer.append(0, page)
    assert error_of(alice.call("continue_answer", answer_id=answer.id, lease=new_id())) == (
        409,
        "answer_running",
    )
    expire(owner, answer.id)
    read(alice, answer)
    lease = new_id()
    turn = alice.called("continue_answer", answer_id=answer.id, lease=lease)
    assert turn["answer"]["content"] == page
    assert turn["history"] == [{"role": "user", "content": "Make a page"}]
    assert answer.append(len(page), "late") == "lost", "the old lease is void"
    going_on = replace(answer, lease=lease)
    assert going_on.append(len(page), "na</p>") == "written"
    for after in range(len(page) + 7):
        assert read(alice, answer, after)["text"] == (page + "na</p>")[after:]
    ended = going_on.finish(len(page) + 6, "\n```", files={"index.html": "<!doctype html><p>Luna</p>"})
    assert ended["message"]["content"] == page + "na</p>\n```"
    assert (ended["message"]["version_number"], ended["message"]["error_code"]) == (1, None)
    assert error_of(alice.call("continue_answer", answer_id=answer.id, lease=new_id())) == (
        409,
        "answer_complete",
    )


def test_a_stopped_answer_that_is_continued_is_not_stopped_again(alice: Caller) -> None:
    answer = start(alice)
    alice.called("stop_answer", answer_id=answer.id)
    assert answer.append(0, "Half") == "stopped"
    answer.finish(4, "", "stopped")
    going_on = replace(answer, lease=new_id())
    alice.called("continue_answer", answer_id=answer.id, lease=going_on.lease)
    assert going_on.append(4, " more") == "written"


def test_an_answer_cut_off_by_its_length_can_be_continued(alice: Caller) -> None:
    answer = start(alice)
    answer.finish(0, "Once upon", finish_reason="length")
    alice.called("continue_answer", answer_id=answer.id, lease=new_id())
    assert alice.called("stop_answer", answer_id=answer.id)["status"] == "streaming"


def test_versions_are_numbered_without_a_gap_in_parallel(alice: Caller) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    first = alice.insert("site_versions", website_id=website, files={"index.html": "<p>1"})
    answers = [start(alice, website_id=website) for _ in range(8)]

    def make(number: int) -> None:
        if number < 8:
            answers[number].finish(0, "Done.", files={"index.html": f"<p>Answer {number}"})
        elif number % 2:
            alice.insert("site_versions", website_id=website, files={"index.html": f"<p>{number}"})
        else:
            alice.called("restore_version", version_id=first["id"])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(make, range(24)))
    made = alice.rows(
        f"site_versions?select=id,number,source,manifest,restored_from,base_version_id&website_id=eq.{website}&order=number"
    )
    assert [version["number"] for version in made] == list(range(1, 26))
    restored = [version for version in made if version["source"] == "restore"]
    assert len(restored) == 8
    assert all(v["manifest"] == first["manifest"] and v["restored_from"] == first["id"] for v in restored)
    assert all(
        version["base_version_id"] == (first if version["source"] == "answer" else before)["id"]
        for before, version in pairwise(made)
    )
    assert alice.rows(f"websites?id=eq.{website}")[0]["latest_version_number"] == 25


def test_a_website_is_deleted_while_its_answers_finish_without_a_deadlock(
    stack: Stack, alice: Caller
) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    answers = [start(alice, website_id=website) for _ in range(4)]
    with ThreadPoolExecutor(5) as threads:
        with stalled(stack, "select from public.websites where id = %s for update", website) as wait_for:
            deletion = threads.submit(alice.delete, f"websites?id=eq.{website}")
            wait_for(1)
            ends = [threads.submit(a.finish, 0, "Done.", files={"index.html": "<p>"}) for a in answers]
            wait_for(5)
        deletion.result()
        assert [end.result() for end in ends] == [{"result": "lost"}] * 4


def test_appends_and_the_end_at_once_lose_and_repeat_nothing(
    alice: Caller, owner: psycopg.Connection
) -> None:
    """The worker's appends, repeated as after a lost reply, against a finish, a reaping and readers."""
    owner.execute("update private.quotas set allowed = 100000 where name = 'turns'")
    chance = random.Random(7)
    try:
        with ThreadPoolExecutor(6) as threads:
            for _ in range(60):
                _race(alice, owner, chance, threads)
    finally:
        owner.execute("update private.quotas set allowed = 30 where name = 'turns'")


def _race(
    alice: Caller, owner: psycopg.Connection, chance: random.Random, threads: ThreadPoolExecutor
) -> None:
    answer = start(alice)
    full = WIDE * 4
    answer.append(0, full[:10])
    entries = [(at, full[at:end]) for at, end in ((10, 20), (10, 25), (20, 30), (0, 30), (5, 15))]
    jobs = [threads.submit(answer.appended, at, piece) for at, piece in chance.sample(entries, 4)]
    readers = [threads.submit(read, alice, answer, chance.randrange(12)) for _ in range(2)]
    is_reaped = chance.random() < 0.3
    if is_reaped:
        expire(owner, answer.id)
        read(alice, answer)
    # It finishes from what it knows to be stored: 10 characters, though more may be by now.
    end = answer.finish(10, full[10:])
    for job in jobs:
        assert job.result()["result"] in ("written", "gap", "lost", "busy")
    for reader in readers:
        seen = reader.result()
        assert full[: seen["length"]].endswith(seen["text"]) or seen["text"] in full
    content = stored(alice, answer)["content"]
    if end["result"] == "finished":
        assert content == full
    else:
        assert is_reaped
        most = max(
            [10, *(job.result()["written"] or 0 for job in jobs if job.result()["result"] == "written")]
        )
        assert content == full[: len(content)]
        assert len(content) >= most, "what was confirmed is kept"
    assert text(alice, answer) == content
    assert alice.rows(f"message_chunks?message_id=eq.{answer.id}") == []


pieces = st.lists(st.text(st.sampled_from(WIDE), min_size=1, max_size=7), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.text(st.sampled_from(WIDE), max_size=12), chunks=pieces)
def test_reading_from_any_character_gives_the_rest(
    alice: Caller, owner: psycopg.Connection, kept: str, chunks: list[str]
) -> None:
    """Also for a continued answer, whose first text is in the message and the rest in chunks."""
    owner.execute("update private.usage_counters set used = 0 where user_id = %s", (alice.id,))
    answer = start(alice)
    if kept:
        answer.finish(0, kept, "stopped")
        answer = replace(answer, lease=new_id())
        alice.called("continue_answer", answer_id=answer.id, lease=answer.lease)
    full = kept
    for chunk in chunks:
        answer.append(len(full), chunk)
        full += chunk
    for after in [*range(len(full) + 2), -1, 2_147_483_647]:
        seen = read(alice, answer, after)
        assert seen["text"] == full[max(after, 0) :], after
        assert seen["length"] == len(full)
    answer.finish(len(full), "", "stopped")
    for after in range(0, len(full) + 2, 3):
        assert read(alice, answer, after)["text"] == full[after:]
