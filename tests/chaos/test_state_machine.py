"""Random steps of people and workers: the database, asked through PostgREST, does what the model in Python does.

Workers crash, leases run out, replies are lost and calls come twice, in any order.
"""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import dict_row

from tests.chaos.reports import report
from tests.chat_model import Chat, Lease, Message, World
from tests.database.callers import Caller, connections, new_id, sign_up

STEPS = 50
TEXTS = st.sampled_from(
    ["a", "Roses are red, ", "🎉", "👩\u200d👩\u200d👧", "e\u0301", "**b** ", "\n", "# Page\n", " "]
)
QUESTIONS = st.sampled_from(["Hello", "Make it green 🌱", "```html\n<p>x</p>\n```", "Why?"])
NUMBERS = st.integers(0, 10_000)


class Chats(RuleBasedStateMachine):
    """One person, several chats, any number of workers; `connect` is set by the test."""

    connect: Any = None
    owner: psycopg.Connection[dict[str, Any]]
    steps = 0

    @initialize()
    def begin(self) -> None:
        self.me: Caller = type(self).connect()
        self.nobody = Caller(self.me.http)
        self.world = World()
        self.questions: dict[str, tuple[dict[str, str], str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "me"):
            self.owner.execute("delete from auth.users where id = %s", [self.me.id])

    # What people do

    @rule(number=NUMBERS, text=QUESTIONS, is_new=st.booleans())
    def start(self, number: int, text: str, is_new: bool) -> None:
        chat = None if is_new else self._chat(number)
        given = {"session_id": chat.id} if chat else {}
        self._start(chat, text, given)

    @precondition(lambda self: self._messages("user"))
    @rule(number=NUMBERS, text=QUESTIONS)
    def edit(self, number: int, text: str) -> None:
        chat, question = self._pick(number, "user")
        self._start(chat, text, {"edits": question.id}, follows=question.follows, is_edit=True)

    @precondition(lambda self: self._messages("assistant"))
    @rule(number=NUMBERS, text=QUESTIONS)
    def go_on_from(self, number: int, text: str) -> None:
        chat, answer = self._pick(number, "assistant")
        self._start(chat, text, {"after": answer.id}, follows=answer.id)

    @precondition(lambda self: self.questions)
    @rule(number=NUMBERS, is_same=st.booleans())
    def send_again(self, number: int, is_same: bool) -> None:
        message_id, (asked, answer_id) = sorted(self.questions.items())[number % len(self.questions)]
        if not self.world.chat_of(answer_id):
            return
        other = {} if is_same else {"message": f"{asked['message']}!"}
        fresh = {"message_id": message_id, "answer_id": new_id(), "lease": new_id()}
        response = self.me.call("start_turn", **{**asked, **other, **fresh})
        if is_same:
            assert response.status_code == 200 and response.json()["replayed"] is True, response.text
            assert response.json()["user_message"]["id"] == message_id
        else:
            assert self._error(response) == "key_reused"

    @precondition(lambda self: self._messages("assistant"))
    @rule(number=NUMBERS)
    def retry(self, number: int) -> None:
        chat, old = self._pick(number, "assistant")
        answer_id, lease = new_id(), new_id()
        response = self.me.call("retry_answer", answer_id=old.id, new_answer_id=answer_id, lease=lease)
        if old.reply_to is None:
            assert self._error(response) == "no_question"
        elif self._is_admitted(chat, response):
            chat.add(Message(answer_id, "assistant", "", "streaming", old.reply_to, old.reply_to))
            self.world.grant(answer_id, lease)

    @precondition(lambda self: self._messages("assistant"))
    @rule(number=NUMBERS)
    def resume(self, number: int) -> None:
        chat, answer = self._pick(number, "assistant")
        lease = new_id()
        response = self.me.call("continue_answer", answer_id=answer.id, lease=lease)
        was_reaped = bool(chat.running and self.world.lease_of(chat.running.id).is_expired)
        if chat.running and not was_reaped:
            assert self._error(response) == "answer_running"
        elif answer.status == "complete":
            assert self._error(response) == "answer_complete"  # The error undoes the reaping, too.
        elif answer.reply_to is None:
            assert self._error(response) == "no_question"
        else:
            assert response.status_code == 200, response.text
            self.world.reap(chat)
            answer.status, answer.error = "streaming", None
            self.world.grant(answer.id, lease)

    @precondition(lambda self: self._messages("assistant"))
    @rule(number=NUMBERS)
    def stop(self, number: int) -> None:
        chat, answer = self._pick(number, "assistant")
        was_streaming = answer.status == "streaming"
        if was_streaming:
            self.world.reap(chat)
            self.world.lease_of(answer.id).is_stopped = True
        message = self.me.called("stop_answer", answer_id=answer.id)
        assert (message["id"], message["status"]) == (answer.id, answer.status)

    @precondition(lambda self: self._messages("assistant"))
    @rule(number=NUMBERS, after=NUMBERS)
    def read(self, number: int, after: int) -> None:
        chat, answer = self._pick(number, "assistant")
        if answer.status == "streaming":
            self.world.reap(chat)
        after %= len(answer.content) + 1
        stored = self.me.called("read_answer", answer_id=answer.id, after=after)
        assert (stored["text"], stored["length"]) == (answer.content[after:], len(answer.content))
        assert stored["answer"]["status"] == answer.status

    @precondition(lambda self: self._messages())
    @rule(number=NUMBERS)
    def branch(self, number: int) -> None:
        chat, message = self._pick(number)
        session_id = new_id()
        response = self.me.call("branch_chat", message_id=message.id, session_id=session_id)
        if message.status == "streaming":
            assert self._error(response) == "answer_running"
            return
        assert response.status_code == 200, response.text
        copied = self._stored(session_id)
        path = [m for m in chat.path_to(message) if m.status != "streaming"]
        assert [(m["role"], m["content"]) for m in copied] == [(m.role, m.content) for m in path]
        twin = self.world.chats.setdefault(session_id, Chat(session_id))
        for row in copied:
            kept = (row["id"], row["role"], row["content"], row["status"], row["reply_to"])
            twin.messages.append(Message(*kept, row["follows_id"], row["error_code"]))
            if row["role"] == "assistant":
                self.world.grant(row["id"], new_id()).is_replaced = True  # Nobody may write a copy.

    @precondition(lambda self: len(self.world.chats) > 2)
    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        chat = self._chat(number)
        assert chat
        self.me.delete(f"chat_sessions?id=eq.{chat.id}")
        del self.world.chats[chat.id]

    # What workers do

    @precondition(lambda self: self._leases())
    @rule(number=NUMBERS, text=TEXTS, back=st.sampled_from([0, 0, 0, 1, 5, -1]))
    def append(self, number: int, text: str, back: int) -> None:
        """`back`: a reply was lost, so that part of the text comes again; -1: a piece is missing before."""
        lease = self._lease(number)
        offset, text = self._piece(lease, text, back)
        entry = {"answer_id": lease.answer_id, "lease": lease.secret, "offset": offset, "text": text}
        [result] = self.nobody.called("append_chunks", appends=[entry])
        assert result["result"] == self.world.append(lease, offset, text)

    @precondition(lambda self: self._leases())
    @rule(
        number=NUMBERS,
        text=TEXTS,
        back=st.sampled_from([0, 0, 3]),
        status=st.sampled_from(["complete", "complete", "stopped", "interrupted", "failed"]),
    )
    def finish(self, number: int, text: str, back: int, status: str) -> None:
        lease = self._lease(number)
        offset, text = self._piece(lease, text, back)
        result = self.nobody.called(
            "finish_answer",
            answer_id=lease.answer_id,
            lease=lease.secret,
            status=status,
            offset=offset,
            text=text,
        )
        assert result["result"] == self.world.finish(lease, offset, text, status)

    @precondition(lambda self: self._leases())
    @rule(number=NUMBERS)
    def reclaim(self, number: int) -> None:
        lease = self._lease(number)
        result = self.nobody.called("reclaim_answer", answer_id=lease.answer_id, lease=lease.secret)
        assert result["result"] == self.world.reclaim(lease)

    @precondition(lambda self: self._leases())
    @rule(number=NUMBERS)
    def crash(self, number: int) -> None:
        """A worker dies and forgets its lease, which then runs out."""
        lease = self._lease(number)
        lease.is_known = False
        self._expire(lease)

    @precondition(lambda self: self._leases())
    @rule(number=NUMBERS)
    def fall_silent(self, number: int) -> None:
        """A worker is out of touch for longer than its lease lasts."""
        self._expire(self._lease(number))

    # What always holds

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        type(self).steps += 1
        if not hasattr(self, "world"):
            return
        for chat in self.world.chats.values():
            rows = self._stored(chat.id)
            assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
            assert [(r["id"], r["content"], r["status"], r["error_code"]) for r in rows] == [
                (m.id, m.content, m.status, m.error) for m in chat.messages
            ]
            assert [r["follows_id"] for r in rows] == [m.follows for m in chat.messages]
            self._assert_session(chat)

    def _assert_session(self, chat: Chat) -> None:
        session = self.owner.execute(_SESSION, [chat.id]).fetchone()
        assert session
        count = len(chat.messages)
        assert (session["message_count"], session["last_seq"]) == (count, count)
        assert session["running_answer_id"] == (chat.running.id if chat.running else None)
        assert session["last_message_preview"] == session["recomputed"]

    # How the steps above find what they work on

    def _start(
        self,
        chat: Chat | None,
        text: str,
        given: dict[str, str],
        follows: str | None = None,
        is_edit: bool = False,
    ) -> None:
        message_id, answer_id, lease = new_id(), new_id(), new_id()
        ids = {"message_id": message_id, "answer_id": answer_id, "lease": lease}
        response = self.me.call("start_turn", message=text, **ids, **given)
        if not self._is_admitted(chat, response):
            return
        session_id = response.json()["session"]["id"]
        chat = self.world.chats.setdefault(session_id, Chat(session_id))
        question = Message(message_id, "user", text, follows=follows)
        if is_edit:
            chat.messages.append(question)
        else:
            chat.add(question)
        chat.add(Message(answer_id, "assistant", "", "streaming", message_id, message_id))
        self.world.grant(answer_id, lease)
        self.questions[message_id] = ({"message": text, **given}, answer_id)

    def _is_admitted(self, chat: Chat | None, response: Any) -> bool:
        if chat and chat.running and not self.world.lease_of(chat.running.id).is_expired:
            assert self._error(response) == "answer_running"
            return False
        assert response.status_code == 200, response.text
        assert response.json()["replayed"] is False
        if chat:
            self.world.reap(chat)
        return True

    def _error(self, response: Any) -> str:
        assert response.status_code >= 400, response.text
        return str(response.json()["message"])

    def _chat(self, number: int) -> Chat | None:
        chats = list(self.world.chats.values())
        return chats[number % len(chats)] if chats else None

    def _messages(self, role: str | None = None) -> list[tuple[Chat, Message]]:
        return [(c, m) for c in self.world.chats.values() for m in c.messages if role in (None, m.role)]

    def _pick(self, number: int, role: str | None = None) -> tuple[Chat, Message]:
        found = self._messages(role)
        return found[number % len(found)]

    def _leases(self) -> list[Lease]:
        return [lease for lease in self.world.leases if lease.is_known and not lease.is_replaced]

    def _lease(self, number: int) -> Lease:
        leases = self._leases()
        return leases[-1 - number % min(3, len(leases))]

    def _piece(self, lease: Lease, text: str, back: int) -> tuple[int, str]:
        """Return where a piece begins, and the piece with what it repeats."""
        chat = self.world.chat_of(lease.answer_id)
        content = chat.find(lease.answer_id).content if chat else ""
        offset = max(0, len(content) - back)
        return offset, content[offset:] + text

    def _expire(self, lease: Lease) -> None:
        if lease.has_ended or not self.world.chat_of(lease.answer_id):
            return
        lease.is_expired = True
        past = (
            "update private.answer_leases set expires_at = now() - interval '1 second' where message_id = %s"
        )
        self.owner.execute(past, [lease.answer_id])

    def _stored(self, session_id: str) -> list[dict[str, Any]]:
        return self.owner.execute(_MESSAGES, [session_id]).fetchall()


_MESSAGES = """
select id::text, seq, role, status, error_code, reply_to::text, follows_id::text, content || coalesce((
    select string_agg(chunk.text, '' order by chunk.start_offset) from message_chunks as chunk
    where chunk.user_id = message.user_id and chunk.message_id = message.id
), '') as content
from chat_messages as message where session_id = %s order by seq
"""
_SESSION = """
select message_count, last_seq, running_answer_id::text, last_message_preview, (
    select private.preview_of(content) from chat_messages as message
    where message.user_id = session.user_id and message.session_id = session.id
        and private.preview_of(content) is not null order by seq desc limit 1
) as recomputed
from chat_sessions as session where id = %s
"""


@pytest.fixture
def machine(stack) -> Iterator[type[Chats]]:
    with (
        connections(stack) as http,
        psycopg.connect(stack.db_url, autocommit=True, row_factory=dict_row) as owner,
    ):
        [age] = stack.sql("select extract(epoch from now() - pg_postmaster_start_time())::float as seconds")
        # For one term after its own start the database leaves expired answers alone.
        time.sleep(max(0, 15.1 - age["seconds"]))
        yield type("Machine", (Chats,), {"connect": lambda: sign_up(stack, http), "owner": owner, "steps": 0})


@pytest.mark.parametrize(
    "runs", [pytest.param(6, id="6"), pytest.param(250, id="250-long", marks=pytest.mark.chaos)]
)
def test_chats_do_what_the_model_says(machine, runs):
    number = int(os.environ.get("CHAOS_SEED") or random.randrange(2**32))
    print(f"seed {number}: CHAOS_SEED={number} takes the same steps again")
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    found: tuple[Exception, ...] = ()
    try:
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
    except Exception as error:
        found = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        raise
    finally:
        report(f"state machine, seed {number}", steps=machine.steps, violations=len(found))
    assert machine.steps >= runs * 5
