"""A conversation may fork, by an edited question, another answer or a copied chat, and nothing of it is lost."""

from dataclasses import replace

import psycopg
import pytest

from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.turns import Answer, answered, expire, read, start


@pytest.fixture(scope="module", autouse=True)
def settled(postgres_is_up_for_a_while: None) -> None:
    """Answers are ended when their lease runs out only once Postgres has been up for a while."""


def history(answer: Answer) -> list[str]:
    return [entry["content"] for entry in answer.turn["history"]]


def test_an_edited_question_begins_another_path_and_keeps_the_old(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    second = answered(alice, "Two", "Second", session_id=first.session_id)
    answered(alice, "Three", "Third", session_id=first.session_id)
    edited = start(alice, "Two, again", edits=second.question_id)
    assert history(edited) == ["One", "First", "Two, again"]
    question = edited.turn["user_message"]
    assert (question["edit_of"], question["follows_id"]) == (second.question_id, first.id)
    edited.finish(0, "Second, again")
    assert history(start(alice, "Four", session_id=first.session_id)) == [
        *history(edited),
        "Second, again",
        "Four",
    ]
    assert len(alice.rows(f"chat_messages?select=id&session_id=eq.{first.session_id}")) == 10


def test_the_first_question_can_be_edited(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    edited = start(alice, "Uno", edits=first.question_id)
    assert history(edited) == ["Uno"]
    assert edited.turn["user_message"]["follows_id"] is None


def test_a_turn_goes_on_from_an_earlier_answer(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    answered(alice, "Two", "Second", session_id=first.session_id)
    assert history(start(alice, "Three", session_id=first.session_id, after=first.id)) == [
        "One",
        "First",
        "Three",
    ]


@pytest.mark.parametrize("aim", ["edits", "after"])
def test_edits_and_earlier_answers_are_found_only_in_their_own_chat(
    alice: Caller, charlie: Caller, aim: str
) -> None:
    mine, other = answered(alice), answered(alice)
    right, wrong = (mine.question_id, mine.id) if aim == "edits" else (mine.id, mine.question_id)
    for caller, values in (
        (charlie, {aim: right}),
        (alice, {aim: wrong}),
        (alice, {aim: new_id()}),
        (alice, {aim: right, "session_id": other.session_id}),
    ):
        given = {"message": "Hi", "message_id": new_id(), "answer_id": new_id(), "lease": new_id(), **values}
        assert error_of(caller.call("start_turn", **given)) == (404, "not_found"), values


def test_a_path_goes_on_over_a_deleted_message(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    second = answered(alice, "Two", "Second", session_id=first.session_id)
    alice.delete(f"chat_messages?id=in.({first.id},{second.question_id})")
    assert history(start(alice, "Three", session_id=first.session_id)) == ["One", "Second", "Three"]


def test_a_branch_is_a_copy_up_to_a_message(alice: Caller, owner: psycopg.Connection) -> None:
    website = alice.insert("websites", name="Luna")["id"]
    first = answered(alice, "One", "First", website_id=website, files={"index.html": "<p>"})
    second = answered(alice, "Two", "Second", session_id=first.session_id)
    retried = alice.called(
        "retry_answer", answer_id=second.id, new_answer_id=(other := new_id()), lease="l" + other
    )
    Answer(second.nobody, retried, other, "l" + other).finish(0, "Other")
    before = alice.rows(f"chat_messages?session_id=eq.{first.session_id}&order=seq")

    branch = alice.called("branch_chat", message_id=second.id)
    assert (branch["branched_from_session_id"], branch["branched_from_message_id"]) == (
        first.session_id,
        second.id,
    )
    assert (branch["message_count"], branch["website_id"], branch["title"]) == (4, website, "One (branch)")
    copied = alice.rows(f"chat_messages?session_id=eq.{branch['id']}&order=seq")
    originals = [message for message in before if message["content"] != "Other"]
    kept = ("role", "kind", "content", "status", "version_id", "version_number", "created_at", "seq")
    assert [pick(message, kept) for message in copied] == [pick(message, kept) for message in originals]
    assert [message["reply_to"] for message in copied] == [None, copied[0]["id"], None, copied[2]["id"]]
    assert history(start(alice, "Three", session_id=branch["id"])) == [
        "One",
        "First",
        "Two",
        "Second",
        "Three",
    ]
    assert alice.rows(f"chat_messages?session_id=eq.{first.session_id}&order=seq") == before


def test_branches_are_numbered_within_the_length_of_a_title(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    long = "A" * 200
    for title, named in (
        ("Menu", ["Menu (branch)", "Menu (branch 2)", "Menu (branch 3)"]),
        (long, [f"{'A' * 191} (branch)", f"{'A' * 189} (branch 2)", f"{'A' * 189} (branch 3)"]),
        ("100% (a_b)", ["100% (a_b) (branch)", "100% (a_b) (branch 2)", "100% (a_b) (branch 3)"]),
    ):
        alice.update(f"chat_sessions?id=eq.{first.session_id}", title=title)
        branches = [alice.called("branch_chat", message_id=first.id) for _ in range(2)]
        copied = alice.rows(f"chat_messages?session_id=eq.{branches[0]['id']}&order=seq")[-1]
        branches.append(alice.called("branch_chat", message_id=copied["id"]))
        assert [branch["title"] for branch in branches] == named


def test_a_branch_that_ends_with_a_question_is_answered_once_for_each_key(
    alice: Caller, charlie: Caller
) -> None:
    first = answered(alice, "One", "First")
    branch = alice.called("branch_chat", message_id=first.question_id)
    (question,) = alice.rows(f"chat_messages?session_id=eq.{branch['id']}")
    answer = new_id()
    ask = {"answer_id": question["id"], "new_answer_id": answer, "lease": "l" + answer}
    assert charlie.call("retry_answer", **ask).status_code == 404
    started = alice.called("retry_answer", **ask)
    assert (started["replayed"], started["answer"]["reply_to"]) == (False, question["id"])
    assert [entry["content"] for entry in started["history"]] == ["One"]
    assert alice.called("retry_answer", **ask)["answer"]["id"] == answer
    again = {**ask, "new_answer_id": new_id()}
    assert error_of(alice.call("retry_answer", **again)) == (409, "answer_running")
    Answer(first.nobody, started, answer, "l" + answer).finish(0, "Now answered")
    assert len(alice.rows(f"chat_messages?session_id=eq.{branch['id']}")) == 2


def pick(message: Json, names: tuple[str, ...]) -> Json:
    return {name: message[name] for name in names}


def test_a_branch_outlives_the_chat_it_came_from(alice: Caller) -> None:
    first = answered(alice, "One", "First")
    branch = alice.called("branch_chat", message_id=first.id)
    alice.delete(f"chat_sessions?id=eq.{first.session_id}")
    left = alice.rows(f"chat_sessions?select=branched_from_session_id,message_count&id=eq.{branch['id']}")
    assert left == [{"branched_from_session_id": None, "message_count": 2}]


def test_a_running_answer_and_another_persons_message_are_not_branched(
    alice: Caller, charlie: Caller
) -> None:
    running = start(alice)
    assert error_of(alice.call("branch_chat", message_id=running.id)) == (409, "answer_running")
    assert error_of(charlie.call("branch_chat", message_id=running.question_id)) == (404, "not_found")


def test_reading_a_chat_does_not_bring_it_to_the_top(alice: Caller) -> None:
    chat = alice.insert("chat_sessions")
    assert (
        alice.update(f"chat_sessions?id=eq.{chat['id']}", last_read_seq=1)[0]["updated_at"]
        == chat["updated_at"]
    )
    assert (
        alice.update(f"chat_sessions?id=eq.{chat['id']}", title="Luna")[0]["updated_at"] > chat["updated_at"]
    )


def test_an_answer_is_unread_until_its_owner_says_so(alice: Caller) -> None:
    answer = answered(alice)
    path = f"chat_sessions?id=eq.{answer.session_id}"
    assert alice.rows(f"{path}&select=last_seq,last_read_seq") == [{"last_seq": 2, "last_read_seq": 1}]
    assert alice.update(path, last_read_seq=2)[0]["last_read_seq"] == 2
    start(alice, session_id=answer.session_id)
    assert alice.rows(f"{path}&select=last_seq,last_read_seq") == [{"last_seq": 4, "last_read_seq": 3}]


def reclaimed(answer: Answer) -> Json:
    return dict(answer.nobody.called("reclaim_answer", answer_id=answer.id, lease=answer.lease))


def interrupted(alice: Caller, owner: psycopg.Connection, **more: object) -> Answer:
    answer = start(alice, **more)
    answer.append(0, "Half 🎉")
    expire(owner, answer.id)
    assert read(alice, answer)["answer"]["status"] == "interrupted"
    return answer


def test_a_worker_that_was_out_of_touch_takes_its_answer_back(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answer = interrupted(alice, owner)
    assert answer.append(6, " more") == "lost"
    assert reclaimed(answer) == {"result": "written", "written": 6}
    assert answer.append(6, " more") == "written"
    assert read(alice, answer)["text"] == "Half 🎉 more"
    assert answer.finish(11, ".")["message"]["content"] == "Half 🎉 more."


def test_an_answer_is_not_taken_back_without_its_lease_or_once_it_ended_otherwise(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answer = interrupted(alice, owner)
    assert reclaimed(replace(answer, lease="wrong")) == {"result": "lost"}
    assert reclaimed(replace(answer, id=new_id())) == {"result": "lost"}
    for status in ("complete", "stopped", "interrupted", "failed"):
        ended = start(alice)
        ended.finish(0, "Over.", status)
        assert reclaimed(ended) == {"result": "lost"}, status
    assert reclaimed(running := start(alice)) == {"result": "lost"}
    assert running.append(0, "x") == "written"


def test_an_answer_is_not_taken_back_once_the_chat_has_moved_on(
    alice: Caller, owner: psycopg.Connection
) -> None:
    asked_again = interrupted(alice, owner)
    start(alice, session_id=asked_again.session_id)
    assert reclaimed(asked_again) == {"result": "lost"}

    continued = interrupted(alice, owner)
    alice.called("continue_answer", answer_id=continued.id, lease=new_id())
    assert reclaimed(continued) == {"result": "lost"}

    earlier = answered(alice, text="Cut", finish_reason="length")
    beside = interrupted(alice, owner, session_id=earlier.session_id)
    alice.called("continue_answer", answer_id=earlier.id, lease=new_id())
    assert reclaimed(beside) == {"result": "lost"}


def test_a_stop_is_heard_by_a_worker_that_takes_its_answer_back(
    alice: Caller, owner: psycopg.Connection
) -> None:
    answer = start(alice)
    answer.append(0, "Half")
    expire(owner, answer.id)
    assert alice.called("stop_answer", answer_id=answer.id)["status"] == "interrupted"
    assert reclaimed(answer)["result"] == "written"
    assert answer.append(4, "") == "stopped"
