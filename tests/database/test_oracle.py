"""Five people do anything to anything, with ids that others may have: each finds just what an oracle in Python says."""

import itertools
from collections.abc import Iterator
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.database.callers import Caller, connections, sign_up
from tests.database.oracle import Refused, Store
from tests.stacks import Stack

WHO = st.integers(0, 4)
TEXTS = st.sampled_from(
    ["Hello", "New chat", "Make it  green\n now", "日本語 🎉", "'; drop table x; --", "x" * 60]
)

FORGET = """
with websites as (delete from public.websites where user_id = any(%(them)s::uuid[])),
counters as (delete from private.usage_counters where user_id = any(%(them)s::uuid[]))
delete from public.chat_sessions where user_id = any(%(them)s::uuid[])
"""


def ids(kind: int, count: int) -> st.SearchStrategy[str]:
    """So few ids that people meet: what one makes, another guesses."""
    return st.sampled_from([f"{kind:08}-0000-4000-8000-{number:012}" for number in range(count)])


WEBSITES, CHATS, MESSAGES, VERSIONS = ids(1, 4), ids(2, 10), ids(3, 16), ids(4, 6)


class FivePeople(RuleBasedStateMachine):
    people: ClassVar[list[Caller]]
    owner: ClassVar[psycopg.Connection]
    operations: ClassVar[int] = 0
    leases = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.owner.execute(FORGET, {"them": [person.id for person in self.people]})
        self.stores = [Store() for _ in self.people]
        self.last = 0

    def do(self, who: int, method: str, path: str, body: Any = None) -> Any:
        """Send a request as somebody; return the number of rows it changed, what it returned, or the refusal."""
        type(self).operations += 1
        self.last = who
        prefer = "count=exact" if not path.startswith("rpc/") else ""
        response = self.people[who].send(method, path, body, prefer=prefer)
        if response.status_code >= 400:
            error = response.json()
            assert response.status_code < 500, error
            is_ours = error["code"].startswith("PT")
            return Refused(response.status_code, error["message"] if is_ours else error["code"])
        if path.startswith("rpc/"):
            return response.json()
        return 1 if method == "POST" else int(response.headers["content-range"].split("/")[1])

    @rule(who=WHO, key=WEBSITES, name=TEXTS)
    def make_website(self, who: int, key: str, name: str) -> None:
        assert self.do(who, "POST", "websites", {"id": key, "name": name}) == self.stores[who].make_website(
            key, name
        )

    @rule(who=WHO, key=WEBSITES, name=TEXTS)
    def rename_website(self, who: int, key: str, name: str) -> None:
        found = self.do(who, "PATCH", f"websites?id=eq.{key}", {"name": name})
        assert found == self.stores[who].rename_website(key, name)

    @rule(who=WHO, key=WEBSITES)
    def delete_website(self, who: int, key: str) -> None:
        assert self.do(who, "DELETE", f"websites?id=eq.{key}") == self.stores[who].delete_website(key)

    @rule(who=WHO, key=VERSIONS, website=WEBSITES)
    def save_version(self, who: int, key: str, website: str) -> None:
        found = self.do(who, "POST", "site_versions", {"id": key, "website_id": website, "files": {}})
        assert found == self.stores[who].save_version(website, key)

    @rule(who=WHO, key=VERSIONS)
    def restore_version(self, who: int, key: str) -> None:
        found, website = (
            self.do(who, "POST", "rpc/restore_version", {"version_id": key}),
            self.stores[who].restore_version(key),
        )
        if isinstance(website, Refused):
            assert found == website
        else:
            assert found["number"] == website.save(found["id"])

    @rule(who=WHO, key=CHATS, website=st.none() | WEBSITES)
    def make_chat(self, who: int, key: str, website: str | None) -> None:
        found = self.do(who, "POST", "chat_sessions", {"id": key, "website_id": website})
        assert found == self.stores[who].make_chat(key, website)

    @rule(who=WHO, key=CHATS, title=TEXTS)
    def rename_chat(self, who: int, key: str, title: str) -> None:
        found = self.do(who, "PATCH", f"chat_sessions?id=eq.{key}", {"title": title})
        assert found == self.stores[who].rename_chat(key, title)

    @rule(who=WHO, key=CHATS, website=WEBSITES)
    def move_chat(self, who: int, key: str, website: str) -> None:
        found = self.do(who, "PATCH", f"chat_sessions?id=eq.{key}", {"website_id": website})
        assert found == self.stores[who].move_chat(key, website)

    @rule(who=WHO, key=CHATS)
    def delete_chat(self, who: int, key: str) -> None:
        assert self.do(who, "DELETE", f"chat_sessions?id=eq.{key}") == self.stores[who].delete_chat(key)

    @rule(who=WHO, key=MESSAGES, chat=CHATS, role=st.sampled_from(["user", "assistant"]), text=TEXTS)
    def write(self, who: int, key: str, chat: str, role: str, text: str) -> None:
        body = {"id": key, "session_id": chat, "role": role, "content": text}
        assert self.do(who, "POST", "chat_messages", body) == self.stores[who].write(key, chat, role, text)

    @rule(who=WHO, key=MESSAGES, text=TEXTS)
    def edit(self, who: int, key: str, text: str) -> None:
        found = self.do(who, "PATCH", f"chat_messages?id=eq.{key}", {"content": text})
        assert found == self.stores[who].edit(key, text)

    @rule(who=WHO, key=MESSAGES)
    def delete_message(self, who: int, key: str) -> None:
        assert self.do(who, "DELETE", f"chat_messages?id=eq.{key}") == self.stores[who].delete_message(key)

    @rule(who=WHO, question=MESSAGES, answer=MESSAGES, chat=CHATS, text=TEXTS)
    def start_turn(self, who: int, question: str, answer: str, chat: str, text: str) -> None:
        lease = f"lease {next(self.leases)}"
        body = {
            "message": text,
            "message_id": question,
            "answer_id": answer,
            "lease": lease,
            "session_id": chat,
        }
        found, meant = (
            self.do(who, "POST", "rpc/start_turn", body),
            self.stores[who].start_turn(question, answer, chat, text, lease),
        )
        assert (found if isinstance(found, Refused) else found["replayed"]) == meant

    @rule(who=WHO, guess=WHO, key=MESSAGES, text=TEXTS)
    def append(self, who: int, guess: int, key: str, text: str) -> None:
        """Write an answer under the lease of that id's answer that somebody has: only theirs is written."""
        answer = self.stores[guess].message(key)
        lease = (answer and answer.lease) or "no lease"
        offset = len(answer.stored) if answer else 0
        appends = [{"answer_id": key, "lease": lease, "offset": offset, "text": text}]
        (found,) = self.do(who, "POST", "rpc/append_chunks", {"appends": appends})
        if answer is None or answer.status != "streaming":
            assert found["result"] == "lost"
        else:
            answer.stored += text
            assert found["result"] == ("stopped" if answer.is_told_to_stop else "written")
            assert found["written"] == len(answer.stored)

    @rule(who=WHO, guess=WHO, key=MESSAGES, text=TEXTS, with_page=st.booleans())
    def finish(self, who: int, guess: int, key: str, text: str, with_page: bool) -> None:
        store = self.stores[guess]
        answer, chat = store.message(key), store.chat_of(key)
        lease = (answer and answer.lease) or "no lease"
        body = {
            "answer_id": key,
            "lease": lease,
            "status": "complete",
            "text": text,
            "offset": len(answer.stored) if answer else 0,
        }
        found = self.do(who, "POST", "rpc/finish_answer", {**body, "files": {} if with_page else None})
        if answer is None or chat is None or answer.lease is None:
            assert found == {"result": "lost"}
        elif answer.status != "streaming":
            assert found["result"] == "ended"
        else:
            assert found["result"] == "finished"
            answer.status, answer.content = "complete", answer.stored + text
            if with_page and chat.website:
                website = store.websites[chat.website]
                assert found["message"]["version_number"] == website.save(found["message"]["version_id"])

    @rule(who=WHO, key=MESSAGES)
    def stop(self, who: int, key: str) -> None:
        found, answer = (
            self.do(who, "POST", "rpc/stop_answer", {"answer_id": key}),
            self.stores[who].message(key),
        )
        if answer is None or answer.role == "user":
            assert found == Refused(404, "not_found")
        else:
            assert found["status"] == answer.status
            answer.is_told_to_stop = answer.status == "streaming"

    @rule(who=WHO, key=MESSAGES)
    def read_answer(self, who: int, key: str) -> None:
        found, answer = (
            self.do(who, "POST", "rpc/read_answer", {"answer_id": key}),
            self.stores[who].message(key),
        )
        if answer is None or answer.role == "user":
            assert found == Refused(404, "not_found")
        else:
            assert found["text"] == (answer.stored if answer.status == "streaming" else answer.content)

    @invariant()
    def one_who_acted_and_one_who_did_not_have_what_they_should(self) -> None:
        for who in {self.last, (self.last + 1) % 5}:
            self.compare(who)

    def teardown(self) -> None:
        for who in range(5):
            self.compare(who)

    def compare(self, who: int) -> None:
        person, store = self.people[who], self.stores[who]
        websites = person.rows("websites?select=id,name,latest_version_number,site_versions(id,number)")
        assert {
            row["id"]: (
                row["name"],
                row["latest_version_number"],
                {v["id"]: v["number"] for v in row["site_versions"]},
            )
            for row in websites
        } == {
            key: (website.name, website.latest, website.versions) for key, website in store.websites.items()
        }
        chats = person.rows(
            "chat_sessions?select=id,website_id,title,title_source,message_count,last_seq,last_message_preview,running_answer_id"
        )
        assert {row.pop("id"): tuple(row.values()) for row in chats} == {
            key: (
                *(chat.website, chat.title, chat.title_source, len(chat.messages), chat.last_seq),
                *(chat.preview, chat.running),
            )
            for key, chat in store.chats.items()
        }
        messages = person.rows("chat_messages?select=id,session_id,seq,role,content,status,reply_to")
        assert {row.pop("id"): tuple(row.values()) for row in messages} == {
            key: (name, message.seq, message.role, message.content, message.status, message.reply_to)
            for name, chat in store.chats.items()
            for key, message in chat.messages.items()
        }


@pytest.fixture(scope="module")
def people(stack: Stack, owner: psycopg.Connection) -> Iterator[list[Caller]]:
    """Five people whose quotas don't come into it."""
    quotas = "update private.quotas set allowed = allowed {} 1000000 where every is not null"
    owner.execute(quotas.format("+"))
    with connections(stack) as http:
        yield [sign_up(stack, http) for _ in range(5)]
    owner.execute(quotas.format("-"))


def run(people: list[Caller], owner: psycopg.Connection, rounds: int, **options: Any) -> int:
    """Let them act for so many rounds of 100 operations; return how many there were."""
    FivePeople.people, FivePeople.owner, FivePeople.operations = people, owner, 0
    chosen = settings(
        max_examples=rounds,
        stateful_step_count=100,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **options,
    )
    run_state_machine_as_test(FivePeople, settings=chosen)
    return FivePeople.operations


def test_everybody_has_what_they_made_and_nothing_else(
    people: list[Caller], owner: psycopg.Connection
) -> None:
    assert run(people, owner, 3, derandomize=True) > 200


@pytest.mark.chaos
def test_nothing_else_after_ten_thousand_operations(people: list[Caller], owner: psycopg.Connection) -> None:
    done = 0
    while done < 10_000:
        done += run(people, owner, 50, print_blob=True)
    print(f"{done} operations, no mismatch")


def test_a_change_behind_the_oracles_back_is_noticed(people: list[Caller], owner: psycopg.Connection) -> None:
    FivePeople.people, FivePeople.owner = people, owner
    machine = FivePeople()
    assert people[1].insert("websites", name="Made by nobody")
    with pytest.raises(AssertionError):
        machine.compare(1)
