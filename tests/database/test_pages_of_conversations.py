"""The page belongs to the conversation: which version a question starts from is the base of what it makes."""

import uuid

import psycopg
import pytest

from tests.database.callers import Caller, Json, error_of, new_id
from tests.database.turns import Answer, start

# Steps of a history, told one after the other; each makes the next version, where nothing else is said. A step is
# "chat: what is done":
#   ask               a question at the end of the chat's newest path
#   after N           a question after the answer that made version N
#   edit N / retry N  the question that led to version N, in other words; another answer to it
#   talk              a question whose answer writes no page
#   restore N / save  by hand
#   branch N OTHER    a copy of the chat up to the answer that made version N, called OTHER
#   clear, delete     into the trash, the messages or the chat
# and "= N" says from which version the last answer starts ("none": from no page).
HISTORIES = [
    ("linear", "A: ask, A: ask, A: ask = 2"),
    ("a first question", "A: ask = none"),
    ("a first question on a website with a page", "save, A: ask = 1"),
    ("an edited question", "A: ask, A: ask, A: edit 2 = 1"),
    ("the first question, edited", "A: ask, A: ask, A: edit 1 = none"),
    ("the first question of a website with a page, edited", "save, A: ask, A: ask, A: edit 2 = 1"),
    ("what follows an edited question", "A: ask, A: ask, A: edit 2, A: ask = 3"),
    ("an alternative that is gone back to", "A: ask, A: ask, A: edit 2, A: after 2 = 2"),
    ("another answer", "A: ask, A: ask, A: retry 2 = 1"),
    ("a third answer", "A: ask, A: ask, A: retry 2, A: retry 2 = 1"),
    ("another first answer", "A: ask, A: retry 1 = none"),
    ("an earlier answer, gone on from", "A: ask, A: ask, A: ask, A: after 1 = 1"),
    ("talk in between", "A: ask, A: talk, A: talk, A: ask = 1"),
    ("talk, in other words", "A: ask, A: ask, A: talk, A: edit 2 = 1"),
    ("two chats", "A: ask, B: ask, A: ask = 2"),
    ("two chats, in turn", "A: ask, B: ask, A: ask, B: ask = 3"),
    ("two chats, one with an edited question", "A: ask, B: ask, A: ask, A: edit 3 = 1"),
    ("an edit of what another chat went on from", "A: ask, A: ask, B: ask, A: edit 2 = 1"),
    ("another chat, after an edit", "A: ask, A: ask, A: edit 2, B: ask = 3"),
    ("a chat whose page another one left behind", "A: ask, A: ask, A: edit 2, B: ask, A: after 2 = 2"),
    ("a restore in between", "A: ask, A: ask, restore 1, A: ask = 3"),
    ("a restore, and another answer", "A: ask, A: ask, restore 1, A: retry 2 = 1"),
    ("a restore of another path", "A: ask, A: ask, A: edit 2, restore 2, A: ask = 4"),
    ("a restore, seen from the other path", "A: ask, A: ask, A: edit 2, restore 2, A: after 2 = 2"),
    ("an edit by hand", "A: ask, save, A: ask = 2"),
    ("a branch of the last answer", "A: ask, A: ask, A: branch 2 B, B: ask = 2"),
    ("a branch of an earlier answer", "A: ask, A: ask, A: branch 1 B, B: ask = 1"),
    ("a branch of a branch", "A: ask, A: ask, A: branch 1 B, B: branch 1 C, C: ask = 1"),
    ("a branch that has gone on", "A: ask, A: branch 1 B, B: ask, A: ask, B: ask = 3"),
    ("what was branched from", "A: ask, A: ask, A: branch 1 B, B: ask, A: ask = 2"),
    ("a branch whose origin another chat went on from", "A: ask, A: branch 1 B, C: ask, B: ask = 2"),
    ("a branch of a deleted chat", "A: ask, A: ask, A: branch 1 B, A: delete, B: ask = 2"),
    ("a cleared chat", "A: ask, A: ask, A: clear, A: ask = 2"),
    ("a deleted chat", "A: ask, A: ask, A: delete, B: ask = 2"),
]


class History:
    """A website, and the chats on it by name."""

    def __init__(self, alice: Caller) -> None:
        self.alice = alice
        self.website = str(alice.insert("websites", name="Luna")["id"])
        self.chats: dict[str, str] = {}
        self.leaves: dict[str, str | None] = {}
        # What the answer that made a version is called in each chat: branches hold copies.
        self.made: dict[tuple[str, str], Json] = {}

    def tell(self, step: str) -> Answer | None:
        """Do a step; return the running answer of one that asks."""
        chat, _, deed = step.rpartition(": ")
        match deed.split():
            case ["save"]:
                self.alice.insert("site_versions", website_id=self.website, files=page())
            case ["restore", number]:
                self.alice.called("restore_version", version_id=self.version(number)["id"])
            case ["branch", number, other]:
                branch = self.alice.called("branch_chat", message_id=self.answer(chat, number)["id"])
                self.chats[other] = branch["id"]
                self.remember(other)
            case ["clear"]:
                self.alice.called("clear_chat", session_id=self.chats[chat])
            case ["delete"]:
                self.alice.called("trash_chats", session_ids=[self.chats[chat]])
            case ["retry", number]:
                answer_id, lease = new_id(), new_id()
                old = self.answer(chat, number)["id"]
                turn = self.alice.called("retry_answer", answer_id=old, new_answer_id=answer_id, lease=lease)
                return Answer(Caller(self.alice.http), turn, answer_id, lease)
            case ["edit", number]:
                return start(self.alice, deed, edits=self.answer(chat, number)["reply_to"])
            case ["after", number]:
                return start(self.alice, deed, after=self.answer(chat, number)["id"])
            case [("ask" | "talk")]:
                place = (
                    {"session_id": self.chats[chat]} if chat in self.chats else {"website_id": self.website}
                )
                return start(self.alice, deed, **place)
            case _:
                raise AssertionError(step)
        return None

    def finish(self, step: str, answer: Answer) -> Json:
        """End an answer, with a page unless it only talks; return its message."""
        files = None if step.endswith("talk") else page()
        message = dict(answer.finish(0, "Fine.", files=files)["message"])
        chat = step.partition(": ")[0]
        self.chats[chat] = answer.session_id
        self.remember(chat)
        return message

    def remember(self, chat: str) -> None:
        for message in self.alice.rows(
            f"chat_messages?session_id=eq.{self.chats[chat]}&version_id=not.is.null"
        ):
            self.made.setdefault((chat, str(message["version_number"])), message)

    def answer(self, chat: str, number: str) -> Json:
        return self.made[chat, number]

    def version(self, number: str) -> Json:
        return dict(self.alice.rows(f"site_versions?website_id=eq.{self.website}&number=eq.{number}")[0])

    def files(self, number: str) -> Json:
        return dict(self.alice.called("read_version", version_id=self.version(number)["id"])["files"])


def page() -> Json:
    return {"index.html": f"<p>{uuid.uuid4()}"}


@pytest.mark.parametrize("told", [told for _, told in HISTORIES], ids=[name for name, _ in HISTORIES])
def test_where_a_question_starts_from_is_the_base_of_what_it_makes(alice: Caller, told: str) -> None:
    history = History(alice)
    steps, _, wanted = told.rpartition(" = ")
    *earlier, last = steps.split(", ")
    for step in earlier:
        if answer := history.tell(step):
            history.finish(step, answer)
    asked = history.tell(last)
    assert asked
    seen = asked.turn["page"]
    assert ("none" if seen is None else str(seen["number"])) == wanted
    made = history.version(str(history.finish(last, asked)["version_number"]))
    assert made["base_version_id"] == (None if seen is None else history.version(wanted)["id"])
    if seen:
        assert seen["files"] == history.files(wanted)


def test_by_hand_the_base_is_the_version_that_was_replaced(alice: Caller) -> None:
    history = History(alice)
    for step in ("save", "save", "restore 1", "save"):
        history.tell(step)
    versions = alice.called("read_versions", website_id=history.website)
    numbers = {version["id"]: version["number"] for version in versions}
    assert [(v["number"], numbers.get(v["base_version_id"])) for v in versions] == [
        (4, 3),
        (3, 2),
        (2, 1),
        (1, None),
    ]
    first = versions[-1]["id"]
    forged = {"website_id": history.website, "files": page(), "base_version_id": first}
    assert error_of(alice.send("POST", "site_versions", forged)) == (
        403,
        "permission denied for table site_versions",
    )


def test_a_page_that_moved_meanwhile_is_not_the_base(alice: Caller) -> None:
    history = History(alice)
    history.tell("save")
    asked = history.tell("A: ask")
    assert asked
    history.tell("save")
    made = history.version(str(history.finish("A: ask", asked)["version_number"]))
    assert (made["number"], made["base_version_id"]) == (3, history.version("1")["id"])


def test_a_call_whose_reply_was_lost_gets_the_page_that_was_chosen_first(alice: Caller) -> None:
    history = History(alice)
    history.tell("save")
    given = {"message": "Hi", "message_id": new_id(), "answer_id": new_id(), "lease": new_id()}
    first = alice.called("start_turn", **given, website_id=history.website)
    history.tell("save")
    again = alice.called("start_turn", **given, website_id=history.website)
    assert again["page"] == first["page"]
    assert again["page"]["number"] == 1


def test_a_continued_answer_sees_the_page_that_it_began_with(alice: Caller) -> None:
    history = History(alice)
    history.tell("save")
    asked = history.tell("A: ask")
    assert asked
    asked.finish(0, "Half of it", "stopped", files=page())
    lease = new_id()
    turn = alice.called("continue_answer", answer_id=asked.id, lease=lease)
    assert turn["page"]["number"] == 1
    message = Answer(asked.nobody, turn, asked.id, lease).finish(10, "the rest", files=page())["message"]
    made = history.version(str(message["version_number"]))
    assert (made["number"], made["base_version_id"]) == (3, history.version("1")["id"])


def test_what_a_deleted_answer_made_stays(alice: Caller) -> None:
    history = History(alice)
    for step in ("A: ask", "A: ask"):
        asked = history.tell(step)
        assert asked
        history.finish(step, asked)
    alice.delete(f"chat_messages?id=eq.{history.answer('A', '2')['id']}")
    asked = history.tell("A: ask")
    assert asked
    assert asked.turn["page"]["number"] == 2


def test_a_chat_that_was_moved_starts_from_its_new_website(alice: Caller) -> None:
    history, other = History(alice), History(alice)
    asked = history.tell("A: ask")
    assert asked
    history.finish("A: ask", asked)
    other.tell("save")
    other.tell("save")
    alice.update(f"chat_sessions?id=eq.{asked.session_id}", website_id=other.website)
    asked = history.tell("A: ask")
    assert asked
    assert asked.turn["page"]["number"] == 2
    alice.update(f"chat_sessions?id=eq.{asked.session_id}", website_id=history.website)
    history.finish("A: ask", asked)
    assert history.version("2")["base_version_id"] is None, "it was made from another website's page"


def test_a_page_long_ago_stands_after_a_long_talk(alice: Caller, owner: psycopg.Connection) -> None:
    history = History(alice)
    for step in ("A: ask", "A: ask", "A: edit 2"):
        asked = history.tell(step)
        assert asked
        history.finish(step, asked)
    chat = history.chats["A"]
    user = alice.rows(f"chat_sessions?select=user_id&id=eq.{chat}")[0]["user_id"]
    owner.execute(
        "insert into public.chat_messages (user_id, session_id, role, content) "
        "select %s, %s, 'user', 'Note ' || number from generate_series(1, 300) as number",
        (user, chat),
    )
    history.tell("save")
    asked = history.tell("A: ask")
    assert asked
    assert asked.turn["page"]["number"] == 4
    asked.finish(0, "Fine.", "stopped")
    asked = history.tell("A: after 2")
    assert asked
    assert asked.turn["page"]["number"] == 2


def test_the_same_page_again_is_no_version(alice: Caller) -> None:
    history = History(alice)
    history.tell("save")
    before = history.version("1")
    asked = history.tell("A: ask")
    assert asked
    message = asked.finish(0, "It is fine as it is.", files=history.files("1"))["message"]
    assert (message["version_id"], message["version_number"], message["kind"]) == (before["id"], 1, "code")
    assert alice.rows(f"websites?id=eq.{history.website}")[0]["latest_version_number"] == 1
    history.tell("save")
    history.chats["A"] = asked.session_id
    asked = history.tell("A: ask")
    assert asked
    message = asked.finish(0, "Back to it.", files=history.files("1"))["message"]
    assert message["version_number"] == 3, "that of an older version is one"


def test_the_same_page_again_is_fine_on_a_full_website(alice: Caller, owner: psycopg.Connection) -> None:
    history = History(alice)
    history.tell("save")
    asked = history.tell("A: ask")
    assert asked
    owner.execute("update public.websites set latest_version_number = 2000 where id = %s", (history.website,))
    message = asked.finish(0, "Fine.", files=history.files("1"))["message"]
    assert (message["version_number"], message["error_code"]) == (1, None)
