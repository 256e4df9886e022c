"""The checker finds what it is there to find: each kind of violation is made on purpose."""

from dataclasses import replace

import pytest

from tests.chaos.histories import History, violations
from tests.chaos.snapshots import Message, Session, Snapshot

WHOLE = "Roses are red, 🌹 violets are blue. "


def a_history() -> History:
    """Two questions in one chat; the first answer is read in two pieces, and again from the middle."""
    history = History()
    for number in (1, 2):
        question, answer = f"question {number}", f"answer {number}"
        history.send(question, f"What is {number}?")
        history.acknowledge(question, "chat", answer)
        history.expect(question, WHOLE)
        reading = history.begin_reading(answer, 0)
        history.show(answer, reading, 0, WHOLE[:10])
        history.show(answer, reading, 10, WHOLE[10:])
        history.show(answer, history.begin_reading(answer, 16), 16, WHOLE[16:20])
        history.end(answer, "complete")
    return history


def a_snapshot() -> Snapshot:
    messages = []
    for number in (1, 2):
        question, answer = f"question {number}", f"answer {number}"
        seq = 2 * number
        messages += [
            Message(question, "chat", seq - 1, "user", "complete", f"What is {number}?", None),
            Message(answer, "chat", seq, "assistant", "complete", WHOLE, question),
        ]
    return Snapshot(messages, [Session("chat", 4, 4, None, WHOLE, WHOLE)], [])


def changed(index: int, **values: object) -> Snapshot:
    snapshot = a_snapshot()
    messages = list(snapshot.messages)
    messages[index] = replace(messages[index], **values)  # type: ignore[arg-type]
    return replace(snapshot, messages=messages)


def without(index: int) -> Snapshot:
    snapshot = a_snapshot()
    return replace(snapshot, messages=[m for i, m in enumerate(snapshot.messages) if i != index])


def session(**values: object) -> Snapshot:
    snapshot = a_snapshot()
    return replace(snapshot, sessions=[replace(snapshot.sessions[0], **values)])  # type: ignore[arg-type]


def kinds(history: History, snapshot: Snapshot) -> set[str]:
    return {violation.kind for violation in violations(history, snapshot)}


def test_a_history_that_is_well_has_no_violations():
    assert violations(a_history(), a_snapshot()) == []


SWAPPED = WHOLE[5:10] + WHOLE[:5] + WHOLE[10:]
SEEDED = {
    "lost question": ("lost", without(0)),
    "lost answer": ("lost", without(3)),
    "lost end of an answer": ("lost", changed(1, content=WHOLE[:-3])),
    "lost middle of an answer": ("lost", changed(1, content=WHOLE[:8] + WHOLE[12:])),
    "answer emptied": ("lost", changed(1, content="")),
    "completeness taken back": ("lost", changed(1, status="interrupted")),
    "question in other words": ("phantom", changed(0, content="What is love?")),
    "question of nobody": ("phantom", changed(0, id="question 9")),
    "characters the model did not say": ("phantom", changed(1, content=WHOLE + "x")),
    "chunks left behind": ("phantom", replace(a_snapshot(), leftover_chunks=["answer 1"])),
    "question stored twice": ("duplicated", changed(2, content="What is 1?")),
    "two answers to one question": ("duplicated", changed(3, reply_to="question 1")),
    "characters stored twice": ("duplicated", changed(1, content=WHOLE[:10] + WHOLE[5:])),
    "characters turned around": ("reordered", changed(1, content=SWAPPED)),
    "gap in the numbers": ("gap", changed(3, seq=5)),
    "number given twice": ("gap", changed(3, seq=3)),
    "answer without end": ("unfinished", changed(3, status="streaming")),
    "forgotten running answer": ("stale", session(running_answer_id="answer 2")),
    "wrong count": ("stale", session(message_count=3)),
    "wrong preview": ("stale", session(last_message_preview="Old")),
}


@pytest.mark.parametrize("name", SEEDED)
def test_what_is_wrong_in_the_database_is_found(name):
    kind, snapshot = SEEDED[name]
    assert kind in kinds(a_history(), snapshot)


def test_two_running_answers_in_a_chat_are_found():
    snapshot = a_snapshot()
    running = [replace(m, status="streaming") if m.role == "assistant" else m for m in snapshot.messages]
    assert "running" in kinds(a_history(), replace(snapshot, messages=running))


def test_questions_in_another_order_than_they_were_acknowledged_in_are_found():
    seqs = (3, 4, 1, 2)
    snapshot = a_snapshot()
    turned = [replace(m, seq=seq) for m, seq in zip(snapshot.messages, seqs, strict=True)]
    assert kinds(a_history(), replace(snapshot, messages=turned)) == {"reordered"}


def test_questions_sent_at_once_may_stand_in_any_order():
    history = History()
    history.send("question 2", "What is 2?")
    history.send("question 1", "What is 1?")
    history.acknowledge("question 2", "chat", "answer 2")
    history.acknowledge("question 1", "chat", "answer 1")
    assert violations(history, a_snapshot()) == []


@pytest.mark.parametrize(
    ("kind", "offset", "text"),
    [
        ("lost", 22, WHOLE[22:24]),
        ("duplicated", 18, WHOLE[18:22]),
        ("phantom", 20, "xx"),
    ],
)
def test_what_is_wrong_on_the_screen_is_found(kind, offset, text):
    history = a_history()
    reading = history.begin_reading("answer 1", 16)
    history.show("answer 1", reading, 16, WHOLE[16:20])
    history.show("answer 1", reading, offset, text)
    assert kind in kinds(history, a_snapshot())


def test_characters_shown_in_another_order_are_found():
    history = a_history()
    history.show("answer 1", history.begin_reading("answer 1", 0), 0, SWAPPED)
    assert kinds(history, a_snapshot()) == {"reordered"}


def test_what_was_deleted_on_purpose_is_not_missed_and_a_second_answer_asked_for_is_no_duplicate():
    history = a_history()
    history.delete("chat")
    assert violations(history, Snapshot([], [], [])) == []

    history = a_history()
    history.retry("question 1")
    another = Message("answer 3", "chat", 5, "assistant", "complete", WHOLE, "question 1")
    snapshot = session(message_count=5, last_seq=5)
    assert violations(history, replace(snapshot, messages=[*snapshot.messages, another])) == []
