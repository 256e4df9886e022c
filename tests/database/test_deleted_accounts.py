"""An account is deleted while its owner writes: one waits for the other, and never each for the other."""

import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from tests.database.callers import Caller, expect, new_id
from tests.database.turns import Answer, answered, start
from tests.stacks import Stack

LOWEST = "00000000-0000-4000-8000-000000000000"
COMMENT = {"path": "index.html", "start_offset": 0, "end_offset": 4, "author": "Bob", "text": "Hi"}
VIEWS = [{"path": "index.html", "host": "", "views": 1}]
Call = Callable[["Owned"], httpx.Response]


@dataclass
class Owned:
    """What the account has when it goes, and what to hold of it to stop its deletion halfway."""

    owner: Caller
    holds: dict[str, str]
    website: str
    empty_website: str
    answer: Answer
    interrupted: Answer
    running: Answer
    trash: str
    import_id: str
    link: str
    slug: str

    @property
    def id(self) -> str:
        return str(self.owner.id)


@pytest.fixture
def owned(alice: Caller) -> Owned:
    alice.insert("websites", id=LOWEST, name="First")
    website = alice.insert("websites", name="Luna")["id"]
    empty = alice.insert("websites", name="Sol")["id"]
    answer = answered(alice, website_id=website)
    interrupted = start(alice)
    interrupted.finish(0, "Half", "interrupted")
    running = start(alice, website_id=website)
    gone = alice.insert("chat_sessions")["id"]
    trash = alice.called("trash_chats", session_ids=[gone])[0]["id"]
    import_id = new_id()
    alice.send("POST", "rpc/stage_import", stage(import_id, 201))
    chat = alice.called("import_chat", import_id=import_id, chat={}, new_id=new_id())
    alice.send("POST", "rpc/stage_import", stage(import_id, 1))
    alice.insert("chat_sessions", id=LOWEST)
    last = alice.rows(f"chat_messages?session_id=eq.{chat['id']}&seq=eq.201")[0]["id"]
    link, slug = new_id(), f"luna-{new_id()}"
    version = alice.insert("site_versions", website_id=website, files={"index.html": "<h1>Hi</h1>"})
    alice.called("share_page", version_id=version["id"], token=link)
    alice.called("comment_on_page", token=link, **COMMENT)
    proof_hash = hashlib.sha256(b"proof").hexdigest()
    alice.called("publish_website", website_id=website, slug=slug, proof_hash=proof_hash)
    alice.called("submit_form", **submission(slug))
    holds = {"website": LOWEST, "chat": LOWEST, "question": answer.question_id, "last": last}
    return Owned(alice, holds, website, empty, answer, interrupted, running, trash, import_id, link, slug)


def stage(import_id: str, count: int) -> dict[str, object]:
    return {"import_id": import_id, "at": 0, "messages": [{"role": "user", "content": "One"}] * count}


def submission(slug: str) -> dict[str, object]:
    said = {"fields": [{"name": "message", "value": "Hi"}], "marks": [], "sender": "", "content_hash": ""}
    return {"slug": slug, "form": "contact", "page": "index.html", "proof": "proof", **said}


def new(*names: str) -> dict[str, str]:
    return {name: new_id() for name in names}


def ask(its: Owned, **where: str) -> httpx.Response:
    return its.owner.call("start_turn", message="Hi", **new("message_id", "answer_id", "lease"), **where)


def finish(its: Owned) -> httpx.Response:
    ended = {"status": "complete", "offset": 0, "text": "Done", "files": {"index.html": "<p>"}}
    return its.owner.call("finish_answer", answer_id=its.running.id, lease=its.running.lease, **ended)


def retry(its: Owned) -> httpx.Response:
    return its.owner.call("retry_answer", answer_id=its.answer.id, **new("new_answer_id", "lease"))


def move(its: Owned) -> httpx.Response:
    chat = f"chat_sessions?id=eq.{its.interrupted.session_id}"
    return its.owner.send("PATCH", chat, {"website_id": its.website})


def edit(its: Owned, method: str, body: object = None) -> httpx.Response:
    return its.owner.send(method, f"chat_messages?id=eq.{its.answer.id}", body)


# What the deletion waits for when the owner's call comes in between: at the first website it holds the counters, at the
# first chat the websites, too, at a question all the chats, and at the last message of a chat all others of that one.
MEETINGS: dict[str, tuple[str, Call]] = {
    "a message in a chat": ("website", lambda its: ask(its, session_id=its.answer.session_id)),
    "a message in a new chat": ("website", lambda its: ask(its, website_id=its.website)),
    "another try": ("website", retry),
    "going on": (
        "website",
        lambda its: its.owner.call("continue_answer", answer_id=its.interrupted.id, lease=new_id()),
    ),
    "an answer's end": ("website", finish),
    "an answer's end, later": ("chat", finish),
    "a stop": ("question", lambda its: its.owner.call("stop_answer", answer_id=its.running.id)),
    "a first chat": ("website", lambda its: its.owner.call("ensure_chat", website_id=its.empty_website)),
    "a saved chat": (
        "website",
        lambda its: its.owner.call("save_chat", website_id=its.website, messages=[]),
    ),
    "an import": (
        "website",
        lambda its: its.owner.call("import_chat", import_id=its.import_id, chat={}, website_id=its.website),
    ),
    "a part of a file": (
        "website",
        lambda its: its.owner.call("stage_import", import_id=new_id(), at=0, messages=[]),
    ),
    "a chat thrown away": (
        "website",
        lambda its: its.owner.call("trash_chats", session_ids=[its.answer.session_id]),
    ),
    "a chat cleared": (
        "website",
        lambda its: its.owner.call("clear_chat", session_id=its.answer.session_id),
    ),
    "a chat brought back": ("website", lambda its: its.owner.call("restore_trash", trash_id=its.trash)),
    "a branch": ("website", lambda its: its.owner.call("branch_chat", message_id=its.answer.id)),
    "a move": ("chat", move),
    "an edit": ("question", lambda its: edit(its, "PATCH", {"content": "New"})),
    "a message deleted": ("question", lambda its: edit(its, "DELETE")),
    "a website deleted": (
        "chat",
        lambda its: its.owner.send("DELETE", f"websites?id=eq.{its.website}"),
    ),
    "a website thrown away": (
        "website",
        lambda its: its.owner.call("trash_website", website_id=its.website),
    ),
    "a chat from a zip": (
        "website",
        lambda its: its.owner.call("import_session", session={"id": new_id(), "website_id": its.website}),
    ),
    "a comment": ("website", lambda its: its.owner.call("comment_on_page", token=its.link, **COMMENT)),
    "a comment deleted": ("chat", lambda its: its.owner.send("DELETE", "page_comments?is_read=eq.false")),
    "a submission": ("website", lambda its: its.owner.call("submit_form", **submission(its.slug))),
    "a submission deleted": ("chat", lambda its: its.owner.send("DELETE", "submissions?is_read=eq.false")),
    "a view": (
        "website",
        lambda its: its.owner.call("count_views", slug=its.slug, counts=VIEWS, proof="proof"),
    ),
    "an index": ("last", lambda its: its.owner.call("index_chats")),
}


@pytest.mark.parametrize("meeting", MEETINGS)
def test_what_comes_while_an_account_is_deleted_is_refused_or_done_and_the_account_is_gone(
    stack: Stack, owned: Owned, owner: psycopg.Connection, meeting: str
) -> None:
    kind, write = MEETINGS[meeting]
    table = {"website": "websites", "chat": "chat_sessions"}.get(kind, "chat_messages")
    held = f"select 1 from public.{table} where user_id = %s and id = %s for key share"
    at = owned.holds[kind]
    with ThreadPoolExecutor(2) as threads, holding(stack, held, owned.id, at) as let_go:
        deletion = threads.submit(delete, stack, owned)
        wait_until(lambda: waits(owner, "delete from auth.users%"))
        written = threads.submit(write, owned)
        wait_until(lambda: written.done() or waits(owner, "%pgrst%"))
        let_go()
        deletion.result()
        assert_refused_or_done(written)
    assert owner.execute("select 1 from auth.users where id = %s", (owned.id,)).fetchall() == []


def test_an_account_is_deleted_once_the_chat_that_is_being_made_is_there(
    stack: Stack, owned: Owned, owner: psycopg.Connection
) -> None:
    """It is counted first and checked for its owner last; in between, it waits for another of the same id."""
    id = new_id()
    held = "insert into public.chat_sessions (user_id, id, last_seq) values (%s, %s, 1)"
    with ThreadPoolExecutor(2) as threads, holding(stack, held, owned.id, id) as let_go:
        made = threads.submit(owned.owner.send, "POST", "chat_sessions", {"id": id})
        wait_until(lambda: waits(owner, "%pgrst%"))
        deletion = threads.submit(delete, stack, owned)
        wait_until(lambda: waits(owner, "delete from auth.users%"))
        let_go()
        deletion.result()
        expect(made.result(), 201)


def delete(stack: Stack, owned: Owned) -> None:
    with psycopg.connect(stack.db_url, autocommit=True) as connection:
        connection.execute("delete from auth.users where id = %s", (owned.id,))


@contextmanager
def holding(stack: Stack, statement: str, *values: str) -> Iterator[Callable[[], None]]:
    """Hold what a statement locks until the yielded function is called."""
    with psycopg.connect(stack.db_url) as holder:
        holder.execute(statement, values)  # type: ignore[arg-type]
        yield holder.rollback


def waits(owner: psycopg.Connection, query: str) -> bool:
    """Whether a statement waits for a lock."""
    waiting = "select 1 from pg_stat_activity where query ilike %s and wait_event_type = 'Lock'"
    return owner.execute(waiting, (query,)).fetchone() is not None


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline, "they don't meet"
        time.sleep(0.01)


def assert_refused_or_done(written: Future[httpx.Response]) -> None:
    response = written.result()
    assert response.status_code in (200, 204, 401, 404), response.text
